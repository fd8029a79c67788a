package dev.reprise.cpu.translate;

/**
 * Makes the JVM compile a region and tells when it has: nothing says so but that calls have become fast. It looks at the host's
 * clock, on the translator's thread, and decides only from when on the guest has a region; no guest can tell.
 */
final class CompilationWatch {
    /** Calls that are timed together, and how many times: the fastest counts, since the host interrupts some. */
    private static final int CALLS = 8;
    private static final int TIMES = 3;
    /** A compiled call that does nothing is so many times faster than an interpreted one, at least. */
    private static final int COMPILED_IS_FASTER = 4;

    private final Region region;
    private final long interpretedNs;

    /** @param callsInVain how often the region is called, so that the JVM wants to compile it */
    CompilationWatch(Region region, int callsInVain) {
        this.region = region;
        interpretedNs = callNs();
        for (int i = TIMES * CALLS; i < callsInVain; i++) {
            call();
        }
    }

    /** Whether calls have become fast. */
    boolean isCompiled() {
        return callNs() * COMPILED_IS_FASTER < interpretedNs;
    }

    private long callNs() {
        long best = Long.MAX_VALUE;
        for (int time = 0; time < TIMES; time++) {
            long before = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                call();
            }
            best = Math.min(best, System.nanoTime() - before);
        }
        return best;
    }

    private void call() {
        region.run(null, 0, 0, -1);
    }
}
