package dev.reprise.cpu.judge;

import java.util.SplittableRandom;

/** Seeded choices, and the values that break things: limits, powers of two, special floating-point numbers. */
final class Values {
    private static final long[] DOUBLES = {0L, 0x8000_0000_0000_0000L, 1L, 0x000f_ffff_ffff_ffffL, 0x0010_0000_0000_0000L,
        0x3ff0_0000_0000_0000L, 0xbff0_0000_0000_0000L, 0x3ff0_0000_0000_0001L, 0x3fef_ffff_ffff_ffffL,
        0x3fe0_0000_0000_0000L, 0x3ff8_0000_0000_0000L, 0x4004_0000_0000_0000L, 0x7fef_ffff_ffff_ffffL,
        0x7ff0_0000_0000_0000L, 0xfff0_0000_0000_0000L, 0x7ff8_0000_0000_0000L, 0x7ff0_0000_0000_0001L,
        0xfff8_1234_0000_0000L, 0x41df_ffff_ffc0_0000L, 0x41e0_0000_0000_0000L, 0xc1e0_0000_0020_0000L,
        0x41ef_ffff_ffe0_0000L, 0x43df_ffff_ffff_ffffL, 0x43e0_0000_0000_0000L, 0xc3e0_0000_0000_0000L,
        0x43ef_ffff_ffff_ffffL, 0x47ef_ffff_f000_0000L, 0x3690_0000_0000_0000L, 0x380f_ffff_ffff_ffffL,
        0x3810_0000_0000_0000L, 0xbfe0_0000_0000_0000L, 0x3fdf_ffff_ffff_ffffL};
    private static final int[] FLOATS = {0, 0x8000_0000, 1, 0x007f_ffff, 0x0080_0000, 0x3f80_0000, 0xbf80_0000,
        0x3f80_0001, 0x3f7f_ffff, 0x3f00_0000, 0x3fc0_0000, 0x4020_0000, 0x7f7f_ffff, 0x7f80_0000, 0xff80_0000,
        0x7fc0_0000, 0x7f80_0001, 0xffc0_1234, 0x4eff_ffff, 0x4f00_0000, 0xcf00_0001, 0x4f7f_ffff, 0x4f80_0000,
        0x5eff_ffff, 0x5f00_0000, 0xdf00_0000, 0x5f7f_ffff, 0xbf00_0000, 0x3eff_ffff};

    private final SplittableRandom random;

    Values(long seed) {
        random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    int bits() {
        return random.nextInt();
    }

    long longBits() {
        return random.nextLong();
    }

    int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    long pick(long... choices) {
        return choices[random.nextInt(choices.length)];
    }

    long integer() {
        return switch (below(8)) {
            case 0 -> below(16) - 8;
            case 1 -> (1L << below(64)) - below(2);
            case 2 -> -(1L << below(64)) + below(2);
            case 3 -> random.nextInt();
            case 4 -> pick(Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, 0xffff_ffffL,
                    0x8000_0000L, 0xffff_ffff_0000_0000L, 0x8080_8080_8080_8080L, 0x00ff_0000_1200_0001L);
            case 5 -> random.nextLong() >> below(64);
            default -> random.nextLong();
        };
    }

    /** The bits of an f register: a double, a boxed single, or a single that is not boxed. */
    long floating() {
        if (percent(50)) {
            return doubleBits();
        }
        int single = floatBits();
        return percent(95) ? 0xffff_ffff_0000_0000L | single & 0xffff_ffffL : longBits() << 32 | single & 0xffff_ffffL;
    }

    private long doubleBits() {
        return switch (below(8)) {
            case 0, 1 -> DOUBLES[below(DOUBLES.length)];
            case 2 -> DOUBLES[below(DOUBLES.length)] ^ 1L << below(64);
            case 3 -> Double.doubleToRawLongBits(below(2000) - 1000);
            case 4 -> Double.doubleToRawLongBits((double) integer());
            case 5 -> longBits();
            default -> longBits() & 0x800f_ffff_ffff_ffffL | (1023L - 40 + below(80)) << 52;
        };
    }

    private int floatBits() {
        return switch (below(8)) {
            case 0, 1 -> FLOATS[below(FLOATS.length)];
            case 2 -> FLOATS[below(FLOATS.length)] ^ 1 << below(32);
            case 3 -> Float.floatToRawIntBits(below(2000) - 1000);
            case 4 -> Float.floatToRawIntBits((float) integer());
            case 5 -> bits();
            default -> bits() & 0x807f_ffff | 127 - 20 + below(40) << 23;
        };
    }
}
