package dev.reprise.cpu.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.cpu.decode.Op;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against arbitrary-precision arithmetic, and on the values that the specification singles out. */
class IntegerUnitTest {
    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);
    private static final long MIN = Long.MIN_VALUE;

    private static BigInteger signed(long a) {
        return BigInteger.valueOf(a);
    }

    private static BigInteger unsigned(long a) {
        return a < 0 ? signed(a).add(WORD) : signed(a);
    }

    @Property
    void shouldMultiplyAsIntegersDo(@ForAll long a, @ForAll long b) {
        assertEquals(signed(a).multiply(signed(b)).longValue(), IntegerUnit.compute(Op.MUL, a, b));
        assertEquals(signed(a).multiply(signed(b)).shiftRight(64).longValue(), IntegerUnit.compute(Op.MULH, a, b));
        assertEquals(signed(a).multiply(unsigned(b)).shiftRight(64).longValue(), IntegerUnit.compute(Op.MULHSU, a, b));
        assertEquals(unsigned(a).multiply(unsigned(b)).shiftRight(64).longValue(), IntegerUnit.compute(Op.MULHU, a, b));
        assertEquals((int) (a * b), IntegerUnit.compute(Op.MULW, a, b));
    }

    @Property
    void shouldDivideAsIntegersDo(@ForAll long a, @ForAll @LongRange(min = 1) long b) {
        assertEquals(signed(a).divide(signed(b)).longValue(), IntegerUnit.compute(Op.DIV, a, b));
        assertEquals(signed(a).divide(signed(-b)).longValue(), IntegerUnit.compute(Op.DIV, a, -b));
        assertEquals(signed(a).remainder(signed(b)).longValue(), IntegerUnit.compute(Op.REM, a, b));
        assertEquals(unsigned(a).divide(unsigned(-b)).longValue(), IntegerUnit.compute(Op.DIVU, a, -b));
        assertEquals(unsigned(a).remainder(unsigned(-b)).longValue(), IntegerUnit.compute(Op.REMU, a, -b));
    }

    @Property
    void shouldShiftAndAdd(@ForAll long a, @ForAll long b) {
        long low = a & 0xffff_ffffL;
        assertEquals(low + b, IntegerUnit.compute(Op.ADD_UW, a, b));
        assertEquals(2 * a + b, IntegerUnit.compute(Op.SH1ADD, a, b));
        assertEquals(4 * a + b, IntegerUnit.compute(Op.SH2ADD, a, b));
        assertEquals(8 * a + b, IntegerUnit.compute(Op.SH3ADD, a, b));
        assertEquals(2 * low + b, IntegerUnit.compute(Op.SH1ADD_UW, a, b));
        assertEquals(4 * low + b, IntegerUnit.compute(Op.SH2ADD_UW, a, b));
        assertEquals(8 * low + b, IntegerUnit.compute(Op.SH3ADD_UW, a, b));
        assertEquals(low << (b & 63), IntegerUnit.compute(Op.SLLI_UW, a, b & 63));
    }

    @Property
    void shouldCombineEachByteByItself(@ForAll long a, @ForAll byte zeroed) {
        long sparse = a & ~(0xffL << 8 * (zeroed & 7));
        for (int i = 0; i < 8; i++) {
            long expected = (sparse >>> 8 * i & 0xff) == 0 ? 0 : 0xff;
            assertEquals(expected, IntegerUnit.compute(Op.ORC_B, sparse, 0) >>> 8 * i & 0xff);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "1", "-9223372036854775808", "2147483648", "-2147483648", "4294967295", "12345678901234"})
    void shouldDivideByZeroAsTheSpecificationSays(long a) {
        assertEquals(-1, IntegerUnit.compute(Op.DIV, a, 0));
        assertEquals(-1, IntegerUnit.compute(Op.DIVU, a, 0));
        assertEquals(a, IntegerUnit.compute(Op.REM, a, 0));
        assertEquals(a, IntegerUnit.compute(Op.REMU, a, 0));
        assertEquals(-1, IntegerUnit.compute(Op.DIVW, a, 1L << 32));
        assertEquals(-1, IntegerUnit.compute(Op.DIVUW, a, 1L << 32));
        assertEquals((int) a, IntegerUnit.compute(Op.REMW, a, 1L << 32));
        assertEquals((int) a, IntegerUnit.compute(Op.REMUW, a, 1L << 32));
    }

    @Test
    void shouldOverflowInDivisionWithoutATrap() {
        assertEquals(MIN, IntegerUnit.compute(Op.DIV, MIN, -1));
        assertEquals(0, IntegerUnit.compute(Op.REM, MIN, -1));
        assertEquals(Integer.MIN_VALUE, IntegerUnit.compute(Op.DIVW, Integer.MIN_VALUE, -1));
        assertEquals(0, IntegerUnit.compute(Op.REMW, Integer.MIN_VALUE, -1));
        assertEquals(Integer.MIN_VALUE, IntegerUnit.compute(Op.DIVUW, 0x8000_0000L, 1));
        assertEquals(-1, IntegerUnit.compute(Op.REMUW, 0xffff_ffffL, 0));
    }

    @Test
    void shouldCompareAndCountAtTheEdges() {
        assertEquals(1, IntegerUnit.compute(Op.MAX, -1, 1));
        assertEquals(-1, IntegerUnit.compute(Op.MAXU, -1, 1));
        assertEquals(-1, IntegerUnit.compute(Op.MIN, -1, 1));
        assertEquals(1, IntegerUnit.compute(Op.MINU, -1, 1));
        assertEquals(64, IntegerUnit.compute(Op.CLZ, 0, 0));
        assertEquals(64, IntegerUnit.compute(Op.CTZ, 0, 0));
        assertEquals(32, IntegerUnit.compute(Op.CLZW, 1L << 32, 0));
        assertEquals(32, IntegerUnit.compute(Op.CTZW, 1L << 32, 0));
        assertEquals(32, IntegerUnit.compute(Op.CPOPW, -1, 0));
        assertEquals(0xffffL, IntegerUnit.compute(Op.ZEXT_H, -1, 0));
        assertEquals(-1, IntegerUnit.compute(Op.SEXT_B, 0xff, 0));
        assertEquals(0x0807_0605_0403_0201L, IntegerUnit.compute(Op.REV8, 0x0102_0304_0506_0708L, 0));
        assertEquals(0xffff_ffff_8000_0000L, IntegerUnit.compute(Op.RORIW, 1, 1));
        assertEquals(1, IntegerUnit.compute(Op.ROLW, 0x8000_0000L, 1));
    }

    @Test
    void shouldUseTheLowSixBitsOfABitsNumber() {
        assertEquals(1L << 63, IntegerUnit.compute(Op.BSET, 0, 127));
        assertEquals(0, IntegerUnit.compute(Op.BCLR, 2, 65));
        assertEquals(1, IntegerUnit.compute(Op.BEXT, MIN, -1));
        assertEquals(3, IntegerUnit.compute(Op.BINVI, 1, 1));
    }

    @Test
    void shouldCompareWordsOfAtomicsByTheirOwnSign() {
        assertEquals(-1, IntegerUnit.atomic(Op.AMOMIN_W, 1, 0x0000_0001_ffff_ffffL));
        assertEquals(1, IntegerUnit.atomic(Op.AMOMINU_W, 1, 0xffff_ffffL));
        assertEquals(-1, IntegerUnit.atomic(Op.AMOMAXU_W, 1, 0xffff_ffffL));
        assertEquals(1, IntegerUnit.atomic(Op.AMOMAX_W, 1, 0xffff_ffffL));
        assertEquals(-1, IntegerUnit.atomic(Op.AMOMAXU_D, 1, -1));
    }
}
