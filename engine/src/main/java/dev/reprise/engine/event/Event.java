package dev.reprise.engine.event;

import dev.reprise.engine.EngineAssert;
import java.util.Arrays;

/**
 * One event, as a mutable flyweight: the slot of a ring, or the assembled form that a guest is given. It belongs to
 * whoever holds the ring's slot; nobody keeps one.
 *
 * <p>A message longer than a slot's payload takes consecutive slots of the same kind, source and stamp, all but the
 * last with {@link #more} set; a guest is given the whole.
 */
public final class Event {

    /** Bytes of payload that one slot of a ring holds. */
    public static final int SLOT_PAYLOAD_BYTES = 128;

    /** The longest message: what an assembled event can hold. */
    public static final int MAX_MESSAGE_BYTES = 1 << 16;

    private static final int MIN_GROWTH_BYTES = 16;

    private EventKind kind;
    private boolean more;
    private int source;
    private long position;
    private long a;
    private long b;
    private int length;
    private byte[] payload;

    /** @param payloadCapacity bytes that this flyweight holds without growing */
    public Event(int payloadCapacity) {
        payload = new byte[payloadCapacity];
    }

    /** A slot of a ring. */
    public static Event slot() {
        return new Event(SLOT_PAYLOAD_BYTES);
    }

    public EventKind kind() {
        return kind;
    }

    /** Whether the message goes on in the next slot. */
    public boolean more() {
        return more;
    }

    /** The device, from 1 on; 0 is the engine or the embedder. */
    public int source() {
        return source;
    }

    /** The stamp: the position at which the event took effect. */
    public long position() {
        return position;
    }

    /** The first field; its meaning is the kind's. */
    public long a() {
        return a;
    }

    /** The second field; its meaning is the kind's. */
    public long b() {
        return b;
    }

    /** Bytes of payload. */
    public int length() {
        return length;
    }

    /** The payload's bytes are the first {@link #length} of this array, which is the flyweight's own. */
    public byte[] payload() {
        return payload;
    }

    public Event set(EventKind kind, int source, long position, long a, long b) {
        this.kind = kind;
        this.more = false;
        this.source = source;
        this.position = position;
        this.a = a;
        this.b = b;
        this.length = 0;
        return this;
    }

    public Event position(long position) {
        this.position = position;
        return this;
    }

    public Event more(boolean more) {
        this.more = more;
        return this;
    }

    /** Replaces the payload. */
    public Event payload(byte[] bytes, int offset, int count) {
        length = 0;
        return append(bytes, offset, count);
    }

    /** Adds to the payload; an assembled event grows once to what a message can be. */
    public Event append(byte[] bytes, int offset, int count) {
        int total = length + count;
        if (total > payload.length) {
            EngineAssert.that(total <= MAX_MESSAGE_BYTES, "message too long", total);
            payload = Arrays.copyOf(payload,
                    Math.min(MAX_MESSAGE_BYTES, Math.max(MIN_GROWTH_BYTES, Integer.highestOneBit(total - 1) << 1)));
        }
        System.arraycopy(bytes, offset, payload, length, count);
        length = total;
        return this;
    }

    public Event copyFrom(Event other) {
        set(other.kind, other.source, other.position, other.a, other.b);
        more = other.more;
        return payload(other.payload, 0, other.length);
    }

    /** Whether kind, source, fields and payload are equal; the stamps are not compared. */
    public boolean sameContent(Event o) {
        return kind == o.kind && source == o.source && a == o.a && b == o.b && length == o.length
                && Arrays.equals(payload, 0, length, o.payload, 0, length);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(80).append(kind).append(" @").append(position);
        if (kind == null) {
            return text.toString();
        }
        if (kind.hasSource()) {
            text.append(" source=").append(source);
        }
        if (kind.hasA()) {
            text.append(" a=").append(a);
        }
        if (kind.hasB()) {
            text.append(" b=").append(kind.hasFixedB() ? Long.toHexString(b) : Long.toString(b));
        }
        if (kind.hasPayload()) {
            text.append(" bytes=").append(length).append(' ');
            for (int i = 0; i < Math.min(length, 32); i++) {
                text.append(String.format("%02x", payload[i]));
            }
            if (length > 32) {
                text.append("...");
            }
        }
        return text.append(more ? " (continues)" : "").toString();
    }
}
