package dev.reprise.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
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

    /** Many times around the ring, so that frames of every size come to stand before its end. */
    @Test
    void shouldGiveEveryEventAsItWasPublishedHoweverItLiesAtTheEndOfTheRing() {
        Random random = new Random(SEED);
        EventKind[] kinds = EventKind.values();
        Deque<Event> expected = new ArrayDeque<>();
        byte[] bytes = new byte[4 * Event.SLOT_PAYLOAD_BYTES];
        Event found = Event.slot();
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
                expected.add(Event.slot().set(kind, source, round, a, b).more(from + count < length).payload(bytes, from, count));
                from += count;
            } while (from < length);
            while (expected.size() > 300 || (round % 97 == 0 && !expected.isEmpty())) {
                assertTrue(poller.next());
                Event wanted = expected.remove();
                poller.copyTo(found);
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

    @Test
    void shouldTakeTheLongestMessageWholeWhereverTheRingStands() {
        byte[] message = new byte[Event.MAX_MESSAGE_BYTES];
        new Random(SEED).nextBytes(message);
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < round * 7; i++) {
                ring.publish(EventKind.CLOCK_READ, 0, 1, 2, 3);
            }
            ring.publish(EventKind.NET_PACKET, 3, 9, -1, 0, message, 0, message.length);
            Event whole = new Event(0).set(EventKind.NET_PACKET, 3, 9, -1, 0);
            while (poller.next()) {
                if (poller.kind() == EventKind.NET_PACKET) {
                    whole.append(poller.bytes(), poller.payloadOffset(), poller.length());
                    assertEquals(whole.length() < message.length, poller.more());
                }
            }
            poller.release();
            assertTrue(new Event(0).set(EventKind.NET_PACKET, 3, 9, -1, 0).payload(message, 0, message.length)
                    .sameContent(whole), "round " + round);
        }
        assertThrows(IllegalStateException.class,
                () -> ring.publish(EventKind.NET_PACKET, 3, 9, -1, 0, new byte[message.length + 1], 0, message.length + 1));
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
        for (; poller.next(); count++) {
            assertEquals(1, poller.position());
        }
        assertEquals(published, count);
        poller.release();
        producer.join(200_000);
        assertTrue(poller.next());
        assertEquals(77, poller.position());
    }

    private long fill() {
        int words = 4;
        long count = ring.capacity() / words;
        for (long i = 0; i < count; i++) {
            ring.publish(EventKind.CLOCK_READ, 0, 1, 2, 3);
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
