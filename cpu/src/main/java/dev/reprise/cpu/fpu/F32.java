package dev.reprise.cpu.fpu;

/**
 * Single precision on raw bits (F extension, version 2.2). Every {@code rm} is a constant of {@link RoundingMode};
 * flags are ORed into {@code f}. A result that is NaN is {@link #CANONICAL_NAN}. Integer results are 64-bit registers:
 * 32-bit ones, unsigned too, are sign-extended; of a 32-bit source only the low half is read.
 *
 * <p>Registers hold a single NaN-boxed: see {@link #unbox} and {@link #box}. Methods named {@code ...Exactly} are the
 * integer path alone.
 */
public final class F32 {
    /** The only NaN that an operation makes. */
    public static final int CANONICAL_NAN = 0x7fc0_0000;

    private static final int SIGN = 1 << 31;
    private static final int INFINITY = 0xff << 23;
    private static final int QUIET = 1 << 22;
    private static final long BOX = 0xffff_ffffL << 32;

    private F32() {
    }

    /** The single in a 64-bit register; one that is not NaN-boxed reads as the canonical NaN (D, "NaN Boxing"). */
    public static int unbox(long freg) {
        return (freg & BOX) == BOX ? (int) freg : CANONICAL_NAN;
    }

    /** The register that holds a single: the upper half is all ones. */
    public static long box(int a) {
        return a | BOX;
    }

    public static int add(int a, int b, int rm, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float sum = x + y;
        if (rm == RoundingMode.RNE && Math.abs(sum) <= Float.MAX_VALUE
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.add(x, y, sum, f))) {
            return Float.floatToRawIntBits(sum);
        }
        return addExactly(a, b, rm, f);
    }

    static int addExactly(int a, int b, int rm, FpFlags f) {
        return (int) Softfloat.add(Conversions.widen(a), Conversions.widen(b), rm, Rounding.SINGLE, f);
    }

    public static int sub(int a, int b, int rm, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float sum = x - y;
        if (rm == RoundingMode.RNE && Math.abs(sum) <= Float.MAX_VALUE
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.add(x, -y, sum, f))) {
            return Float.floatToRawIntBits(sum);
        }
        return subExactly(a, b, rm, f);
    }

    static int subExactly(int a, int b, int rm, FpFlags f) {
        return (int) Softfloat.add(Conversions.widen(a), Conversions.widen(b ^ SIGN), rm, Rounding.SINGLE, f);
    }

    public static int mul(int a, int b, int rm, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        // Exact: 48 bits, and every exponent is in range.
        double exact = (double) x * y;
        float product = (float) exact;
        if (product == exact) {
            return Float.floatToRawIntBits(product);
        }
        if (rm == RoundingMode.RNE && isSafelyNormal(product)) {
            f.bits |= FpFlags.NX;
            return Float.floatToRawIntBits(product);
        }
        return mulExactly(a, b, rm, f);
    }

    static int mulExactly(int a, int b, int rm, FpFlags f) {
        return (int) Softfloat.mul(Conversions.widen(a), Conversions.widen(b), rm, Rounding.SINGLE, f);
    }

    public static int div(int a, int b, int rm, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float quotient = x / y;
        if ((double) quotient * y == x) {
            return Float.floatToRawIntBits(quotient);
        }
        if (rm == RoundingMode.RNE && isSafelyNormal(quotient)) {
            f.bits |= FpFlags.NX;
            return Float.floatToRawIntBits(quotient);
        }
        return divExactly(a, b, rm, f);
    }

    static int divExactly(int a, int b, int rm, FpFlags f) {
        return (int) Softfloat.div(Conversions.widen(a), Conversions.widen(b), rm, Rounding.SINGLE, f);
    }

    public static int sqrt(int a, int rm, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float root = (float) Math.sqrt(x);
        if ((double) root * root == x) {
            return Float.floatToRawIntBits(root);
        }
        if (rm == RoundingMode.RNE && root <= Float.MAX_VALUE) {
            f.bits |= FpFlags.NX;
            return Float.floatToRawIntBits(root);
        }
        return sqrtExactly(a, rm, f);
    }

    static int sqrtExactly(int a, int rm, FpFlags f) {
        return (int) Softfloat.sqrt(Conversions.widen(a), rm, Rounding.SINGLE, f);
    }

    /** a * b + c with one rounding; the caller flips the signs of a and c for the other three forms. */
    public static int fma(int a, int b, int c, int rm, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float z = Float.intBitsToFloat(c);
        float result = Math.fma(x, y, z);
        if (rm == RoundingMode.RNE && isSafelyNormal(result)
                && ((f.bits & FpFlags.NX) != 0 || ErrorFree.fma(x, y, z, result, f))) {
            return Float.floatToRawIntBits(result);
        }
        return fmaRarely(a, b, c, rm, f);
    }

    /** A zero factor and a zero addend are common in real programs, and exact; their zero has the sign of the sum. */
    private static int fmaRarely(int a, int b, int c, int rm, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float z = Float.intBitsToFloat(c);
        float result = Math.fma(x, y, z);
        if (rm == RoundingMode.RNE && result == 0 && z == 0 && (x == 0 || y == 0)) {
            return Float.floatToRawIntBits(result);
        }
        return fmaExactly(a, b, c, rm, f);
    }

    static int fmaExactly(int a, int b, int c, int rm, FpFlags f) {
        return (int) Softfloat.fma(Conversions.widen(a), Conversions.widen(b), Conversions.widen(c), rm,
                Rounding.SINGLE, f);
    }

    public static long toInt32(int a, int rm, FpFlags f) {
        return F64.toInt32(Double.doubleToRawLongBits(Float.intBitsToFloat(a)), rm, f);
    }

    static long toInt32Exactly(int a, int rm, FpFlags f) {
        return Conversions.toInt32(Conversions.widen(a), rm, f);
    }

    public static long toUint32(int a, int rm, FpFlags f) {
        return F64.toUint32(Double.doubleToRawLongBits(Float.intBitsToFloat(a)), rm, f);
    }

    static long toUint32Exactly(int a, int rm, FpFlags f) {
        return Conversions.toUint32(Conversions.widen(a), rm, f);
    }

    public static long toInt64(int a, int rm, FpFlags f) {
        return F64.toInt64(Double.doubleToRawLongBits(Float.intBitsToFloat(a)), rm, f);
    }

    static long toInt64Exactly(int a, int rm, FpFlags f) {
        return Conversions.toInt64(Conversions.widen(a), rm, f);
    }

    public static long toUint64(int a, int rm, FpFlags f) {
        return F64.toUint64(Double.doubleToRawLongBits(Float.intBitsToFloat(a)), rm, f);
    }

    static long toUint64Exactly(int a, int rm, FpFlags f) {
        return Conversions.toUint64(Conversions.widen(a), rm, f);
    }

    public static int fromInt32(long x, int rm, FpFlags f) {
        double exact = (int) x;
        float value = (float) exact;
        if (value == exact) {
            return Float.floatToRawIntBits(value);
        }
        if (rm == RoundingMode.RNE) {
            f.bits |= FpFlags.NX;
            return Float.floatToRawIntBits(value);
        }
        return fromInt32Exactly(x, rm, f);
    }

    static int fromInt32Exactly(long x, int rm, FpFlags f) {
        return (int) Conversions.fromSigned((int) x, rm, Rounding.SINGLE, f);
    }

    public static int fromUint32(long x, int rm, FpFlags f) {
        double exact = x & 0xffff_ffffL;
        float value = (float) exact;
        if (value == exact) {
            return Float.floatToRawIntBits(value);
        }
        if (rm == RoundingMode.RNE) {
            f.bits |= FpFlags.NX;
            return Float.floatToRawIntBits(value);
        }
        return fromUint32Exactly(x, rm, f);
    }

    static int fromUint32Exactly(long x, int rm, FpFlags f) {
        return (int) Conversions.fromInteger(false, x & 0xffff_ffffL, rm, Rounding.SINGLE, f);
    }

    public static int fromInt64(long x, int rm, FpFlags f) {
        float value = x;
        if (value < 0x1p63f && (long) value == x) {
            return Float.floatToRawIntBits(value);
        }
        if (rm == RoundingMode.RNE) {
            f.bits |= FpFlags.NX;
            return Float.floatToRawIntBits(value);
        }
        return fromInt64Exactly(x, rm, f);
    }

    static int fromInt64Exactly(long x, int rm, FpFlags f) {
        return (int) Conversions.fromSigned(x, rm, Rounding.SINGLE, f);
    }

    public static int fromUint64(long x, int rm, FpFlags f) {
        return x >= 0 ? fromInt64(x, rm, f) : fromUint64Exactly(x, rm, f);
    }

    static int fromUint64Exactly(long x, int rm, FpFlags f) {
        return (int) Conversions.fromInteger(false, x, rm, Rounding.SINGLE, f);
    }

    /** Exact, so there is no rounding mode; a signalling NaN raises NV. */
    public static long toF64(int a, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        return x == x ? Double.doubleToRawLongBits(x) : Conversions.widenAsResult(a, f);
    }

    /** minimumNumber of IEEE 754-2019: a number beats a NaN, and -0 is less than +0. */
    public static int min(int a, int b, FpFlags f) {
        return isNan(a) || isNan(b) ? numberOrNan(a, b, f) : order(a) <= order(b) ? a : b;
    }

    /** maximumNumber of IEEE 754-2019. */
    public static int max(int a, int b, FpFlags f) {
        return isNan(a) || isNan(b) ? numberOrNan(a, b, f) : order(a) >= order(b) ? a : b;
    }

    private static int numberOrNan(int a, int b, FpFlags f) {
        raiseIfSignaling(a, b, f);
        return !isNan(a) ? a : !isNan(b) ? b : CANONICAL_NAN;
    }

    /** Numbers as integers in the same order, -0 before +0. */
    private static int order(int a) {
        return a ^ a >> 31 >>> 1;
    }

    /** FEQ: quiet, only a signalling NaN raises NV. */
    public static boolean eq(int a, int b, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        if (x == y) {
            return true;
        }
        if (x != x || y != y) {
            raiseIfSignaling(a, b, f);
        }
        return false;
    }

    /** FLT: any NaN raises NV. */
    public static boolean lt(int a, int b, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        if (x < y) {
            return true;
        }
        if (x != x || y != y) {
            f.bits |= FpFlags.NV;
        }
        return false;
    }

    /** FLE: any NaN raises NV. */
    public static boolean le(int a, int b, FpFlags f) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        if (x <= y) {
            return true;
        }
        if (x != x || y != y) {
            f.bits |= FpFlags.NV;
        }
        return false;
    }

    /** FCLASS: one bit of 0 to 9, from minus infinity to plus infinity, then signalling and quiet NaN. */
    public static int classify(int a) {
        int magnitude = a & ~SIGN;
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
    private static boolean isSafelyNormal(float result) {
        float magnitude = Math.abs(result);
        return magnitude > Float.MIN_NORMAL && magnitude <= Float.MAX_VALUE;
    }

    private static boolean isNan(int a) {
        return (a & ~SIGN) > INFINITY;
    }

    private static void raiseIfSignaling(int a, int b, FpFlags f) {
        if (isNan(a) && (a & QUIET) == 0 || isNan(b) && (b & QUIET) == 0) {
            f.bits |= FpFlags.NV;
        }
    }
}
