package dev.reprise.engine.ring;

import com.lmax.disruptor.Cursored;
import com.lmax.disruptor.Sequence;
import dev.reprise.engine.EngineAssert;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;

/**
 * A consumer of a {@link JournalRing}, used by one thread. It takes single events, which are decoded ({@link #next}), or
 * blocks that are closed, which it finds encoded ({@link #atClosedBlock}); {@link #release} gives the room back to the
 * producer.
 */
public final class JournalPoller {

    private static final int BLOCK = JournalRing.BLOCK_BYTES;

    private final byte[] bytes;
    private final int mask;
    private final JournalRing.Closed closed;
    private final Cursored ring;
    private final Sequence released = new Sequence();
    private final EventCodec codec = new EventCodec();
    private final Event event = Event.slot();

    /** The sequence of the next record's first byte, or of a block's. */
    private long next;
    private long published = -1;

    JournalPoller(byte[] bytes, JournalRing.Closed closed, Cursored ring) {
        this.bytes = bytes;
        this.closed = closed;
        this.ring = ring;
        mask = bytes.length - 1;
    }

    Sequence sequence() {
        return released;
    }

    /** Goes to the next event, and decodes it; false if none is published. */
    public boolean next() {
        if (!isBehind()) {
            return false;
        }
        if (isAtBlock()) {
            codec.reset();
            next += JournalRing.RECORDS_OFFSET;
        }
        int index = (int) next & mask;
        int end = end();
        int after = codec.decode(bytes, index, end, event);
        EngineAssert.that(after > index, "no record in the journal's ring", next);
        // A block is closed with its last record.
        next = after == end && isClosed() ? (next | BLOCK - 1) + 1 : next + after - index;
        return true;
    }

    /** Behind the last published byte of the block, in the ring's bytes. */
    private int end() {
        int start = (int) next & mask & -BLOCK;
        return isClosed() ? start + closed.end[start / BLOCK] : start + (int) (published & BLOCK - 1) + 1;
    }

    private boolean isClosed() {
        return published >= (next | BLOCK - 1);
    }

    /** Whether nothing was taken of the block that is next. */
    public boolean isAtBlock() {
        return (next & BLOCK - 1) == 0;
    }

    /** Whether more is published than was taken. */
    public boolean isBehind() {
        if (next > published) {
            published = ring.getCursor();
        }
        return next <= published;
    }

    /** The event that {@link #next} came to; this poller's own, until the next call. */
    public Event event() {
        return event;
    }

    /** Whether a block is next that is closed and of which nothing was taken. */
    public boolean atClosedBlock() {
        if (!isAtBlock()) {
            return false;
        }
        if (!isClosed()) {
            published = ring.getCursor();
        }
        return isClosed();
    }

    /** Whether something was taken of the block that is next, and it is closed: its rest is a group of its own. */
    public boolean isInClosedBlock() {
        if (isAtBlock()) {
            return false;
        }
        if (!isClosed()) {
            published = ring.getCursor();
        }
        return isClosed();
    }

    /** The ring's own bytes. */
    public byte[] bytes() {
        return bytes;
    }

    /** Of the block that is next, how many came before it. */
    public long blockNumber() {
        return next / BLOCK;
    }

    /** Of the block that is next, where it begins in {@link #bytes}. */
    public int blockOffset() {
        return (int) next & mask;
    }

    /** Of the closed block that is next, the bytes of its records; they begin {@link JournalRing#RECORDS_OFFSET} behind its start. */
    public int blockRecordBytes() {
        return closed.end[blockOffset() / BLOCK] - JournalRing.RECORDS_OFFSET;
    }

    public int blockEvents() {
        return closed.events[blockOffset() / BLOCK];
    }

    /** The position of its last event. */
    public long blockLastPosition() {
        return closed.lastPosition[blockOffset() / BLOCK];
    }

    /** Takes the closed block that is next; its bytes stay until they are released. */
    public void takeBlock() {
        next += BLOCK;
    }

    /** Gives back the room of all that was taken. */
    public void release() {
        released.set(next - 1);
    }

    /** The ring's sequence up to which everything was taken. */
    public long lastSequence() {
        return next - 1;
    }

    /** The sequence up to which room was given back. Any thread. */
    public long releasedSequence() {
        return released.get();
    }
}
