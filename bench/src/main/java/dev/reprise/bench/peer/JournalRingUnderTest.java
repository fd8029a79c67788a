package dev.reprise.bench.peer;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalPoller;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;

/** The engine's journal ring, taken event by event. */
final class JournalRingUnderTest implements HandOffRing {

    /** As the journaler does it. */
    private static final int MAX_BATCH = 1024;

    private final JournalRing ring = new JournalRing(JournalRing.DEFAULT_BYTES, new Poison());
    private final JournalPoller poller = ring.newPoller();
    private long sum;

    @Override
    public void publish(long stamp, byte[] payload, int length) {
        ring.publish(EventKind.EMBEDDER_INPUT, 1, stamp, 7, 1, payload, 0, length);
    }

    @Override
    public int poll() {
        int polled = 0;
        while (polled < MAX_BATCH && poller.next()) {
            polled++;
            Event event = poller.event();
            sum += event.position() + event.payload()[event.length() - 1];
        }
        if (polled > 0) {
            poller.release();
        }
        return polled;
    }

    @Override
    public long sum() {
        return sum;
    }
}
