package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.LogCheck.Report;
import dev.reprise.engine.journal.LogCheck.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
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
    void shouldSayWhatTheGroupsKnowToBeDurable() throws IOException {
        MemoryFiles files = log(200, 10, 40, false, false);
        files.put(Layout.MARK, log(0, 1, 0, false, false).bytes(Layout.MARK));
        assertEquals(16, check(files).durableGroups());
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
        // The last of them was sealed when 18 were on the disk.
        assertEquals(18, report.durableGroups());
    }

    /** Segments behind the bad place are looked at as well, and what is no header of this recording says nothing. */
    @Test
    void shouldBelieveNoHeaderBehindTheBadPlaceThatIsNotOfThisRecording() throws IOException {
        byte[] link0 = new Chain(MANIFEST).link0();
        byte[] other = link0.clone();
        other[0] ^= 1;
        assertEquals(RecoveryRow.ROT, withNextHeader(link0, 0, 0));
        assertEquals(RecoveryRow.TORN_TAIL, withNextHeader(other, 0, 0));
        assertEquals(RecoveryRow.TORN_TAIL, withNextHeader(link0, 8, SegmentDescriptor.VERSION + 1));
        assertEquals(RecoveryRow.TORN_TAIL, withNextHeader(link0, SegmentDescriptor.BYTES - 1, 99));
    }

    /** The row of a log with a cut group, behind which a segment's header says that more was durable. */
    private static RecoveryRow withNextHeader(byte[] link0, int at, int value) throws IOException {
        MemoryFiles files = log(200, 10, 0, false, false);
        byte[] segment = files.bytes(SEGMENT);
        files.put(SEGMENT, Arrays.copyOf(segment, segment.length - 1));
        ByteBuffer header = ByteBuffer.allocate(SegmentDescriptor.BYTES);
        SegmentDescriptor.write(header, 1, 30, link0, 1);
        if (at > 0) {
            header.put(at, (byte) value);
            CRC32C crc = new CRC32C();
            crc.update(header.array(), 0, SegmentDescriptor.BYTES - Integer.BYTES);
            if (at < SegmentDescriptor.BYTES - Integer.BYTES) {
                header.order(ByteOrder.LITTLE_ENDIAN).putInt(SegmentDescriptor.BYTES - Integer.BYTES, (int) crc.getValue());
            }
        }
        files.put(Layout.segment(1), header.array());
        return check(files).row();
    }

    /** What is looked through comes in pieces of 256 KiB; a group over the border of two is one all the same. */
    @Test
    void shouldFindAGroupBehindTheBadPlaceWhereverItStands() throws IOException {
        MemoryFiles files = new MemoryFiles();
        try (JournalWriter writer = new JournalWriter(files, MANIFEST, false)) {
            Event event = Event.slot();
            for (int group = 0; group < 5; group++) {
                for (int i = 0; i < 450; i++) {
                    writer.append(event.set(EventKind.CHAR_INPUT, 1, group, 0, 0).payload(new byte[128], 0, 128));
                }
                if (group == 4) {
                    writer.force();
                }
                writer.seal();
            }
        }
        byte[] segment = files.bytes(SEGMENT);
        int[] at = SampleLogs.groups(segment);
        assertTrue(at.length == 5 && at[4] < 1 << 18 && segment.length > 1 << 18, Arrays.toString(at));
        segment[at[0] + GroupDescriptor.HEADER_BYTES] ^= 1;
        files.put(SEGMENT, segment);
        files.put(Layout.MARK, log(0, 1, 0, false, false).bytes(Layout.MARK));
        assertEquals(RecoveryRow.ROT, check(files).row());
    }

    @Test
    void shouldCheckAMarkOfVersionOne() {
        byte[] link0 = new Chain(MANIFEST).link0();
        ByteBuffer file = ByteBuffer.allocate(MarkDescriptor.V1_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int slot = 0; slot < 2; slot++) {
            int at = slot * MarkDescriptor.V1_SLOT_BYTES;
            file.position(at).put("RPMARK1\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).put(link0, 0, 8);
            file.putInt(slot).putInt(1).putLong(5 + slot).putLong(500);
            sumV1(file, at);
        }
        byte[] bytes = file.array();
        assertEquals(6, MarkDescriptor.read(bytes, bytes.length, link0).best().durableGroups());
        assertEquals(2, MarkDescriptor.read(bytes, bytes.length, link0).whole());
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
            assertEquals(1, MarkDescriptor.read(bytes, bytes.length, link0).whole(), "bit " + bit);
            bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
        }
        bytes[0] ^= 1;
        sumV1(file, 0);
        assertEquals(1, MarkDescriptor.read(bytes, bytes.length, link0).whole());
    }

    private static void sumV1(ByteBuffer file, int slot) {
        CRC32C crc = new CRC32C();
        crc.update(file.array(), slot, MarkDescriptor.V1_SLOT_BYTES - Integer.BYTES);
        file.putInt(slot + MarkDescriptor.V1_SLOT_BYTES - Integer.BYTES, (int) crc.getValue());
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
