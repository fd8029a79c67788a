package dev.reprise.cpu.fpu;

/**
 * Rounds an exact (or sticky) significand into either format, and the one place where OF, UF and NX of arithmetic are
 * decided by the integer path.
 *
 * <p>A format is named by its precision in bits, {@link #SINGLE} or {@link #DOUBLE}; the encodings that come out are
 * raw bits, those of single precision in the low half of the {@code long}.
 *
 * <p>A significand has bit 62 set and bit 63 clear, and stands for a value in [2^exponent, 2^(exponent+1)). Its bit 0
 * is sticky: set when anything non-zero was dropped below it.
 */
final class Rounding {
    static final int SINGLE = 24;
    static final int DOUBLE = 53;

    private Rounding() {
    }

    /** Whether a magnitude is incremented, when {@code rest} of two times {@code half} (both unsigned) is dropped. */
    static boolean increments(int rm, boolean negative, boolean odd, long rest, long half) {
        int order = Long.compareUnsigned(rest, half);
        return switch (rm) {
            case RoundingMode.RNE -> order > 0 || order == 0 && odd;
            case RoundingMode.RTZ -> false;
            case RoundingMode.RDN -> negative && rest != 0;
            case RoundingMode.RUP -> !negative && rest != 0;
            case RoundingMode.RMM -> order >= 0;
            default -> throw new IllegalArgumentException("not a rounding mode: rm=" + rm);
        };
    }

    /** The nearest encoding, by {@code rm}, and its flags. */
    static long round(boolean negative, int exponent, long significand, int rm, int precision, FpFlags f) {
        int least = leastExponent(precision);
        int drop = 63 - precision;
        long half = 1L << (drop - 1);
        int e = exponent;
        long sig = significand;
        boolean tiny = false;
        if (e < least) {
            tiny = e < least - 1 || !reachesNextPower(negative, sig, rm, precision);
            sig = shiftRightSticky(sig, least - e);
            e = least;
        }
        long rest = sig & (2 * half - 1);
        long kept = sig >>> drop;
        if (rest != 0) {
            f.bits |= tiny ? FpFlags.NX | FpFlags.UF : FpFlags.NX;
            if (increments(rm, negative, (kept & 1) != 0, rest, half)) {
                kept++;
            }
        }
        if (e > 1 - least) {
            return overflow(negative, rm, precision, f);
        }
        // The leading bit of a normal significand carries into the exponent field, and so does a rounding overflow.
        long magnitude = ((long) (e - least) << (precision - 1)) + kept;
        if (magnitude >= infinity(precision)) {
            return overflow(negative, rm, precision, f);
        }
        return sign(negative, precision) | magnitude;
    }

    /** Whether rounding with an unbounded exponent range would carry into the next power of two: then not tiny. */
    private static boolean reachesNextPower(boolean negative, long sig, int rm, int precision) {
        int drop = 63 - precision;
        long half = 1L << (drop - 1);
        return sig >>> drop == (1L << precision) - 1
                && increments(rm, negative, true, sig & (2 * half - 1), half);
    }

    private static long overflow(boolean negative, int rm, int precision, FpFlags f) {
        f.bits |= FpFlags.OF | FpFlags.NX;
        boolean toInfinity = rm == RoundingMode.RNE || rm == RoundingMode.RMM
                || rm == (negative ? RoundingMode.RDN : RoundingMode.RUP);
        return sign(negative, precision) | (toInfinity ? infinity(precision) : infinity(precision) - 1);
    }

    /** The exponent of the least normal number. The greatest exponent is one minus it. */
    private static int leastExponent(int precision) {
        return precision == DOUBLE ? -1022 : -126;
    }

    static long sign(boolean negative, int precision) {
        return negative ? precision == DOUBLE ? 1L << 63 : 1L << 31 : 0;
    }

    static long infinity(int precision) {
        return precision == DOUBLE ? 0x7ffL << 52 : 0xffL << 23;
    }

    static long signedInfinity(boolean negative, int precision) {
        return sign(negative, precision) | infinity(precision);
    }

    static long canonicalNan(int precision) {
        return precision == DOUBLE ? F64.CANONICAL_NAN : F32.CANONICAL_NAN;
    }

    static long invalid(int precision, FpFlags f) {
        f.bits |= FpFlags.NV;
        return canonicalNan(precision);
    }

    /** Shifts right by at least 1, keeping bit 0 sticky. */
    static long shiftRightSticky(long sig, int distance) {
        if (distance > 63) {
            return sig != 0 ? 1 : 0;
        }
        return sig >>> distance | (sig << -distance != 0 ? 1 : 0);
    }
}
