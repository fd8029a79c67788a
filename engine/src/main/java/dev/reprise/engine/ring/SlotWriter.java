package dev.reprise.engine.ring;

import com.lmax.disruptor.RingBuffer;
import dev.reprise.engine.EngineAssert;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;

/** Claims consecutive slots of a ring with a bounded wait and publishes one message into them. */
final class SlotWriter {

    private final RingBuffer<Event> ring;
    private final BoundedClaim claims;

    SlotWriter(RingBuffer<Event> ring, Poison poison) {
        this.ring = ring;
        claims = new BoundedClaim(ring, poison);
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
        long sequence = claims.claim(1);
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
        long last = claims.claim(slots);
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

    long waits() {
        return claims.waits();
    }

    long waitedNs() {
        return claims.waitedNs();
    }
}
