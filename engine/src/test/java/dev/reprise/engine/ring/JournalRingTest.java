package dev.reprise.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import dev.reprise.engine.event.EventKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class JournalRingTest {

    private static final long SEED = 20_260;

    private final Poison poison = new Poison();
    private final JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
    private final JournalPoller poller = ring.newPoller();

    /** Many times around the ring, so that records of every size come to stand before the end of a block. */
    @Test
    void shouldGiveEveryEventAsItWasPublishedHoweverItLiesAtTheEndOfABlock() {
        Random random = new Random(SEED);
        EventKind[] kinds = EventKind.values();
        Deque<Event> expected = new ArrayDeque<>();
        byte[] bytes = new byte[4 * Event.SLOT_PAYLOAD_BYTES];
        long last = -1;
        for (int round = 0; round < 60_000; round++) {
            EventKind kind = kinds[random.nextInt(kinds.length)];
            int length = kind.hasPayload() ? random.nextInt(bytes.length + 1) : 0;
            random.nextBytes(bytes);
            long a = kind.hasA() ? random.nextLong() : 0;
            long b = kind.hasB() ? random.nextLong() : 0;
            int source = random.nextInt(1 << 20);
            long sequence = ring.publish(kind, source, round, a, b, bytes, 0, length);
            assertTrue(sequence > last, "seed " + SEED + ", round " + round);
            last = sequence;
            int from = 0;
            do {
                int count = Math.min(Event.SLOT_PAYLOAD_BYTES, length - from);
                expected.add(Event.slot().set(kind, kind.hasSource() ? source : 0, round, a, b).more(from + count < length).payload(bytes, from, count));
                from += count;
            } while (from < length);
            while (expected.size() > 300 || (round % 97 == 0 && !expected.isEmpty())) {
                assertTrue(poller.next());
                Event wanted = expected.remove();
                Event found = poller.event();
                assertTrue(wanted.sameContent(found) && wanted.position() == found.position()
                        && wanted.more() == found.more(), () -> "seed " + SEED + ": " + wanted + ", found " + found);
                poller.release();
            }
        }
        assertTrue(ring.cursor() > 20L * ring.capacity(), "times around: " + ring.cursor() / ring.capacity());
        assertEquals(0, ring.waits());
    }

    @Test
    void shouldSayTheSequenceOfTheEventThatThePollerCameTo() {
        long first = ring.publish(EventKind.CLOCK_READ, 0, 5, 1, 2);
        long second = ring.publish(EventKind.CHAR_INPUT, 1, 6, 0, 0, new byte[100], 0, 100);
        assertEquals(second, ring.cursor());
        assertTrue(poller.next());
        assertEquals(first, poller.lastSequence());
        assertTrue(poller.next());
        assertEquals(second, poller.lastSequence());
        assertFalse(poller.next());
        assertEquals(-1, poller.releasedSequence());
        poller.release();
        assertEquals(second, poller.releasedSequence());
    }

    /** What the log's writer takes without looking into it: records, their count, the last position. */
    @Test
    void shouldGiveAClosedBlockAsTheRecordsThatWerePublished() {
        Random random = new Random(SEED);
        EventCodec codec = new EventCodec();
        Event event = Event.slot();
        long position = 0;
        for (int round = 0; round < 40; round++) {
            while (!poller.atClosedBlock()) {
                position += random.nextInt(1 << random.nextInt(30));
                ring.publish(EventKind.EMBEDDER_INPUT, 1, position, 7, -1, new byte[100], 0, random.nextInt(101));
            }
            int at = poller.blockOffset() + JournalRing.RECORDS_OFFSET;
            int end = at + poller.blockRecordBytes();
            int events = 0;
            codec.reset();
            while (at < end) {
                at = codec.decode(poller.bytes(), at, end, event);
                assertTrue(at > 0, "no record, seed " + SEED + ", round " + round);
                events++;
            }
            assertEquals(end, at);
            assertEquals(events, poller.blockEvents());
            assertEquals(position, poller.blockLastPosition());
            assertEquals(event.position(), poller.blockLastPosition());
            poller.takeBlock();
            assertEquals(ring.cursor(), poller.lastSequence());
            assertFalse(poller.isBehind());
            poller.release();
        }
    }

    @Test
    void shouldGiveNoBlockWholeOfWhichAnEventWasTaken() {
        ring.publish(EventKind.CLOCK_READ, 0, 1, 2, 3);
        assertFalse(poller.atClosedBlock());
        assertTrue(poller.next());
        long events = 1;
        while (ring.cursor() < JournalRing.BLOCK_BYTES - 1) {
            ring.publish(EventKind.CLOCK_READ, 0, ++events, 2, 3);
        }
        assertFalse(poller.atClosedBlock());
        for (long i = 2; i <= events; i++) {
            assertTrue(poller.next());
            assertEquals(i, poller.event().position());
        }
        assertTrue(poller.isAtBlock());
        assertFalse(poller.next());
    }

    @Test
    void shouldTakeTheLongestMessageWholeWhereverTheRingStands() {
        byte[] message = new byte[Event.MAX_MESSAGE_BYTES];
        new Random(SEED).nextBytes(message);
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < round * 97; i++) {
                ring.publish(EventKind.CLOCK_READ, 0, round, 2, 3);
            }
            ring.publish(EventKind.NET_PACKET, 3, round, -1, 0, message, 0, message.length);
            Event whole = new Event(0).set(EventKind.NET_PACKET, 3, round, -1, 0);
            while (poller.next()) {
                Event part = poller.event();
                if (part.kind() == EventKind.NET_PACKET) {
                    whole.append(part.payload(), 0, part.length());
                    assertEquals(whole.length() < message.length, part.more());
                }
            }
            poller.release();
            assertTrue(new Event(0).set(EventKind.NET_PACKET, 3, round, -1, 0).payload(message, 0, message.length)
                    .sameContent(whole), "round " + round);
        }
        assertEquals(0, ring.waits());
        assertThrows(IllegalStateException.class,
                () -> ring.publish(EventKind.NET_PACKET, 3, 99, -1, 0, new byte[message.length + 1], 0, message.length + 1));
    }

    /** A log that ended in the middle of a message would be called damaged. */
    @Test
    void shouldPublishNothingOfAMessageForWhichThereIsNoRoomWhenItIsStopped() {
        long events = 0;
        while (ring.cursor() < ring.capacity() - JournalRing.BLOCK_BYTES) {
            ring.publish(EventKind.CLOCK_READ, 0, 1, 2, 3);
            events++;
        }
        long cursor = ring.cursor();
        poison.stop();
        assertEquals(-1, ring.publish(EventKind.NET_PACKET, 3, 9, -1, 0, new byte[Event.MAX_MESSAGE_BYTES], 0,
                Event.MAX_MESSAGE_BYTES));
        assertEquals(cursor, ring.cursor());
        while (poller.next()) {
            events--;
        }
        assertEquals(0, events);
    }

    @Test
    void shouldRefuseAnEventThatIsBeforeTheLastOne() {
        ring.publish(EventKind.CLOCK_READ, 0, 5, 2, 3);
        assertThrows(IllegalStateException.class, () -> ring.publish(EventKind.CLOCK_READ, 0, 4, 2, 3));
        assertTrue(poller.next());
        assertFalse(poller.next());
    }

    /** The next record's delta is to a record that is there, and what cannot be read is not written. */
    @Test
    void shouldStandAsBeforeWhenWhatIsPublishedIsNoEvent() {
        byte[] payload = new byte[300];
        ring.publish(EventKind.CHAR_INPUT, 1, 5, 0, 0, payload, 0, 10);
        long cursor = ring.cursor();
        for (int[] range : new int[][] {{-1, 10}, {0, -1}, {295, 10}, {100, 250}, {Integer.MAX_VALUE, 1}}) {
            assertThrows(IndexOutOfBoundsException.class,
                    () -> ring.publish(EventKind.CHAR_INPUT, 1, 90, 0, 0, payload, range[0], range[1]));
        }
        for (int source : new int[] {-1, Integer.MIN_VALUE, (1 << 20) + 1}) {
            assertThrows(IllegalStateException.class, () -> ring.publish(EventKind.INTERRUPT_LINE, source, 90, 0, 1));
        }
        assertEquals(cursor, ring.cursor());
        ring.publish(EventKind.INTERRUPT_LINE, 1 << 20, 100, 0, 1);
        assertTrue(poller.next());
        assertTrue(poller.next());
        assertEquals(100, poller.event().position());
        assertEquals(1 << 20, poller.event().source());
        assertFalse(poller.next());
    }

    @Test
    void shouldStopWaitingForRoomWhenItIsStoppedOrPoisoned() throws Exception {
        fill();
        AtomicReference<Object> result = new AtomicReference<>();
        Thread producer = new Thread(() -> result.set(ring.publish(EventKind.CLOCK_READ, 0, 1, 2, 3)));
        producer.start();
        poison.stop();
        producer.join(200_000);
        assertEquals(-1L, result.get());
        poison.poison(new IllegalStateException("gone"));
        assertThrows(PoisonedException.class, () -> ring.publish(EventKind.CLOCK_READ, 0, 1, 2, 3));
    }

    @Test
    void shouldWaitUntilThePollerGivesRoomBack() throws Exception {
        long published = fill();
        Thread producer = new Thread(() -> ring.publish(EventKind.CLOCK_READ, 0, 77, 2, 3));
        producer.start();
        while (ring.waits() == 0) {
            Thread.onSpinWait();
        }
        long count = 0;
        for (; poller.next() && poller.event().position() == 1; count++) {
            poller.release();
        }
        assertEquals(published, count);
        producer.join(200_000);
        assertTrue(poller.event().position() == 77 || poller.next());
        assertEquals(77, poller.event().position());
    }

    /** Fills the ring up to its last byte; returns the events in it. */
    private long fill() {
        long count = 0;
        while (ring.cursor() < ring.capacity() - 1) {
            ring.publish(EventKind.CLOCK_READ, 0, 1, 2, 3);
            count++;
        }
        return count;
    }

    @Test
    void shouldRefuseACapacityThatIsNoPowerOfTwoOrTooSmall() {
        assertThrows(IllegalArgumentException.class, () -> new JournalRing(JournalRing.MIN_BYTES + 8, poison));
        assertThrows(IllegalArgumentException.class, () -> new JournalRing(JournalRing.MIN_BYTES / 2, poison));
        assertThrows(IllegalArgumentException.class, () -> new JournalRing(Integer.MIN_VALUE, poison));
    }
}
