package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import org.junit.jupiter.api.Test;

/** A journaler that is started, given a few events and closed at once; {@code .ci/run} does that on one core. */
class StartPublishCloseTest {

    private static final byte[] MANIFEST = SampleLogs.MANIFEST;

    @Test
    void shouldLoseNothing() throws Exception {
        int rounds = JournalSizes.of(100_000);
        long published = 0;
        Event event = Event.slot();
        for (int round = 0; round < rounds; round++) {
            MemoryFiles files = new MemoryFiles();
            Poison poison = new Poison();
            JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
            Journaler journaler = new Journaler(new JournalWriter(files, MANIFEST, false), ring, poison, round % 3);
            journaler.start();
            int events = round % 7;
            for (int i = 0; i < events; i++) {
                ring.publish(EventKind.CLOCK_READ, 0, i, 0, round);
            }
            journaler.close();
            published += events;
            assertEquals(events, journaler.writer().sealedEvents(), "round " + round);
            assertEquals(round % 3 == 0 ? 0 : events, journaler.writer().durableEvents(), "round " + round);
            try (JournalReader reader = new JournalReader(files, MANIFEST)) {
                for (int i = 0; i < events; i++) {
                    assertTrue(reader.next(event), "round " + round + ", event " + i);
                    assertEquals(round, event.b());
                }
                assertTrue(!reader.next(event));
            }
        }
        System.out.println("journal: " + rounds + " times started and closed, " + published + " events, "
                + Runtime.getRuntime().availableProcessors() + " processors");
    }
}
