package dev.reprise.cpu.fpu;

/**
 * Finds out whether a result of the host, rounded to nearest, is inexact, by computing its error without an error.
 *
 * <p>Each method takes operands and the host's finite result. It returns true when the result stands, with NX raised if
 * it is inexact; false when the operands are outside the range in which that is proven, and the integer path must
 * decide. Results of multiplication, division and fma must be normal, and larger than the least normal number: that one
 * may have been tiny before it was rounded.
 *
 * <p>{@link Math#fma} is one instruction on AArch64 and on x86-64 since 2013; elsewhere it is right but slow, and the
 * JDK's fallback allocates.
 */
final class ErrorFree {
    /** Above it, no bit of the error of a product, a quotient or a root is below the least subnormal, 2^-1074. */
    private static final double SAFE_LEAST = 0x1p-960;
    /** Below it, no step of {@link #fma} can overflow. */
    private static final double SAFE_GREATEST = 0x1p1020;

    private ErrorFree() {
    }

    private static boolean settle(double error, FpFlags f) {
        if (error != 0) {
            f.bits |= FpFlags.NX;
        }
        return true;
    }

    /** Knuth's TwoSum. An addition never underflows inexactly; a step that overflows leaves no finite error. */
    static boolean add(double x, double y, double sum, FpFlags f) {
        double yPart = sum - x;
        double error = (x - (sum - yPart)) + (y - yPart);
        return Math.abs(error) <= Double.MAX_VALUE && settle(error, f);
    }

    /** TwoSum again: all of its steps are in single precision. */
    static boolean add(float x, float y, float sum, FpFlags f) {
        float yPart = sum - x;
        float error = (x - (sum - yPart)) + (y - yPart);
        return Math.abs(error) <= Float.MAX_VALUE && settle(error, f);
    }

    static boolean mul(double x, double y, double product, FpFlags f) {
        return Math.abs(product) >= SAFE_LEAST && settle(Math.fma(x, y, -product), f);
    }

    /** The remainder is a multiple of ulp(quotient) * ulp(y), so it does not vanish unless it is zero. */
    static boolean div(double x, double y, double quotient, FpFlags f) {
        return Math.abs(x) >= SAFE_LEAST && settle(Math.fma(-quotient, y, x), f);
    }

    static boolean sqrt(double x, double root, FpFlags f) {
        return (x >= SAFE_LEAST || x == 0) && settle(Math.fma(-root, root, x), f);
    }

    /** ErrFma of Boldo and Muller, "Exact and approximated error of the FMA", IEEE TC 60(2), 2011. */
    static boolean fma(double x, double y, double z, double result, FpFlags f) {
        double product = x * y;
        double magnitude = Math.abs(product);
        if (z == 0) {
            return mul(x, y, result, f);
        }
        if (!(magnitude >= SAFE_LEAST && magnitude <= SAFE_GREATEST && Math.abs(z) <= SAFE_GREATEST)) {
            return x == 0 || y == 0;
        }
        double productError = Math.fma(x, y, -product);
        double low = z + productError;
        double part = low - z;
        double lowError = (z - (low - part)) + (productError - part);
        double high = product + low;
        part = high - product;
        double highError = (product - (high - part)) + (low - part);
        return settle(((high - result) + highError) + lowError, f);
    }

    /** The product of two singles is exact in double precision, so its TwoSum with z tells all. */
    static boolean fma(float x, float y, float z, float result, FpFlags f) {
        double product = (double) x * y;
        double sum = product + z;
        double zPart = sum - product;
        double error = (product - (sum - zPart)) + (z - zPart);
        return settle(sum == result ? error : 1, f);
    }
}
