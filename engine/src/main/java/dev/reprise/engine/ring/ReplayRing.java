package dev.reprise.engine.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.util.concurrent.locks.LockSupport;

/**
 * Events on their way from the reader thread, the only producer, to the guest thread of a replay, which looks at the
 * next one and takes it when its moment has come.
 */
public final class ReplayRing {

    private static final long PARK_NS = 50_000;

    private final RingBuffer<Event> ring;
    private final SlotWriter writer;
    private final Poison poison;
    private final EventPoller<Event> poller;
    private final EventPoller.Handler<Event> onSlot = this::onSlot;
    private volatile boolean complete;

    // Guest thread only.
    private final Event head = new Event(Event.SLOT_PAYLOAD_BYTES);
    private boolean open;
    private boolean full;
    private long taken;

    public ReplayRing(int slots, Poison poison) {
        this.poison = poison;
        ring = RingBuffer.createSingleProducer(Event::slot, slots, SpinlessWaits.INSTANCE);
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        writer = new SlotWriter(ring, poison);
    }

    /** Reader thread: hands over one record; false if the replay was stopped. */
    public boolean publish(Event record) {
        long sequence = writer.write(record.kind(), record.source(), record.position(), record.a(), record.b(),
                record.payload(), 0, record.length(), record.more());
        return sequence >= 0;
    }

    /** Reader thread: nothing more will come. */
    public void complete() {
        complete = true;
    }

    /**
     * Guest thread: the next whole message, or null at the end of the log. Waits for the reader.
     *
     * @throws PoisonedException if the reader has failed
     */
    public Event peek() {
        while (!full) {
            boolean wasComplete = complete;
            EventPoller.PollState state;
            try {
                state = poller.poll(onSlot);
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
            if (full) {
                break;
            }
            if (state != EventPoller.PollState.PROCESSING) {
                poison.check();
                if (wasComplete || poison.stopped()) {
                    return null;
                }
                LockSupport.parkNanos(PARK_NS);
            }
        }
        return head;
    }

    /** Guest thread: the message that {@link #peek} gave has been used. */
    public void take() {
        full = false;
        taken++;
    }

    /** Messages taken so far. */
    public long taken() {
        return taken;
    }

    private boolean onSlot(Event slot, long sequence, boolean endOfBatch) {
        // A recorder was killed within a message, and another went on: that message never took effect.
        if (open && slot.kind() != EventKind.RESUME) {
            head.append(slot.payload(), 0, slot.length());
        } else {
            head.copyFrom(slot);
        }
        open = slot.more();
        full = !open;
        head.more(false);
        return !full;
    }
}
