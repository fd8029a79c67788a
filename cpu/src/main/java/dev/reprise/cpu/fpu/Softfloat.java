package dev.reprise.cpu.fpu;

import static dev.reprise.cpu.fpu.Rounding.canonicalNan;
import static dev.reprise.cpu.fpu.Rounding.invalid;
import static dev.reprise.cpu.fpu.Rounding.round;
import static dev.reprise.cpu.fpu.Rounding.sign;
import static dev.reprise.cpu.fpu.Rounding.signedInfinity;

/**
 * The exact arithmetic, in integers alone. It stands apart from {@link F32} and {@link F64} because it serves both:
 * operands are always the bits of doubles (a single widens without loss, {@link Conversions#widen}), and the result is
 * rounded once, to the precision asked for.
 *
 * <p>Significands and precisions are as in {@link Rounding}.
 */
final class Softfloat {
    private static final long SIGN = 1L << 63;
    private static final long INFINITY = 0x7ffL << 52;
    private static final long QUIET = 1L << 51;
    private static final long FRACTION = (1L << 52) - 1;

    private Softfloat() {
    }

    static boolean isNan(long a) {
        return (a & ~SIGN) > INFINITY;
    }

    static boolean isSignaling(long a) {
        return isNan(a) && (a & QUIET) == 0;
    }

    static boolean isInfinite(long a) {
        return (a & ~SIGN) == INFINITY;
    }

    static boolean isZero(long a) {
        return (a & ~SIGN) == 0;
    }

    /** The exponent of a finite, non-zero double, as if subnormals were normal: -1074 to 1023. */
    static int exponent(long a) {
        int field = (int) (a >>> 52) & 0x7ff;
        return field != 0 ? field - 1023 : -1011 - Long.numberOfLeadingZeros(a & FRACTION);
    }

    /** The significand of a finite, non-zero double; its low ten bits are zero. */
    static long significand(long a) {
        long fraction = a & FRACTION;
        return (a & INFINITY) != 0
                ? (fraction | 1L << 52) << 10
                : fraction << (Long.numberOfLeadingZeros(fraction) - 1);
    }

    private static long nanResult(boolean signaling, int precision, FpFlags f) {
        return signaling ? invalid(precision, f) : canonicalNan(precision);
    }

    /** The sum of two zeros, or of two numbers that cancel: the sign is theirs if they agree on it. */
    private static long zeroSum(boolean aNegative, boolean bNegative, int rm, int precision) {
        return sign(aNegative == bNegative ? aNegative : rm == RoundingMode.RDN, precision);
    }

    /** A finite, non-zero double, rounded to the precision. */
    static long round64(long a, int rm, int precision, FpFlags f) {
        return round(a < 0, exponent(a), significand(a), rm, precision, f);
    }

    static long add(long a, long b, int rm, int precision, FpFlags f) {
        if (isNan(a) || isNan(b)) {
            return nanResult(isSignaling(a) || isSignaling(b), precision, f);
        }
        if (isInfinite(a)) {
            return isInfinite(b) && (a ^ b) < 0 ? invalid(precision, f) : signedInfinity(a < 0, precision);
        }
        if (isInfinite(b)) {
            return signedInfinity(b < 0, precision);
        }
        if (isZero(a)) {
            return isZero(b) ? zeroSum(a < 0, b < 0, rm, precision) : round64(b, rm, precision, f);
        }
        if (isZero(b)) {
            return round64(a, rm, precision, f);
        }
        boolean aIsGreater = (a & ~SIGN) >= (b & ~SIGN);
        return addFinite(aIsGreater ? a : b, aIsGreater ? b : a, rm, precision, f);
    }

    /** Both finite and non-zero, the greater magnitude first. */
    private static long addFinite(long greater, long lesser, int rm, int precision, FpFlags f) {
        int e = exponent(greater);
        int distance = e - exponent(lesser);
        long sig = significand(greater);
        long other = significand(lesser);
        if (distance > 0) {
            // Ten bits below the last one are guard bits, so one sticky bit is enough even after a subtraction.
            other = Rounding.shiftRightSticky(other, distance);
        }
        if ((greater ^ lesser) >= 0) {
            sig += other;
            if (sig < 0) {
                sig = Rounding.shiftRightSticky(sig, 1);
                e++;
            }
        } else {
            sig -= other;
            if (sig == 0) {
                return zeroSum(false, true, rm, precision);
            }
            int up = Long.numberOfLeadingZeros(sig) - 1;
            sig <<= up;
            e -= up;
        }
        return round(greater < 0, e, sig, rm, precision, f);
    }

    static long mul(long a, long b, int rm, int precision, FpFlags f) {
        boolean negative = (a ^ b) < 0;
        if (isNan(a) || isNan(b)) {
            return nanResult(isSignaling(a) || isSignaling(b), precision, f);
        }
        if (isInfinite(a) || isInfinite(b)) {
            return isZero(a) || isZero(b) ? invalid(precision, f) : signedInfinity(negative, precision);
        }
        if (isZero(a) || isZero(b)) {
            return sign(negative, precision);
        }
        long aSig = significand(a) << 1;
        long bSig = significand(b) << 1;
        long sig = Math.unsignedMultiplyHigh(aSig, bSig) | (aSig * bSig != 0 ? 1 : 0);
        int e = exponent(a) + exponent(b);
        if (sig < 0) {
            sig = Rounding.shiftRightSticky(sig, 1);
            e++;
        }
        return round(negative, e, sig, rm, precision, f);
    }

    static long div(long a, long b, int rm, int precision, FpFlags f) {
        boolean negative = (a ^ b) < 0;
        if (isNan(a) || isNan(b)) {
            return nanResult(isSignaling(a) || isSignaling(b), precision, f);
        }
        if (isInfinite(a)) {
            return isInfinite(b) ? invalid(precision, f) : signedInfinity(negative, precision);
        }
        if (isInfinite(b)) {
            return sign(negative, precision);
        }
        if (isZero(b)) {
            if (isZero(a)) {
                return invalid(precision, f);
            }
            f.bits |= FpFlags.DZ;
            return signedInfinity(negative, precision);
        }
        if (isZero(a)) {
            return sign(negative, precision);
        }
        return divFinite(negative, a, b, rm, precision, f);
    }

    private static long divFinite(boolean negative, long a, long b, int rm, int precision, FpFlags f) {
        int e = exponent(a) - exponent(b);
        long rest = significand(a) >>> 10;
        long divisor = significand(b) >>> 10;
        if (rest < divisor) {
            rest <<= 1;
            e--;
        }
        rest -= divisor;
        long quotient = 1;
        // The rest stays below 2^53, so ten bits at a time fit a signed division: 61 bits in all.
        for (int i = 0; i < 6; i++) {
            rest <<= 10;
            long digits = rest / divisor;
            rest -= digits * divisor;
            quotient = quotient << 10 | digits;
        }
        return round(negative, e, quotient << 2 | (rest != 0 ? 1 : 0), rm, precision, f);
    }

    static long sqrt(long a, int rm, int precision, FpFlags f) {
        if (isNan(a)) {
            return nanResult(isSignaling(a), precision, f);
        }
        if (isZero(a)) {
            return sign(a < 0, precision);
        }
        if (a < 0) {
            return invalid(precision, f);
        }
        if (isInfinite(a)) {
            return signedInfinity(false, precision);
        }
        int e = exponent(a);
        // Radicand in [1, 4) with 58 fraction bits; each turn finds one bit of the root, and doubles what is left.
        long rest = significand(a) >>> 4 << (e & 1);
        long root = 0;
        long twiceRoot = 0;
        for (long bit = 1L << 58; bit != 0; bit >>>= 1) {
            long trial = twiceRoot + bit;
            if (trial <= rest) {
                twiceRoot = trial + bit;
                rest -= trial;
                root |= bit;
            }
            rest <<= 1;
        }
        return round(false, e >> 1, root << 4 | (rest != 0 ? 1 : 0), rm, precision, f);
    }

    /** a * b + c, rounded once. Infinity times zero is invalid even when c is a quiet NaN. */
    static long fma(long a, long b, long c, int rm, int precision, FpFlags f) {
        boolean negative = (a ^ b) < 0;
        boolean invalidProduct = isInfinite(a) && isZero(b) || isZero(a) && isInfinite(b);
        if (isNan(a) || isNan(b) || isNan(c)) {
            return nanResult(invalidProduct || isSignaling(a) || isSignaling(b) || isSignaling(c), precision, f);
        }
        if (invalidProduct) {
            return invalid(precision, f);
        }
        if (isInfinite(a) || isInfinite(b)) {
            return isInfinite(c) && c < 0 != negative
                    ? invalid(precision, f) : signedInfinity(negative, precision);
        }
        if (isInfinite(c)) {
            return signedInfinity(c < 0, precision);
        }
        if (isZero(a) || isZero(b)) {
            return isZero(c) ? zeroSum(negative, c < 0, rm, precision) : round64(c, rm, precision, f);
        }
        return isZero(c) ? mul(a, b, rm, precision, f) : fmaFinite(a, b, c, rm, precision, f);
    }

    /** All finite and non-zero. Both terms are held in 128 bits, with the leading one in bit 126. */
    private static long fmaFinite(long a, long b, long c, int rm, int precision, FpFlags f) {
        boolean negative = (a ^ b) < 0;
        long aSig = significand(a) << 1;
        long bSig = significand(b) << 1;
        int e = exponent(a) + exponent(b);
        long hi = Math.unsignedMultiplyHigh(aSig, bSig);
        long lo = aSig * bSig;
        if (hi < 0) {
            lo = lo >>> 1 | hi << 63;
            hi >>>= 1;
            e++;
        }
        long cHi = significand(c);
        long cLo = 0;
        int distance = e - exponent(c);
        if (distance > 0) {
            cLo = shiftRightStickyLow(cHi, 0, distance);
            cHi = distance < 64 ? cHi >>> distance : 0;
        } else if (distance < 0) {
            lo = shiftRightStickyLow(hi, lo, -distance);
            hi = -distance < 64 ? hi >>> -distance : 0;
            e -= distance;
        }
        if (c < 0 == negative) {
            lo += cLo;
            hi += cHi + (Long.compareUnsigned(lo, cLo) < 0 ? 1 : 0);
            return roundWide(negative, e, hi, lo, rm, precision, f);
        }
        boolean productIsGreater = hi != cHi ? hi > cHi : Long.compareUnsigned(lo, cLo) >= 0;
        long dLo = productIsGreater ? lo - cLo : cLo - lo;
        long dHi = productIsGreater
                ? hi - cHi - (Long.compareUnsigned(lo, cLo) < 0 ? 1 : 0)
                : cHi - hi - (Long.compareUnsigned(cLo, lo) < 0 ? 1 : 0);
        if ((dHi | dLo) == 0) {
            return zeroSum(false, true, rm, precision);
        }
        return roundWide(negative == productIsGreater, e, dHi, dLo, rm, precision, f);
    }

    /** Rounds a 128-bit magnitude whose bit 126 weighs 2^exponent, wherever its leading one is. */
    private static long roundWide(boolean negative, int exponent, long high, long low, int rm, int precision,
            FpFlags f) {
        int e = exponent;
        long hi = high;
        long lo = low;
        if (hi == 0) {
            hi = lo;
            lo = 0;
            e -= 64;
        }
        if (hi < 0) {
            lo = lo >>> 1 | hi << 63 | lo & 1;
            hi >>>= 1;
            e++;
        } else {
            int up = Long.numberOfLeadingZeros(hi) - 1;
            if (up > 0) {
                hi = hi << up | lo >>> -up;
                lo <<= up;
                e -= up;
            }
        }
        return round(negative, e, hi | (lo != 0 ? 1 : 0), rm, precision, f);
    }

    /** The low half of a 128-bit right shift by at least 1, its bit 0 sticky. */
    private static long shiftRightStickyLow(long hi, long lo, int distance) {
        if (distance < 64) {
            return hi << -distance | Rounding.shiftRightSticky(lo, distance);
        }
        if (distance == 64) {
            return hi | (lo != 0 ? 1 : 0);
        }
        return Rounding.shiftRightSticky(hi, distance - 64) | (lo != 0 ? 1 : 0);
    }
}
