package dev.reprise.engine.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Each thing that makes bytes no record, alone: a record that is right but for it. */
class RecordFormTest {

    private static final int SOURCE_LIMIT = 1 << 20;

    private final EventCodec codec = new EventCodec();
    private final Event event = Event.slot();

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** As the codec writes it; of any number, as if it were without a sign. */
    private static byte[] varint(long value) {
        byte[] bytes = new byte[10];
        int length = 0;
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
            bytes[length++] = (byte) (rest | 0x80);
        }
        bytes[length++] = (byte) rest;
        return Arrays.copyOf(bytes, length);
    }

    private int decode(byte[] bytes) {
        return codec.decode(bytes, 0, bytes.length, event);
    }

    private void expect(boolean right, byte[] bytes) {
        codec.reset();
        assertEquals(right ? bytes.length : EventCodec.MALFORMED, decode(bytes), () -> Arrays.toString(bytes));
    }

    /** Of source 1 at position 0, with that length and so many bytes. */
    private static byte[] packet(long length, int there) {
        return concat(concat(bytes(EventKind.CHAR_INPUT.id(), 0, 1), varint(length)), new byte[there]);
    }

    @Test
    void shouldTakeNoLengthThatASlotCannotHold() {
        expect(true, packet(Event.SLOT_PAYLOAD_BYTES, Event.SLOT_PAYLOAD_BYTES));
        expect(false, packet(Event.SLOT_PAYLOAD_BYTES + 1, Event.SLOT_PAYLOAD_BYTES + 1));
        expect(false, packet(-1, 10));
        expect(false, packet(Long.MIN_VALUE, 10));
        expect(false, packet(10, 9));
    }

    @Test
    void shouldTakeNoSourceThatNoDeviceHas() {
        for (long source : new long[] {-1, Long.MIN_VALUE, SOURCE_LIMIT + 1, (1L << 32) + 1, 0, 1, SOURCE_LIMIT}) {
            expect(source >= 0 && source <= SOURCE_LIMIT,
                    concat(concat(bytes(EventKind.USER_INPUT_SYNC.id(), 0), varint(source)), bytes()));
        }
    }

    @Test
    void shouldTakeNoPositionBehindTheLastThatThereIs() {
        expect(true, concat(concat(bytes(EventKind.INTERRUPT.id()), varint(Long.MAX_VALUE)), bytes(0)));
        assertEquals(3, decode(bytes(EventKind.INTERRUPT.id(), 0, 0)));
        assertEquals(EventCodec.MALFORMED, decode(bytes(EventKind.INTERRUPT.id(), 1, 0)));
        expect(false, concat(concat(bytes(EventKind.INTERRUPT.id()), varint(-1)), bytes(0)));
    }

    @Test
    void shouldLetNoMessageGoOnThatHasNoPayload() {
        expect(true, bytes(EventKind.CHAR_INPUT.id() | 0x80, 0, 1, 0));
        expect(true, bytes(EventKind.INTERRUPT.id(), 0, 0));
        expect(false, bytes(EventKind.INTERRUPT.id() | 0x80, 0, 0));
    }

    @Test
    void shouldTakeNoNumberOfMoreThan64BitsOrInMoreBytesThanItNeeds() {
        byte[] head = bytes(EventKind.INTERRUPT.id(), 0);
        expect(true, concat(head, bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)));
        expect(false, concat(head, bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 3)));
        expect(false, concat(head, bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x81, 0)));
        expect(false, concat(head, bytes(0x81, 0)));
    }

    @Test
    void shouldNotReadBehindTheEndItIsGiven() {
        for (EventKind kind : EventKind.values()) {
            codec.reset();
            byte[] record = new byte[2 * EventCodec.MAX_RECORD_BYTES];
            int end = codec.encode(kind, false, 300, 1L << 40, -1L << 40, 1L << 50, new byte[20], 0, 20, record, 0);
            for (int cut = 0; cut < end; cut++) {
                codec.reset();
                assertEquals(EventCodec.MALFORMED, codec.decode(record, 0, cut, event), kind + " cut after " + cut);
            }
            codec.reset();
            assertEquals(end, codec.decode(record, 0, end, event));
        }
    }

    @Test
    void shouldTakeNoKindThatThereIsNot() {
        for (int first = 0; first < 256; first++) {
            EventKind kind = EventKind.ofId(first & 0x7f);
            if (kind == null) {
                expect(false, concat(bytes(first), new byte[16]));
            }
        }
    }
}
