package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Logs in memory, and the pieces that they are made of. */
final class SampleLogs {

    static final byte[] MANIFEST = "{\"a\":1}\n".getBytes(StandardCharsets.UTF_8);
    static final int END_PAYLOAD = 40;

    private SampleLogs() {}

    static MemoryFiles write(byte[] manifest, int events, int sealEvery, int forceEvery, boolean end) throws IOException {
        return write(manifest, events, sealEvery, forceEvery, end, forceEvery > 0);
    }

    /** @param forceEvery events between forces, 0 for none */
    static MemoryFiles write(byte[] manifest, int events, int sealEvery, int forceEvery, boolean end, boolean durable)
            throws IOException {
        return write(manifest, events, sealEvery, forceEvery, end, durable, true, SegmentDescriptor.TARGET_BYTES);
    }

    /** Of many segments. */
    static MemoryFiles segments(int events, int sealEvery, int forceEvery, boolean end) throws IOException {
        return write(MANIFEST, events, sealEvery, forceEvery, end, forceEvery > 0, false, 1500);
    }

    static MemoryFiles write(byte[] manifest, int events, int sealEvery, int forceEvery, boolean end, boolean durable,
            boolean compress, long segmentBytes) throws IOException {
        MemoryFiles files = new MemoryFiles();
        try (JournalWriter writer = new JournalWriter(files, manifest, compress, segmentBytes)) {
            Event event = Event.slot();
            for (int i = 1; i <= events; i++) {
                writer.append(sample(event, i));
                if (i % sealEvery == 0) {
                    writer.seal();
                }
                if (forceEvery > 0 && i % forceEvery == 0) {
                    writer.force();
                }
            }
            if (end) {
                end(writer, events * 1000L + 5);
            }
            writer.finish(durable);
        }
        return files;
    }

    static Event sample(Event event, int i) {
        byte[] bytes = new byte[40];
        Arrays.fill(bytes, (byte) (i * 7));
        return event.set(EventKind.CHAR_INPUT, 1, i * 1000L, 0, 0).payload(bytes, 0, 1 + i % 40);
    }

    static void append(JournalWriter writer, int from, int events, int sealEvery) throws IOException {
        Event event = Event.slot();
        for (int i = 1; i <= events; i++) {
            writer.append(sample(event, from + i));
            if (i % sealEvery == 0) {
                writer.seal();
            }
        }
    }

    static void end(JournalWriter writer, long position) throws IOException {
        writer.append(Event.slot().set(EventKind.END, 0, position, 6, 0).payload(new byte[END_PAYLOAD], 0, END_PAYLOAD));
    }

    /** Where the groups of a whole segment begin. */
    static int[] groups(byte[] segment) {
        List<Integer> starts = new ArrayList<>();
        for (int at = SegmentDescriptor.BYTES; at < segment.length;
                at += GroupDescriptor.HEADER_BYTES + GroupDescriptor.int32(segment, at + GroupDescriptor.STORED_OFFSET)) {
            starts.add(at);
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    static int lastSegment(MemoryFiles files) {
        List<String> names = files.list(Layout.SEGMENTS);
        return Layout.segmentNumber(names.get(names.size() - 1));
    }

    /** Gives a group that was changed its checksum again. */
    static void reseal(byte[] group, byte[] manifest) {
        int stored = group.length - GroupDescriptor.HEADER_BYTES;
        GroupDescriptor.seal(group, 0, GroupDescriptor.int64(group, GroupDescriptor.LINK_OFFSET), stored, new CRC32C(),
                new Chain(manifest).link0());
    }

    /** A log whose second group decodes to no record, all its checksums and links being right. */
    static MemoryFiles withMalformedGroup(byte[] manifest) throws IOException {
        MemoryFiles files = write(manifest, 10, 10, 0, false);
        byte[] segment = files.bytes(Layout.segment(0));
        byte[] content = {0, 0, 0};
        files.put(Layout.segment(0), concat(segment, nextGroup(manifest, segment, content, content.length,
                GroupDescriptor.CODEC_NONE)));
        return files;
    }

    /** A group with any content, linked behind those of a segment. */
    static byte[] nextGroup(byte[] manifest, byte[] segment, byte[] content, int decoded, int codec) {
        Chain chain = new Chain(manifest);
        int[] at = groups(segment);
        for (int i = 0; i < at.length; i++) {
            chain.append(i, segment, at[i], GroupDescriptor.int32(segment, at[i] + GroupDescriptor.STORED_OFFSET));
        }
        byte[] group = concat(new byte[GroupDescriptor.HEADER_BYTES], content);
        GroupDescriptor.write(group, 0, codec, content.length, decoded, at.length, 1, 0);
        chain.append(at.length, group, 0, content.length);
        GroupDescriptor.seal(group, 0, chain.check(), content.length, new CRC32C(), chain.link0());
        return group;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
