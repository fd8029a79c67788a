package dev.reprise.cpu.fpu;

import java.math.BigInteger;

/**
 * What an operation must give, from exact rational arithmetic on BigInteger and one explicit rounding. It shares
 * nothing with the code under test but the numbers of the rounding modes and flags, and is written for plainness.
 */
final class Oracle {
    /** A result and exactly the flags that it raises. */
    record Result(long bits, int flags) {
    }

    private record Quantized(BigInteger magnitude, boolean inexact) {
    }

    private final Format format;

    Oracle(Format format) {
        this.format = format;
    }

    private Result exact(long bits) {
        return new Result(bits & format.mask(), 0);
    }

    private Result invalid() {
        return new Result(format.canonicalNan(), FpFlags.NV);
    }

    private Result nan(long... operands) {
        for (long a : operands) {
            if (format.signaling(a)) {
                return invalid();
            }
        }
        return exact(format.canonicalNan());
    }

    private long signed(boolean negative, long magnitude) {
        return negative ? magnitude | format.signBit() : magnitude;
    }

    Result add(long a, long b, int rm) {
        if (format.nan(a) || format.nan(b)) {
            return nan(a, b);
        }
        if (format.infinite(a) || format.infinite(b)) {
            if (format.infinite(a) && format.infinite(b) && a != b) {
                return invalid();
            }
            return exact(format.infinite(a) ? a : b);
        }
        return sum(format.integer(a), format.scale(a), format.negative(a),
                format.integer(b), format.scale(b), format.negative(b), rm);
    }

    private Result sum(BigInteger a, int aScale, boolean aNegative, BigInteger b, int bScale, boolean bNegative,
            int rm) {
        int scale = Math.min(aScale, bScale);
        BigInteger s = a.shiftLeft(aScale - scale).add(b.shiftLeft(bScale - scale));
        if (s.signum() == 0) {
            boolean negative = aNegative == bNegative ? aNegative : rm == RoundingMode.RDN;
            return exact(signed(negative, 0));
        }
        return round(s, BigInteger.ONE, scale, rm);
    }

    Result sub(long a, long b, int rm) {
        return format.nan(b) ? nan(a, b) : add(a, b ^ format.signBit(), rm);
    }

    Result mul(long a, long b, int rm) {
        if (format.nan(a) || format.nan(b)) {
            return nan(a, b);
        }
        boolean negative = format.negative(a) != format.negative(b);
        if (format.infinite(a) && format.zero(b) || format.zero(a) && format.infinite(b)) {
            return invalid();
        }
        if (format.infinite(a) || format.infinite(b)) {
            return exact(signed(negative, format.infinity()));
        }
        if (format.zero(a) || format.zero(b)) {
            return exact(signed(negative, 0));
        }
        return round(format.integer(a).multiply(format.integer(b)), BigInteger.ONE,
                format.scale(a) + format.scale(b), rm);
    }

    Result div(long a, long b, int rm) {
        if (format.nan(a) || format.nan(b)) {
            return nan(a, b);
        }
        boolean negative = format.negative(a) != format.negative(b);
        if (format.infinite(a) && format.infinite(b) || format.zero(a) && format.zero(b)) {
            return invalid();
        }
        if (format.infinite(a)) {
            return exact(signed(negative, format.infinity()));
        }
        if (format.zero(b)) {
            return new Result(signed(negative, format.infinity()), FpFlags.DZ);
        }
        if (format.zero(a) || format.infinite(b)) {
            return exact(signed(negative, 0));
        }
        BigInteger divisor = format.integer(b);
        BigInteger dividend = format.integer(a);
        return round(divisor.signum() < 0 ? dividend.negate() : dividend, divisor.abs(),
                format.scale(a) - format.scale(b), rm);
    }

    Result sqrt(long a, int rm) {
        if (format.nan(a)) {
            return nan(a);
        }
        if (format.zero(a)) {
            return exact(a);
        }
        if (format.negative(a)) {
            return invalid();
        }
        if (format.infinite(a)) {
            return exact(a);
        }
        // An even scale, and more bits than any rounding looks at; what is left below them is one half of a unit.
        int up = 200 + (format.scale(a) & 1);
        BigInteger[] root = format.integer(a).shiftLeft(up).sqrtAndRemainder();
        BigInteger halves = root[0].shiftLeft(1).add(root[1].signum() != 0 ? BigInteger.ONE : BigInteger.ZERO);
        return round(halves, BigInteger.ONE, (format.scale(a) - up) / 2 - 1, rm);
    }

    Result fma(long a, long b, long c, int rm) {
        if (format.infinite(a) && format.zero(b) || format.zero(a) && format.infinite(b)) {
            return invalid();
        }
        if (format.nan(a) || format.nan(b) || format.nan(c)) {
            return nan(a, b, c);
        }
        boolean negative = format.negative(a) != format.negative(b);
        if (format.infinite(a) || format.infinite(b)) {
            long product = signed(negative, format.infinity());
            return format.infinite(c) && c != product ? invalid() : exact(product);
        }
        if (format.infinite(c)) {
            return exact(c);
        }
        return sum(format.integer(a).multiply(format.integer(b)), format.scale(a) + format.scale(b), negative,
                format.integer(c), format.scale(c), format.negative(c), rm);
    }

    /** -1, 0 or 1; neither is NaN. */
    private int compare(long a, long b) {
        if (format.infinite(a) || format.infinite(b)) {
            return Integer.compare(infinitySign(a), infinitySign(b));
        }
        int scale = Math.min(format.scale(a), format.scale(b));
        return format.integer(a).shiftLeft(format.scale(a) - scale)
                .compareTo(format.integer(b).shiftLeft(format.scale(b) - scale));
    }

    private int infinitySign(long a) {
        return !format.infinite(a) ? 0 : format.negative(a) ? -1 : 1;
    }

    Result eq(long a, long b) {
        boolean unordered = format.nan(a) || format.nan(b);
        return new Result(!unordered && compare(a, b) == 0 ? 1 : 0,
                format.signaling(a) || format.signaling(b) ? FpFlags.NV : 0);
    }

    Result lt(long a, long b) {
        return format.nan(a) || format.nan(b)
                ? new Result(0, FpFlags.NV) : new Result(compare(a, b) < 0 ? 1 : 0, 0);
    }

    Result le(long a, long b) {
        return format.nan(a) || format.nan(b)
                ? new Result(0, FpFlags.NV) : new Result(compare(a, b) <= 0 ? 1 : 0, 0);
    }

    Result min(long a, long b) {
        return extremum(a, b, -1);
    }

    Result max(long a, long b) {
        return extremum(a, b, 1);
    }

    private Result extremum(long a, long b, int wanted) {
        int flags = format.signaling(a) || format.signaling(b) ? FpFlags.NV : 0;
        if (format.nan(a)) {
            return new Result(format.nan(b) ? format.canonicalNan() : b, flags);
        }
        if (format.nan(b)) {
            return new Result(a, flags);
        }
        int order = compare(a, b);
        if (order == 0) {
            order = Boolean.compare(format.negative(b), format.negative(a));
        }
        return new Result(order == wanted ? a : b, flags);
    }

    Result classify(long a) {
        int bit;
        if (format.nan(a)) {
            bit = format.signaling(a) ? 8 : 9;
        } else {
            long m = format.magnitude(a);
            int kind = m == 0 ? 0 : m < format.powerOfTwo(format.leastExponent) ? 1 : m < format.infinity() ? 2 : 3;
            bit = format.negative(a) ? 3 - kind : 4 + kind;
        }
        return new Result(1 << bit, 0);
    }

    /** To an integer of the width; a 32-bit result is sign-extended. */
    Result toInteger(long a, int width, boolean signed, int rm) {
        BigInteger least = signed ? BigInteger.ONE.shiftLeft(width - 1).negate() : BigInteger.ZERO;
        BigInteger greatest = BigInteger.ONE.shiftLeft(signed ? width - 1 : width).subtract(BigInteger.ONE);
        boolean negative = format.negative(a) && !format.nan(a);
        if (!format.nan(a) && !format.infinite(a)) {
            BigInteger m = format.integer(a);
            Quantized q = quantize(m, BigInteger.ONE, format.scale(a), 0, rm);
            BigInteger value = m.signum() < 0 ? q.magnitude.negate() : q.magnitude;
            if (value.compareTo(least) >= 0 && value.compareTo(greatest) <= 0) {
                return new Result(register(value, width), q.inexact ? FpFlags.NX : 0);
            }
        }
        return new Result(register(negative ? least : greatest, width), FpFlags.NV);
    }

    private static long register(BigInteger value, int width) {
        return width == 32 ? value.intValue() : value.longValue();
    }

    Result fromInteger(long register, int width, boolean signed, int rm) {
        BigInteger value = BigInteger.valueOf(width == 32 ? (int) register : register);
        if (!signed && value.signum() < 0) {
            value = value.add(BigInteger.ONE.shiftLeft(width));
        }
        return value.signum() == 0 ? exact(0) : round(value, BigInteger.ONE, 0, rm);
    }

    /** From the other format into this one. */
    Result convert(long a, Format from, int rm) {
        if (from.nan(a)) {
            return from.signaling(a) ? invalid() : exact(format.canonicalNan());
        }
        if (from.infinite(a) || from.zero(a)) {
            return exact(signed(from.negative(a), from.zero(a) ? 0 : format.infinity()));
        }
        return round(from.integer(a), BigInteger.ONE, from.scale(a), rm);
    }

    /** |n/d| * 2^scale in whole units of 2^unit, rounded as the sign of n and the mode want. */
    private static Quantized quantize(BigInteger n, BigInteger d, int scale, int unit, int rm) {
        int up = scale - unit;
        BigInteger dividend = n.abs().shiftLeft(Math.max(up, 0));
        BigInteger divisor = d.shiftLeft(Math.max(-up, 0));
        BigInteger[] q = dividend.divideAndRemainder(divisor);
        int half = q[1].shiftLeft(1).compareTo(divisor);
        boolean inexact = q[1].signum() != 0;
        boolean away = switch (rm) {
            case RoundingMode.RNE -> half > 0 || half == 0 && q[0].testBit(0);
            case RoundingMode.RTZ -> false;
            case RoundingMode.RDN -> inexact && n.signum() < 0;
            case RoundingMode.RUP -> inexact && n.signum() > 0;
            default -> half >= 0;
        };
        return new Quantized(away ? q[0].add(BigInteger.ONE) : q[0], inexact);
    }

    /** n/d * 2^scale, n not zero, d positive. */
    private Result round(BigInteger n, BigInteger d, int scale, int rm) {
        boolean negative = n.signum() < 0;
        int exponent = n.abs().bitLength() - d.bitLength() + scale;
        if (quantize(n, d, scale, exponent, RoundingMode.RTZ).magnitude.signum() == 0) {
            exponent--;
        }
        int unbounded = exponent - format.precision + 1;
        // Tininess after rounding: compare what an unbounded exponent range would give with the least normal number.
        boolean tiny = quantize(n, d, scale, unbounded, rm).magnitude.bitLength() + unbounded - 1
                < format.leastExponent;
        int unit = Math.max(exponent, format.leastExponent) - format.precision + 1;
        Quantized q = quantize(n, d, scale, unit, rm);
        int flags = q.inexact ? tiny ? FpFlags.NX | FpFlags.UF : FpFlags.NX : 0;
        if (q.magnitude.bitLength() + unit - 1 > format.greatestExponent) {
            boolean toInfinity = rm == RoundingMode.RNE || rm == RoundingMode.RMM
                    || rm == RoundingMode.RUP && !negative || rm == RoundingMode.RDN && negative;
            return new Result(signed(negative, toInfinity ? format.infinity() : format.infinity() - 1),
                    FpFlags.OF | FpFlags.NX);
        }
        return new Result(signed(negative, encode(q.magnitude, unit)), flags);
    }

    private long encode(BigInteger magnitude, int unit) {
        long m = magnitude.longValueExact();
        int length = magnitude.bitLength();
        if (length > format.precision) {
            return format.powerOfTwo(unit + length - 1);
        }
        if (length < format.precision) {
            return m;
        }
        return format.powerOfTwo(unit + length - 1) + m - (1L << (format.precision - 1));
    }
}
