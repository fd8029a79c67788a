package dev.reprise.engine.replay;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventHash;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.EventRole;
import dev.reprise.engine.ring.ReplayRing;

/**
 * Where a replay stands in its log: the next event, what has been taken, and the report for a guest that does something
 * else than what comes next. Guest thread only.
 */
final class LogCursor {

    private final ReplayRing ring;
    private final EventHash hash;
    private final long[] counts;
    private final EventTrail trail = new EventTrail();

    /** @param counts of what is taken, by the identifier of its kind */
    LogCursor(ReplayRing ring, EventHash hash, long[] counts) {
        this.ring = ring;
        this.hash = hash;
        this.counts = counts;
    }

    /** The next event, which stays as it is until it is taken; null at the end of the log. */
    Event peek() {
        return ring.peek();
    }

    /** Goes on to the event after the next. */
    void take(Event next) {
        trail.add(next);
        counts[next.kind().id()]++;
        hash.add(next);
        ring.take();
    }

    /** Whether the guest must ask for, or do, what the event says, within a step. */
    static boolean asked(Event event) {
        EventRole role = event.kind().role();
        return role == EventRole.OUTCOME || role == EventRole.WITNESS;
    }

    /** Takes the next event if it is of the kind, stamped there and with that {@code a}; null if it is another or none. */
    Event takeIf(EventKind kind, long position, long a) {
        Event next = ring.peek();
        if (next == null || next.kind() != kind || next.position() != position || next.a() != a) {
            return null;
        }
        take(next);
        return next;
    }

    /** What stands in the log where the guest did something else. */
    DivergenceException diverged(long position, Event event, String guestDid) {
        String logSays = event.toString();
        return new DivergenceException(position, logSays, guestDid, trail.around(ring));
    }
}
