package dev.reprise.engine.ring;

import com.lmax.disruptor.SingleProducerSequencer;
import dev.reprise.engine.EngineAssert;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import dev.reprise.engine.event.EventKind;
import java.util.Objects;

/**
 * Events on their way from the guest thread, the only producer, to the journaler. The order of this ring is the order
 * in which the guest saw the world.
 *
 * <p>The Disruptor's sequencer over bytes, and not over slots. The ring is a row of blocks; the producer claims one at a
 * time and encodes its events there as the log has them ({@link EventCodec}), so that a block that has been filled is a
 * group of the log but for its header, for which there is room in front of the records: it is hashed and written where it
 * stands, and never copied. A sequence is the ring's count of bytes.
 *
 * <pre>
 *   0                  64                                                    end           BLOCK_BYTES
 *   +------------------+--------+--------+--------+--  ...  --+--------------+-------------+
 *   | room for what    | record | record | record |           | last record  | not used    |
 *   | goes in front    |        |        |        |           |              |             |
 *   +------------------+--------+--------+--------+--  ...  --+--------------+-------------+
 * </pre>
 *
 * A block is closed when the longest record might not fit any more; then its rest is published with its last record, and
 * {@link Closed} says where that ends. The position deltas begin anew in each block. A message longer than
 * {@link Event#SLOT_PAYLOAD_BYTES} takes consecutive records; room for all of them is claimed before the first.
 */
public final class JournalRing {

    public static final int BLOCK_BYTES = 1 << 16;
    /** Of a block; its first record is there. */
    public static final int RECORDS_OFFSET = 64;
    /** Bytes by default: milliseconds at any rate that a disk can take (ARCHITECTURE.md). */
    public static final int DEFAULT_BYTES = 1 << 22;
    /** Holds the longest message behind a block that has been begun. */
    public static final int MIN_BYTES = 1 << 18;

    private static final int MAX_BYTES = 1 << 26;
    private static final int RECORD_BYTES_IN_BLOCK = BLOCK_BYTES - RECORDS_OFFSET - EventCodec.MAX_RECORD_BYTES;
    private static final byte[] NONE = new byte[0];

    static {
        int records = Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES;
        int blocks = 1 + records * EventCodec.MAX_RECORD_BYTES / RECORD_BYTES_IN_BLOCK;
        if ((blocks + 1) * BLOCK_BYTES > MIN_BYTES) {
            throw new AssertionError("the longest message does not fit the ring");
        }
    }

    /** What a producer can do that waits for room; called by it, and again as long as it waits. */
    public interface WhileFull {

        /**
         * Does a piece of work that takes microseconds; returns false if there is none.
         *
         * @param bytes the ring's; they may be read only
         * @param lastClosed the number of the last closed block, counted from 0 on; at most as many in front of it are
         *     there as the ring has
         */
        boolean work(byte[] bytes, long lastClosed);
    }

    /** What the producer says of the blocks that it has closed; published with a block's last byte. */
    static final class Closed {
        final int[] end;
        final int[] events;
        final long[] lastPosition;

        Closed(int blocks) {
            end = new int[blocks];
            events = new int[blocks];
            lastPosition = new long[blocks];
        }
    }

    private final byte[] bytes;
    private final int mask;
    private final Closed closed;
    private final SingleProducerSequencer sequencer;
    private final BoundedClaim claims;

    // The producer's.
    private final EventCodec codec = new EventCodec();
    /** The sequence at which the block begins that is being filled. */
    private long blockStart = -BLOCK_BYTES;
    /** Claimed blocks behind it. */
    private int blocksAhead;
    private int blockEvents;
    private long lastPosition;
    /** In {@link #bytes}: where the next record goes, and behind which none may begin. */
    private int at = 1;
    private int limit;
    /** The sequence of a byte is its place in {@link #bytes} and this. */
    private long shift;

    /** @param capacity in bytes, a power of two of at least {@link #MIN_BYTES} */
    public JournalRing(int capacity, Poison poison) {
        if (capacity < MIN_BYTES || capacity > MAX_BYTES || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two from " + MIN_BYTES + " to " + MAX_BYTES
                    + ": capacity=" + capacity);
        }
        bytes = new byte[capacity];
        mask = capacity - 1;
        closed = new Closed(capacity / BLOCK_BYTES);
        sequencer = new SingleProducerSequencer(capacity, SpinlessWaits.INSTANCE);
        claims = new BoundedClaim(sequencer, poison);
    }

    /** A consumer; made before anything is published. The producer never overtakes it. */
    public JournalPoller newPoller() {
        JournalPoller poller = new JournalPoller(bytes, closed, sequencer);
        sequencer.addGatingSequences(poller.sequence());
        return poller;
    }

    /** Names the thread to wake when the producer finds the ring full. */
    public void wakeWhenFull(Thread consumer) {
        claims.wakeWhenFull(consumer);
    }

    /** Names what the producer does while the ring is full; before anything is published. */
    public void whileFull(WhileFull work) {
        claims.whileFull(() -> work.work(bytes, blockStart / BLOCK_BYTES - (at > limit ? 0 : 1)));
    }

    /** Of a closed block that is still there, the bytes of its records. The producer's. */
    public int recordBytes(long block) {
        return closed.end[(int) (block & closed.end.length - 1)] - RECORDS_OFFSET;
    }

    /**
     * Publishes an event; waits for room, bounded by stop and poison.
     *
     * @param position no less than that of the event before
     * @return the ring's sequence of it (of its last byte); -1 if the ring was stopped
     * @throws PoisonedException if the journal has failed
     */
    public long publish(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset,
            int length) {
        if (position < lastPosition) {
            EngineAssert.that(false, "positions only grow; one of an event is before " + lastPosition, position);
        }
        // Before anything is begun: a record that breaks off would leave the next position's delta to one that is not there.
        Objects.checkFromIndexSize(offset, length, payload.length);
        if (length > Event.SLOT_PAYLOAD_BYTES) {
            return publishChunks(kind, source, position, a, b, payload, offset, length);
        }
        if (at > limit && !beginBlock()) {
            return -1;
        }
        encode(kind, false, source, position, a, b, payload, offset, length);
        long last = shift + at;
        if (at > limit) {
            last = closeBlock();
        }
        sequencer.publish(last);
        return last;
    }

    public long publish(EventKind kind, int source, long position, long a, long b) {
        return publish(kind, source, position, a, b, NONE, 0, 0);
    }

    private long publishChunks(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset,
            int length) {
        EngineAssert.that(length <= Event.MAX_MESSAGE_BYTES, "message too long", length);
        if (!claimForMessage(length)) {
            return -1;
        }
        long last = -1;
        for (int from = 0; from < length; from += Event.SLOT_PAYLOAD_BYTES) {
            if (at > limit) {
                // Cannot fail: the room was claimed.
                beginBlock();
            }
            int chunk = Math.min(Event.SLOT_PAYLOAD_BYTES, length - from);
            encode(kind, from + chunk < length, source, position, a, b, payload, offset + from, chunk);
            last = shift + at;
            if (at > limit) {
                last = closeBlock();
                sequencer.publish(last);
            }
        }
        sequencer.publish(last);
        return last;
    }

    /** So that a stop cannot leave a part of a message. */
    private boolean claimForMessage(int length) {
        int records = (length + Event.SLOT_PAYLOAD_BYTES - 1) / Event.SLOT_PAYLOAD_BYTES;
        int behind = records * EventCodec.MAX_RECORD_BYTES - Math.max(0, limit - at);
        int blocks = (behind + RECORD_BYTES_IN_BLOCK - 1) / RECORD_BYTES_IN_BLOCK - blocksAhead;
        if (behind <= 0 || blocks <= 0) {
            return true;
        }
        if (claims.claimMore(blocks * BLOCK_BYTES) < 0) {
            return false;
        }
        blocksAhead += blocks;
        return true;
    }

    private boolean beginBlock() {
        if (blocksAhead > 0) {
            blocksAhead--;
        } else if (claims.claimMore(BLOCK_BYTES) < 0) {
            return false;
        }
        blockStart += BLOCK_BYTES;
        int index = (int) blockStart & mask;
        at = index + RECORDS_OFFSET;
        limit = index + BLOCK_BYTES - EventCodec.MAX_RECORD_BYTES;
        shift = blockStart - index - 1;
        blockEvents = 0;
        codec.reset();
        return true;
    }

    private void encode(EventKind kind, boolean more, int source, long position, long a, long b, byte[] payload, int offset,
            int length) {
        at = codec.encode(kind, more, source, position, a, b, payload, offset, length, bytes, at);
        lastPosition = position;
        blockEvents++;
    }

    /** Returns the sequence of the block's last byte. */
    private long closeBlock() {
        int index = (int) blockStart & mask;
        int block = index / BLOCK_BYTES;
        closed.end[block] = at - index;
        closed.events[block] = blockEvents;
        closed.lastPosition[block] = lastPosition;
        return blockStart + BLOCK_BYTES - 1;
    }

    /** The sequence of the last published event, -1 before the first. */
    public long cursor() {
        return sequencer.getCursor();
    }

    /** Capacity, in sequences. */
    public int capacity() {
        return mask + 1;
    }

    public long waits() {
        return claims.waits();
    }

    public long waitedNs() {
        return claims.waitedNs();
    }
}
