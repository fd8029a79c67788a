package dev.reprise.cpu.fpu;

import java.math.BigInteger;

/** A binary interchange format of IEEE 754, as the tests see it: raw bits in the low {@code width} bits of a long. */
enum Format {
    F32(32, 24), F64(64, 53);

    final int width;
    final int precision;
    final int leastExponent;
    final int greatestExponent;

    Format(int width, int precision) {
        this.width = width;
        this.precision = precision;
        this.greatestExponent = (1 << (width - precision - 1)) - 1;
        this.leastExponent = 1 - greatestExponent;
    }

    long mask() {
        return width == 64 ? -1L : (1L << width) - 1;
    }

    long signBit() {
        return 1L << (width - 1);
    }

    long infinity() {
        return signBit() - (1L << (precision - 1));
    }

    long quietBit() {
        return 1L << (precision - 2);
    }

    long canonicalNan() {
        return infinity() | quietBit();
    }

    /** The encoding of 2^exponent, for a normal exponent. */
    long powerOfTwo(int exponent) {
        return (long) (exponent + greatestExponent) << (precision - 1);
    }

    long magnitude(long a) {
        return a & (signBit() - 1);
    }

    boolean negative(long a) {
        return (a & signBit()) != 0;
    }

    boolean nan(long a) {
        return magnitude(a) > infinity();
    }

    boolean signaling(long a) {
        return nan(a) && (a & quietBit()) == 0;
    }

    boolean infinite(long a) {
        return magnitude(a) == infinity();
    }

    boolean zero(long a) {
        return magnitude(a) == 0;
    }

    /** The integer m of the finite value m * 2^{@link #scale}. */
    BigInteger integer(long a) {
        int field = (int) (magnitude(a) >>> (precision - 1));
        long fraction = a & ((1L << (precision - 1)) - 1);
        BigInteger m = BigInteger.valueOf(field == 0 ? fraction : fraction | 1L << (precision - 1));
        return negative(a) ? m.negate() : m;
    }

    int scale(long a) {
        int field = (int) (magnitude(a) >>> (precision - 1));
        return Math.max(field, 1) - greatestExponent - precision + 1;
    }
}
