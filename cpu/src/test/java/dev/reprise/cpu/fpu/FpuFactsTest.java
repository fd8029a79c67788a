package dev.reprise.cpu.fpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Single facts of the specification, each written down by hand: neither the code nor the oracle says what is right. */
class FpuFactsTest {
    private static final long QNAN = 0x7ff8_0000_0000_0000L;
    private static final long SNAN = 0x7ff0_0000_0000_0001L;
    private static final long INF = 0x7ff0_0000_0000_0000L;
    private static final long MINUS_ZERO = 1L << 63;

    private final FpFlags f = new FpFlags();

    private static long bits(double d) {
        return Double.doubleToRawLongBits(d);
    }

    private static int bits(float s) {
        return Float.floatToRawIntBits(s);
    }

    private void raised(int flags) {
        assertEquals(flags, f.bits);
        f.bits = 0;
    }

    @Test
    void shouldNumberTheFlagsAndModesAsFcsrDoes() {
        assertEquals(31, FpFlags.NV | FpFlags.DZ | FpFlags.OF | FpFlags.UF | FpFlags.NX);
        assertEquals(16, FpFlags.NV);
        assertEquals(8, FpFlags.DZ);
        assertEquals(4, FpFlags.OF);
        assertEquals(2, FpFlags.UF);
        assertEquals(1, FpFlags.NX);
        assertEquals(0, RoundingMode.RNE);
        assertEquals(1, RoundingMode.RTZ);
        assertEquals(2, RoundingMode.RDN);
        assertEquals(3, RoundingMode.RUP);
        assertEquals(4, RoundingMode.RMM);
    }

    @Test
    void shouldSaturateConversionsAsTheTableOfDomainsSays() {
        long big = bits(1e30);
        assertEquals(0x7fff_ffffL, F64.toInt32(big, RoundingMode.RTZ, f));
        assertEquals(-1L, F64.toUint32(big, RoundingMode.RTZ, f));
        assertEquals(Long.MAX_VALUE, F64.toInt64(big, RoundingMode.RTZ, f));
        assertEquals(-1L, F64.toUint64(big, RoundingMode.RTZ, f));
        assertEquals(-0x8000_0000L, F64.toInt32(big | MINUS_ZERO, RoundingMode.RTZ, f));
        assertEquals(0, F64.toUint32(big | MINUS_ZERO, RoundingMode.RTZ, f));
        assertEquals(Long.MIN_VALUE, F64.toInt64(big | MINUS_ZERO, RoundingMode.RTZ, f));
        assertEquals(0, F64.toUint64(INF | MINUS_ZERO, RoundingMode.RTZ, f));
        raised(FpFlags.NV);
        assertEquals(0x7fff_ffffL, F64.toInt32(QNAN | MINUS_ZERO, RoundingMode.RTZ, f));
        assertEquals(-1L, F32.toUint64(F32.CANONICAL_NAN, RoundingMode.RTZ, f));
        raised(FpFlags.NV);
    }

    @Test
    void shouldConvertASmallNegativeToUnsignedZeroInexactlyButMinusOneInvalidly() {
        assertEquals(0, F64.toUint32(bits(-0.75), RoundingMode.RTZ, f));
        raised(FpFlags.NX);
        assertEquals(0, F64.toUint32(bits(-0.75), RoundingMode.RNE, f));
        raised(FpFlags.NV);
        assertEquals(0, F64.toUint64(bits(-1.0), RoundingMode.RTZ, f));
        raised(FpFlags.NV);
    }

    @Test
    void shouldSignExtendUnsignedWords() {
        assertEquals(0xffff_ffff_8000_0000L, F64.toUint32(bits(2147483648.0), RoundingMode.RNE, f));
        assertEquals(0xffff_ffff_8000_0000L, F32.toUint32(bits(2147483648.0f), RoundingMode.RNE, f));
        raised(0);
    }

    @Test
    void shouldRoundTiesByTheMode() {
        long[] expected = {2, 2, 2, 3, 3};
        for (int rm = 0; rm < 5; rm++) {
            assertEquals(expected[rm], F64.toInt32(bits(2.5), rm, f));
            assertEquals(rm == RoundingMode.RDN ? -3 : rm == RoundingMode.RMM ? -3 : -2,
                    F64.toInt32(bits(-2.5), rm, f));
        }
        raised(FpFlags.NX);
    }

    @Test
    void shouldLetANumberBeatANaNInMinAndMax() {
        assertEquals(bits(1.0), F64.min(bits(1.0), QNAN, f));
        assertEquals(bits(1.0), F64.max(QNAN, bits(1.0), f));
        raised(0);
        assertEquals(bits(1.0), F64.min(SNAN, bits(1.0), f));
        raised(FpFlags.NV);
        assertEquals(QNAN, F64.max(QNAN | 77 | MINUS_ZERO, QNAN, f));
        raised(0);
        assertEquals(MINUS_ZERO, F64.min(0, MINUS_ZERO, f));
        assertEquals(0, F64.max(MINUS_ZERO, 0, f));
        raised(0);
    }

    @Test
    void shouldCompareQuietlyForEqualityOnly() {
        assertFalse(F64.eq(QNAN, QNAN, f));
        raised(0);
        assertFalse(F64.eq(SNAN, QNAN, f));
        raised(FpFlags.NV);
        assertFalse(F64.lt(QNAN, 0, f));
        raised(FpFlags.NV);
        assertFalse(F64.le(0, QNAN, f));
        raised(FpFlags.NV);
        assertTrue(F64.le(0, MINUS_ZERO, f));
        assertTrue(F64.eq(0, MINUS_ZERO, f));
        raised(0);
    }

    @Test
    void shouldRaiseInvalidForInfinityTimesZeroPlusAQuietNaN() {
        assertEquals(QNAN, F64.fma(INF, 0, QNAN, RoundingMode.RNE, f));
        raised(FpFlags.NV);
        assertEquals(QNAN, F64.fma(bits(1.0), 0, QNAN, RoundingMode.RNE, f));
        raised(0);
    }

    @Test
    void shouldDivideByZero() {
        assertEquals(INF, F64.div(bits(1.0), 0, RoundingMode.RNE, f));
        raised(FpFlags.DZ);
        assertEquals(QNAN, F64.div(0, MINUS_ZERO, RoundingMode.RNE, f));
        raised(FpFlags.NV);
    }

    @Test
    void shouldDetectTininessAfterRounding() {
        // (1 - 2^-24) * 2^-126 is representable with an unbounded exponent: tiny, though it rounds to the least normal.
        assertEquals(0x0080_0000, F32.mul(0x0080_0000, bits(Math.nextDown(1.0f)), RoundingMode.RNE, f));
        raised(FpFlags.UF | FpFlags.NX);
        // (1 - 2^-23)(1 + 2^-23) * 2^-126 rounds up to the least normal even with an unbounded exponent.
        assertEquals(0x0080_0000, F32.mul(0x007f_ffff, bits(Math.nextUp(1.0f)), RoundingMode.RNE, f));
        raised(FpFlags.NX);
    }

    @Test
    void shouldReadASingleThatIsNotBoxedAsNaN() {
        assertEquals(bits(1.5f), F32.unbox(F32.box(bits(1.5f))));
        assertEquals(0xffff_ffff_3fc0_0000L, F32.box(bits(1.5f)));
        assertEquals(F32.CANONICAL_NAN, F32.unbox(0x0000_0000_3fc0_0000L));
        assertEquals(F32.CANONICAL_NAN, F32.unbox(0xffff_fffe_3fc0_0000L));
    }

    @Test
    void shouldQuietNaNsBetweenFormats() {
        assertEquals(QNAN, F32.toF64(0xff80_0001, f));
        raised(FpFlags.NV);
        assertEquals(F32.CANONICAL_NAN, F64.toF32(QNAN | MINUS_ZERO | 5, RoundingMode.RNE, f));
        raised(0);
    }
}
