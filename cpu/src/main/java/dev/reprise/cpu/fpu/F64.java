package dev.reprise.cpu.fpu;

/**
 * Double precision on raw bits (D extension, version 2.2). Every {@code rm} is a constant of {@link RoundingMode};
 * flags are ORed into {@code f}. A result that is NaN is {@link #CANONICAL_NAN}. Integer results are 64-bit registers:
 * 32-bit ones, unsigned too, are sign-extended; of a 32-bit source only the low half is read.
 *
 * <p>Methods named {@code ...Exactly} are the integer path alone.
 */
public final class F64 {
    /** The only NaN that an operation makes. */
    public static final long CANONICAL_NAN = 0x7ff8_0000_0000_0000L;

    private static final long SIGN = 1L << 63;
    private static final long INFINITY = 0x7ffL << 52;
    private static final long QUIET = 1L << 51;

    private F64() {
    }

    public static long add(long a, long b, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double sum = x + y;
        if (rm == RoundingMode.RNE && Math.abs(sum) <= Double.MAX_VALUE
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.add(x, y, sum, f))) {
            return Double.doubleToRawLongBits(sum);
        }
        return addExactly(a, b, rm, f);
    }

    static long addExactly(long a, long b, int rm, FpFlags f) {
        return Softfloat.add(a, b, rm, Rounding.DOUBLE, f);
    }

    public static long sub(long a, long b, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double sum = x - y;
        if (rm == RoundingMode.RNE && Math.abs(sum) <= Double.MAX_VALUE
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.add(x, -y, sum, f))) {
            return Double.doubleToRawLongBits(sum);
        }
        return subExactly(a, b, rm, f);
    }

    static long subExactly(long a, long b, int rm, FpFlags f) {
        return Softfloat.add(a, b ^ SIGN, rm, Rounding.DOUBLE, f);
    }

    public static long mul(long a, long b, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double product = x * y;
        if (rm == RoundingMode.RNE && isSafelyNormal(product)
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.mul(x, y, product, f))) {
            return Double.doubleToRawLongBits(product);
        }
        return mulRarely(a, b, rm, f);
    }

    /** A zero factor is common in real programs, and exact. */
    private static long mulRarely(long a, long b, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double product = x * y;
        return product == 0 && (x == 0 || y == 0) ? Double.doubleToRawLongBits(product) : mulExactly(a, b, rm, f);
    }

    static long mulExactly(long a, long b, int rm, FpFlags f) {
        return Softfloat.mul(a, b, rm, Rounding.DOUBLE, f);
    }

    public static long div(long a, long b, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double quotient = x / y;
        if (rm == RoundingMode.RNE && isSafelyNormal(quotient)
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.div(x, y, quotient, f))) {
            return Double.doubleToRawLongBits(quotient);
        }
        return divRarely(a, b, rm, f);
    }

    /** A zero dividend is common in real programs, and exact. */
    private static long divRarely(long a, long b, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double quotient = x / y;
        return quotient == 0 && x == 0 ? Double.doubleToRawLongBits(quotient) : divExactly(a, b, rm, f);
    }

    static long divExactly(long a, long b, int rm, FpFlags f) {
        return Softfloat.div(a, b, rm, Rounding.DOUBLE, f);
    }

    public static long sqrt(long a, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double root = Math.sqrt(x);
        if (rm == RoundingMode.RNE && root <= Double.MAX_VALUE
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.sqrt(x, root, f))) {
            return Double.doubleToRawLongBits(root);
        }
        return sqrtExactly(a, rm, f);
    }

    static long sqrtExactly(long a, int rm, FpFlags f) {
        return Softfloat.sqrt(a, rm, Rounding.DOUBLE, f);
    }

    /** a * b + c with one rounding; the caller flips the signs of a and c for the other three forms. */
    public static long fma(long a, long b, long c, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double z = Double.longBitsToDouble(c);
        double result = Math.fma(x, y, z);
        if (rm == RoundingMode.RNE && isSafelyNormal(result)
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.fma(x, y, z, result, f))) {
            return Double.doubleToRawLongBits(result);
        }
        return fmaRarely(a, b, c, rm, f);
    }

    /** A zero factor and a zero addend are common in real programs, and exact; their zero has the sign of the sum. */
    private static long fmaRarely(long a, long b, long c, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double z = Double.longBitsToDouble(c);
        double result = Math.fma(x, y, z);
        if (rm == RoundingMode.RNE && result == 0 && z == 0 && (x == 0 || y == 0)) {
            return Double.doubleToRawLongBits(result);
        }
        return fmaExactly(a, b, c, rm, f);
    }

    static long fmaExactly(long a, long b, long c, int rm, FpFlags f) {
        return Softfloat.fma(a, b, c, rm, Rounding.DOUBLE, f);
    }

    public static long toInt32(long a, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        if (rm == RoundingMode.RTZ && x > -0x1.00000002p31 && x < 0x1p31) {
            int value = (int) x;
            if (value != x) {
                f.bits |= FpFlags.NX;
            }
            return value;
        }
        return toInt32Rounded(a, x, rm, f);
    }

    private static long toInt32Rounded(long a, double x, int rm, FpFlags f) {
        double integral = Conversions.integral(x, rm);
        if (integral >= -0x1p31 && integral <= 0x7fff_ffffL) {
            if (integral != x) {
                f.bits |= FpFlags.NX;
            }
            return (int) integral;
        }
        return toInt32Exactly(a, rm, f);
    }

    static long toInt32Exactly(long a, int rm, FpFlags f) {
        return Conversions.toInt32(a, rm, f);
    }

    public static long toUint32(long a, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        if (rm == RoundingMode.RTZ && x > -1 && x < 0x1p32) {
            long value = (long) x;
            if (value != x) {
                f.bits |= FpFlags.NX;
            }
            return (int) value;
        }
        return toUint32Rounded(a, x, rm, f);
    }

    private static long toUint32Rounded(long a, double x, int rm, FpFlags f) {
        double integral = Conversions.integral(x, rm);
        if (integral >= 0 && integral <= 0xffff_ffffL) {
            if (integral != x) {
                f.bits |= FpFlags.NX;
            }
            return (int) (long) integral;
        }
        return toUint32Exactly(a, rm, f);
    }

    static long toUint32Exactly(long a, int rm, FpFlags f) {
        return Conversions.toUint32(a, rm, f);
    }

    public static long toInt64(long a, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        if (rm == RoundingMode.RTZ && x >= -0x1p63 && x < 0x1p63) {
            long value = (long) x;
            if (value != x) {
                f.bits |= FpFlags.NX;
            }
            return value;
        }
        return toInt64Rounded(a, x, rm, f);
    }

    private static long toInt64Rounded(long a, double x, int rm, FpFlags f) {
        double integral = Conversions.integral(x, rm);
        if (integral >= -0x1p63 && integral < 0x1p63) {
            if (integral != x) {
                f.bits |= FpFlags.NX;
            }
            return (long) integral;
        }
        return toInt64Exactly(a, rm, f);
    }

    static long toInt64Exactly(long a, int rm, FpFlags f) {
        return Conversions.toInt64(a, rm, f);
    }

    public static long toUint64(long a, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        if (rm == RoundingMode.RTZ && x > -1 && x < 0x1p63) {
            long value = (long) x;
            if (value != x) {
                f.bits |= FpFlags.NX;
            }
            return value;
        }
        return toUint64Rounded(a, x, rm, f);
    }

    private static long toUint64Rounded(long a, double x, int rm, FpFlags f) {
        double integral = Conversions.integral(x, rm);
        if (integral >= 0 && integral < 0x1p63) {
            if (integral != x) {
                f.bits |= FpFlags.NX;
            }
            return (long) integral;
        }
        return toUint64Exactly(a, rm, f);
    }

    static long toUint64Exactly(long a, int rm, FpFlags f) {
        return Conversions.toUint64(a, rm, f);
    }

    public static long fromInt32(long x, int rm, FpFlags f) {
        return Double.doubleToRawLongBits((int) x);
    }

    static long fromInt32Exactly(long x, int rm, FpFlags f) {
        return Conversions.fromSigned((int) x, rm, Rounding.DOUBLE, f);
    }

    public static long fromUint32(long x, int rm, FpFlags f) {
        return Double.doubleToRawLongBits(x & 0xffff_ffffL);
    }

    static long fromUint32Exactly(long x, int rm, FpFlags f) {
        return Conversions.fromInteger(false, x & 0xffff_ffffL, rm, Rounding.DOUBLE, f);
    }

    public static long fromInt64(long x, int rm, FpFlags f) {
        double value = x;
        if (value < 0x1p63 && (long) value == x) {
            return Double.doubleToRawLongBits(value);
        }
        if (rm == RoundingMode.RNE) {
            f.bits |= FpFlags.NX;
            return Double.doubleToRawLongBits(value);
        }
        return fromInt64Exactly(x, rm, f);
    }

    static long fromInt64Exactly(long x, int rm, FpFlags f) {
        return Conversions.fromSigned(x, rm, Rounding.DOUBLE, f);
    }

    public static long fromUint64(long x, int rm, FpFlags f) {
        return x >= 0 ? fromInt64(x, rm, f) : fromUint64Exactly(x, rm, f);
    }

    static long fromUint64Exactly(long x, int rm, FpFlags f) {
        return Conversions.fromInteger(false, x, rm, Rounding.DOUBLE, f);
    }

    public static int toF32(long a, int rm, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        float value = (float) x;
        if (value == x) {
            return Float.floatToRawIntBits(value);
        }
        float magnitude = Math.abs(value);
        if (rm == RoundingMode.RNE && magnitude > Float.MIN_NORMAL && magnitude <= Float.MAX_VALUE) {
            f.bits |= FpFlags.NX;
            return Float.floatToRawIntBits(value);
        }
        return Conversions.narrow(a, rm, f);
    }

    /** minimumNumber of IEEE 754-2019: a number beats a NaN, and -0 is less than +0. */
    public static long min(long a, long b, FpFlags f) {
        return isNan(a) || isNan(b) ? numberOrNan(a, b, f) : order(a) <= order(b) ? a : b;
    }

    /** maximumNumber of IEEE 754-2019. */
    public static long max(long a, long b, FpFlags f) {
        return isNan(a) || isNan(b) ? numberOrNan(a, b, f) : order(a) >= order(b) ? a : b;
    }

    private static long numberOrNan(long a, long b, FpFlags f) {
        raiseIfSignaling(a, b, f);
        return !isNan(a) ? a : !isNan(b) ? b : CANONICAL_NAN;
    }

    /** Numbers as integers in the same order, -0 before +0. */
    private static long order(long a) {
        return a ^ a >> 63 >>> 1;
    }

    /** FEQ: quiet, only a signalling NaN raises NV. */
    public static boolean eq(long a, long b, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        if (x == y) {
            return true;
        }
        if (x != x || y != y) {
            raiseIfSignaling(a, b, f);
        }
        return false;
    }

    /** FLT: any NaN raises NV. */
    public static boolean lt(long a, long b, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        if (x < y) {
            return true;
        }
        if (x != x || y != y) {
            f.bits |= FpFlags.NV;
        }
        return false;
    }

    /** FLE: any NaN raises NV. */
    public static boolean le(long a, long b, FpFlags f) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        if (x <= y) {
            return true;
        }
        if (x != x || y != y) {
            f.bits |= FpFlags.NV;
        }
        return false;
    }

    /** FCLASS: one bit of 0 to 9, from minus infinity to plus infinity, then signalling and quiet NaN. */
    public static int classify(long a) {
        long magnitude = a & ~SIGN;
        if (magnitude > INFINITY) {
            return (a & QUIET) == 0 ? 1 << 8 : 1 << 9;
        }
        int kind;
        if (magnitude == INFINITY) {
            kind = 3;
        } else if ((a & INFINITY) != 0) {
            kind = 2;
        } else {
            kind = magnitude != 0 ? 1 : 0;
        }
        return a < 0 ? 1 << (3 - kind) : 1 << (4 + kind);
    }

    /** Finite, and above the least normal number, which may have been tiny before it was rounded. */
    private static boolean isSafelyNormal(double result) {
        double magnitude = Math.abs(result);
        return magnitude > Double.MIN_NORMAL && magnitude <= Double.MAX_VALUE;
    }

    private static boolean isNan(long a) {
        return (a & ~SIGN) > INFINITY;
    }

    private static void raiseIfSignaling(long a, long b, FpFlags f) {
        if (isNan(a) && (a & QUIET) == 0 || isNan(b) && (b & QUIET) == 0) {
            f.bits |= FpFlags.NV;
        }
    }
}
