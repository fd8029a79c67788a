package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;

/**
 * Whether records stand in an order that a writer makes: positions never go back, the records of a message are of one
 * piece, nothing follows the end event. Only {@link EventKind#RESUME} breaks a message off: the recorder was killed within
 * it. A stretch of records can be looked at alone and joined to the one before it, so that groups are read in parallel.
 * Single-threaded.
 */
final class RecordOrder {

    private final Event first = new Event(0);
    private final Event last = new Event(0);
    private boolean any;
    /** Bytes of the message that the stretch begins with, and whether the stretch does not come to its end. */
    private long leadBytes;
    private boolean leadOpen;
    /** Bytes of the last message. */
    private long openBytes;
    private long events;
    private boolean ended;

    void clear() {
        any = false;
        leadBytes = 0;
        leadOpen = false;
        openBytes = 0;
        events = 0;
        ended = false;
        last.set(null, 0, 0, 0, 0);
    }

    /** Begins behind records that were read before, the last of them at {@code position}. */
    void startAt(long position, long count) {
        clear();
        last.set(null, 0, position, 0, 0);
        events = count;
    }

    /** Takes the next record; null, or what is wrong. */
    String accept(Event record) {
        if (ended) {
            return "a record after the end: " + record;
        }
        if (record.position() < last.position()) {
            return "position goes back: " + record.position() + " after " + last.position();
        }
        boolean goesOn = isWithin(last, record);
        if (goesOn && !sameMessage(last, record)) {
            return "a message is broken off: " + record + " after " + last;
        }
        openBytes = goesOn ? openBytes + record.length() : record.length();
        if (openBytes > Event.MAX_MESSAGE_BYTES) {
            return "a message of more than " + Event.MAX_MESSAGE_BYTES + " bytes";
        }
        if (!any) {
            head(record, first);
            leadOpen = true;
            any = true;
        }
        if (leadOpen) {
            leadBytes += record.length();
            leadOpen = record.more();
        }
        head(record, last);
        ended |= record.kind() == EventKind.END;
        events++;
        return null;
    }

    /** Takes a whole stretch that stands behind this one; null, or what is wrong. */
    String join(RecordOrder next) {
        if (!next.any) {
            return null;
        }
        if (ended) {
            return "a record after the end: " + next.first;
        }
        if (next.first.position() < last.position()) {
            return "position goes back: " + next.first.position() + " after " + last.position();
        }
        long lead = next.leadBytes;
        if (isWithin(last, next.first)) {
            if (!sameMessage(last, next.first)) {
                return "a message is broken off: " + next.first + " after " + last;
            }
            lead += openBytes;
            if (lead > Event.MAX_MESSAGE_BYTES) {
                return "a message of more than " + Event.MAX_MESSAGE_BYTES + " bytes";
            }
        }
        openBytes = next.leadOpen ? lead : next.openBytes;
        any = true;
        head(next.last, last);
        ended |= next.ended;
        events += next.events;
        return null;
    }

    /** Whether a record must be of the message that the one before it leaves open. */
    private static boolean isWithin(Event before, Event record) {
        return before.more() && record.kind() != EventKind.RESUME;
    }

    private static boolean sameMessage(Event one, Event other) {
        return one.kind() == other.kind() && one.source() == other.source() && one.position() == other.position()
                && one.a() == other.a() && one.b() == other.b();
    }

    private static void head(Event from, Event to) {
        to.set(from.kind(), from.source(), from.position(), from.a(), from.b()).more(from.more());
    }

    long events() {
        return events;
    }

    /** Position of the last record. */
    long lastPosition() {
        return last.position();
    }

    boolean ended() {
        return ended;
    }
}
