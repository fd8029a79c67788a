package dev.reprise.engine.ring;

import dev.reprise.engine.character.CharStatus;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Bytes on their way from a device to its backend. The guest thread accepts without ever waiting; the backend's writer
 * thread takes what has been released, that is, what an output event in the journal precedes.
 *
 * <p>Three counts, each written by one thread: accepted (guest), released (guest), consumed (backend). With output
 * commit a release holds only once its output event is durable, which the backend's thread looks up.
 *
 * <p>What the device has put out is either accepted, or {@linkplain #skip skipped} where the device must be told that it
 * was taken all the same. So whoever knows what the host has got knows what is lost: {@link #putOutBytes} less that.
 */
public final class OutputRing {

    /** Bytes by default. */
    public static final int DEFAULT_BYTES = 1 << 16;

    private static final int MARKS = 1024;
    private static final long NO_SEQUENCE = -1;
    private static final long PARK_NS = 50_000_000;

    private final byte[] bytes;
    private final int mask;
    private final Poison poison;

    // Written by the guest thread.
    private long accepted;
    private long seenConsumed;
    private volatile long released;
    private volatile boolean ended;
    private volatile long refusals;
    private volatile long skipped;
    private volatile boolean givenUp;
    private volatile long roomWaits;
    private volatile long roomWaitedNs;
    /** A device that was refused room waits for it since then. */
    private boolean waitsForRoom;
    private long waitsSinceNs;

    // Output commit: pairs of journal sequence and byte count, a small ring of its own.
    private final LongSupplier durableSequence;
    private final Runnable onRoom;
    private final long[] markSequence = new long[MARKS];
    private final long[] markReleased = new long[MARKS];
    private volatile long marksWritten;
    /** The mark of the run's last output event, if there was no room for it among the others. */
    private long lastReleased;
    private volatile long lastSequence = NO_SEQUENCE;
    private volatile long marksRead;

    // Written by the backend's thread.
    private volatile long consumed;
    private volatile long progress;
    /** 0 while the backend takes bytes; else the status that says why it does not. */
    private volatile int closed;
    private volatile long refusalsTold;
    private volatile Thread waiting;
    private volatile boolean nudged;

    /**
     * @param capacity a power of two
     * @param durableSequence null if a release holds at once; else the last journal sequence known durable
     * @param onRoom called by the backend's thread when there is room again after a refusal; null for nobody. A refused
     *     device must not be left to try again by a timer: where time jumps while the guest is idle it would try for
     *     ever within one step, and never come to the boundary that releases what fills the ring.
     */
    public OutputRing(int capacity, Poison poison, LongSupplier durableSequence, Runnable onRoom) {
        if (capacity < 2 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two: capacity=" + capacity);
        }
        bytes = new byte[capacity];
        mask = capacity - 1;
        this.poison = poison;
        this.durableSequence = durableSequence;
        this.onRoom = onRoom;
    }

    // ---- Guest thread.

    /** Takes what there is room for, from the start of the range; a status below 0 if the backend is gone. */
    public int accept(byte[] from, int offset, int length) {
        int why = closed;
        if (why != 0) {
            endRoomWait();
            return why;
        }
        int count = Math.min(length, room(length));
        int at = (int) accepted & mask;
        int first = Math.min(count, bytes.length - at);
        System.arraycopy(from, offset, bytes, at, first);
        System.arraycopy(from, offset + first, bytes, 0, count - first);
        accepted += count;
        return count;
    }

    /** Takes one byte: 1, 0 if full, a status below 0 if the backend is gone. */
    public int accept(byte value) {
        int why = closed;
        if (why != 0) {
            endRoomWait();
            return why;
        }
        if (room(1) < 1) {
            return 0;
        }
        bytes[(int) accepted++ & mask] = value;
        return 1;
    }

    private int room(int wanted) {
        long room = bytes.length - (accepted - seenConsumed);
        if (room < wanted) {
            seenConsumed = consumed;
            room = bytes.length - (accepted - seenConsumed);
        }
        if (room < wanted) {
            // Said first, counted again then: the backend's thread counts first and looks then, so one sees the other.
            refusals++;
            seenConsumed = consumed;
            room = bytes.length - (accepted - seenConsumed);
        }
        if (room < wanted) {
            beginRoomWait();
        } else if (waitsForRoom) {
            endRoomWait();
        }
        return (int) room;
    }

    /** However often a device asks in vain: it is one wait, until something has room or nothing can have. */
    private void beginRoomWait() {
        if (!waitsForRoom) {
            waitsForRoom = true;
            waitsSinceNs = System.nanoTime();
            roomWaits++;
        }
    }

    private void endRoomWait() {
        if (waitsForRoom) {
            waitsForRoom = false;
            roomWaitedNs += System.nanoTime() - waitsSinceNs;
        }
    }

    /**
     * Counts bytes that the device has put out and that are not accepted here, although it is told that they were: where a
     * replay gives back a recorded answer and there is nobody any more to take them.
     */
    public void skip(int count) {
        skipped += count;
    }

    /** Lets everything accepted so far go, without output commit. */
    public void release() {
        released = accepted;
        wake();
    }

    /** Whether a release with output commit has room to be noted. */
    public boolean canMark() {
        return marksWritten - marksRead < MARKS;
    }

    /** Lets everything accepted so far go once the journal's sequence is durable. */
    public void releaseWhenDurable(long sequence) {
        int i = (int) (marksWritten & (MARKS - 1));
        markSequence[i] = sequence;
        markReleased[i] = accepted;
        marksWritten++;
        wake();
    }

    /** As {@link #releaseWhenDurable}, without room for a mark: once, at the end of the run. */
    public void releaseLastWhenDurable(long sequence) {
        lastReleased = accepted;
        lastSequence = sequence;
        wake();
    }

    /**
     * The backend is not waited for any longer: accepting answers {@link CharStatus#CLOSED} until there is another. What was
     * accepted before stays for it to take, if it ever does.
     */
    public void giveUp() {
        endRoomWait();
        givenUp = true;
        closed = CharStatus.CLOSED;
    }

    /** Nothing more will be accepted. */
    public void end() {
        endRoomWait();
        ended = true;
        wake();
    }

    private void wake() {
        Thread backend = waiting;
        if (backend != null) {
            LockSupport.unpark(backend);
        }
    }

    // ---- The backend's writer thread.

    /**
     * Takes released bytes; waits for some, at most {@code timeoutNs}.
     *
     * @return their number, 0 if the time was over or somebody has {@linkplain #nudge nudged}, -1 if the run has ended and
     *     everything was taken
     */
    public int take(byte[] into, int offset, int length, long timeoutNs) {
        waiting = Thread.currentThread();
        try {
            long deadline = System.nanoTime() + timeoutNs;
            while (true) {
                boolean last = ended || poison.stopped();
                long ready = releasedNow() - consumed;
                if (ready > 0) {
                    int count = (int) Math.min(ready, length);
                    int at = (int) consumed & mask;
                    int first = Math.min(count, bytes.length - at);
                    System.arraycopy(bytes, at, into, offset, first);
                    System.arraycopy(bytes, 0, into, offset + first, count - first);
                    consumed += count;
                    tellRoom();
                    return count;
                }
                if (last) {
                    return -1;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || nudged) {
                    nudged = false;
                    return 0;
                }
                LockSupport.parkNanos(this, Math.min(left, marksWritten > marksRead ? PARK_NS / 100 : PARK_NS));
            }
        } finally {
            waiting = null;
        }
    }

    /** The backend is gone: accepting answers {@link CharStatus#CLOSED} from now on. */
    public void close() {
        close(CharStatus.CLOSED);
    }

    /** @param status below 0: what accepting answers from now on */
    public void close(int status) {
        if (CharStatus.checked(status) == CharStatus.OK) {
            throw new IllegalArgumentException("a ring is closed for a reason");
        }
        closed = status;
        tellRoom();
    }

    /** The host has taken something of what was taken here: it is slow, perhaps, but does not stall. */
    public void progressed() {
        progress++;
    }

    /** There is a backend again; what was accepted before and not taken is still there. */
    public void reopen() {
        givenUp = false;
        closed = 0;
    }

    private void tellRoom() {
        long seen = refusals;
        if (seen != refusalsTold) {
            if (onRoom != null) {
                onRoom.run();
            }
            // Only now: until then somebody who asks whether anything may still happen is told that it may.
            refusalsTold = seen;
        }
    }

    private long releasedNow() {
        if (durableSequence == null) {
            return poison.cause() == null ? released : consumed;
        }
        long durable = durableSequence.getAsLong();
        while (marksRead < marksWritten) {
            int i = (int) (marksRead & (MARKS - 1));
            if (markSequence[i] > durable) {
                break;
            }
            released = markReleased[i];
            marksRead++;
        }
        if (lastSequence != NO_SEQUENCE && marksRead == marksWritten && lastSequence <= durable) {
            released = lastReleased;
            lastSequence = NO_SEQUENCE;
        }
        return released;
    }

    // ---- Any thread.

    /** Ends the wait of a {@link #take}, or the next one: the backend's thread has something else to look at. */
    public void nudge() {
        nudged = true;
        wake();
    }

    /** Whether something was refused and the room that came since has not been told yet. */
    public boolean refused() {
        return refusals != refusalsTold;
    }

    /** Whether the backend has been {@linkplain #giveUp given up}, and nobody has come since. */
    public boolean givenUp() {
        return givenUp;
    }

    /** Whether everything released has been taken. */
    public boolean drained() {
        return closed != 0 || (consumed == released && marksRead == marksWritten && lastSequence == NO_SEQUENCE);
    }

    public long consumedBytes() {
        return consumed;
    }

    /** Grows as long as the backend takes something, or its host does. */
    public long progress() {
        return consumed + progress;
    }

    /** Bytes that the device has put out, whoever has got them; exact once the run has ended. */
    public long putOutBytes() {
        // The end is written behind the last byte, and read before it.
        return ended ? accepted + skipped : Math.max(accepted, consumed) + skipped;
    }

    /** How often the device had to wait for room, from a refusal until something was taken again. */
    public long roomWaits() {
        return roomWaits;
    }

    /** For how long, in nanoseconds of the host's time; a wait that goes on is not in it. */
    public long roomWaitedNs() {
        return roomWaitedNs;
    }
}
