package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/**
 * Writes the segments of one recording: encodes events into the open group, seals it (compress, link, checksum), writes
 * it, forces it. Owned by one thread; reads nothing of a running log. Its mirror is
 * {@link JournalReader}.
 *
 * <p>After the first failure every call fails: a write or a force that succeeds after one that did not proves nothing.
 */
public final class JournalWriter implements Closeable {

    /** Deflate's fastest level: on groups of events a higher one costs much and gains little (ARCHITECTURE.md). */
    static final int DEFLATE_LEVEL = Deflater.BEST_SPEED;

    private static final int H = GroupDescriptor.HEADER_BYTES;

    private final FileLayer files;
    private final Chain chain;
    private final byte[] link0;
    private final CRC32C crc = new CRC32C();
    private final Deflater deflater;
    private final OpenGroup open = new OpenGroup();
    private final byte[] packed;
    private final ByteBuffer packedBuffer;
    private final long segmentBytesTarget;
    private final int epoch;

    private ByteBuffer buffer;
    private LogFile segment;
    private LogFile mark;
    private int segmentNumber;
    private long segmentBytes;
    private long logBytes;
    private long groups;
    /** What the last group's header says of durability. */
    private long headerDurable;
    private int markSequence;
    private long sealedEvents;
    private long sealedPosition;
    private long sealedSequence = -1;
    private Throwable failure;

    // What is on the disk; read by other threads for reports.
    private volatile long durableGroups;
    private volatile long durableEvents;
    private volatile long durablePosition;
    private volatile long durableSequence = -1;

    /** Begins a new log behind {@code manifest}, whose file is already there. */
    public JournalWriter(FileLayer files, byte[] manifest, boolean compress, long segmentBytesTarget)
            throws IOException {
        this(files, manifest, compress, segmentBytesTarget, 1);
        files.createFolder(Layout.SEGMENTS);
        mark = files.create(Layout.MARK);
        // Both slots are durable before there is a group, so a log without mark is one whose mark was lost.
        writeMark(false);
        writeMark(false);
        mark.force();
        files.forceFolder("");
        openSegment(0);
        files.forceFolder("");
    }

    public JournalWriter(FileLayer files, byte[] manifest, boolean compress) throws IOException {
        this(files, manifest, compress, SegmentDescriptor.TARGET_BYTES);
    }

    private JournalWriter(FileLayer files, byte[] manifest, boolean compress, long segmentBytesTarget, long epoch) {
        if (segmentBytesTarget < 1 || segmentBytesTarget > SegmentDescriptor.MAX_BYTES) {
            throw new IllegalArgumentException("segment bytes must be 1 to " + SegmentDescriptor.MAX_BYTES + ": "
                    + segmentBytesTarget);
        }
        this.files = files;
        this.segmentBytesTarget = segmentBytesTarget;
        this.epoch = (int) epoch;
        chain = new Chain(manifest);
        link0 = chain.link0();
        deflater = compress ? new Deflater(DEFLATE_LEVEL, true) : null;
        packed = compress ? new byte[H + GroupDescriptor.MAX_STORED_BYTES] : null;
        packedBuffer = compress ? ByteBuffer.wrap(packed) : null;
    }

    /**
     * Goes on with a log that {@link Recovery} has cut: behind its mark, in the next epoch. The first event is a
     * {@link EventKind#RESUME}, at the position of the last record that is there; with it a message ends of which the log has
     * only the first records. Nothing of what is durable is cut for that: the records stay, and no reader gives them to a
     * guest.
     *
     * @throws IOException also if the mark is not that of a recovered log
     */
    public static JournalWriter resume(FileLayer files, byte[] manifest, boolean compress, long segmentBytesTarget)
            throws IOException {
        MarkDescriptor.Mark from = LogCheck.readMark(files, new Chain(manifest).link0()).best();
        if (from == null || from.ended() || from.link() == null) {
            throw new IOException("no log that can be gone on with");
        }
        JournalWriter writer = new JournalWriter(files, manifest, compress, segmentBytesTarget, from.epoch() + 1);
        writer.chain.restore(from.link());
        writer.groups = from.durableGroups();
        writer.logBytes = from.durableBytes();
        writer.segmentNumber = from.segment();
        writer.segmentBytes = from.offset();
        writer.sealedEvents = from.events();
        writer.sealedPosition = from.position();
        writer.markSequence = from.sequence() + 1;
        writer.mark = files.openForWrite(Layout.MARK);
        writer.segment = files.openForWrite(Layout.segment(from.segment()));
        if (writer.segment.size() != from.offset()) {
            writer.close();
            throw new IOException("bytes behind the mark: the log was not recovered");
        }
        byte[] header = new byte[SegmentDescriptor.BYTES];
        writer.segment.readFully(ByteBuffer.wrap(header), 0);
        if (SegmentDescriptor.version(header) != SegmentDescriptor.VERSION) {
            // A segment's groups have its version.
            writer.segment.close();
            writer.openSegment(from.segment() + 1);
        }
        writer.durable();
        writer.writeMark(false);
        writer.writeMark(false);
        writer.mark.force();
        writer.append(new Event(0).set(EventKind.RESUME, 0, from.position(), from.epoch() + 1, 0));
        // A group of its own: whoever gives groups that were made elsewhere gives them behind it.
        writer.seal();
        return writer;
    }

    private void openSegment(int number) throws IOException {
        segment = files.create(Layout.segment(number));
        segmentNumber = number;
        ByteBuffer header = ByteBuffer.allocate(SegmentDescriptor.BYTES);
        SegmentDescriptor.write(header, number, groups, link0, epoch);
        segment.writeFully(header.flip(), 0);
        segmentBytes = SegmentDescriptor.BYTES;
        logBytes += SegmentDescriptor.BYTES;
        segment.force();
        files.forceFolder(Layout.SEGMENTS);
    }

    /** Adds an event to this writer's own group; seals it when it is full. */
    public void append(Event event) throws IOException {
        open.append(event);
        if (open.isFull()) {
            seal();
        }
    }

    /** The group that {@link #append} fills and {@link #seal} writes. */
    OpenGroup open() {
        return open;
    }

    /** Closes the open group and writes it. */
    public void seal() throws IOException {
        write(open);
    }

    /** Writes a group, and clears it; nothing if it is empty. */
    void write(OpenGroup group) throws IOException {
        checkUsable();
        if (group.isEmpty()) {
            return;
        }
        write(group.bytes(), 0, group.decodedBytes(), null, 0);
        written(group.events(), group.lastPosition(), group.lastSequence());
        group.clear();
    }

    /**
     * Writes encoded events as a group: {@link #written} follows. Their header is put in front of them, at {@code start}.
     *
     * @param hash {@link Chain#inner} of the group, if it was computed with this writer's next number, without compression
     *     and with the durable position {@code hashedDurable}; or null
     */
    void write(byte[] bytes, int start, int decoded, byte[] hash, long hashedDurable) throws IOException {
        checkUsable();
        try {
            append(bytes, start, decoded, hash, hashedDurable);
        } catch (Throwable first) {
            // An error too: memory that is short between link and write leaves a chain that the file does not have.
            failure = first;
            throw first;
        }
    }

    private void append(byte[] bytes, int start, int decoded, byte[] hash, long hashedDurable) throws IOException {
        if (groups >= 0xffff_ffffL) {
            throw new IOException("the log is full: " + groups + " groups");
        }
        byte[] from = bytes;
        int at = start;
        int stored = decoded;
        int codecId = GroupDescriptor.CODEC_NONE;
        if (deflater != null) {
            deflater.reset();
            deflater.setInput(bytes, start + H, decoded);
            deflater.finish();
            int size = deflater.deflate(packed, H, decoded - 1);
            if (deflater.finished() && size > 0) {
                from = packed;
                at = 0;
                stored = size;
                codecId = GroupDescriptor.CODEC_DEFLATE;
            }
        }
        if (segmentBytes + H + stored > segmentBytesTarget && segmentBytes > SegmentDescriptor.BYTES) {
            rotate();
        }
        // What groups know of it only grows; a hash from before the last force is of no use.
        boolean hashed = hash != null && codecId == GroupDescriptor.CODEC_NONE && hashedDurable >= headerDurable;
        headerDurable = hashed ? hashedDurable : durableGroups;
        GroupDescriptor.write(from, at, codecId, stored, decoded, groups, epoch, headerDurable);
        if (hashed) {
            chain.append(groups, hash);
        } else {
            chain.append(groups, from, at, stored);
        }
        GroupDescriptor.seal(from, at, chain.check(), stored, crc, link0);
        segment.writeFully(buffer(from).clear().position(at).limit(at + H + stored), segmentBytes);
        segmentBytes += H + stored;
        logBytes += H + stored;
        groups++;
    }

    /** Groups stand in one of few arrays, again and again. */
    private ByteBuffer buffer(byte[] bytes) {
        if (bytes == packed) {
            return packedBuffer;
        }
        if (buffer == null || buffer.array() != bytes) {
            buffer = ByteBuffer.wrap(bytes);
        }
        return buffer;
    }

    /** Says what is written with the last group. */
    void written(int events, long lastPosition, long lastSequence) {
        sealedEvents += events;
        sealedPosition = lastPosition;
        sealedSequence = lastSequence;
    }

    /** A segment is durable before the next is made, at every level: so what an opening has to read is bounded. */
    private void rotate() throws IOException {
        segment.force();
        durable();
        writeMark(false);
        segment.close();
        openSegment(segmentNumber + 1);
    }

    /** Returns once every sealed group is on the disk, and says so in the mark. */
    public void force() throws IOException {
        checkUsable();
        if (durableGroups == groups) {
            return;
        }
        try {
            segment.force();
            durable();
            writeMark(false);
        } catch (Throwable first) {
            failure = first;
            throw first;
        }
    }

    private void durable() {
        durableGroups = groups;
        durableEvents = sealedEvents;
        durablePosition = sealedPosition;
        durableSequence = sealedSequence;
    }

    private void checkUsable() throws IOException {
        if (failure != null) {
            throw new IOException("the journal has failed before: " + failure.getMessage(), failure);
        }
    }

    /**
     * Seals and closes; with {@code durable}, forces and marks the log as ended. The mark comes after what it speaks of.
     */
    public void finish(boolean durable) throws IOException {
        seal();
        if (durable) {
            try {
                segment.force();
                durable();
                writeMark(true);
                mark.force();
            } catch (Throwable first) {
                failure = first;
                throw first;
            }
        }
        close();
    }

    private void writeMark(boolean ended) throws IOException {
        MarkDescriptor.Mark now = new MarkDescriptor.Mark(markSequence, Integer.toUnsignedLong(epoch), durableGroups,
                logBytes, segmentNumber, segmentBytes, durableEvents, durablePosition, chain.head(), ended);
        mark.writeFully(MarkDescriptor.encode(now, link0), MarkDescriptor.slotOffset(markSequence));
        markSequence++;
    }

    /** Any thread. */
    int epoch() {
        return epoch;
    }

    boolean compresses() {
        return deflater != null;
    }

    /** Groups written. */
    public long groups() {
        return groups;
    }

    /** Groups that are on the disk. Any thread. */
    public long durableGroups() {
        return durableGroups;
    }

    /** Bytes of all segments. */
    public long logBytes() {
        return logBytes;
    }

    /** Events in groups that are written, and in this writer's own. */
    public long events() {
        return sealedEvents + open.events();
    }

    /** Events in groups that are written. */
    public long sealedEvents() {
        return sealedEvents;
    }

    /** Events in groups that are on the disk. Any thread. */
    public long durableEvents() {
        return durableEvents;
    }

    /** The ring's sequence up to which events are in groups that are written; -1 before the first. */
    long sealedSequence() {
        return sealedSequence;
    }

    /** As {@link #sealedSequence}, of groups that are on the disk. Any thread. */
    long durableSequence() {
        return durableSequence;
    }

    /** Position of the last event that is on the disk. Any thread. */
    public long durablePosition() {
        return durablePosition;
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
