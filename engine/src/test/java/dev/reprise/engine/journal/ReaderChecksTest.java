package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import dev.reprise.engine.event.EventKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/**
 * Each check of the reader alone: a group that is right but for one thing, with checksum and link computed for it, so
 * that no other check can see it. Reader and check say the same, and take the groups before.
 */
class ReaderChecksTest {

    private static final byte[] MANIFEST = SampleLogs.MANIFEST;
    private static final String SEGMENT = Layout.segment(0);
    /** Of the groups that stand before. */
    private static final int GROUPS = 3;
    private static final int LAST_POSITION = 30_000;

    /** What a group says; made right, then bent. */
    private static final class Group {
        byte[] content = records(event(LAST_POSITION + 1, 5, false));
        int decoded = -1;
        int codec = GroupDescriptor.CODEC_NONE;
        long number = GROUPS;
        int epoch = 1;
        long durable = 2;
        int version = GroupDescriptor.VERSION;
        boolean named = true;
        boolean linked = true;
        boolean summed = true;

        byte[] bytes(MemoryFiles before) {
            byte[] segment = before.bytes(SEGMENT);
            Chain chain = new Chain(MANIFEST);
            int[] at = SampleLogs.groups(segment);
            for (int i = 0; i < at.length; i++) {
                chain.append(i, segment, at[i], GroupDescriptor.int32(segment, at[i] + GroupDescriptor.STORED_OFFSET));
            }
            byte[] group = SampleLogs.concat(new byte[GroupDescriptor.HEADER_BYTES], content);
            GroupDescriptor.write(group, 0, codec, content.length, decoded < 0 ? content.length : decoded, number, epoch,
                    durable);
            group[0] ^= (byte) (named ? 0 : 1);
            group[2] = (byte) version;
            chain.append(number, group, 0, content.length);
            GroupDescriptor.seal(group, 0, chain.check() ^ (linked ? 0 : 1), content.length, new CRC32C(), chain.link0());
            if (!summed) {
                group[GroupDescriptor.CRC_OFFSET] ^= 1;
            }
            return group;
        }
    }

    private interface Bend {
        void bend(Group group);
    }

    private static Event event(long position, int bytes, boolean more) {
        return Event.slot().set(EventKind.CHAR_INPUT, 1, position, 0, 0).more(more)
                .payload(new byte[Event.SLOT_PAYLOAD_BYTES], 0, bytes);
    }

    private static byte[] records(Event... events) {
        byte[] into = new byte[events.length * EventCodec.MAX_RECORD_BYTES];
        EventCodec codec = new EventCodec();
        int end = 0;
        for (Event event : events) {
            end = codec.encode(event, into, end);
        }
        return Arrays.copyOf(into, end);
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater(1, true);
        deflater.setInput(bytes);
        deflater.finish();
        byte[] into = new byte[bytes.length + 100];
        int length = deflater.deflate(into);
        deflater.end();
        return Arrays.copyOf(into, length);
    }

    /** All the bytes, in a stream that does not come to its end. */
    private static byte[] unended(byte[] bytes) {
        Deflater deflater = new Deflater(1, true);
        deflater.setInput(bytes);
        byte[] into = new byte[bytes.length + 100];
        int length = deflater.deflate(into, 0, into.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(into, length);
    }

    private static MemoryFiles before() throws IOException {
        return SampleLogs.write(MANIFEST, 30, 10, 20, false, false);
    }

    private static void add(MemoryFiles files, byte[] group) {
        files.put(SEGMENT, SampleLogs.concat(files.bytes(SEGMENT), group));
    }

    private static JournalReader.Finding read(MemoryFiles files, long groups) throws IOException {
        try (JournalReader reader = new JournalReader(files, MANIFEST)) {
            Event event = Event.slot();
            while (reader.next(event)) {
                // To the first thing that is wrong.
            }
            assertEquals(groups, reader.groups());
            return reader.finding();
        }
    }

    private static void expect(Fault fault, String reason, Bend bend) throws IOException {
        MemoryFiles files = before();
        Group group = new Group();
        bend.bend(group);
        add(files, group.bytes(files));
        expect(fault, reason, files, GROUPS);
    }

    private static void expect(Fault fault, String reason, MemoryFiles files, long groups) throws IOException {
        JournalReader.Finding finding = read(files, groups);
        assertEquals(fault, finding.fault(), finding::toString);
        assertTrue(finding.reason().contains(reason), finding::toString);
        LogCheck.Report report = LogCheck.check(files, MANIFEST);
        assertEquals(groups, report.groups());
        String place = finding.toString().substring(0, finding.toString().indexOf("): ") + 3);
        assertTrue(report.reason().startsWith(place) && report.reason().contains(reason),
                () -> report.reason() + " and " + finding);
    }

    @Test
    void shouldTakeAGroupThatIsRight() throws IOException {
        MemoryFiles files = before();
        add(files, new Group().bytes(files));
        assertEquals(Fault.END, read(files, GROUPS + 1).fault());
        Group packed = new Group();
        packed.decoded = packed.content.length;
        packed.content = deflated(packed.content);
        packed.codec = GroupDescriptor.CODEC_DEFLATE;
        MemoryFiles other = before();
        add(other, packed.bytes(other));
        assertEquals(Fault.END, read(other, GROUPS + 1).fault());
    }

    @Test
    void shouldCheckTheLengths() throws IOException {
        expect(Fault.NO_GROUP, "out of bounds", group -> group.decoded = 0);
        expect(Fault.NO_GROUP, "out of bounds", group -> group.decoded = GroupDescriptor.MAX_DECODED_BYTES + 1);
        expect(Fault.NO_GROUP, "out of bounds", group -> group.content = new byte[0]);
        expect(Fault.NO_GROUP, "out of bounds", group -> {
            group.content = new byte[GroupDescriptor.MAX_STORED_BYTES + 1];
            group.decoded = 10;
        });
    }

    @Test
    void shouldCheckSumNumberEpochDurablePositionLinkAndVersion() throws IOException {
        expect(Fault.CHECKSUM, "checksum", group -> group.summed = false);
        expect(Fault.CHAIN, "chain", group -> group.linked = false);
        expect(Fault.OUT_OF_PLACE, "says 4", group -> group.number = GROUPS + 1);
        expect(Fault.OUT_OF_PLACE, "says 2", group -> group.number = GROUPS - 1);
        expect(Fault.OLD_EPOCH, "epoch goes back", group -> group.epoch = 0);
        expect(Fault.OUT_OF_PLACE, "durable position", group -> group.durable = 1);
        expect(Fault.OUT_OF_PLACE, "durable position", group -> group.durable = GROUPS + 1);
        expect(Fault.NEWER, "version 3", group -> group.version = 3);
        expect(Fault.NEWER, "version 0", group -> group.version = 0);
        expect(Fault.NO_GROUP, "no group here", group -> group.named = false);
        expect(Fault.OUT_OF_PLACE, "version 1 in a segment of version 2", group -> group.version = 1);
    }

    @Test
    void shouldCheckWhatIsDecoded() throws IOException {
        expect(Fault.CONTENT, "differ without compression", group -> group.decoded = group.content.length + 1);
        expect(Fault.CONTENT, "codec 9", group -> group.codec = 9);
        byte[] records = records(event(LAST_POSITION + 1, 90, false));
        for (int declared : List.of(records.length - 1, records.length + 1)) {
            expect(Fault.CONTENT, "decoded length", group -> {
                group.codec = GroupDescriptor.CODEC_DEFLATE;
                group.content = deflated(records);
                group.decoded = declared;
            });
        }
        expect(Fault.CONTENT, "decoded length", group -> {
            group.codec = GroupDescriptor.CODEC_DEFLATE;
            group.content = SampleLogs.concat(deflated(records), new byte[] {1});
            group.decoded = records.length;
        });
        expect(Fault.CONTENT, "decoded length", group -> {
            group.codec = GroupDescriptor.CODEC_DEFLATE;
            group.content = unended(records);
            group.decoded = records.length;
        });
        expect(Fault.CONTENT, "malformed", group -> {
            group.codec = GroupDescriptor.CODEC_DEFLATE;
            group.content = new byte[] {-1, -1, -1, -1};
            group.decoded = records.length;
        });
    }

    @Test
    void shouldCheckRecordsAndTheirOrder() throws IOException {
        expect(Fault.CONTENT, "malformed record", group -> group.content = new byte[] {0, 0});
        expect(Fault.CONTENT, "malformed record",
                group -> group.content = Arrays.copyOf(group.content, group.content.length - 1));
        expect(Fault.CONTENT, "goes back", group -> group.content = records(event(LAST_POSITION - 1, 5, false)));
        expect(Fault.CONTENT, "broken off", group -> group.content = records(event(LAST_POSITION + 1, 5, true),
                event(LAST_POSITION + 2, 5, false)));
        Event end = Event.slot().set(EventKind.END, 0, LAST_POSITION + 1, 6, 0).payload(new byte[40], 0, 40);
        expect(Fault.CONTENT, "after the end", group -> group.content = records(end, event(LAST_POSITION + 1, 5, false)));
    }

    @Test
    void shouldTakeNoRecordForThePartOfAMessageThatDiffersInAnything() throws IOException {
        byte[] bytes = new byte[Event.SLOT_PAYLOAD_BYTES];
        long at = LAST_POSITION + 1;
        EventKind kind = EventKind.USER_INPUT;
        Event begun = Event.slot().set(kind, 1, at, 2, 3).more(true).payload(bytes, 0, 5);
        Event same = Event.slot().set(kind, 1, at, 2, 3).payload(bytes, 0, 5);
        for (Event other : List.of(Event.slot().set(EventKind.BLOCK_COMPLETION, 1, at, 2, 3), Event.slot().set(kind, 2, at, 2, 3),
                Event.slot().set(kind, 1, at + 1, 2, 3), Event.slot().set(kind, 1, at, 9, 3),
                Event.slot().set(kind, 1, at, 2, 9))) {
            expect(Fault.CONTENT, "broken off", group -> group.content = records(begun, other.payload(bytes, 0, 5)));
            expectSecond("broken off", records(begun), records(other));
        }
        assertEquals(Fault.END, read(two(records(begun), records(same)), GROUPS + 2).fault());
    }

    /** A group in the middle holds no end of it. */
    @Test
    void shouldCountAMessageOverMoreThanTwoGroups() throws IOException {
        Event[] half = new Event[Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES / 2];
        Arrays.fill(half, event(40_000, Event.SLOT_PAYLOAD_BYTES, true));
        MemoryFiles files = two(records(half), records(half));
        Group third = new Group();
        third.content = records(event(40_000, 1, false));
        third.number = GROUPS + 2;
        add(files, third.bytes(files));
        expect(Fault.CONTENT, "a message of more than", files, GROUPS + 2);
    }

    @Test
    void shouldCheckTheOrderOverTheBorderOfTwoGroups() throws IOException {
        expectSecond("broken off", records(event(40_000, 5, true)), records(event(40_001, 5, false)));
        expectSecond("after the end", records(Event.slot().set(EventKind.END, 0, 40_000, 6, 0).payload(new byte[40], 0, 40)),
                records(event(40_001, 5, false)));
        Event[] most = new Event[Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES / 2];
        Arrays.fill(most, event(40_000, Event.SLOT_PAYLOAD_BYTES, true));
        Event[] tooMany = Arrays.copyOf(most, most.length + 1);
        tooMany[most.length] = event(40_000, 1, false);
        expectSecond("a message of more than", records(most), records(tooMany));
        tooMany[most.length] = event(40_000, 0, false);
        MemoryFiles files = two(records(most), records(tooMany));
        assertEquals(Fault.END, read(files, GROUPS + 2).fault());
        assertEquals(RecoveryRow.KILLED, LogCheck.check(files, MANIFEST).row());
    }

    private static MemoryFiles two(byte[] first, byte[] second) throws IOException {
        MemoryFiles files = before();
        Group group = new Group();
        group.content = first;
        add(files, group.bytes(files));
        Group next = new Group();
        next.content = second;
        next.number = GROUPS + 1;
        add(files, next.bytes(files));
        return files;
    }

    private static void expectSecond(String reason, byte[] first, byte[] second) throws IOException {
        expect(Fault.CONTENT, reason, two(first, second), GROUPS + 1);
    }

    @Test
    void shouldCheckTheMark() {
        byte[] link0 = new Chain(MANIFEST).link0();
        MarkDescriptor.Mark mark = new MarkDescriptor.Mark(7, 2, 5, 500, 1, 100, 50, 4_000, new byte[32], false);
        byte[] file = new byte[MarkDescriptor.BYTES];
        System.arraycopy(MarkDescriptor.encode(mark, link0).array(), 0, file, MarkDescriptor.STRIDE_BYTES,
                MarkDescriptor.STRIDE_BYTES);
        MarkDescriptor.Mark older = new MarkDescriptor.Mark(6, 2, 4, 400, 1, 90, 40, 3_000, new byte[32], false);
        System.arraycopy(MarkDescriptor.encode(older, link0).array(), 0, file, 0, MarkDescriptor.STRIDE_BYTES);
        MarkDescriptor.File read = MarkDescriptor.read(file, file.length, link0);
        assertEquals(2, read.whole());
        assertEquals(5, read.best().durableGroups());
        for (int bit = 0; bit < 8 * file.length; bit++) {
            file[bit >> 3] ^= (byte) (1 << (bit & 7));
            MarkDescriptor.File flipped = MarkDescriptor.read(file, file.length, link0);
            assertEquals(1, flipped.whole(), "bit " + bit);
            assertNotNull(flipped.best());
            file[bit >> 3] ^= (byte) (1 << (bit & 7));
        }
        // A later epoch counts before a later sequence: the durable position may have gone back with consent.
        MarkDescriptor.Mark epoch = new MarkDescriptor.Mark(6, 3, 1, 400, 1, 90, 40, 3_000, new byte[32], false);
        System.arraycopy(MarkDescriptor.encode(epoch, link0).array(), 0, file, 0, MarkDescriptor.STRIDE_BYTES);
        assertEquals(1, MarkDescriptor.read(file, file.length, link0).best().durableGroups());
        MarkDescriptor.Mark before = new MarkDescriptor.Mark(6, 2, 5, 400, 1, 90, 40, 3_000, new byte[32], false);
        System.arraycopy(MarkDescriptor.encode(before, link0).array(), 0, file, 0, MarkDescriptor.STRIDE_BYTES);
        MarkDescriptor.Mark after = new MarkDescriptor.Mark(5, 3, 1, 400, 1, 90, 40, 3_000, new byte[32], false);
        System.arraycopy(MarkDescriptor.encode(after, link0).array(), 0, file, MarkDescriptor.STRIDE_BYTES,
                MarkDescriptor.STRIDE_BYTES);
        assertEquals(1, MarkDescriptor.read(file, file.length, link0).best().durableGroups());
        byte[] renamed = file.clone();
        renamed[0] ^= 1;
        sum(renamed, 0, MarkDescriptor.SLOT_BYTES);
        assertEquals(1, MarkDescriptor.read(renamed, file.length, link0).whole());
        byte[] other = link0.clone();
        other[3] ^= 1;
        MarkDescriptor.File foreign = MarkDescriptor.read(file, file.length, other);
        assertTrue(foreign.foreign() && foreign.best() == null);
        assertFalse(MarkDescriptor.read(file, file.length, link0).foreign());
        assertEquals(1, MarkDescriptor.read(Arrays.copyOf(file, file.length + 1), file.length + 1, link0).whole());
    }

    /** Puts the checksum where it belongs: the last four of so many bytes. */
    private static void sum(byte[] bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, length - Integer.BYTES);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(start + length - Integer.BYTES, (int) crc.getValue());
    }

    /** A log whose segment's header is right but for one byte. */
    private static MemoryFiles withHeader(int at, int value) throws IOException {
        MemoryFiles files = before();
        byte[] segment = files.bytes(SEGMENT);
        segment[at] = (byte) value;
        sum(segment, 0, SegmentDescriptor.BYTES);
        files.put(SEGMENT, segment);
        return files;
    }

    @Test
    void shouldCheckEachFieldOfASegmentsHeader() throws IOException {
        expect(Fault.SEGMENT_BAD, "bad checksum", withHeader(0, 'r'), 0);
        expect(Fault.NEWER, "segment version 0", withHeader(8, 0), 0);
        expect(Fault.NEWER, "segment version 2", withHeader(10, SegmentDescriptor.BYTES + 1), 0);
        expect(Fault.OUT_OF_PLACE, "says segment 7", withHeader(12, 7), 0);
        expect(Fault.OUT_OF_PLACE, "from group 7", withHeader(16, 7), 0);
        expect(Fault.SEGMENT_FOREIGN, "another recording", withHeader(24, before().bytes(SEGMENT)[24] ^ 1), 0);
        // Of the part of a header that is there, the window's older bytes are no continuation.
        MemoryFiles files = before();
        files.put(Layout.segment(1), Arrays.copyOf(files.bytes(SEGMENT), 12));
        expect(Fault.SEGMENT_CUT, "header is cut", files, GROUPS);
    }

    @Test
    void shouldSayWhatStandsWhereLessThanAGroupsHeaderIsLeft() throws IOException {
        MemoryFiles files = before();
        add(files, Arrays.copyOf(new Group().bytes(files), 5));
        expect(Fault.CUT, "header is cut after 5 bytes", files, GROUPS);
        files = before();
        add(files, new byte[20]);
        expect(Fault.ZEROS, "header is cut after 20 bytes", files, GROUPS);
    }

    /** What is behind a bad place may lie: a group that stands before it says nothing of what is behind. */
    @Test
    void shouldBelieveNoGroupOfBeforeTheBadPlaceThatStandsBehindIt() throws IOException {
        MemoryFiles files = before();
        Group copy = new Group();
        copy.number = 1;
        copy.durable = 50;
        add(files, SampleLogs.concat(new byte[] {1, 2, 3}, copy.bytes(files)));
        assertEquals(RecoveryRow.STALE_BLOCKS, LogCheck.check(files, MANIFEST).row());
        copy.number = 60;
        files = before();
        add(files, SampleLogs.concat(new byte[] {1, 2, 3}, copy.bytes(files)));
        assertEquals(RecoveryRow.ROT, LogCheck.check(files, MANIFEST).row());
    }

    /** It has been cut since its length was looked at. */
    @Test
    void shouldNotTakeBytesThatAreNotThereAnyMore() throws IOException {
        MemoryFiles files = before();
        long there = files.bytes(SEGMENT).length - 3;
        FileLayer shorter = HookedFiles.reading(files, (file, into, at) -> {
            ByteBuffer part = into.slice();
            part.limit((int) Math.max(0, Math.min(part.limit(), there - at)));
            int count = part.hasRemaining() ? file.read(part, at) : -1;
            into.position(into.position() + Math.max(0, count));
            return count;
        });
        try (JournalReader reader = new JournalReader(shorter, MANIFEST)) {
            Event event = Event.slot();
            while (reader.next(event)) {
                // To the last group.
            }
            assertEquals(GROUPS - 1, reader.groups());
            assertEquals(Fault.CUT, reader.finding().fault());
            assertTrue(reader.finding().reason().contains("became shorter"), reader.finding()::toString);
            assertFalse(reader.next(event));
            assertEquals(GROUPS - 1, reader.groups());
        }
        IOException changed = assertThrows(IOException.class, () -> LogCheck.check(shorter, MANIFEST));
        assertTrue(changed.getMessage().contains("became shorter"), changed.getMessage());
    }

    /** Nothing says that it has gone on: neither reader nor recorder reads what stands behind. */
    @Test
    void shouldReadNothingBehindTheFirstThingThatIsWrong() throws IOException {
        MemoryFiles files = before();
        Group bad = new Group();
        bad.linked = false;
        add(files, bad.bytes(files));
        try (JournalReader reader = new JournalReader(files, MANIFEST)) {
            Event event = Event.slot();
            while (reader.next(event)) {
                // To the bad group.
            }
            JournalReader.Finding finding = reader.finding();
            for (int i = 0; i < 3; i++) {
                assertFalse(reader.next(event));
                assertEquals(finding, reader.finding());
            }
        }
    }

    @Test
    void shouldRefuseASegmentOfANewerVersionAndNameBoth() throws IOException {
        MemoryFiles files = withHeader(8, SegmentDescriptor.VERSION + 1);
        expect(Fault.NEWER, "segment version 3; this release reads up to 2", files, 0);
        assertEquals(LogCheck.Verdict.UNSUPPORTED, LogCheck.check(files, MANIFEST).verdict());
    }

    @Test
    void shouldNotFollowAMarkToAPlaceThatIsNot() throws IOException {
        byte[] link0 = new Chain(MANIFEST).link0();
        for (long[] place : new long[][] {{-1, 100}, {Integer.MAX_VALUE, 100}, {0, -5}, {0, 0}, {0, Long.MAX_VALUE},
            {7, 100}}) {
            MemoryFiles files = before();
            MarkDescriptor.Mark forged = new MarkDescriptor.Mark(9, 1, 2, Long.MIN_VALUE, (int) place[0], place[1],
                    -1, -1, new byte[32], false);
            byte[] slots = files.bytes(Layout.MARK);
            System.arraycopy(MarkDescriptor.encode(forged, link0).array(), 0, slots,
                    (int) MarkDescriptor.slotOffset(9), MarkDescriptor.STRIDE_BYTES);
            files.put(Layout.MARK, slots);
            assertEquals(LogCheck.check(files, MANIFEST), LogCheck.checkTail(files, MANIFEST), Arrays.toString(place));
        }
    }

    @Test
    void shouldCheckTheSegmentsHeaders() throws IOException {
        for (int bit = 0; bit < 8 * SegmentDescriptor.BYTES; bit++) {
            MemoryFiles files = SampleLogs.segments(300, 10, 0, false);
            files.flip(Layout.segment(1), bit);
            LogCheck.Report report = LogCheck.check(files, MANIFEST);
            assertEquals(LogCheck.Verdict.DAMAGED, report.verdict(), "bit " + bit);
            assertEquals(1, report.endSegment());
            assertEquals(0, report.endOffset());
        }
        MemoryFiles files = SampleLogs.segments(300, 10, 0, false);
        byte[] second = files.bytes(Layout.segment(1));
        files.put(Layout.segment(1), files.bytes(Layout.segment(2)));
        files.put(Layout.segment(2), second);
        LogCheck.Report report = LogCheck.check(files, MANIFEST);
        assertEquals(LogCheck.Verdict.DAMAGED, report.verdict());
        assertTrue(report.reason().contains("segment out of place: says segment 2"), report.reason());
    }

    @Test
    void shouldKnowByTheHeaderOfALaterSegmentThatTheOneBeforeWasDurable() throws IOException {
        MemoryFiles files = SampleLogs.segments(300, 10, 0, false);
        int last = SampleLogs.lastSegment(files);
        byte[] before = files.bytes(Layout.segment(last - 1));
        files.put(Layout.segment(last - 1), Arrays.copyOf(before, before.length - 1));
        files.put(Layout.segment(last), Arrays.copyOf(files.bytes(Layout.segment(last)), SegmentDescriptor.BYTES));
        files.put(Layout.MARK, SampleLogs.write(MANIFEST, 0, 1, 0, false).bytes(Layout.MARK));
        LogCheck.Report report = LogCheck.check(files, MANIFEST);
        assertEquals(RecoveryRow.ROT, report.row(), report.reason());
        files.delete(Layout.segment(last));
        assertEquals(RecoveryRow.TORN_TAIL, LogCheck.check(files, MANIFEST).row());
    }
}
