package dev.reprise.proptest.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import dev.reprise.engine.event.EventKind;
import dev.reprise.proptest.Tries;
import dev.reprise.proptest.arbitrary.EventRecord;
import dev.reprise.proptest.arbitrary.Events;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** The bytes of events, both directions. */
class EventCodecTest {

    private static final long[] EXTREMES = {0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, Integer.MAX_VALUE,
        Integer.MIN_VALUE, 1L << 62, -(1L << 62), Long.MAX_VALUE, Long.MIN_VALUE};

    @Provide
    Arbitrary<List<EventRecord>> streams() {
        return Events.streams(50);
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        // The beginning of a record is a kind more often than chance has it.
        Arbitrary<Byte> kinds = Events.kinds().map(kind -> (byte) kind.id());
        Arbitrary<Byte> any = Arbitraries.bytes();
        Arbitrary<Byte> ends = Arbitraries.of((byte) 0, (byte) 0x7f, (byte) 0x80, (byte) 0xff);
        return Arbitraries.frequencyOf(Tuple.of(1, kinds), Tuple.of(2, any),
                Tuple.of(2, ends)).array(byte[].class).ofMaxSize(300);
    }

    @Example
    void shouldTakeEveryKindThroughWithEveryFieldAtItsExtremes() {
        int records = 0;
        for (EventKind kind : EventKind.values()) {
            for (int source : kind.hasSource() ? new int[] {0, 1, 127, 128, Events.MAX_SOURCE} : new int[] {0}) {
                for (long a : kind.hasA() ? EXTREMES : new long[1]) {
                    for (long b : kind.hasB() ? EXTREMES : new long[1]) {
                        for (int length : kind.hasPayload() ? new int[] {0, 1, 127, 128} : new int[1]) {
                            byte[] payload = new byte[length];
                            Arrays.fill(payload, (byte) (a + length));
                            for (long position : new long[] {0, 1, Long.MAX_VALUE}) {
                                roundTrip(List.of(new EventRecord(kind, source, position, a, b, payload)));
                                records++;
                            }
                        }
                    }
                }
            }
        }
        System.out.println("event codec: " + EventKind.values().length + " kinds, " + records + " records at extremes");
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(300)
    void shouldTakeAnyStreamThrough(@ForAll("streams") List<EventRecord> events) {
        roundTrip(events);
    }

    private static void roundTrip(List<EventRecord> events) {
        byte[] bytes = new byte[Math.max(1, events.size()) * EventCodec.MAX_RECORD_BYTES];
        EventCodec writer = new EventCodec();
        Event event = Event.slot();
        int end = 0;
        for (EventRecord record : events) {
            int after = writer.encode(record.into(event), bytes, end);
            assertTrue(after - end <= EventCodec.MAX_RECORD_BYTES, () -> "too long: " + record);
            end = after;
        }
        EventCodec reader = new EventCodec();
        int at = 0;
        for (EventRecord record : events) {
            at = reader.decode(bytes, at, end, event);
            assertTrue(at > 0, () -> "did not decode: " + record);
            assertEquals(record, EventRecord.of(event));
        }
        assertEquals(end, at);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(300)
    void shouldRefuseEveryCutRecord(@ForAll("streams") @Size(max = 3) List<EventRecord> events) {
        Event event = Event.slot();
        for (EventRecord record : events) {
            byte[] bytes = new byte[EventCodec.MAX_RECORD_BYTES];
            int end = new EventCodec().encode(record.into(event), bytes, 0);
            for (int cut = 0; cut < end; cut++) {
                assertEquals(EventCodec.MALFORMED, new EventCodec().decode(bytes, 0, cut, event));
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(3_000)
    void shouldDecodeOrRefuseAnyBytesAndWriteTheSameAgain(@ForAll("bytes") byte[] bytes) {
        EventCodec reader = new EventCodec();
        EventCodec writer = new EventCodec();
        Event event = Event.slot();
        byte[] again = new byte[EventCodec.MAX_RECORD_BYTES];
        int at = 0;
        while (true) {
            int after = reader.decode(bytes, at, bytes.length, event);
            if (after == EventCodec.MALFORMED) {
                return;
            }
            // One form only: what decodes is what an encoder writes.
            int length = writer.encode(event, again, 0);
            assertArrayEquals(Arrays.copyOfRange(bytes, at, after), Arrays.copyOf(again, length));
            at = after;
        }
    }
}
