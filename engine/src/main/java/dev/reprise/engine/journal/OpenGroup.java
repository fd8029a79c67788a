package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;

/** A group that is made event by event: room for the header, then the encoded events. Owned by one thread. */
final class OpenGroup {

    private static final int H = GroupDescriptor.HEADER_BYTES;
    private static final int FULL_AT = H + GroupDescriptor.MAX_DECODED_BYTES - EventCodec.MAX_RECORD_BYTES;

    private final EventCodec codec = new EventCodec();
    private final byte[] bytes = new byte[H + GroupDescriptor.MAX_DECODED_BYTES];
    private int end = H;
    private int events;
    private long lastPosition;
    private long lastSequence = -1;

    /** Adds an event; the group must not be full. */
    void append(Event event) {
        end = codec.encode(event, bytes, end);
        lastPosition = event.position();
        events++;
    }

    /** Says up to which sequence of the ring the events are in this group. */
    void lastSequence(long sequence) {
        lastSequence = sequence;
    }

    /** As it was said; -1 of a group that came from no ring. */
    long lastSequence() {
        return lastSequence;
    }

    /** Whether another event might not fit. */
    boolean isFull() {
        return end > FULL_AT;
    }

    boolean isEmpty() {
        return events == 0;
    }

    int events() {
        return events;
    }

    long lastPosition() {
        return lastPosition;
    }

    /** Bytes of the encoded events. */
    int decodedBytes() {
        return end - H;
    }

    /** Room for the header, then the encoded events. */
    byte[] bytes() {
        return bytes;
    }

    void clear() {
        end = H;
        events = 0;
        codec.reset();
    }
}
