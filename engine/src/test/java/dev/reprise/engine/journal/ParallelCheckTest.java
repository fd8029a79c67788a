package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A log that is long enough for many threads: what they find is what one reader finds. */
class ParallelCheckTest {

    private static final long SEED = Long.getLong("reprise.seed", 77L);
    private static final byte[] MANIFEST = SampleLogs.MANIFEST;
    private static final long SEGMENT_BYTES = 6L << 20;
    private static final int EVENTS = 100_000;

    private static MemoryFiles log() throws IOException {
        MemoryFiles files = new MemoryFiles();
        SplittableRandom random = new SplittableRandom(SEED);
        Event event = Event.slot();
        byte[] payload = new byte[Event.SLOT_PAYLOAD_BYTES];
        try (JournalWriter writer = new JournalWriter(files, MANIFEST, true, SEGMENT_BYTES)) {
            for (int i = 1; i <= EVENTS; i++) {
                random.nextBytes(payload);
                writer.append(event.set(EventKind.CHAR_INPUT, 1, i, 0, 0).payload(payload, 0, 1 + i % 128));
                // Small groups and large ones.
                if (random.nextInt(100) == 0 || (i / 10_000) % 2 == 0 && random.nextInt(10) == 0) {
                    writer.seal();
                }
            }
            SampleLogs.end(writer, EVENTS + 1);
            writer.finish(true);
        }
        return files;
    }

    @Test
    void shouldFindWhatOneReaderFinds() throws IOException {
        MemoryFiles files = log();
        SplittableRandom random = new SplittableRandom(SEED);
        assertEquals(2, files.list(Layout.SEGMENTS).size());
        assertTrue(files.bytes(Layout.segment(0)).length > 4 << 20);
        LogCheck.Report whole = LogCheck.check(files, MANIFEST);
        assertEquals(LogCheck.Verdict.WHOLE, whole.verdict(), whole.reason());
        assertEquals(EVENTS + 1, whole.events());
        requireSame(files, whole);
        for (int i = 0; i < 30; i++) {
            String name = Layout.segment(random.nextInt(4) == 0 ? 1 : 0);
            byte[] good = files.bytes(name);
            if (random.nextInt(3) == 0) {
                files.put(name, Arrays.copyOf(good, random.nextInt(good.length)));
            } else {
                files.flip(name, random.nextLong(8L * good.length));
            }
            LogCheck.Report report = LogCheck.check(files, MANIFEST);
            assertEquals(LogCheck.Verdict.DAMAGED, report.verdict(), "seed " + SEED + ", change " + i);
            requireSame(files, report);
            files.put(name, good);
        }
    }

    private static void requireSame(MemoryFiles files, LogCheck.Report report) throws IOException {
        try (JournalReader reader = new JournalReader(files, MANIFEST)) {
            Event event = Event.slot();
            while (reader.next(event)) {
                // To the end or the first thing that is wrong.
            }
            assertEquals(reader.groups(), report.groups());
            assertEquals(reader.events(), report.events());
            assertEquals(reader.headHash(), report.headHash());
            assertEquals(reader.logBytes(), report.logBytes());
            assertEquals(reader.lastPosition(), report.lastPosition());
            assertEquals(reader.finding().segment(), report.endSegment());
            assertEquals(reader.finding().offset(), report.endOffset());
        }
    }
}
