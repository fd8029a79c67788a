package dev.reprise.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.character.CharStatus;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an output ring counts, and who may end its wait. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutputRingTest {

    private static final long NEVER_NS = TimeUnit.HOURS.toNanos(1);

    private final OutputRing ring = new OutputRing(16, new Poison(), null, null);
    private final byte[] bytes = new byte[64];

    private int take() {
        return ring.take(bytes, 0, bytes.length, 0);
    }

    /** The host's clock has moved. */
    private static void tick() {
        long from = System.nanoTime();
        while (System.nanoTime() == from) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldCountWhatADeviceHasPutOutWhoeverHasGotIt() {
        assertEquals(10, ring.accept(bytes, 0, 10));
        assertEquals(6, ring.accept(bytes, 0, 20), "as much as there is room for: the rest stays the device's");
        ring.release();
        ring.skip(5);
        assertEquals(16, take());
        ring.accept((byte) 1);
        ring.close();
        assertEquals(CharStatus.CLOSED, ring.accept(bytes, 0, 3));
        ring.end();
        assertEquals(22, ring.putOutBytes(), "also what was never released");
        assertEquals(16, ring.consumedBytes());
    }

    @Test
    void shouldTakeNothingForABackendThatWasGivenUpUntilThereIsAnother() {
        ring.accept(bytes, 0, 16);
        ring.release();
        long before = ring.progress();
        ring.progressed();
        assertEquals(before + 1, ring.progress(), "a host that takes a little of what was taken here");
        ring.giveUp();
        assertTrue(ring.givenUp());
        assertEquals(CharStatus.CLOSED, ring.accept((byte) 1));
        assertEquals(16, take(), "what it had been promised it may still take");
        assertEquals(before + 1 + 16, ring.progress());
        assertEquals(CharStatus.CLOSED, ring.accept((byte) 1));
        ring.reopen();
        assertEquals(1, ring.accept((byte) 1));
        assertTrue(!ring.givenUp());
    }

    @Test
    void shouldCountOneWaitForRoomHoweverOftenADeviceAsks() {
        ring.accept(bytes, 0, 16);
        assertEquals(0, ring.roomWaits(), "it fits");
        for (int i = 0; i < 5; i++) {
            assertEquals(0, ring.accept((byte) 1));
        }
        tick();
        assertEquals(1, ring.roomWaits());
        assertEquals(0, ring.roomWaitedNs(), "it goes on");
        ring.release();
        take();
        assertEquals(1, ring.accept((byte) 1));
        assertTrue(ring.roomWaitedNs() > 0);
        assertEquals(15, ring.accept(bytes, 0, 20), "in part is a wait too");
        long before = ring.roomWaitedNs();
        assertEquals(2, ring.roomWaits());
        tick();
        ring.close();
        ring.accept((byte) 1);
        assertTrue(ring.roomWaitedNs() > before, "a wait ends where nothing can have room");
        ring.reopen();
        ring.accept((byte) 1);
        before = ring.roomWaitedNs();
        tick();
        ring.end();
        assertEquals(3, ring.roomWaits());
        assertTrue(ring.roomWaitedNs() > before, "and with the run");
    }

    @Test
    void shouldEndTheWaitOfWhoeverIsNudged() throws InterruptedException {
        ring.nudge();
        assertEquals(0, ring.take(bytes, 0, bytes.length, NEVER_NS), "before it has begun");
        int[] taken = {-2};
        Thread writer = new Thread(() -> taken[0] = ring.take(bytes, 0, bytes.length, NEVER_NS));
        writer.start();
        ring.nudge();
        writer.join();
        assertEquals(0, taken[0]);
        ring.nudge();
        ring.accept((byte) 1);
        ring.end();
        ring.release();
        assertEquals(1, take(), "no byte is overlooked for it");
        assertEquals(-1, take());
    }
}
