package dev.reprise.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a back end is given, and what not yet. */
class OutputReleaseTest {

    private final Poison poison = new Poison();
    private final AtomicLong durable = new AtomicLong(-1);
    private final byte[] taken = new byte[64];

    private static void accept(OutputRing ring, int bytes) {
        assertEquals(bytes, ring.accept(new byte[bytes], 0, bytes));
    }

    private int take(OutputRing ring) {
        return ring.take(taken, 0, taken.length, 0);
    }

    @Test
    void shouldGiveNothingBeforeItsOutputEventIsDurable() {
        OutputRing ring = new OutputRing(64, poison, durable::get, null);
        accept(ring, 3);
        ring.releaseWhenDurable(10);
        accept(ring, 4);
        ring.releaseWhenDurable(20);
        accept(ring, 5);
        assertEquals(0, take(ring));
        durable.set(9);
        assertEquals(0, take(ring));
        durable.set(10);
        assertEquals(3, take(ring));
        durable.set(19);
        assertEquals(0, take(ring));
        durable.set(1000);
        assertEquals(4, take(ring));
        assertEquals(0, take(ring));
        assertTrue(ring.drained());
    }

    @Test
    void shouldGiveTheRunsLastBytesOnceTheirEventIsDurableAndNotBefore() {
        OutputRing ring = new OutputRing(64, poison, durable::get, null);
        accept(ring, 3);
        ring.releaseWhenDurable(10);
        accept(ring, 4);
        ring.releaseLastWhenDurable(20);
        durable.set(19);
        assertEquals(3, take(ring));
        assertEquals(0, take(ring));
        assertFalse(ring.drained());
        durable.set(20);
        ring.end();
        assertEquals(4, take(ring));
        assertEquals(-1, take(ring));
    }

    /** A log that has failed does not hold what the world would be given. */
    @Test
    void shouldGiveNothingMoreOnceTheRunHasFailed() {
        OutputRing ring = new OutputRing(64, poison, null, null);
        accept(ring, 3);
        ring.release();
        assertEquals(3, take(ring));
        accept(ring, 4);
        ring.release();
        poison.poison(new IllegalStateException("gone"));
        assertEquals(-1, take(ring));
        OutputRing committing = new OutputRing(64, poison, durable::get, null);
        accept(committing, 3);
        committing.releaseWhenDurable(0);
        assertEquals(-1, take(committing));
    }
}
