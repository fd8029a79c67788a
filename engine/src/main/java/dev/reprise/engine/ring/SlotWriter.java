package dev.reprise.engine.ring;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import dev.reprise.engine.EngineAssert;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Claims consecutive slots of a ring with a bounded wait and publishes one message into them.
 *
 * <p>The Disruptor's own {@code next()} waits without end and ignores interrupts; a consumer that died would leave the
 * producer there. Here a claim tries, parks, and looks for stop and poison each time.
 */
final class SlotWriter {

    private static final long PARK_NS = 20_000;
    private static final int SPINS = 200;

    private final RingBuffer<Event> ring;
    private final Poison poison;
    private Thread consumer;
    private final LongAdder waits = new LongAdder();
    private final LongAdder waitedNs = new LongAdder();

    SlotWriter(RingBuffer<Event> ring, Poison poison) {
        this.ring = ring;
        this.poison = poison;
    }

    /**
     * @return the sequence of the message's last slot, or -1 if the ring was stopped before there was room
     * @throws PoisonedException if the run has failed
     */
    long write(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset, int length) {
        if (length <= Event.SLOT_PAYLOAD_BYTES) {
            return write(kind, source, position, a, b, payload, offset, length, false);
        }
        return writeChunks(kind, source, position, a, b, payload, offset, length);
    }

    /** One slot, perhaps of a message that goes on in the next. */
    long write(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset, int length,
            boolean more) {
        long sequence = claim(1);
        if (sequence < 0) {
            return -1;
        }
        Event slot = ring.get(sequence).set(kind, source, position, a, b).more(more);
        if (length > 0) {
            slot.payload(payload, offset, length);
        }
        ring.publish(sequence);
        return sequence;
    }

    private long writeChunks(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset,
            int length) {
        EngineAssert.that(length <= Event.MAX_MESSAGE_BYTES, "message too long", length);
        int slots = (length + Event.SLOT_PAYLOAD_BYTES - 1) / Event.SLOT_PAYLOAD_BYTES;
        EngineAssert.that(slots <= ring.getBufferSize(), "message longer than the ring, in slots", slots);
        long last = claim(slots);
        if (last < 0) {
            return -1;
        }
        long first = last - slots + 1;
        for (int i = 0; i < slots; i++) {
            int from = i * Event.SLOT_PAYLOAD_BYTES;
            int count = Math.min(Event.SLOT_PAYLOAD_BYTES, length - from);
            ring.get(first + i).set(kind, source, position, a, b)
                    .more(i < slots - 1)
                    .payload(payload, offset + from, count);
        }
        ring.publish(first, last);
        return last;
    }

    private long claim(int slots) {
        try {
            return ring.tryNext(slots);
        } catch (InsufficientCapacityException full) {
            return claimWaiting(slots);
        }
    }

    private long claimWaiting(int slots) {
        waits.increment();
        long start = System.nanoTime();
        try {
            for (int tries = 0; ; tries++) {
                poison.check();
                if (poison.stopped()) {
                    return -1;
                }
                if (tries == SPINS && consumer != null) {
                    LockSupport.unpark(consumer);
                }
                if (tries < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(PARK_NS);
                }
                if (ring.hasAvailableCapacity(slots)) {
                    try {
                        return ring.tryNext(slots);
                    } catch (InsufficientCapacityException takenByAnother) {
                        // Another producer was faster: wait on.
                    }
                }
            }
        } finally {
            waitedNs.add(System.nanoTime() - start);
        }
    }

    /** Before the first write. */
    void wakeWhenFull(Thread thread) {
        consumer = thread;
    }

    long waits() {
        return waits.sum();
    }

    long waitedNs() {
        return waitedNs.sum();
    }
}
