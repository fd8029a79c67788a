package dev.reprise.engine.journal;

import dev.reprise.engine.ring.JournalPoller;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Sealed groups on their way from the journaler to a second thread, which writes them while the journaler hashes the next:
 * used only while events wait for the journaler, made when that happens first. A recording that never keeps its journaler
 * busy has no such thread.
 *
 * <p>What {@link JournalWriter#put} needs belongs to this thread while groups are under way and to the journaler while none
 * is; both see the other's work through {@link #handed} and {@link #written}. A failure is thrown at the journaler's next
 * call. Nobody waits without looking for it.
 */
final class GroupPipeline {

    /** Under way at once. */
    static final int GROUPS = 16;
    /** To be woken for each would cost more than what there is to do. */
    private static final int WORTH_WAKING = 4;

    private static final int SPINS = 100;
    private static final long PARK_NS = 50_000_000;
    /** A wait ends when no group was written for that long. */
    private static final long STALLED_NS = 30_000_000_000L;
    private static final long END_MS = 500;

    /** Called on the second thread after each group. */
    private final Runnable acknowledge;
    private final JournalWriter writer;
    private final JournalPoller poller;
    private final SealedGroup[] groups = new SealedGroup[GROUPS];
    private final Thread thread = new Thread(this::run, "journal-writer");

    // The journaler's.
    private final Thread journaler;
    private volatile long handed;
    private volatile boolean journalerWaits;
    private volatile boolean ending;

    // The second thread's.
    private volatile long written;
    private volatile boolean writerWaits;
    private volatile Throwable failure;

    /** @param poller gets its room back group by group */
    GroupPipeline(JournalWriter writer, JournalPoller poller, Runnable acknowledge) {
        this.writer = writer;
        this.poller = poller;
        this.acknowledge = acknowledge;
        journaler = Thread.currentThread();
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = new SealedGroup();
        }
        thread.setDaemon(true);
        thread.start();
    }

    // ---- The journaler.

    /** The group to seal into and to {@link #hand} over next. */
    SealedGroup next() throws IOException, InterruptedException {
        awaitWritten(handed - GROUPS + 1);
        return groups[(int) (handed & GROUPS - 1)];
    }

    /** Hands over the group that {@link #next} gave. */
    void hand() {
        long count = handed + 1;
        handed = count;
        if (writerWaits && count - written >= WORTH_WAKING) {
            LockSupport.unpark(thread);
        }
    }

    boolean isUnderWay() {
        return written != handed;
    }

    /** Returns once all that was handed over is written: the writer is the journaler's until the next {@link #hand}. */
    void drain() throws IOException, InterruptedException {
        if (isUnderWay()) {
            LockSupport.unpark(thread);
        }
        awaitWritten(handed);
    }

    private void awaitWritten(long count) throws IOException, InterruptedException {
        check();
        if (written >= count) {
            return;
        }
        // To be woken for a single group would make two threads take turns where they should work side by side.
        long enough = Math.min(handed, count + GROUPS / 2 - 1);
        LockSupport.unpark(thread);
        int spins = 0;
        long last = written;
        long since = System.nanoTime();
        journalerWaits = true;
        try {
            while (written < enough) {
                check();
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while a group was being written");
                }
                if (++spins < SPINS) {
                    Thread.onSpinWait();
                    continue;
                }
                LockSupport.parkNanos(this, PARK_NS);
                if (written != last) {
                    last = written;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > STALLED_NS || !thread.isAlive()) {
                    check();
                    throw new IOException("nothing was written for " + (System.nanoTime() - since) / 1_000_000 + " ms");
                }
            }
        } finally {
            journalerWaits = false;
        }
        check();
    }

    /** Throws what has failed on the second thread. */
    void check() throws IOException {
        Throwable failed = failure;
        if (failed instanceof IOException io) {
            throw io;
        }
        if (failed != null) {
            throw new IOException(failed.getMessage() == null ? failed.toString() : failed.getMessage(), failed);
        }
    }

    /** Ends the thread; waits for it, but not for long: it may hang in a write. */
    void end(boolean failed) {
        ending = true;
        LockSupport.unpark(thread);
        if (failed) {
            thread.interrupt();
        }
        try {
            thread.join(END_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- The second thread.

    private void run() {
        try {
            int idle = 0;
            while (true) {
                boolean last = ending;
                long next = written;
                if (next < handed) {
                    idle = 0;
                    SealedGroup group = groups[(int) (next & GROUPS - 1)];
                    writer.put(group);
                    poller.release(group.lastSequence);
                    acknowledge.run();
                    written = next + 1;
                    if (journalerWaits) {
                        wakeJournaler(next + 1);
                    }
                } else if (last) {
                    return;
                } else if (++idle < SPINS) {
                    Thread.onSpinWait();
                } else {
                    writerWaits = true;
                    if (written == handed && !ending) {
                        LockSupport.parkNanos(this, PARK_NS);
                    }
                    writerWaits = false;
                    idle = 0;
                }
            }
        } catch (Throwable failed) {
            failure = failed;
            LockSupport.unpark(journaler);
        }
    }

    private void wakeJournaler(long count) {
        if (handed - count <= GROUPS / 2) {
            LockSupport.unpark(journaler);
        }
    }
}
