package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.LogCheck.Report;
import dev.reprise.engine.journal.LogCheck.Verdict;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The rows of {@link LogCheck}'s table. */
class LogCheckTest {

    private static final byte[] MANIFEST = "{\"a\":1}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final String SEGMENT = Layout.segment(0);

    /** @param forceEvery events between forces, 0 for none */
    private static MemoryFiles log(int events, int sealEvery, int forceEvery, boolean end, boolean durable)
            throws IOException {
        MemoryFiles files = new MemoryFiles();
        try (JournalWriter writer = new JournalWriter(files, MANIFEST, true)) {
            Event event = Event.slot();
            byte[] bytes = new byte[40];
            for (int i = 1; i <= events; i++) {
                Arrays.fill(bytes, (byte) (i * 7));
                writer.append(event.set(EventKind.CHAR_INPUT, 1, i * 1000L, 0, 0).payload(bytes, 0, 1 + i % 40));
                if (i % sealEvery == 0) {
                    writer.seal();
                }
                if (forceEvery > 0 && i % forceEvery == 0) {
                    writer.force();
                }
            }
            if (end) {
                writer.append(event.set(EventKind.END, 0, events * 1000L + 5, 6, 0).payload(new byte[32], 0, 32));
            }
            writer.finish(durable);
        }
        return files;
    }

    private static Report check(MemoryFiles files) throws IOException {
        return LogCheck.check(files, MANIFEST);
    }

    @Test
    void shouldFindALogWholeThatEndsWithItsEndEvent() throws IOException {
        Report report = check(log(200, 10, 50, true, true));
        assertEquals(Verdict.WHOLE, report.verdict(), report.reason());
        assertEquals(201, report.events());
        assertEquals(21, report.groups());
    }

    @Test
    void shouldCallALogWithoutEndEventTorn() throws IOException {
        assertEquals(Verdict.TORN, check(log(200, 10, 0, false, false)).verdict());
    }

    @Test
    void shouldCallACutTailTornIfItWasNeverDurable() throws IOException {
        MemoryFiles files = log(200, 10, 0, true, false);
        byte[] segment = files.bytes(SEGMENT);
        for (int cut = 1; cut < segment.length - SegmentDescriptor.BYTES; cut++) {
            files.put(SEGMENT, Arrays.copyOf(segment, segment.length - cut));
            Report report = check(files);
            assertEquals(Verdict.TORN, report.verdict(), "cut " + cut + ": " + report.reason());
        }
    }

    @Test
    void shouldCallACutTailDamageIfItWasDurable() throws IOException {
        MemoryFiles files = log(200, 10, 50, true, true);
        byte[] segment = files.bytes(SEGMENT);
        for (int cut = 1; cut <= segment.length; cut++) {
            files.put(SEGMENT, Arrays.copyOf(segment, segment.length - cut));
            assertEquals(Verdict.DAMAGED, check(files).verdict(), "cut " + cut);
        }
    }

    @Test
    void shouldCallABadGroupRotIfALaterOneSaysThatItWasDurable() throws IOException {
        MemoryFiles files = log(200, 10, 20, false, false);
        byte[] segment = files.bytes(SEGMENT);
        segment[SegmentDescriptor.BYTES + GroupDescriptor.HEADER_BYTES] ^= 1;
        files.put(SEGMENT, segment);
        // Even without the mark's word.
        MemoryFiles fresh = log(0, 1, 0, false, false);
        files.put(Layout.MARK, fresh.bytes(Layout.MARK));
        Report report = check(files);
        assertEquals(Verdict.DAMAGED, report.verdict());
        assertTrue(report.reason().contains("loss of durable data"), report.reason());
    }

    @Test
    void shouldRefuseBytesAfterTheEnd() throws IOException {
        MemoryFiles files = log(50, 10, 0, true, true);
        byte[] segment = files.bytes(SEGMENT);
        files.put(SEGMENT, Arrays.copyOf(segment, segment.length + 1));
        assertEquals(Verdict.DAMAGED, check(files).verdict());
    }

    @Test
    void shouldRefuseALogWithoutMark() throws IOException {
        MemoryFiles files = log(50, 10, 0, true, true);
        files.delete(Layout.MARK);
        assertEquals(Verdict.DAMAGED, check(files).verdict());
    }

    @Test
    void shouldRefuseGroupsOfAnotherManifest() throws IOException {
        MemoryFiles files = log(50, 10, 0, true, true);
        Report report = LogCheck.check(files, "{\"a\":2}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertNotEquals(Verdict.WHOLE, report.verdict());
        assertEquals(0, report.groups());
    }

    @Test
    void shouldDetectEverySingleBitFlip() throws IOException {
        MemoryFiles files = log(60, 6, 18, true, true);
        for (String name : new String[] {SEGMENT, Layout.MARK}) {
            byte[] whole = files.bytes(name);
            for (int bit = 0; bit < whole.length * 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[bit >> 3] ^= (byte) (1 << (bit & 7));
                files.put(name, flipped);
                Verdict verdict = check(files).verdict();
                // Of the newest mark a crash may have left a part.
                assertTrue(verdict == Verdict.DAMAGED || (verdict == Verdict.TORN && name.equals(Layout.MARK)),
                        name + " bit " + bit + ": " + verdict);
            }
            files.put(name, whole);
        }
        assertEquals(Verdict.WHOLE, check(files).verdict());
    }

    @Test
    void shouldGoOnOverManySegments() throws IOException {
        MemoryFiles files = new MemoryFiles();
        Event event = Event.slot();
        try (JournalWriter writer = new JournalWriter(files, MANIFEST, false, 4096)) {
            for (int i = 0; i < 1000; i++) {
                writer.append(event.set(EventKind.CHAR_INPUT, 1, i, 0, 0).payload(new byte[100], 0, 100));
                if (i % 5 == 0) {
                    writer.seal();
                }
            }
            writer.append(event.set(EventKind.END, 0, 1000, 6, 0).payload(new byte[32], 0, 32));
            writer.finish(true);
        }
        assertTrue(files.list(Layout.SEGMENTS).size() > 10);
        assertEquals(Verdict.WHOLE, check(files).verdict());
        files.delete(Layout.segment(files.list(Layout.SEGMENTS).size() - 1));
        assertEquals(Verdict.DAMAGED, check(files).verdict());
    }
}
