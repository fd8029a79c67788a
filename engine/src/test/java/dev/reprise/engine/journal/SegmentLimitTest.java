package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Segments that are full to the byte, or would be with one byte more or less. */
class SegmentLimitTest {

    private static final byte[] MANIFEST = SampleLogs.MANIFEST;
    private static final int S = SegmentDescriptor.BYTES;
    private static final int H = GroupDescriptor.HEADER_BYTES;
    /** Kind, position, source and length of a record whose position is the one before's. */
    private static final int RECORD_HEAD_BYTES = 4;
    private static final int LONGEST_RECORD_BYTES = RECORD_HEAD_BYTES + 127;
    private static final int GROUP_BYTES = 1000;

    /** Writes a group that takes so many bytes in its segment, all its events at position 0. */
    private static void group(JournalWriter writer, int bytes) throws IOException {
        byte[] payload = new byte[LONGEST_RECORD_BYTES];
        long before = writer.groups();
        int left = bytes - H;
        while (left > 0) {
            // What is left is never less than a record.
            int record = left > LONGEST_RECORD_BYTES + RECORD_HEAD_BYTES || left == LONGEST_RECORD_BYTES
                    ? LONGEST_RECORD_BYTES : left > LONGEST_RECORD_BYTES ? left / 2 : left;
            writer.append(Event.slot().set(EventKind.CHAR_INPUT, 1, 0, 0, 0).payload(payload, 0, record - RECORD_HEAD_BYTES));
            left -= record;
        }
        writer.seal();
        assertEquals(before + 1, writer.groups(), "a group of " + bytes + " bytes");
    }

    private static MemoryFiles groups(int count, long segmentBytes, boolean end) throws IOException {
        MemoryFiles files = new MemoryFiles();
        try (JournalWriter writer = new JournalWriter(files, MANIFEST, false, segmentBytes)) {
            for (int i = 0; i < count; i++) {
                group(writer, GROUP_BYTES);
            }
            if (end) {
                SampleLogs.end(writer, 1);
                writer.finish(true);
            }
        }
        return files;
    }

    private static int size(MemoryFiles files, int segment) {
        return files.bytes(Layout.segment(segment)).length;
    }

    @Test
    void shouldTakeAGroupThatFillsTheSegmentToTheByteAndNotOneThatIsAByteTooLong() throws IOException {
        for (int groups = 1; groups <= 4; groups++) {
            int full = S + groups * GROUP_BYTES;
            for (int spare = -1; spare <= 1; spare++) {
                MemoryFiles files = groups(9, full + spare, true);
                // A group that is longer than a segment may be has one to itself.
                int expected = Math.max(1, spare < 0 ? groups - 1 : groups);
                assertEquals(S + expected * GROUP_BYTES, size(files, 0), groups + " groups and " + spare);
                assertEquals(S + expected * GROUP_BYTES, size(files, 1), groups + " groups and " + spare);
                LogCheck.Report report = LogCheck.check(files, MANIFEST);
                assertEquals(RecoveryRow.CLEAN_END, report.row(), report.reason());
                assertEquals(10, report.groups());
            }
        }
    }

    @Test
    void shouldMakeTheNextSegmentOnlyForTheNextGroup() throws IOException {
        MemoryFiles files = groups(3, S + 3 * GROUP_BYTES, false);
        assertEquals(0, SampleLogs.lastSegment(files));
        LogCheck.Report report = LogCheck.check(files, MANIFEST);
        assertEquals(RecoveryRow.KILLED, report.row(), report.reason());
        assertEquals(3, report.groups());
        Recovery.recover(files, MANIFEST, false);
        try (JournalWriter writer = JournalWriter.resume(files, MANIFEST, false, S + 3 * GROUP_BYTES)) {
            group(writer, GROUP_BYTES);
            SampleLogs.end(writer, 1);
            writer.finish(true);
        }
        assertEquals(S + 3 * GROUP_BYTES, size(files, 0));
        assertEquals(1, SampleLogs.lastSegment(files));
        report = LogCheck.check(files, MANIFEST);
        assertEquals(RecoveryRow.CLEAN_END, report.row(), report.reason());
        assertEquals(6, report.groups());
    }

    /** The first is full and durable, of the second so many bytes have come to the disk. */
    @Test
    void shouldCutTheNextSegmentWhereverItsMakingWasCutShort() throws IOException {
        MemoryFiles whole = groups(4, S + 3 * GROUP_BYTES, false);
        byte[] second = whole.bytes(Layout.segment(1));
        for (int length = 0; length <= second.length; length++) {
            MemoryFiles files = groups(4, S + 3 * GROUP_BYTES, false);
            files.put(Layout.segment(1), Arrays.copyOf(second, length));
            LogCheck.Report report = LogCheck.check(files, MANIFEST);
            String what = length + " bytes: " + report.reason();
            assertEquals(length == S || length == second.length ? RecoveryRow.KILLED : RecoveryRow.TORN_TAIL, report.row(),
                    what);
            assertEquals(length == second.length ? 4 : 3, report.groups(), what);
            Recovery.recover(files, MANIFEST, false);
            assertEquals(length < S ? 0 : 1, SampleLogs.lastSegment(files), what);
            assertEquals(S + 3 * GROUP_BYTES, size(files, 0), what);
            assertEquals(RecoveryRow.KILLED, LogCheck.check(files, MANIFEST).row(), what);
        }
    }

    @Test
    void shouldMakeNoSegmentThatNoReaderTakes() {
        for (long bytes : new long[] {0, -1, SegmentDescriptor.MAX_BYTES + 1, Long.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class,
                    () -> new JournalWriter(new MemoryFiles(), MANIFEST, false, bytes));
        }
    }

    /** One of a gigabyte, the longest that there is; it ends with a group to the byte. */
    @Test
    @Tag("one-jdk")
    void shouldReadASegmentOfAGigabyteToItsLastByteAndNothingBehindIt() throws IOException {
        MemoryFiles memory = new MemoryFiles();
        FileLayer files = RepetitiveFiles.over(memory);
        int most = GroupDescriptor.MAX_DECODED_BYTES / LONGEST_RECORD_BYTES * LONGEST_RECORD_BYTES - LONGEST_RECORD_BYTES;
        int usual = H + most;
        long inSegment = (SegmentDescriptor.MAX_BYTES - S) / usual;
        int last = (int) ((SegmentDescriptor.MAX_BYTES - S) % usual);
        assertTrue(last > H + RECORD_HEAD_BYTES, "the last group has " + last + " bytes");
        try (JournalWriter writer = new JournalWriter(files, MANIFEST, false, SegmentDescriptor.MAX_BYTES)) {
            for (long i = 0; i < inSegment; i++) {
                group(writer, usual);
            }
            writer.force();
            group(writer, last);
            try (LogFile segment = files.open(Layout.segment(0))) {
                assertEquals(SegmentDescriptor.MAX_BYTES, segment.size());
                // No more than behind the mark is read: the one group.
                LogCheck.Report full = LogCheck.checkTail(files, MANIFEST);
                assertEquals(RecoveryRow.KILLED, full.row(), full.reason());
                assertEquals(inSegment + 1, full.groups());
                assertEquals(SegmentDescriptor.MAX_BYTES, full.endOffset());
                segment.writeFully(ByteBuffer.allocate(1), SegmentDescriptor.MAX_BYTES);
                LogCheck.Report behind = LogCheck.checkTail(files, MANIFEST);
                assertEquals(RecoveryRow.STALE_BLOCKS, behind.row(), behind.reason());
                assertTrue(behind.reason().contains("longer than any segment"), behind.reason());
                assertEquals(full.groups(), behind.groups());
                segment.truncate(SegmentDescriptor.MAX_BYTES);
            }
            group(writer, GROUP_BYTES);
            SampleLogs.end(writer, 1);
            writer.finish(true);
        }
        assertEquals(S + GROUP_BYTES, SampleLogs.groups(memory.bytes(Layout.segment(1)))[1]);
        LogCheck.Report report = LogCheck.check(files, MANIFEST);
        assertEquals(RecoveryRow.CLEAN_END, report.row(), report.reason());
        assertEquals(inSegment + 3, report.groups());
        assertFalse(Recovery.recover(files, MANIFEST, false).changed());
        try (LogFile segment = files.openForWrite(Layout.segment(0))) {
            segment.writeFully(ByteBuffer.allocate(1), SegmentDescriptor.MAX_BYTES);
        }
        report = LogCheck.check(files, MANIFEST);
        assertEquals(RecoveryRow.ROT, report.row(), report.reason());
        assertEquals(inSegment + 1, report.groups());
    }
}
