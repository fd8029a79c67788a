package dev.reprise.engine.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.EventRole;
import java.util.concurrent.locks.LockSupport;

/**
 * Inputs on their way from host threads to the guest thread. Many producers; pulled by the guest thread at its
 * boundaries.
 *
 * <p>Guest thread: {@link #poll}, {@link #await}. Any thread: {@link #publish}.
 */
public final class InboxRing {

    /** Takes one whole message. */
    @FunctionalInterface
    public interface Handler {
        /** Called by the guest thread within {@link #poll}, once per message; the event is reused. */
        void onInput(Event input);
    }

    /** Slots that one boundary takes at most, so that a flood cannot hold the guest still. */
    public static final int MAX_SLOTS_PER_POLL = 1024;

    private final Poison poison;
    private final SlotWriter writer;
    private final EventPoller<Event> poller;
    private final EventPoller.Handler<Event> onSlot = this::onSlot;
    private volatile Thread parked;

    // Guest thread only.
    private final Event message = new Event(Event.SLOT_PAYLOAD_BYTES);
    private boolean open;
    private Handler handler;
    private int delivered;
    private int budget;

    /** @param slots capacity, a power of two of at least 512 */
    public InboxRing(int slots, Poison poison) {
        if (slots < Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two of at least "
                    + Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES + ": capacity=" + slots);
        }
        this.poison = poison;
        RingBuffer<Event> ring = RingBuffer.createMultiProducer(Event::slot, slots, SpinlessWaits.INSTANCE);
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        writer = new SlotWriter(ring, poison);
    }

    /**
     * Publishes a message; waits for room while the run goes on.
     *
     * @return false if the run has ended or failed: the message was not taken
     * @throws IllegalArgumentException if the kind is that of no input, or has no such field
     */
    public boolean publish(EventKind kind, int source, long a, long b, byte[] payload, int offset, int length) {
        if (kind.role() != EventRole.INPUT || !kind.holds(source, a, b, length)) {
            // The guest would be given what no log can hold, and a replay gives it something else.
            throw new IllegalArgumentException("no input: kind=" + kind + " source=" + source + " a=" + a + " b=" + b
                    + " length=" + length);
        }
        if (poison.stopped()) {
            return false;
        }
        long sequence;
        try {
            sequence = writer.write(kind, source, 0, a, b, payload, offset, length);
        } catch (PoisonedException failed) {
            return false;
        }
        wake();
        return sequence >= 0;
    }

    /** Ends a wait of the guest thread early. */
    public void wake() {
        Thread guest = parked;
        if (guest != null) {
            LockSupport.unpark(guest);
        }
    }

    /**
     * Gives every whole message that is there to the handler, up to the bound.
     *
     * @return how many messages were given
     */
    public int poll(Handler to) {
        handler = to;
        delivered = 0;
        budget = MAX_SLOTS_PER_POLL;
        try {
            poller.poll(onSlot);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return delivered;
    }

    private boolean onSlot(Event slot, long sequence, boolean endOfBatch) {
        if (open) {
            message.append(slot.payload(), 0, slot.length());
        } else {
            message.copyFrom(slot);
        }
        open = slot.more();
        if (!open) {
            message.more(false);
            delivered++;
            handler.onInput(message);
        }
        // A message is never left half taken because of the bound: only because its rest is not visible.
        return --budget > 0 || open;
    }

    /** Says that the calling thread is about to wait; a publication from now on wakes it. Poll once more after it. */
    public void arm() {
        parked = Thread.currentThread();
    }

    /** Parks for at most {@code ns}; may come back early. */
    public void await(long ns) {
        if (ns > 0 && !poison.stopped()) {
            LockSupport.parkNanos(this, ns);
        }
    }

    public void disarm() {
        parked = null;
    }

    /** How often a producer found the ring full. */
    public long waits() {
        return writer.waits();
    }

    public long waitedNs() {
        return writer.waitedNs();
    }
}
