package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads the segments of a recording group by group and record by record, and checks every byte on the way: bounds,
 * checksum, number, epoch, link, decoded length, each record's form, that positions never go back and that messages are
 * of one piece. Owned by one thread. Its mirror is {@link JournalWriter}.
 *
 * <p>It stops for good at the first thing that is wrong; {@link #finding} says what and where. Whether that is a torn
 * tail or damage is {@link LogCheck}'s to say.
 */
public final class JournalReader implements Closeable {

    /**
     * Where reading stopped and why.
     *
     * @param segment number of the segment file
     * @param offset byte in it
     * @param group number of the group that should stand there
     * @param reason null at a plain end: no more bytes and no more segments
     */
    public record Finding(int segment, long offset, long group, String reason) {
        @Override
        public String toString() {
            return Layout.segment(segment) + " byte " + offset + " (group " + group + "): "
                    + (reason == null ? "end" : reason);
        }
    }

    private static final int H = GroupDescriptor.HEADER_BYTES;
    private static final int BUFFER_BYTES = 1 << 20;

    private final FileLayer files;
    private final Chain chain;
    private final EventCodec codec = new EventCodec();
    private final CRC32C crc = new CRC32C();
    private final Inflater inflater = new Inflater(true);
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] decoded = new byte[GroupDescriptor.MAX_DECODED_BYTES];

    private LogFile segment;
    private int segmentNumber = -1;
    private long bufferStart;
    private int bufferAt;
    private int bufferEnd;
    private long group;
    private long epoch;
    private long durableGroups;
    private long logBytes;
    private int decodedAt;
    private int decodedEnd;
    private long lastPosition;
    private int messageBytes;
    private final Event message = new Event(0);
    private long events;
    private Finding finding;

    public JournalReader(FileLayer files, byte[] manifest) {
        this.files = files;
        chain = new Chain(manifest);
    }

    /**
     * Reads the next record.
     *
     * @return false at the end or at the first thing that is wrong; {@link #finding} then says which
     */
    public boolean next(Event into) throws IOException {
        while (decodedAt == decodedEnd) {
            if (!nextGroup()) {
                return false;
            }
        }
        long at = bufferStart + bufferAt;
        int after = codec.decode(decoded, decodedAt, decodedEnd, into);
        String wrong = after < 0 ? "malformed record at decoded byte " + decodedAt : checkOrder(into);
        if (wrong != null) {
            stop(at, group - 1, wrong);
            decodedAt = decodedEnd;
            return false;
        }
        decodedAt = after;
        lastPosition = into.position();
        events++;
        return true;
    }

    /** A record stands behind the one before it: not earlier, and a message's records are of one piece. */
    private String checkOrder(Event record) {
        if (record.position() < lastPosition) {
            return "position goes back: " + record.position() + " after " + lastPosition;
        }
        if (message.more()) {
            if (record.kind() != message.kind() || record.source() != message.source()
                    || record.position() != message.position() || record.a() != message.a()
                    || record.b() != message.b()) {
                return "a message is broken off: " + record + " after " + message;
            }
            messageBytes += record.length();
            if (messageBytes > Event.MAX_MESSAGE_BYTES) {
                return "a message of more than " + Event.MAX_MESSAGE_BYTES + " bytes";
            }
        } else {
            messageBytes = record.length();
        }
        message.set(record.kind(), record.source(), record.position(), record.a(), record.b()).more(record.more());
        return null;
    }

    /** Reads, checks and decodes the next group; its records follow by {@link #next}. */
    private boolean nextGroup() throws IOException {
        if (finding != null || (segment == null && !openSegment(0))) {
            return false;
        }
        if (available(H) == 0 && !nextSegment()) {
            return false;
        }
        long at = bufferStart + bufferAt;
        int got = available(H);
        if (got < H) {
            return stop(at, group, got == 0 ? null : "group header is cut after " + got + " bytes");
        }
        String bounds = GroupDescriptor.checkBounds(buffer, bufferAt);
        if (bounds != null) {
            return stop(at, group, bounds);
        }
        int stored = GroupDescriptor.int32(buffer, bufferAt + GroupDescriptor.STORED_OFFSET);
        if (available(H + stored) < H + stored) {
            return stop(at, group, "group is cut: " + available(H + stored) + " bytes of " + (H + stored));
        }
        String wrong = check(stored);
        if (wrong != null) {
            return stop(at, group, wrong);
        }
        wrong = decode(stored);
        if (wrong != null) {
            return stop(at, group, wrong);
        }
        bufferAt += H + stored;
        logBytes += H + stored;
        group++;
        codec.reset();
        return true;
    }

    private String check(int stored) {
        int b = bufferAt;
        if (GroupDescriptor.int32(buffer, b + GroupDescriptor.CRC_OFFSET)
                != GroupDescriptor.checksum(buffer, b, stored, crc)) {
            return "checksum";
        }
        if (GroupDescriptor.version(buffer, b) != GroupDescriptor.VERSION) {
            return "group version " + GroupDescriptor.version(buffer, b) + "; this release reads "
                    + GroupDescriptor.VERSION;
        }
        long number = GroupDescriptor.uint32(buffer, b + GroupDescriptor.NUMBER_OFFSET);
        if (number != group) {
            return "group out of place: says " + number;
        }
        long newEpoch = GroupDescriptor.uint32(buffer, b + GroupDescriptor.EPOCH_OFFSET);
        if (newEpoch < epoch) {
            return "epoch goes back: " + newEpoch + " after " + epoch;
        }
        long durable = GroupDescriptor.uint32(buffer, b + GroupDescriptor.DURABLE_OFFSET);
        if (durable < durableGroups || durable > group) {
            return "durable position out of order: " + durable;
        }
        chain.append(group, buffer, b, stored);
        if (chain.check() != GroupDescriptor.int64(buffer, b + GroupDescriptor.LINK_OFFSET)) {
            return "chain broken";
        }
        epoch = newEpoch;
        durableGroups = durable;
        return null;
    }

    private String decode(int stored) {
        int length = GroupDescriptor.int32(buffer, bufferAt + GroupDescriptor.DECODED_OFFSET);
        int from = bufferAt + H;
        switch (GroupDescriptor.codec(buffer, bufferAt)) {
            case GroupDescriptor.CODEC_NONE -> {
                if (stored != length) {
                    return "stored and decoded length differ without compression";
                }
                System.arraycopy(buffer, from, decoded, 0, length);
            }
            case GroupDescriptor.CODEC_DEFLATE -> {
                inflater.reset();
                inflater.setInput(buffer, from, stored);
                try {
                    int got = inflater.inflate(decoded, 0, length);
                    // A whole stream may need one more call, with no room, to see its end.
                    if (got != length || (!inflater.finished() && inflater.inflate(new byte[1]) != 0)
                            || !inflater.finished() || inflater.getRemaining() != 0) {
                        return "decoded length is not " + length;
                    }
                } catch (DataFormatException malformed) {
                    return "compressed bytes are malformed";
                }
            }
            default -> {
                return "codec " + GroupDescriptor.codec(buffer, bufferAt) + " is unknown to this release";
            }
        }
        decodedAt = 0;
        decodedEnd = length;
        return null;
    }

    private boolean stop(long offset, long groupNumber, String reason) {
        finding = new Finding(Math.max(0, segmentNumber), offset, groupNumber, reason);
        return false;
    }

    private boolean nextSegment() throws IOException {
        return files.exists(Layout.segment(segmentNumber + 1)) ? openSegment(segmentNumber + 1)
                : stop(bufferStart + bufferAt, group, null);
    }

    private boolean openSegment(int number) throws IOException {
        if (segment != null) {
            segment.close();
            segment = null;
        }
        segmentNumber = number;
        bufferStart = 0;
        bufferAt = 0;
        bufferEnd = 0;
        if (!files.exists(Layout.segment(number))) {
            return stop(0, group, "segment is missing");
        }
        segment = files.open(Layout.segment(number));
        int got = available(SegmentDescriptor.BYTES);
        String wrong = SegmentDescriptor.check(buffer, got, number, group, chain.link0());
        if (wrong != null) {
            return stop(0, group, wrong);
        }
        bufferAt = SegmentDescriptor.BYTES;
        logBytes += SegmentDescriptor.BYTES;
        return true;
    }

    /** Makes {@code wanted} bytes stand in the buffer if the segment has them; returns how many of them do. */
    private int available(int wanted) throws IOException {
        if (bufferEnd - bufferAt < wanted) {
            System.arraycopy(buffer, bufferAt, buffer, 0, bufferEnd - bufferAt);
            bufferStart += bufferAt;
            bufferEnd -= bufferAt;
            bufferAt = 0;
            bufferEnd += segment.read(ByteBuffer.wrap(buffer, bufferEnd, buffer.length - bufferEnd),
                    bufferStart + bufferEnd);
        }
        return Math.min(wanted, bufferEnd - bufferAt);
    }

    /** Where and why reading stopped; null before that. */
    public Finding finding() {
        return finding;
    }

    /** Groups read whole. */
    public long groups() {
        return group;
    }

    /** Groups that those read say are durable. */
    public long durableGroups() {
        return durableGroups;
    }

    public long epoch() {
        return epoch;
    }

    /** Bytes of segment headers and whole groups read. */
    public long logBytes() {
        return logBytes;
    }

    public long events() {
        return events;
    }

    /** Position of the last record read. */
    public long lastPosition() {
        return lastPosition;
    }

    /** The last link of what was read. */
    public String headHash() {
        return chain.headHex();
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        if (segment != null) {
            segment.close();
        }
    }
}
