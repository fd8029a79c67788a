package dev.reprise.cpu.fpu;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The comparator that the other tests trust must notice a planted fault. */
class FpuCanaryTest {
    private static final Operation MUL = Operation.all().stream()
            .filter(op -> op.toString().equals("F64.mul")).findFirst().orElseThrow();

    private static Operation mulWith(Operation.Call faulty) {
        return new Operation(MUL.name(), MUL.format(), MUL.kind(), faulty, MUL.exact(), MUL.oracle());
    }

    private static void crossSpecials(Operation op) {
        long[] values = Operands.special(op.format());
        for (long a : values) {
            for (long b : values) {
                op.checkAll(a, b, 0, RoundingMode.RNE);
            }
        }
    }

    @Test
    void shouldNoticeAFlagThatIsNeverRaised() {
        for (int flag = FpFlags.NX; flag <= FpFlags.NV; flag <<= 1) {
            if (flag == FpFlags.DZ) {
                continue;
            }
            int missing = flag;
            Operation faulty = mulWith((a, b, c, rm, f) -> {
                int before = f.bits;
                long r = F64.mul(a, b, rm, f);
                f.bits &= ~missing | before;
                return r;
            });
            assertThrows(AssertionError.class, () -> crossSpecials(faulty), "flag " + missing);
        }
    }

    @Test
    void shouldNoticeAFlagThatIsRaisedTooOften() {
        Operation faulty = mulWith((a, b, c, rm, f) -> {
            long r = F64.mul(a, b, rm, f);
            f.bits |= FpFlags.DZ;
            return r;
        });
        AssertionError e = assertThrows(AssertionError.class, () -> crossSpecials(faulty));
        assertTrue(e.getMessage().contains("F64.mul fast"), e.getMessage());
    }

    @Test
    void shouldNoticeTininessDetectedBeforeRounding() {
        // Exact magnitude below the least normal number, but rounded up to it: UF only when detected before rounding.
        Operation faulty = mulWith((a, b, c, rm, f) -> {
            long r = F64.mul(a, b, rm, f);
            if ((r & ~(1L << 63)) == 1L << 52 && (f.bits & FpFlags.NX) != 0
                    && Softfloat.exponent(a) + Softfloat.exponent(b) < -1022) {
                f.bits |= FpFlags.UF;
            }
            return r;
        });
        assertThrows(AssertionError.class, () -> crossSpecials(faulty));
    }

    @Test
    void shouldNoticeAWrongLastBit() {
        Operation faulty = mulWith((a, b, c, rm, f) -> {
            long r = F64.mul(a, b, rm, f);
            return r == Double.doubleToRawLongBits(1.0) ? r + 1 : r;
        });
        assertThrows(AssertionError.class, () -> crossSpecials(faulty));
    }
}
