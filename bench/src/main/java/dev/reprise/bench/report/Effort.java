package dev.reprise.bench.report;

/**
 * How long is measured.
 *
 * @param forks JVMs for each figure
 * @param warmUps iterations that are not counted
 * @param warmUpMs of each
 * @param iterations that are counted, in each fork
 * @param iterationMs of each
 */
record Effort(int forks, int warmUps, int warmUpMs, int iterations, int iterationMs) {

    // The warm-up is long enough for the JVM's thorough compiler on two cores; with other work on them it may not be.
    static final Effort QUICK = new Effort(1, 4, 500, 3, 300);
    static final Effort FULL = new Effort(2, 6, 500, 5, 500);
    /** For tests: once, in this JVM. */
    static final Effort TINY = new Effort(0, 0, 1, 1, 3);

    /** Of a JVM's start, and of what a benchmark prepares. */
    private static final double START_SECONDS = 0.7;

    /** What a figure takes, as far as can be foretold. */
    double seconds() {
        return Math.max(1, forks) * (START_SECONDS + (warmUps * warmUpMs + iterations * iterationMs) / 1e3);
    }

    Effort withForks(int number) {
        return new Effort(number, warmUps, warmUpMs, iterations, iterationMs);
    }

    String text() {
        return forks + " forks of " + warmUps + " warm-up iterations of " + warmUpMs + " ms and " + iterations
                + " measured ones of " + iterationMs + " ms";
    }
}
