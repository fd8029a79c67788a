package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.journal.LogCheck.Report;
import dev.reprise.engine.journal.LogCheck.Verdict;
import dev.reprise.engine.journal.RecoveryRow.MarkState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every row of the decision table: a log that it speaks of, what is said of it, and what recovery makes of it. */
class RecoveryRowTest {

    private static final byte[] MANIFEST = SampleLogs.MANIFEST;
    private static final byte[] OTHER_MANIFEST = "{\"b\":2}\n".getBytes(StandardCharsets.US_ASCII);
    private static final String SEGMENT = Layout.segment(0);

    private interface Damage {
        MemoryFiles make() throws IOException;
    }

    private final Map<RecoveryRow, Damage> cases = new EnumMap<>(RecoveryRow.class);

    RecoveryRowTest() {
        cases.put(RecoveryRow.MANIFEST_CHANGED, () -> {
            MemoryFiles files = killed();
            files.put(Layout.MARK, SampleLogs.write(OTHER_MANIFEST, 10, 5, 5, true).bytes(Layout.MARK));
            return files;
        });
        cases.put(RecoveryRow.NEWER_VERSION, () -> edit(killed(), group -> {
            group[2] = 3;
            reseal(group);
        }, 7));
        cases.put(RecoveryRow.MISSING_END, () -> {
            MemoryFiles files = SampleLogs.segments(400, 10, 40, true);
            files.delete(Layout.segment(SampleLogs.lastSegment(files)));
            return files;
        });
        cases.put(RecoveryRow.ROT, () -> edit(durable(), group -> group[group.length - 1] ^= 1, 2));
        cases.put(RecoveryRow.WRONG_RECORDING, () -> {
            MemoryFiles files = killed();
            files.put(SEGMENT, SampleLogs.write(OTHER_MANIFEST, 200, 10, 0, false).bytes(SEGMENT));
            return files;
        });
        cases.put(RecoveryRow.MISSING_SEGMENT, () -> {
            MemoryFiles files = SampleLogs.segments(400, 10, 0, false);
            int last = SampleLogs.lastSegment(files);
            files.delete(Layout.segment(last));
            // Without the mark's and a header's word, only the file that is there says that one is missing.
            files.put(Layout.segment(last + 1), new byte[0]);
            files.put(Layout.MARK, SampleLogs.write(MANIFEST, 0, 1, 0, false).bytes(Layout.MARK));
            return files;
        });
        cases.put(RecoveryRow.SEGMENT_ROT, () -> {
            MemoryFiles files = killed();
            byte[] segment = files.bytes(SEGMENT);
            segment[9] ^= 1;
            files.put(SEGMENT, segment);
            return files;
        });
        cases.put(RecoveryRow.CHAIN_BROKEN, () -> edit(killed(), group -> {
            group[GroupDescriptor.LINK_OFFSET] ^= 1;
            reseal(group);
        }, 4));
        cases.put(RecoveryRow.OUT_OF_PLACE, () -> {
            MemoryFiles files = killed();
            byte[] segment = files.bytes(SEGMENT);
            int[] at = SampleLogs.groups(segment);
            files.put(SEGMENT, SampleLogs.concat(Arrays.copyOf(segment, at[5]),
                    Arrays.copyOfRange(segment, at[6], segment.length)));
            return files;
        });
        cases.put(RecoveryRow.MALFORMED, () -> SampleLogs.withMalformedGroup(MANIFEST));
        cases.put(RecoveryRow.BYTES_AFTER_END, () -> {
            MemoryFiles files = durable();
            byte[] segment = files.bytes(SEGMENT);
            files.put(SEGMENT, Arrays.copyOf(segment, segment.length + 1));
            return files;
        });
        cases.put(RecoveryRow.MARK_MISSING, () -> {
            MemoryFiles files = durable();
            files.delete(Layout.MARK);
            return files;
        });
        cases.put(RecoveryRow.MARK_SLOT_BAD, () -> flipMark(durable(), true));
        cases.put(RecoveryRow.EPOCH_BACK, RecoveryRowTest::resumedWithAnOldGroup);
        cases.put(RecoveryRow.ZEROED_TAIL, () -> {
            MemoryFiles files = killed();
            byte[] segment = files.bytes(SEGMENT);
            Arrays.fill(segment, SampleLogs.groups(segment)[12], segment.length, (byte) 0);
            files.put(SEGMENT, segment);
            return files;
        });
        cases.put(RecoveryRow.TORN_TAIL, () -> {
            MemoryFiles files = killed();
            byte[] segment = files.bytes(SEGMENT);
            files.put(SEGMENT, Arrays.copyOf(segment, segment.length - 7));
            return files;
        });
        cases.put(RecoveryRow.TORN_GROUP, () -> edit(killed(), group -> group[group.length - 1] ^= 1, 19));
        cases.put(RecoveryRow.STALE_BLOCKS, () -> {
            MemoryFiles files = killed();
            byte[] segment = files.bytes(SEGMENT);
            int from = SampleLogs.groups(segment)[15];
            // Blocks of an older recording, which was durable to its end: its groups must not count as knowledge.
            byte[] stale = SampleLogs.write(OTHER_MANIFEST, 400, 10, 10, true).bytes(SEGMENT);
            System.arraycopy(stale, from + 5, segment, from, segment.length - from);
            files.put(SEGMENT, segment);
            return files;
        });
        cases.put(RecoveryRow.MARK_SLOT_TORN, () -> flipMark(durable(), false));
        cases.put(RecoveryRow.MARK_OLDER, () -> SampleLogs.write(MANIFEST, 200, 10, 50, true, false));
        cases.put(RecoveryRow.CLEAN_END, RecoveryRowTest::durable);
        cases.put(RecoveryRow.KILLED, RecoveryRowTest::killed);
    }

    /** Twenty groups, nothing forced, no end. */
    private static MemoryFiles killed() throws IOException {
        return SampleLogs.write(MANIFEST, 200, 10, 0, false);
    }

    /** Twenty-one groups, forced now and then, ended. */
    private static MemoryFiles durable() throws IOException {
        return SampleLogs.write(MANIFEST, 200, 10, 20, true);
    }

    private static MemoryFiles edit(MemoryFiles files, Consumer<byte[]> change, int group) {
        byte[] segment = files.bytes(SEGMENT);
        int[] at = SampleLogs.groups(segment);
        int end = group + 1 < at.length ? at[group + 1] : segment.length;
        byte[] one = Arrays.copyOfRange(segment, at[group], end);
        change.accept(one);
        System.arraycopy(one, 0, segment, at[group], one.length);
        files.put(SEGMENT, segment);
        return files;
    }

    private static void reseal(byte[] group) {
        SampleLogs.reseal(group, MANIFEST);
    }

    /** @param older whether the slot that was written before the last one is flipped */
    private static MemoryFiles flipMark(MemoryFiles files, boolean older) throws IOException {
        int last = LogCheck.readMark(files, new Chain(MANIFEST).link0()).best().sequence();
        byte[] mark = files.bytes(Layout.MARK);
        mark[(int) MarkDescriptor.slotOffset(older ? last - 1 : last) + 30] ^= 1;
        files.put(Layout.MARK, mark);
        return files;
    }

    /** Recovered, gone on with, and then a block of before the recovery turns up behind it. */
    private static MemoryFiles resumedWithAnOldGroup() throws IOException {
        MemoryFiles files = killed();
        byte[] before = files.bytes(SEGMENT);
        int[] at = SampleLogs.groups(before);
        files.put(SEGMENT, Arrays.copyOf(before, at[19] + 9));
        Recovery.recover(files, MANIFEST, false);
        try (JournalWriter writer = JournalWriter.resume(files, MANIFEST, true, SegmentDescriptor.TARGET_BYTES)) {
            SampleLogs.append(writer, 1000, 20, 10);
            writer.finish(false);
        }
        files.put(SEGMENT, SampleLogs.concat(files.bytes(SEGMENT), Arrays.copyOfRange(before, at[19], before.length)));
        return files;
    }

    @TestFactory
    java.util.stream.Stream<DynamicTest> shouldNameTheRowOfEveryCase() {
        return Arrays.stream(RecoveryRow.values()).map(row -> DynamicTest.dynamicTest(row.name(), () -> {
            MemoryFiles files = cases.get(row).make();
            Report report = LogCheck.check(files, MANIFEST);
            assertEquals(row, report.row(), report.reason());
            assertEquals(row.verdict(), report.verdict());
            assertEquals(report.verdict() == Verdict.WHOLE, report.reason() == null);
            recover(row, files, report);
        }));
    }

    private static void recover(RecoveryRow row, MemoryFiles files, Report before) throws IOException {
        Map<String, byte[]> untouched = files.snapshot();
        if (row == RecoveryRow.NEWER_VERSION) {
            assertThrows(BadRecordingException.class, () -> Recovery.recover(files, MANIFEST, true));
        } else if (row == RecoveryRow.MANIFEST_CHANGED) {
            assertThrows(DamagedLogException.class, () -> Recovery.recover(files, MANIFEST, true));
        } else if (before.verdict() == Verdict.DAMAGED) {
            assertThrows(DamagedLogException.class, () -> Recovery.recover(files, MANIFEST, false));
            assertSame(untouched, files);
            assertPrefix(before, Recovery.recover(files, MANIFEST, true), files);
            return;
        } else if (before.verdict() == Verdict.WHOLE) {
            assertFalse(Recovery.recover(files, MANIFEST, false).changed());
        } else {
            Recovery.Result result = Recovery.recover(files, MANIFEST, false);
            assertTrue(result.changed());
            assertPrefix(before, result, files);
            return;
        }
        assertSame(untouched, files);
    }

    private static void assertPrefix(Report before, Recovery.Result result, MemoryFiles files) throws IOException {
        Report after = LogCheck.check(files, MANIFEST);
        assertTrue(EnumSet.of(RecoveryRow.KILLED, RecoveryRow.CLEAN_END, RecoveryRow.TORN_TAIL).contains(after.row()),
                after.row() + ": " + after.reason());
        assertEquals(before.groups(), after.groups());
        assertEquals(before.headHash(), after.headHash());
        assertEquals(before.events(), after.events());
        assertEquals(before.logBytes(), after.logBytes());
        assertEquals(result.epoch(), LogCheck.readMark(files, new Chain(MANIFEST).link0()).best().epoch());
        assertTrue(result.epoch() > 1);
        Report tail = LogCheck.checkTail(files, MANIFEST);
        assertEquals(after.groups(), tail.groups());
        assertEquals(after.headHash(), tail.headHash());
        assertEquals(after.logBytes(), tail.logBytes());
        assertEquals(after.events(), tail.events());
    }

    private static void assertSame(Map<String, byte[]> before, MemoryFiles files) {
        Map<String, byte[]> after = files.snapshot();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertTrue(Arrays.equals(bytes, after.get(name)), name));
    }

    @Test
    void shouldHaveARowForEverythingThatCanBe() {
        Set<RecoveryRow> used = EnumSet.noneOf(RecoveryRow.class);
        for (Fault fault : Fault.values()) {
            for (MarkState mark : MarkState.values()) {
                for (int bits = 0; bits < 4; bits++) {
                    used.add(RecoveryRow.of(fault, (bits & 1) != 0, (bits & 2) != 0, mark));
                }
            }
        }
        assertEquals(EnumSet.allOf(RecoveryRow.class), used);
        assertEquals(used, cases.keySet());
    }

    @Test
    void shouldHaveInItsJavadocTheRowsThatItHasAsData() throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/reprise/engine/journal/RecoveryRow.java"));
        String table = source.substring(source.indexOf("<pre>"), source.indexOf("</pre>"));
        int at = 0;
        for (RecoveryRow row : RecoveryRow.values()) {
            int found = table.indexOf("*   " + row.name() + " ");
            assertTrue(found > at, row + " is missing in the Javadoc or stands elsewhere");
            at = found;
            String line = table.substring(found, table.indexOf('\n', found));
            assertTrue(line.contains(row.verdict().name()), line);
        }
    }

    @Test
    void shouldSayWhatWasLost() throws IOException {
        MemoryFiles files = killed();
        byte[] segment = files.bytes(SEGMENT);
        int[] at = SampleLogs.groups(segment);
        segment[at[15] + 50] ^= 1;
        files.put(SEGMENT, segment);
        Recovery.Result result = Recovery.recover(files, MANIFEST, false);
        assertEquals(15, result.before().groups());
        assertEquals(segment.length - at[15], result.cutBytes());
        // Groups 16 to 19 are whole: their ten events each are known to be lost, the last at 200,000.
        assertTrue(result.lostEvents() >= 40, () -> "lost " + result.lostEvents());
        assertEquals(200_000, result.lostPosition());
        assertFalse(Recovery.recover(files, MANIFEST, false).changed());
    }

    /** Whoever is told how many groups there are is told which of them nobody has looked at. */
    @Test
    void shouldSayWhatItTookFromTheMarkUnread() throws IOException {
        for (boolean acceptLoss : new boolean[] {false, true}) {
            MemoryFiles files = SampleLogs.write(MANIFEST, 100, 10, 40, false, false);
            byte[] segment = files.bytes(SEGMENT);
            files.put(SEGMENT, Arrays.copyOf(segment, segment.length - 3));
            Recovery.Result result = Recovery.recover(files, MANIFEST, acceptLoss);
            assertEquals(9, result.before().groups());
            assertEquals(acceptLoss ? 0 : 8, result.unreadGroups());
            assertEquals(0, Recovery.recover(files, MANIFEST, false).unreadGroups());
        }
    }

    /** What is cut may hold what was not lost: copies of groups that stay, and groups of another recording. */
    @Test
    void shouldNotCountForLostWhatStaysOrWasNeverThere() throws IOException {
        MemoryFiles files = killed();
        byte[] segment = files.bytes(SEGMENT);
        int[] at = SampleLogs.groups(segment);
        files.put(SEGMENT, SampleLogs.concat(segment, Arrays.copyOfRange(segment, at[3], at[6])));
        Recovery.Result result = Recovery.recover(files, MANIFEST, true);
        assertEquals(20, result.before().groups());
        assertEquals(at[6] - at[3], result.cutBytes());
        assertEquals(0, result.lostEvents());
        assertEquals(-1, result.lostPosition());
        // The number of the next group, and positions of before it.
        byte[] earlier = SampleLogs.write(OTHER_MANIFEST, 21, 1, 0, false).bytes(SEGMENT);
        assertNothingLostWith(Arrays.copyOfRange(earlier, SampleLogs.groups(earlier)[20], earlier.length));
        // Positions of behind it, and another number.
        MemoryFiles later = new MemoryFiles();
        try (JournalWriter writer = new JournalWriter(later, OTHER_MANIFEST, true)) {
            SampleLogs.append(writer, 1000, 10, 10);
        }
        byte[] first = later.bytes(SEGMENT);
        assertNothingLostWith(Arrays.copyOfRange(first, SegmentDescriptor.BYTES, first.length));
    }

    private static void assertNothingLostWith(byte[] groupOfAnotherRecording) throws IOException {
        MemoryFiles files = killed();
        files.put(SEGMENT, SampleLogs.concat(files.bytes(SEGMENT), groupOfAnotherRecording));
        Recovery.Result result = Recovery.recover(files, MANIFEST, false);
        assertEquals(groupOfAnotherRecording.length, result.cutBytes());
        assertEquals(0, result.lostEvents());
        assertEquals(-1, result.lostPosition());
    }

    @Test
    void shouldBelieveNothingOfAnEarlierEpochWhenARecoveryWithLossWasCutShort() throws IOException {
        for (boolean manySegments : new boolean[] {false, true}) {
            MemoryFiles files = manySegments ? SampleLogs.segments(400, 10, 40, true) : durable();
            String rotten = Layout.segment(manySegments ? 2 : 0);
            files.flip(rotten, 8L * (SampleLogs.groups(files.bytes(rotten))[1] + 60));
            assertEquals(RecoveryRow.ROT, LogCheck.check(files, MANIFEST).row());
            MemoryFiles recovered = new MemoryFiles();
            files.snapshot().forEach(recovered::put);
            Recovery.Result result = Recovery.recover(recovered, MANIFEST, true);
            // The mark of the next epoch is there, and nothing was cut yet: groups and segments behind know better.
            files.put(Layout.MARK, recovered.bytes(Layout.MARK));
            Report half = LogCheck.check(files, MANIFEST);
            assertEquals(RecoveryRow.TORN_GROUP, half.row(), half.reason());
            assertEquals(result.before().groups(), half.groups());
            assertTrue(Recovery.recover(files, MANIFEST, false).changed());
            assertEquals(LogCheck.check(recovered, MANIFEST).headHash(), LogCheck.check(files, MANIFEST).headHash());
            assertEquals(recovered.list(Layout.SEGMENTS), files.list(Layout.SEGMENTS));
        }
    }

    @Test
    void shouldTakeASegmentOfBeforeARecoveryForNoDamage() throws IOException {
        MemoryFiles files = SampleLogs.segments(400, 10, 0, false);
        byte[] old = files.bytes(Layout.segment(3));
        byte[] torn = files.bytes(Layout.segment(2));
        files.put(Layout.segment(2), Arrays.copyOf(torn, torn.length - 1));
        files.put(Layout.MARK, SampleLogs.write(MANIFEST, 0, 1, 0, false).bytes(Layout.MARK));
        Recovery.recover(files, MANIFEST, true);
        // The folder's change was forced, and the disk has not kept it.
        files.put(Layout.segment(3), old);
        Report report = LogCheck.check(files, MANIFEST);
        assertEquals(RecoveryRow.EPOCH_BACK, report.row(), report.reason());
        assertTrue(Recovery.recover(files, MANIFEST, false).changed());
        assertFalse(files.exists(Layout.segment(3)));
    }

    @Test
    void shouldGoOnWithNoLogThatHasEndedOrWasNotRecovered() throws IOException {
        assertThrows(IOException.class, () -> JournalWriter.resume(durable(), MANIFEST, true, SegmentDescriptor.TARGET_BYTES));
        MemoryFiles killed = killed();
        IOException found = assertThrows(IOException.class,
                () -> JournalWriter.resume(killed, MANIFEST, true, SegmentDescriptor.TARGET_BYTES));
        assertTrue(found.getMessage().contains("not recovered"), found.getMessage());
    }

    @Test
    void shouldWriteNoGroupWhoseNumberItsHeaderCannotHold() throws IOException {
        MemoryFiles files = killed();
        long size = files.bytes(SEGMENT).length;
        byte[] slots = files.bytes(Layout.MARK);
        MarkDescriptor.Mark full = new MarkDescriptor.Mark(6, 1, 0xffff_fffeL, size, 0, size, 50, 4_000, new byte[32], false);
        System.arraycopy(MarkDescriptor.encode(full, new Chain(MANIFEST).link0()).array(), 0, slots, 0,
                MarkDescriptor.STRIDE_BYTES);
        files.put(Layout.MARK, slots);
        try (JournalWriter writer = JournalWriter.resume(files, MANIFEST, true, SegmentDescriptor.TARGET_BYTES)) {
            // The one that says that the log goes on was the last.
            assertEquals(0xffff_ffffL, writer.groups());
            IOException found = assertThrows(IOException.class, () -> SampleLogs.append(writer, 20, 10, 10));
            assertTrue(found.getMessage().contains("full"), found.getMessage());
        }
    }

    @Test
    void shouldGoOnWithARecoveredLog() throws IOException {
        MemoryFiles files = SampleLogs.write(MANIFEST, 410, 10, 40, false, false, false, 1500);
        int last = SampleLogs.lastSegment(files);
        byte[] segment = files.bytes(Layout.segment(last));
        files.put(Layout.segment(last), Arrays.copyOf(segment, segment.length - 3));
        Recovery.Result result = Recovery.recover(files, MANIFEST, false);
        try (JournalWriter writer = JournalWriter.resume(files, MANIFEST, true, 4096)) {
            SampleLogs.append(writer, 1_000_000, 50, 10);
            SampleLogs.end(writer, 2_000_000_000);
            writer.finish(true);
        }
        Report report = LogCheck.check(files, MANIFEST);
        assertEquals(RecoveryRow.CLEAN_END, report.row(), report.reason());
        assertEquals(result.before().events() + 52, report.events());
        try (JournalReader reader = new JournalReader(files, MANIFEST)) {
            Event event = Event.slot();
            while (reader.next(event)) {
                // To the end.
            }
            assertEquals(3, reader.epoch());
            assertEquals(report.headHash(), reader.headHash());
            assertEquals(report.logBytes(), reader.logBytes());
        }
    }
}
