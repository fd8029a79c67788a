package dev.reprise.proptest.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.JournalReader;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.proptest.Tries;
import dev.reprise.proptest.arbitrary.EventRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Recordings of any events, as they were written and after something has happened to their files. */
class RecordingsTest {

    private static final byte[] MANIFEST = "{\"any\":\"recording\"}".getBytes(StandardCharsets.US_ASCII);

    private static final Set<EventKind> KINDS = EnumSet.noneOf(EventKind.class);
    private static final Map<Damage.What, Map<LogCheck.Verdict, Integer>> SEEN = new EnumMap<>(Damage.What.class);

    @Provide
    Arbitrary<RandomRecording> whole() {
        return Recordings.whole(60);
    }

    @Provide
    Arbitrary<DamagedRecording> damaged() {
        return Recordings.damaged(60);
    }

    @AfterContainer
    static void report() {
        System.out.println("recordings: damage and verdicts " + SEEN);
        assertTrue(KINDS.size() > EventKind.values().length * 3 / 4, "kinds drawn: " + KINDS);
        assertEquals(Damage.What.values().length, SEEN.size(), "damage drawn: " + SEEN);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(300)
    void shouldReadEveryRecordingBackAsItWasWritten(@ForAll("whole") RandomRecording recording) throws IOException {
        FileLayer files = recording.inMemory(MANIFEST);
        List<EventRecord> found = new ArrayList<>();
        assertEquals(null, LogEditor.read(files, MANIFEST, found).reason());
        assertEquals(recording.allEvents(), found);
        found.forEach(event -> KINDS.add(event.kind()));
        LogCheck.Report report = LogCheck.check(files, MANIFEST);
        assertEquals(recording.ended() ? LogCheck.Verdict.WHOLE : LogCheck.Verdict.TORN, report.verdict(), report.reason());
    }

    /** Whatever was done to the files: what is called whole is what was written, from its first event on. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(500)
    void shouldCallNothingWholeButAPrefixOfWhatWasWritten(@ForAll("damaged") DamagedRecording damaged) throws IOException {
        DamagedRecording.Log log = damaged.inMemory(MANIFEST);
        LogCheck.Report report = LogCheck.check(log.files(), MANIFEST);
        List<EventRecord> all = damaged.recording().allEvents();
        assertPrefix(all, log.files(), report, log.description());
        if (log.description().startsWith("nothing")) {
            assertEquals(all.size(), found(log.files()).size(), log.description());
        }
        SEEN.computeIfAbsent(damaged.damage().what(), what -> new EnumMap<>(LogCheck.Verdict.class))
                .merge(report.verdict(), 1, Integer::sum);
    }

    private static List<EventRecord> found(FileLayer files) {
        List<EventRecord> found = new ArrayList<>();
        LogEditor.read(files, MANIFEST, found);
        return found;
    }

    private static void assertPrefix(List<EventRecord> written, FileLayer files, LogCheck.Report report, String what) {
        List<EventRecord> found = found(files);
        assertTrue(found.size() <= written.size(), what);
        assertEquals(written.subList(0, found.size()), found, what);
        if (report.verdict() == LogCheck.Verdict.WHOLE) {
            assertEquals(written.size(), found.size(), () -> "whole, after " + what);
            assertEquals(EventKind.END, found.get(found.size() - 1).kind(), what);
        }
    }

    /** The comparison above can fail: a log that another event was written into, with all sums right, is no prefix. */
    @Example
    void shouldNoticeALogThatIsWholeAndNotWhatWasWritten() throws IOException {
        List<EventRecord> events = List.of(new EventRecord(EventKind.CHAR_INPUT, 1, 5, 0, 0, new byte[] {1, 2, 3}));
        List<EventRecord> others = List.of(new EventRecord(EventKind.CHAR_INPUT, 1, 5, 0, 0, new byte[] {1, 2, 4}));
        RandomRecording other = new RandomRecording(others, true, true, false, 10, 1 << 16);
        FileLayer files = other.inMemory(MANIFEST);
        LogCheck.Report report = LogCheck.check(files, MANIFEST);
        List<EventRecord> written = new RandomRecording(events, true, true, false, 10, 1 << 16).allEvents();
        assertThrows(AssertionError.class, () -> assertPrefix(written, files, report, "an edit"));
        assertPrefix(other.allEvents(), files, report, "no edit");
    }

    @Example
    void shouldSayWhatWasDone() {
        RandomRecording recording = new RandomRecording(
                List.of(new EventRecord(EventKind.CHAR_INPUT, 1, 5, 0, 0, new byte[100])), true, true, false, 10, 1 << 16);
        assertEquals("FLIP bit 3 of byte 7 of segments/00000000.seg (" + segmentBytes(recording) + " bytes)",
                new Damage(Damage.What.FLIP, 0, 7 + 2L * segmentBytes(recording), 11, 0).apply(recording.inMemory(MANIFEST)));
        assertEquals("deleted synced", new Damage(Damage.What.DELETE, 3, 0, 1, 0).apply(recording.inMemory(MANIFEST)));
        String nothing = new Damage(Damage.What.ZERO, 0, segmentBytes(recording) - 5, 900, 0)
                .apply(recording.inMemory(MANIFEST));
        assertEquals("nothing: ZERO changes none of segments/00000000.seg", nothing, "an end's payload is zeros");
    }

    private static int segmentBytes(RandomRecording recording) {
        return recording.inMemory(MANIFEST).bytes("segments/00000000.seg").length;
    }

    @Example
    void shouldMakeARecordingOnTheDiskThatEverybodyReads() throws IOException {
        Path folder = Files.createTempDirectory("recordings");
        try {
            Path directory = folder.resolve("any");
            RandomRecording plan = new RandomRecording(
                    List.of(new EventRecord(EventKind.NET_PACKET, 1, 9, 3, 0, new byte[700])), true, true, true, 1, 500);
            plan.write(directory, SessionConfig.of("any").device("net", "packets"));
            Recording recording = Recording.open(directory);
            assertEquals(List.of(), recording.findings());
            assertEquals(LogCheck.Verdict.WHOLE, recording.check().verdict());
            assertEquals(plan.allEvents(), LogEditor.read(directory));
            assertEquals("deleted segments/00000000.seg",
                    new Damage(Damage.What.DELETE, 0, 0, 1, 0).apply(recording.files()));
            assertFalse(recording.check().verdict() == LogCheck.Verdict.WHOLE);
            JournalReader.Finding finding = LogEditor.read(recording.files(), recording.manifestBytes(), new ArrayList<>());
            assertTrue(finding.reason() != null);
        } finally {
            try (var all = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) all.sorted(java.util.Comparator.reverseOrder())::iterator) {
                    Files.delete(file);
                }
            }
        }
    }
}
