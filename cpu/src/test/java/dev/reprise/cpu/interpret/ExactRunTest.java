package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Where a run is cut, and what is cached, cannot be seen. */
class ExactRunTest {
    private static final long STEPS = 4_000;

    @Property(tries = 60)
    void shouldReachTheSameStateInSlices(@ForAll long seed, @ForAll boolean paging) {
        byte[] whole = run(seed, paging, STEPS);
        for (int slice : new int[] {1, 2, 3, 997}) {
            assertArrayEquals(whole, run(seed, paging, slice), () -> "slice=" + slice + " " + firstDifference(seed, paging));
        }
    }

    private static byte[] run(long seed, boolean paging, long slice) {
        RandomGuest guest = new RandomGuest(seed, paging);
        for (long step = 0; step < STEPS; step += slice) {
            guest.runTo(Math.min(STEPS, step + slice));
        }
        return guest.state();
    }

    /** Names the step after which single steps and one run differ, for whoever must find out why. */
    private static String firstDifference(long seed, boolean paging) {
        long low = 0;
        long high = STEPS;
        while (high - low > 1) {
            long middle = low + high >>> 1;
            RandomGuest whole = new RandomGuest(seed, paging);
            whole.runTo(middle);
            RandomGuest single = new RandomGuest(seed, paging);
            for (long step = 1; step <= middle; step++) {
                single.runTo(step);
            }
            if (Arrays.equals(whole.state(), single.state())) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return "differs after step " + low;
    }

    @Property(tries = 60)
    void shouldNotShowThatCachesWereFlushed(@ForAll long seed, @ForAll boolean paging) {
        byte[] whole = run(seed, paging, STEPS);
        RandomGuest flushed = new RandomGuest(seed, paging);
        Random random = new Random(seed);
        for (long step = 0; step < STEPS;) {
            step = Math.min(STEPS, step + 1 + random.nextInt(random.nextInt(8) == 0 ? 200 : 3));
            flushed.runTo(step);
            flushed.hart.flushCaches();
        }
        assertArrayEquals(whole, flushed.state(), () -> firstFlushDifference(seed, paging));
    }

    private static String firstFlushDifference(long seed, boolean paging) {
        RandomGuest whole = new RandomGuest(seed, paging);
        RandomGuest flushed = new RandomGuest(seed, paging);
        for (long step = 1; step <= STEPS; step++) {
            whole.runTo(step);
            flushed.hart.flushCaches();
            flushed.runTo(step);
            if (!Arrays.equals(whole.state(), flushed.state())) {
                return "differs after step " + step + " pc=" + Long.toHexString(whole.hart.pc());
            }
        }
        return "does not differ in single steps";
    }

    @Property(tries = 30)
    void shouldNotShowThatTheCodeCacheOverflowed(@ForAll long seed, @ForAll boolean paging) {
        byte[] whole = run(seed, paging, STEPS);
        RandomGuest tiny = new RandomGuest(seed, paging, 3, 1);
        tiny.runTo(STEPS);
        assertArrayEquals(whole, tiny.state());
    }

    /** Of this guest a block lies across a page's end, so that it alone is on more pages than the cache is to have. */
    @Example
    void shouldHaveRoomForABlockAcrossAPagesEndWhereOnePageIsTheBound() {
        for (boolean paging : new boolean[] {false, true}) {
            shouldNotShowThatTheCodeCacheOverflowed(980, paging);
        }
    }

    @Property(tries = 30)
    void shouldGoOnAsBeforeFromASavedState(@ForAll long seed, @ForAll boolean paging) {
        byte[] whole = run(seed, paging, STEPS);
        RandomGuest guest = new RandomGuest(seed, paging);
        guest.runTo(STEPS / 3);
        ByteSink saved = new ByteSink();
        guest.hart.saveState(saved);
        guest.bus.saveRam(saved);
        guest.hart.setX(5, 99);
        guest.hart.setCsr(0x340, 7);
        guest.bus.write(RandomGuest.RAM, new byte[0x4000], 0, 0x4000);
        var source = ByteSink.source(saved.bytes());
        guest.hart.loadState(source);
        guest.bus.loadRam(source);
        guest.runTo(STEPS);
        assertArrayEquals(whole, guest.state());
    }
}
