package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalPoller;
import java.nio.ByteBuffer;

/**
 * A group from its first event until it is written: room for the header, then the encoded events. One thread owns it at a
 * time; how it passes from one to the next is {@link GroupPipeline}'s.
 */
final class OpenGroup {

    private static final int H = GroupDescriptor.HEADER_BYTES;
    private static final int FULL_AT = H + GroupDescriptor.MAX_DECODED_BYTES - EventCodec.MAX_RECORD_BYTES;

    private final EventCodec codec = new EventCodec();
    private final byte[] bytes = new byte[H + GroupDescriptor.MAX_DECODED_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
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

    /** Adds the event that the poller has come to; the group must not be full. */
    void append(JournalPoller event) {
        EventKind kind = event.kind();
        int at = codec.encodeHead(kind, event.more(), event.source(), event.position(), event.a(), event.b(), bytes, end);
        end = kind.hasPayload() ? codec.encodePayload(event.bytes(), event.payloadOffset(), event.length(), bytes, at) : at;
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

    /** Over {@link #bytes}. */
    ByteBuffer buffer() {
        return buffer;
    }

    void clear() {
        end = H;
        events = 0;
        codec.reset();
    }
}
