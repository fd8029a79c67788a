package dev.reprise.engine.event;

import dev.reprise.engine.EngineAssert;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes of an event, both directions.
 *
 * <pre>
 *   +--------+------------------+-----------+-------------+-----------------+---------------------------+
 *   | kind   | position delta   | source    | a           | b               | payload                   |
 *   | u8     | varint           | varint    | zigzag      | zigzag, or 8 LE | varint length, the bytes  |
 *   +--------+------------------+-----------+-------------+-----------------+---------------------------+
 * </pre>
 *
 * Bit 7 of the first byte says that the message goes on in the next record. Source, a, b and payload are there only if
 * the {@link EventKind} has them. The delta is from the previous record of the same group (from 0 for its first); varint
 * is LEB128 of at most ten bytes, in its shortest form; zigzag is varint of {@code (v << 1) ^ (v >> 63)}.
 *
 * <p>Single-threaded; one instance holds one stream's previous position. Decoding is total: any bytes either decode or
 * give {@link #MALFORMED}, and nothing is allocated beyond the event.
 */
public final class EventCodec {

    /** The longest record: header fields at their longest, and a slot's payload. */
    public static final int MAX_RECORD_BYTES = 1 + 10 + 5 + 10 + 10 + 2 + Event.SLOT_PAYLOAD_BYTES;

    /** Returned by {@link #decode} for bytes that are no record. */
    public static final int MALFORMED = -1;

    private static final int MORE = 0x80;
    private static final int MAX_SOURCE = 1 << 20;
    private static final VarHandle SHORT_LE =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long previousPosition;
    private int at;
    private boolean bad;

    /** Starts a group: the next delta is from 0. */
    public void reset() {
        previousPosition = 0;
    }

    /** The position of the record that was written or read last; 0 at the start of a group. */
    public long position() {
        return previousPosition;
    }

    /**
     * Writes the event at {@code offset}; there must be {@link #MAX_RECORD_BYTES} of room.
     *
     * @return the offset after it
     */
    public int encode(Event event, byte[] into, int offset) {
        int i = encodeHead(event.kind(), event.more(), event.source(), event.position(), event.a(), event.b(), into, offset);
        return event.kind().hasPayload() ? encodePayload(event.payload(), 0, event.length(), into, i) : i;
    }

    /** As {@link #encode(Event, byte[], int)}, from an event's fields; {@code payload} is not looked at if the kind has none. */
    public int encode(EventKind kind, boolean more, int source, long position, long a, long b, byte[] payload, int start,
            int length, byte[] into, int offset) {
        int i = encodeHead(kind, more, source, position, a, b, into, offset);
        return kind.hasPayload() ? encodePayload(payload, start, length, into, i) : i;
    }

    private int encodeHead(EventKind kind, boolean more, int source, long position, long a, long b, byte[] into,
            int offset) {
        int fields = kind.fields();
        if ((fields & EventKind.Fields.SOURCE) != 0 && (source < 0 || source > MAX_SOURCE)) {
            EngineAssert.that(false, "a source is from 0 to " + MAX_SOURCE, source);
        }
        int i = offset;
        into[i++] = (byte) (kind.id() | (more ? MORE : 0));
        i = putVarint(into, i, position - previousPosition);
        previousPosition = position;
        if ((fields & EventKind.Fields.SOURCE) != 0) {
            i = putVarint(into, i, source);
        }
        if ((fields & EventKind.Fields.A) != 0) {
            i = putVarint(into, i, zigzag(a));
        }
        if ((fields & EventKind.Fields.B) != 0) {
            i = putVarint(into, i, zigzag(b));
        } else if ((fields & EventKind.Fields.B_FIXED) != 0) {
            LONG_LE.set(into, i, b);
            i += Long.BYTES;
        }
        return i;
    }

    private static int encodePayload(byte[] from, int start, int length, byte[] into, int offset) {
        int i = putVarint(into, offset, length);
        System.arraycopy(from, start, into, i, length);
        return i + length;
    }

    /**
     * Reads a record from {@code from[offset..end)} into the event.
     *
     * @return the offset after it, or {@link #MALFORMED}
     */
    public int decode(byte[] from, int offset, int end, Event event) {
        if (offset >= end) {
            return MALFORMED;
        }
        int first = from[offset] & 0xff;
        EventKind kind = EventKind.ofId(first & ~MORE);
        if (kind == null || ((first & MORE) != 0 && !kind.hasPayload())) {
            return MALFORMED;
        }
        at = offset + 1;
        bad = false;
        long position = previousPosition + getVarint(from, end);
        long source = kind.hasSource() ? getVarint(from, end) : 0;
        long a = kind.hasA() ? unzigzag(getVarint(from, end)) : 0;
        long b = 0;
        if (kind.hasFixedB()) {
            if (end - at < Long.BYTES) {
                return MALFORMED;
            }
            b = (long) LONG_LE.get(from, at);
            at += Long.BYTES;
        } else if (kind.hasB()) {
            b = unzigzag(getVarint(from, end));
        }
        long length = kind.hasPayload() ? getVarint(from, end) : 0;
        if (bad || position < previousPosition || source < 0 || source > MAX_SOURCE
                || length < 0 || length > Event.SLOT_PAYLOAD_BYTES || length > end - at) {
            return MALFORMED;
        }
        event.set(kind, (int) source, position, a, b).more((first & MORE) != 0).payload(from, at, (int) length);
        previousPosition = position;
        return at + (int) length;
    }

    private static long zigzag(long v) {
        return (v << 1) ^ (v >> 63);
    }

    private static long unzigzag(long v) {
        return (v >>> 1) ^ -(v & 1);
    }

    private static int putVarint(byte[] into, int offset, long value) {
        if ((value & ~0x7fL) == 0) {
            into[offset] = (byte) value;
            return offset + 1;
        }
        if ((value & ~0x3fffL) == 0) {
            SHORT_LE.set(into, offset, (short) (value & 0x7f | MORE | value >>> 7 << 8));
            return offset + 2;
        }
        return putLongVarint(into, offset, value);
    }

    private static int putLongVarint(byte[] into, int offset, long value) {
        int i = offset;
        long v = value;
        while ((v & ~0x7fL) != 0) {
            into[i++] = (byte) (v | 0x80);
            v >>>= 7;
        }
        into[i++] = (byte) v;
        return i;
    }

    private long getVarint(byte[] from, int end) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at >= end) {
                break;
            }
            byte next = from[at++];
            if (shift == 63 && (next & 0xfe) != 0) {
                break;
            }
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                if (next == 0 && shift != 0) {
                    break;
                }
                return value;
            }
        }
        bad = true;
        return 0;
    }
}
