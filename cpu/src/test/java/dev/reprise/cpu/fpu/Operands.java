package dev.reprise.cpu.fpu;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Where floating point goes wrong: special values, and random ones that lie near each other and near the edges. */
final class Operands {
    private Operands() {
    }

    /** Both signs of every edge of the format; every pair of them is worth a test. */
    static long[] special(Format format) {
        int p = format.precision;
        int half = format.leastExponent / 2;
        LongStream powers = LongStream.of(format.leastExponent, format.leastExponent + 1, half, half - 1, -p, -p - 1,
                -2, -1, 0, 1, p - 2, p - 1, p, 30, 31, 32, 62, 63, 64, format.greatestExponent - 1,
                format.greatestExponent);
        LongStream nearPowers = powers.map(e -> format.powerOfTwo((int) e))
                .flatMap(a -> LongStream.of(a - 1, a, a + 1));
        LongStream others = LongStream.of(
                0, 1, 2, 3, 1L << (p - 2), (1L << (p - 2)) + 1,
                format.powerOfTwo(0) + format.quietBit(), format.powerOfTwo(1) + format.quietBit() / 2,
                format.powerOfTwo(0) + 2, format.powerOfTwo(0) + 3, format.powerOfTwo(1) - 2,
                format.powerOfTwo(1) + format.quietBit(), format.infinity() - 1, format.infinity() - 2,
                format.infinity(), format.infinity() + 1, format.canonicalNan(), format.canonicalNan() + 5);
        return LongStream.concat(nearPowers, others).distinct()
                .flatMap(a -> LongStream.of(a, a | format.signBit())).toArray();
    }

    /** Few enough to cross three times. */
    static long[] fewSpecial(Format format) {
        long least = format.powerOfTwo(format.leastExponent);
        long one = format.powerOfTwo(0);
        return LongStream.of(0, 1, least - 1, least, one - 1, one, one + 1, one + format.quietBit(),
                        format.powerOfTwo(format.leastExponent / 2), format.powerOfTwo(-format.precision),
                        format.infinity() - 1, format.infinity())
                .flatMap(a -> LongStream.concat(LongStream.of(a), LongStream.of(a | format.signBit())))
                .collect(() -> LongStream.builder(), LongStream.Builder::add, (x, y) -> { })
                .add(format.infinity() + 1).add(format.canonicalNan()).build().toArray();
    }

    static long[] specialIntegers() {
        return LongStream.concat(LongStream.of(0, 1, 2, 3), LongStream.rangeClosed(2, 63).map(n -> 1L << n)
                        .flatMap(n -> LongStream.of(n - 1, n, n + 1, n + (n >>> 24), n + (n >>> 24) + 1,
                                n + (n >>> 53), n - (n >>> 24), n - (n >>> 25), n - (n >>> 53), n - (n >>> 54))))
                .flatMap(n -> LongStream.of(n, -n)).distinct().toArray();
    }

    /** Any encoding, but mostly finite and with an exponent and a fraction that make trouble. */
    static long random(SplittableRandom random, Format format) {
        int greatest = format.greatestExponent;
        int field = switch (random.nextInt(8)) {
            case 0 -> random.nextInt(2 * greatest + 2);
            case 1 -> random.nextInt(4);
            case 2 -> 2 * greatest - random.nextInt(4);
            case 3 -> greatest / 2 + random.nextInt(-3, 4);
            case 4 -> greatest + random.nextInt(-format.precision - 3, format.precision + 4);
            case 5 -> greatest + random.nextInt(20, 66);
            default -> greatest + random.nextInt(-4, 5);
        };
        long fraction = fraction(random) & ((1L << (format.precision - 1)) - 1);
        long sign = random.nextBoolean() ? format.signBit() : 0;
        return sign | (long) field << (format.precision - 1) | fraction;
    }

    private static long fraction(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextLong();
            case 1 -> 1L << random.nextInt(64);
            case 2 -> -1L << random.nextInt(64);
            case 3 -> (1L << random.nextInt(64)) - (1L << random.nextInt(64));
            case 4 -> random.nextLong() << random.nextInt(64);
            default -> random.nextLong(-4, 5);
        };
    }

    /** One that stands to {@code a} as sums, products and quotients near a boundary want it. */
    static long related(SplittableRandom random, Format format, long a) {
        long near = a + random.nextLong(-3, 4);
        long otherExponent = a + ((long) random.nextInt(-format.precision - 2, format.precision + 3)
                << (format.precision - 1));
        long reciprocal = (long) (2 * format.greatestExponent) << (format.precision - 1);
        long toLeast = format.powerOfTwo(format.leastExponent) + format.powerOfTwo(0);
        long bits = switch (random.nextInt(6)) {
            case 0 -> near;
            case 1 -> otherExponent;
            case 2 -> reciprocal - format.magnitude(a) + random.nextLong(-3, 4);
            case 3 -> toLeast - format.magnitude(a) + random.nextLong(-3, 4);
            default -> random(random, format);
        };
        return (random.nextBoolean() ? bits : bits ^ format.signBit()) & format.mask();
    }

    static long randomInteger(SplittableRandom random) {
        long n = fraction(random) >>> random.nextInt(64);
        return random.nextBoolean() ? n : -n;
    }
}
