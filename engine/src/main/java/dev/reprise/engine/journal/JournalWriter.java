package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/**
 * Writes the segments of one recording: encodes events into the open group, seals it (compress, link, checksum), writes
 * it, forces it. Owned by one thread; reads nothing of a running log. Its mirror is {@link JournalReader}.
 */
public final class JournalWriter implements Closeable {

    private static final int SEAL_AT = GroupDescriptor.MAX_DECODED_BYTES - EventCodec.MAX_RECORD_BYTES;
    private static final int H = GroupDescriptor.HEADER_BYTES;

    private final FileLayer files;
    private final Chain chain;
    private final EventCodec codec = new EventCodec();
    private final CRC32C crc = new CRC32C();
    private final Deflater deflater;
    private final byte[] open = new byte[H + GroupDescriptor.MAX_DECODED_BYTES];
    private final byte[] packed;
    private final ByteBuffer openBuffer = ByteBuffer.wrap(open);
    private final ByteBuffer packedBuffer;
    private final long segmentBytesTarget;
    private final int epoch;

    private int openBytes = H;
    private LogFile segment;
    private LogFile mark;
    private int segmentNumber;
    private long segmentBytes;
    private long logBytes;
    private long groups;
    private long durableGroups;
    private int markSequence;
    private long events;
    private long sealedEvents;
    private long durableEvents;

    /** Begins a new log behind {@code manifest}, whose file is already there. */
    public JournalWriter(FileLayer files, byte[] manifest, boolean compress, long segmentBytesTarget)
            throws IOException {
        this.files = files;
        this.segmentBytesTarget = segmentBytesTarget;
        chain = new Chain(manifest);
        deflater = compress ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : null;
        packed = compress ? new byte[H + GroupDescriptor.MAX_STORED_BYTES] : null;
        packedBuffer = compress ? ByteBuffer.wrap(packed) : null;
        epoch = 1;
        files.createFolder(Layout.SEGMENTS);
        mark = files.create(Layout.MARK);
        writeMark(false);
        writeMark(false);
        openSegment(0);
        files.forceFolder("");
    }

    public JournalWriter(FileLayer files, byte[] manifest, boolean compress) throws IOException {
        this(files, manifest, compress, SegmentDescriptor.TARGET_BYTES);
    }

    private void openSegment(int number) throws IOException {
        segment = files.create(Layout.segment(number));
        segmentNumber = number;
        ByteBuffer header = ByteBuffer.allocate(SegmentDescriptor.BYTES);
        SegmentDescriptor.write(header, number, groups, chain.link0(), epoch);
        segment.write(header.flip(), 0);
        segmentBytes = SegmentDescriptor.BYTES;
        logBytes += SegmentDescriptor.BYTES;
        segment.force();
        files.forceFolder(Layout.SEGMENTS);
    }

    /** Adds an event; seals the group when it is full. */
    public void append(Event event) throws IOException {
        openBytes = codec.encode(event, open, openBytes);
        events++;
        if (openBytes - H > SEAL_AT) {
            seal();
        }
    }

    /** Whether the open group holds anything. */
    public boolean hasOpenGroup() {
        return openBytes > H;
    }

    /** Closes the open group and writes it. */
    public void seal() throws IOException {
        int decoded = openBytes - H;
        if (decoded == 0) {
            return;
        }
        if (groups >= 0xffff_ffffL) {
            throw new IOException("the log is full: " + groups + " groups");
        }
        byte[] group = open;
        ByteBuffer buffer = openBuffer;
        int stored = decoded;
        int codecId = GroupDescriptor.CODEC_NONE;
        if (deflater != null) {
            deflater.reset();
            deflater.setInput(open, H, decoded);
            deflater.finish();
            int size = deflater.deflate(packed, H, decoded - 1);
            if (deflater.finished() && size > 0) {
                group = packed;
                buffer = packedBuffer;
                stored = size;
                codecId = GroupDescriptor.CODEC_DEFLATE;
            }
        }
        GroupDescriptor.write(group, codecId, stored, decoded, groups, epoch, durableGroups);
        chain.append(groups, group, 0, stored);
        GroupDescriptor.seal(group, chain.check(), stored, crc);
        if (segmentBytes + H + stored > segmentBytesTarget && segmentBytes > SegmentDescriptor.BYTES) {
            segment.force();
            segment.close();
            openSegment(segmentNumber + 1);
        }
        buffer.clear().limit(H + stored);
        segment.write(buffer, segmentBytes);
        segmentBytes += H + stored;
        logBytes += H + stored;
        groups++;
        sealedEvents = events;
        openBytes = H;
        codec.reset();
    }

    /** Returns once every sealed group is on the disk, and says so in the mark. */
    public void force() throws IOException {
        if (durableGroups == groups) {
            return;
        }
        segment.force();
        durableGroups = groups;
        durableEvents = sealedEvents;
        writeMark(false);
    }

    /**
     * Seals and closes; with {@code durable}, forces and marks the log as ended. The mark comes after what it speaks of.
     */
    public void finish(boolean durable) throws IOException {
        seal();
        if (durable) {
            segment.force();
            durableGroups = groups;
            durableEvents = sealedEvents;
            writeMark(true);
            mark.force();
        }
        close();
    }

    private void writeMark(boolean ended) throws IOException {
        MarkDescriptor.Mark now =
                new MarkDescriptor.Mark(markSequence, epoch, durableGroups, durableGroups == 0 ? 0 : logBytes, ended);
        mark.write(MarkDescriptor.encode(now, chain.link0()), (long) (markSequence & 1) * MarkDescriptor.SLOT_BYTES);
        markSequence++;
    }

    /** Groups written. */
    public long groups() {
        return groups;
    }

    /** Groups that are on the disk. */
    public long durableGroups() {
        return durableGroups;
    }

    /** Bytes of all segments. */
    public long logBytes() {
        return logBytes;
    }

    /** Events appended. */
    public long events() {
        return events;
    }

    /** Events in groups that are written. */
    public long sealedEvents() {
        return sealedEvents;
    }

    /** Events in groups that are on the disk. */
    public long durableEvents() {
        return durableEvents;
    }

    /** The chain's last link. */
    public String headHash() {
        return chain.headHex();
    }

    @Override
    public void close() throws IOException {
        if (deflater != null) {
            deflater.end();
        }
        LogFile closingMark = mark;
        LogFile closingSegment = segment;
        mark = null;
        segment = null;
        try {
            if (closingMark != null) {
                closingMark.close();
            }
        } finally {
            if (closingSegment != null) {
                closingSegment.close();
            }
        }
    }
}
