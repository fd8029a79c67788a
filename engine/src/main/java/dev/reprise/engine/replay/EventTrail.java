package dev.reprise.engine.replay;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.ring.ReplayRing;
import java.util.ArrayList;
import java.util.List;

/** The last events that a replay has taken from its log, kept for a divergence's report. Guest thread only. */
final class EventTrail {

    private static final int KEPT = 8;

    private final Event[] last = new Event[KEPT];
    private long count;

    EventTrail() {
        for (int i = 0; i < KEPT; i++) {
            last[i] = new Event(0);
        }
    }

    void add(Event taken) {
        last[(int) (count++ % KEPT)].copyFrom(taken);
    }

    /** Lines for a report: what was taken, oldest first, and what the log has next; the ring is used up by it. */
    List<String> around(ReplayRing ring) {
        List<String> lines = new ArrayList<>();
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            lines.add("taken  #" + i + "  " + last[(int) (i % KEPT)]);
        }
        for (int i = 0; i < KEPT / 2; i++) {
            Event next = ring.peek();
            if (next == null) {
                break;
            }
            lines.add("next   #" + (count + i) + "  " + next);
            ring.take();
        }
        return lines;
    }
}
