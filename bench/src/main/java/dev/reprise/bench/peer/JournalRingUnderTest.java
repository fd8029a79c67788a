package dev.reprise.bench.peer;

import com.lmax.disruptor.EventPoller;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;

/** The engine's journal ring. */
final class JournalRingUnderTest implements HandOffRing {

    private final JournalRing ring = new JournalRing(SLOTS, new Poison());
    private final EventPoller<Event> poller = ring.newPoller();
    private final EventPoller.Handler<Event> onSlot = this::onSlot;
    private long sum;
    private int polled;

    @Override
    public void publish(long stamp, byte[] payload, int length) {
        ring.publish(EventKind.EMBEDDER_INPUT, 1, stamp, 7, 1, payload, 0, length);
    }

    @Override
    public int poll() {
        polled = 0;
        try {
            poller.poll(onSlot);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return polled;
    }

    private boolean onSlot(Event slot, long sequence, boolean endOfBatch) {
        polled++;
        sum += slot.position() + slot.payload()[slot.length() - 1];
        return true;
    }

    @Override
    public long sum() {
        return sum;
    }
}
