package dev.reprise.engine.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;

/**
 * Events on their way from the guest thread, the only producer, to the journaler. The order of this ring is the order
 * in which the guest saw the world.
 */
public final class JournalRing {

    /** Slots by default: 8,192 of about 200 bytes. */
    public static final int DEFAULT_SLOTS = 1 << 13;

    private static final byte[] NONE = new byte[0];

    private final RingBuffer<Event> ring;
    private final SlotWriter writer;

    /** @param slots capacity, a power of two of at least 512 */
    public JournalRing(int slots, Poison poison) {
        if (slots < Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two of at least "
                    + Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES + ": capacity=" + slots);
        }
        ring = RingBuffer.createSingleProducer(Event::slot, slots, SpinlessWaits.INSTANCE);
        writer = new SlotWriter(ring, poison);
    }

    /** A consumer; made before anything is published. The producer never overtakes it. */
    public EventPoller<Event> newPoller() {
        EventPoller<Event> poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        return poller;
    }

    /** Names the thread to wake when the producer finds the ring full. */
    public void wakeWhenFull(Thread consumer) {
        writer.wakeWhenFull(consumer);
    }

    /**
     * Publishes an event; waits for room, bounded by stop and poison.
     *
     * @return the ring's sequence of it (of its last slot); -1 if the ring was stopped
     * @throws PoisonedException if the journal has failed
     */
    public long publish(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset,
            int length) {
        return writer.write(kind, source, position, a, b, payload, offset, length);
    }

    public long publish(EventKind kind, int source, long position, long a, long b) {
        return writer.write(kind, source, position, a, b, NONE, 0, 0);
    }

    /** The sequence of the last published event, -1 before the first. */
    public long cursor() {
        return ring.getCursor();
    }

    /** Capacity in events. */
    public int slots() {
        return ring.getBufferSize();
    }

    public long waits() {
        return writer.waits();
    }

    public long waitedNs() {
        return writer.waitedNs();
    }
}
