package dev.reprise.cpu.interpret;

import java.util.SplittableRandom;

/**
 * The comparison of {@link PagedProgramsTest} for as long as one likes, from the command line, with the test classes on
 * the class path: {@code PagedProgramsSoak SECONDS [SEED]}. Prints what it did; ends with status 1 at the first difference.
 */
public final class PagedProgramsSoak {
    private static final int[] SLICES = {1, 2, 3, 7, 61, 997, 100_003};
    private static final Execution[] EXECUTIONS = {Execution.EAGER, Execution.AT_FIRST_SIGHT, Execution.EAGER.withBounds(9, 3),
        Execution.AT_FIRST_SIGHT.withBounds(255, 1 << 10), new Execution(true, 3, Integer.MAX_VALUE, 200, 40, 64, 0, true, false),
        Execution.EAGER.withBounds(20, 1 << 10), new Execution(true, 20, Integer.MAX_VALUE, 5_000, 128, 1 << 10, 0, true, false)};

    private PagedProgramsSoak() {
    }

    public static void main(String[] args) {
        long end = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000_000L;
        long first = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("soak: first seed " + first);
        long steps = 0;
        long seed = first;
        for (; System.nanoTime() < end; seed++) {
            SideBySide both = ofSeed(seed);
            String difference = both.difference();
            steps += both.steps();
            if (difference != null) {
                System.out.println("seed " + seed + ": " + difference + "\n" + both);
                SideBySide small = both.shrunk();
                System.out.println("shrunk: " + small.difference() + "\n" + small);
                System.exit(1);
            }
        }
        System.out.println("soak: " + (seed - first) + " programs, " + steps + " steps on each executor, no difference");
    }

    static SideBySide ofSeed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int slice = SLICES[random.nextInt(SLICES.length)];
        Execution execution = EXECUTIONS[random.nextInt(EXECUTIONS.length)];
        return new SideBySide(PagedProgram.ofSeed(random.nextLong()), SideBySide.actsOfSeed(random.nextLong()), execution,
                slice, slice < 7 ? 2_500 : 20_000, null);
    }
}
