package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the segments of a recording group by group and record by record, and checks every byte on the way: bounds,
 * checksum, number, epoch, link, decoded length, each record's form, that positions never go back and that messages are
 * of one piece. Owned by one thread. Its mirror is {@link JournalWriter}; {@link LogCheck} makes the same checks, by the
 * same classes, on many groups at once.
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
     * @param fault what stands there
     * @param reason null at a plain end: no more bytes and no more segments
     */
    public record Finding(int segment, long offset, long group, Fault fault, String reason) {
        @Override
        public String toString() {
            return Layout.segment(segment) + " byte " + offset + " (group " + group + "): "
                    + (reason == null ? "end" : reason);
        }
    }

    private final LogWalk walk;
    private final LogOrder order;
    private final GroupCheck check;
    private final GroupResult result = new GroupResult();
    private final RecordOrder records = new RecordOrder();
    private final EventCodec codec = new EventCodec();
    private final byte[] buffer = new byte[GroupDescriptor.HEADER_BYTES + GroupDescriptor.MAX_STORED_BYTES];
    private final ByteBuffer into = ByteBuffer.wrap(buffer);

    private long logBytes;
    private long groups;
    private int decodedAt;
    private int decodedEnd;
    private int seenSegment = -1;
    private Finding finding;

    public JournalReader(FileLayer files, byte[] manifest) throws IOException {
        Chain chain = new Chain(manifest);
        walk = new LogWalk(files, chain.link0(), 0);
        order = new LogOrder(chain);
        check = new GroupCheck(chain.link0());
    }

    /**
     * Reads the next record.
     *
     * @return false at the end or at the first thing that is wrong; {@link #finding} then says which
     */
    public boolean next(Event event) throws IOException {
        while (decodedAt == decodedEnd) {
            if (!nextGroup()) {
                return false;
            }
        }
        int after = codec.decode(check.decoded, decodedAt, decodedEnd, event);
        String wrong = after < 0 ? "malformed record at decoded byte " + decodedAt : records.accept(event);
        if (wrong != null) {
            decodedAt = decodedEnd;
            groups--;
            logBytes -= result.bytes;
            return stop(groups, Fault.CONTENT, wrong);
        }
        decodedAt = after;
        return true;
    }

    /** Reads, checks and decodes the next group; its records follow by {@link #next}. */
    private boolean nextGroup() throws IOException {
        if (finding != null) {
            return false;
        }
        boolean there = walk.next();
        if (walk.segment() != seenSegment && walk.offset() > 0) {
            logBytes += (long) (walk.segment() - seenSegment) * SegmentDescriptor.BYTES;
            seenSegment = walk.segment();
        }
        if (!there) {
            return stop(groups, walk.fault(), walk.reason());
        }
        into.clear().limit(walk.length());
        if (walk.file().readFully(into, walk.offset()) < walk.length()) {
            return stop(groups, Fault.CUT, "the file became shorter while it was read");
        }
        check.check(buffer, 0, walk.version(), false, result);
        if (!order.accept(result, false)) {
            return stop(groups, order.fault(), order.reason());
        }
        walk.release(walk.segment());
        decodedAt = 0;
        decodedEnd = check.decodedBytes;
        logBytes += walk.length();
        groups++;
        codec.reset();
        return true;
    }

    private boolean stop(long group, Fault fault, String reason) {
        finding = new Finding(Math.max(0, walk.segment()), walk.offset(), group, fault, reason);
        return false;
    }

    /** Where and why reading stopped; null before that. */
    public Finding finding() {
        return finding;
    }

    /** Groups read whole. */
    public long groups() {
        return groups;
    }

    /** Groups that those read say are durable. */
    public long durableGroups() {
        return order.durableGroups();
    }

    public long epoch() {
        return order.epoch();
    }

    /** Bytes of segment headers and whole groups read. */
    public long logBytes() {
        return logBytes;
    }

    public long events() {
        return records.events();
    }

    /** Position of the last record read. */
    public long lastPosition() {
        return records.lastPosition();
    }

    /** The last link of what was read. */
    public String headHash() {
        return order.chain().headHex();
    }

    @Override
    public void close() throws IOException {
        check.close();
        walk.close();
    }
}
