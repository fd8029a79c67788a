package dev.reprise.cpu.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CompilationWatchTest {
    private static final int CALLS_IN_VAIN = 300;
    private static final long SLOW_NS = 200_000;

    /** As slow as it is told to be. */
    private static final class Paced extends Region {
        private boolean isSlow = true;
        private int calls;

        @Override
        public int run(RegionContext context, long base, int left, int entry) {
            assertTrue(entry < 0, "nothing may be executed");
            calls++;
            for (long until = System.nanoTime() + SLOW_NS; isSlow && System.nanoTime() < until; ) {
                Thread.onSpinWait();
            }
            return left;
        }
    }

    @Test
    void shouldTakeARegionForCompiledWhenItsCallsHaveBecomeFastAndNotBefore() {
        Paced region = new Paced();
        CompilationWatch watch = new CompilationWatch(region, CALLS_IN_VAIN);
        assertEquals(CALLS_IN_VAIN, region.calls);
        assertFalse(watch.isCompiled());
        region.isSlow = false;
        assertTrue(watch.isCompiled());
    }
}
