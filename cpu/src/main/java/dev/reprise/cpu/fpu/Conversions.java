package dev.reprise.cpu.fpu;

/**
 * The exact conversions, in integers alone: doubles to and from integers, and between the two formats. As in
 * {@link Softfloat}, the source is always a double, and a single widens to one without loss.
 */
final class Conversions {
    private Conversions() {
    }

    /** The double with the value of a single, or with the payload of its NaN: signalling stays signalling. */
    static long widen(int a) {
        long sign = (long) (a & 1 << 31) << 32;
        int field = a >>> 23 & 0xff;
        long fraction = a & (1 << 23) - 1;
        if (field == 0xff) {
            return sign | 0x7ffL << 52 | fraction << 29;
        }
        if (field != 0) {
            return sign | (long) (field + 1023 - 127) << 52 | fraction << 29;
        }
        if (fraction == 0) {
            return sign;
        }
        // A subnormal single is a normal double: the leading one, now in bit 52, adds 1 to the exponent field.
        int up = Long.numberOfLeadingZeros(fraction) - 11;
        return sign | ((long) (1023 - 149 + 52 - up - 1) << 52) + (fraction << up);
    }

    /** FCVT.D.S: exact, but a NaN becomes canonical. */
    static long widenAsResult(int a, FpFlags f) {
        long wide = widen(a);
        if (Softfloat.isNan(wide)) {
            return Softfloat.isSignaling(wide) ? Rounding.invalid(Rounding.DOUBLE, f) : F64.CANONICAL_NAN;
        }
        return wide;
    }

    /** FCVT.S.D. */
    static int narrow(long a, int rm, FpFlags f) {
        if (Softfloat.isNan(a)) {
            return Softfloat.isSignaling(a) ? (int) Rounding.invalid(Rounding.SINGLE, f) : F32.CANONICAL_NAN;
        }
        if (Softfloat.isInfinite(a)) {
            return (int) Rounding.signedInfinity(a < 0, Rounding.SINGLE);
        }
        if (Softfloat.isZero(a)) {
            return (int) Rounding.sign(a < 0, Rounding.SINGLE);
        }
        return (int) Softfloat.round64(a, rm, Rounding.SINGLE, f);
    }

    static long toInt32(long a, int rm, FpFlags f) {
        return toInteger(a, rm, Integer.MIN_VALUE, Integer.MAX_VALUE, f);
    }

    /** The result is sign-extended from bit 31, as FCVT.WU wants it. */
    static long toUint32(long a, int rm, FpFlags f) {
        return (int) toInteger(a, rm, 0, 0xffff_ffffL, f);
    }

    static long toInt64(long a, int rm, FpFlags f) {
        return toInteger(a, rm, Long.MIN_VALUE, Long.MAX_VALUE, f);
    }

    static long toUint64(long a, int rm, FpFlags f) {
        return toInteger(a, rm, 0, -1L, f);
    }

    /**
     * Rounds to an integer of [least, greatest], the latter unsigned. What rounds out of it saturates and raises NV
     * alone; NaN goes to the greatest (table "Domains of float-to-integer conversions").
     */
    private static long toInteger(long a, int rm, long least, long greatest, FpFlags f) {
        if (Softfloat.isZero(a)) {
            return 0;
        }
        boolean negative = a < 0 && !Softfloat.isNan(a);
        if ((a >>> 52 & 0x7ff) == 0x7ff || Softfloat.exponent(a) > 63) {
            f.bits |= FpFlags.NV;
            return negative ? least : greatest;
        }
        int e = Softfloat.exponent(a);
        long sig = Softfloat.significand(a);
        long magnitude = integerPart(e, sig);
        long fraction = fractionPart(e, sig);
        if (fraction != 0 && Rounding.increments(rm, negative, (magnitude & 1) != 0, fraction, 1L << 63)) {
            magnitude++;
        }
        if (Long.compareUnsigned(magnitude, negative ? -least : greatest) > 0) {
            f.bits |= FpFlags.NV;
            return negative ? least : greatest;
        }
        if (fraction != 0) {
            f.bits |= FpFlags.NX;
        }
        return negative ? -magnitude : magnitude;
    }

    /** The integer part of a magnitude below 2^64, unsigned. */
    private static long integerPart(int exponent, long sig) {
        if (exponent == 63) {
            return sig << 1;
        }
        return exponent < 0 ? 0 : sig >>> (62 - exponent);
    }

    /** The fraction in units of 2^-64, its bit 0 sticky. */
    private static long fractionPart(int exponent, long sig) {
        if (exponent >= 62) {
            return 0;
        }
        // Below one half all fractions round alike.
        return exponent >= -1 ? sig << (exponent + 2) : 1;
    }

    /** The integer as the nearest number of the precision; {@code magnitude} is unsigned. */
    static long fromInteger(boolean negative, long magnitude, int rm, int precision, FpFlags f) {
        if (magnitude == 0) {
            return 0;
        }
        int zeros = Long.numberOfLeadingZeros(magnitude);
        long sig = zeros == 0 ? Rounding.shiftRightSticky(magnitude, 1) : magnitude << (zeros - 1);
        return Rounding.round(negative, 63 - zeros, sig, rm, precision, f);
    }

    static long fromSigned(long value, int rm, int precision, FpFlags f) {
        return fromInteger(value < 0, Math.abs(value), rm, precision, f);
    }

    /** A number rounded to an integer by the host; NaN for RMM, which no host rounds by. */
    static double integral(double x, int rm) {
        return switch (rm) {
            case RoundingMode.RNE -> Math.rint(x);
            case RoundingMode.RTZ -> x < 0 ? Math.ceil(x) : Math.floor(x);
            case RoundingMode.RDN -> Math.floor(x);
            case RoundingMode.RUP -> Math.ceil(x);
            default -> Double.NaN;
        };
    }
}
