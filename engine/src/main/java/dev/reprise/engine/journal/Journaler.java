package dev.reprise.engine.journal;

import dev.reprise.engine.ring.JournalPoller;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The thread that takes events from the {@link JournalRing} and writes them: the only writer that a log has.
 *
 * <p>A group is sealed when the guest has filled a block of the ring, when the guest goes idle, when a release waits for
 * it, or {@link #SEAL_NS} after its first event. A filled block is sealed where it stands; of one that is not full the
 * events are copied. A guest that has to wait for room hashes blocks meanwhile ({@link BlockHashes}). The first failure
 * poisons the run; nothing is retried and nothing more is acknowledged.
 */
public final class Journaler implements Runnable {

    /** What a killed process may lose at levels 0 and 1: 100 ms. */
    public static final long MAX_UNSEALED_NS = 100_000_000;
    /** After which the open group is sealed: before that time is over, so that parking and writing fit in. */
    public static final long SEAL_NS = 90_000_000;
    /** Between two forces at durability 1: 500 ms. */
    public static final long FORCE_NS = 500_000_000;

    private static final long PARK_NS = 5_000_000;
    /** While so many bytes come from one park to the next that a long one would let the ring fill up. */
    private static final long SHORT_PARK_NS = 50_000;
    private static final int MANY_BYTES = 1 << 12;
    /**
     * If two blocks became full within so long, the next is waited for awake for as long. Who sleeps for microseconds may be
     * woken on the guest's core, and stay there: supposed from rates, not traced.
     */
    private static final long BUSY_NS = 500_000;
    private static final int SPINS = 64;
    private static final long CLOSE_SLICE_MS = 50;
    /** A close gives up when nothing was written or forced for that long. */
    private static final long STALLED_NS = 30_000_000_000L;

    static {
        if (SEAL_NS + PARK_NS >= MAX_UNSEALED_NS) {
            throw new AssertionError("a group is sealed too late");
        }
    }

    private final JournalWriter writer;
    private final Poison poison;
    private final int durability;
    private final JournalPoller poller;
    private final Thread thread;
    private final LongSupplier nanoTime;
    private final JournalRing ring;

    // The journaler's thread's.
    private final OpenGroup open;
    /** Null if groups are compressed: then what is stored is not known before. */
    private final BlockHashes hashes;
    private long hashedByGuest;

    private final AtomicBoolean sealRequested = new AtomicBoolean();
    private volatile long seenSequence = -1;
    private volatile boolean closing;
    private volatile long writtenSequence = -1;
    private volatile long durableSequence = -1;

    /** Made before anything is published to the ring; {@link #start} it at once. */
    public Journaler(JournalWriter writer, JournalRing ring, Poison poison, int durability) {
        this(writer, ring, poison, durability, System::nanoTime);
    }

    /** @param nanoTime the clock by which groups are sealed and forced */
    Journaler(JournalWriter writer, JournalRing ring, Poison poison, int durability, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.writer = writer;
        this.poison = poison;
        this.durability = durability;
        this.ring = ring;
        open = writer.open();
        poller = ring.newPoller();
        thread = new Thread(this, "journaler");
        thread.setDaemon(true);
        ring.wakeWhenFull(thread);
        hashes = writer.compresses() ? null : new BlockHashes(ring, writer);
        if (hashes != null) {
            ring.whileFull(hashes);
        }
    }

    public void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            loop();
            writer.finish(durability > 0);
            acknowledge();
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    /** Tells the run whatever happens here: it would else wait for this thread, or take a log for whole that is not. */
    private void fail(Throwable failure) {
        try {
            poison.poison(new JournalFailedException("journal: " + describe(failure) + "; " + durable(), failure));
        } catch (Throwable noMemoryForWords) {
            poison.poison(failure);
        }
        closeQuietly();
    }

    private void loop() throws Exception {
        long pendingSince = 0;
        boolean pending = false;
        long lastForce = nanoTime.getAsLong();
        long turnBefore = lastForce;
        long parkedAt = -1;
        long busyUntil = lastForce;
        long lastBlock = lastForce - BUSY_NS;
        while (true) {
            boolean wasClosing = closing;
            long turn = nanoTime.getAsLong();
            // Before the look at the ring: a request that comes behind it speaks of events that this turn may not see. Read
            // and taken back in one: of two requests the second may else be lost with its events not seen.
            boolean wasAsked = sealRequested.get() && sealRequested.getAndSet(false);
            // What a request speaks of is published: all of it goes into one commit.
            long upTo = ring.cursor();
            boolean worked = writeClosedBlocks();
            long now = nanoTime.getAsLong();
            if (worked) {
                busyUntil = now - lastBlock < BUSY_NS ? now + BUSY_NS : busyUntil;
                lastBlock = now;
            }
            boolean hadPending = pending && !worked;
            pending = poller.isBehind();
            if (pending && !hadPending) {
                // It may have come as soon as the last turn had looked, which then perhaps waited for a disk.
                pendingSince = turnBefore;
            }
            turnBefore = turn;
            seenSequence = upTo;
            if (wasAsked || wasClosing || (pending && now - pendingSince >= SEAL_NS)) {
                sealUpTo(upTo);
                pending = false;
            }
            // A guest that puts nothing out asks for no release, and would else lose more at level 2 than at level 1.
            boolean due = durability == 2 && wasAsked || durability > 0 && now - lastForce >= FORCE_NS;
            if (due && durableSequence < writtenSequence) {
                writer.force();
                acknowledge();
                lastForce = now;
            }
            if (wasClosing) {
                if (!poller.isBehind()) {
                    return;
                }
            } else if (!worked && now < busyUntil) {
                pause();
            } else if (!worked) {
                LockSupport.parkNanos(this, upTo - parkedAt < MANY_BYTES ? PARK_NS : SHORT_PARK_NS);
                parkedAt = upTo;
            }
        }
    }

    /** Yields, and does not sleep; looks seldom at what the guest writes for each event. */
    private static void pause() {
        for (int i = 0; i < SPINS; i++) {
            Thread.onSpinWait();
        }
        Thread.yield();
    }

    /** Blocks that the guest has filled are groups: they are sealed and written where they stand. */
    private boolean writeClosedBlocks() throws IOException {
        boolean worked = false;
        while (true) {
            if (poller.atClosedBlock()) {
                writeBlock();
            } else if (poller.isInClosedBlock()) {
                writePart();
            } else {
                return worked;
            }
            worked = true;
        }
    }

    private void writeBlock() throws IOException {
        long block = poller.blockNumber();
        long number = writer.groups();
        byte[] hash = null;
        if (hashes != null) {
            hashes.journalerAt(block, number);
            hash = hashes.hash(block, number);
        }
        hashedByGuest += hash == null ? 0 : 1;
        writer.write(poller.bytes(), poller.blockOffset() + JournalRing.RECORDS_OFFSET - GroupDescriptor.HEADER_BYTES,
                poller.blockRecordBytes(), hash, hash == null ? 0 : hashes.durable(block));
        int events = poller.blockEvents();
        long lastPosition = poller.blockLastPosition();
        poller.takeBlock();
        writer.written(events, lastPosition, poller.lastSequence());
        poller.release();
        acknowledge();
    }

    /** What there is of the block that is next; copied, because position deltas begin anew in each group. */
    private void writePart() throws IOException {
        while (poller.next()) {
            open.append(poller.event());
            if (poller.isAtBlock()) {
                break;
            }
        }
        open.lastSequence(poller.lastSequence());
        writer.write(open);
        if (hashes != null) {
            hashes.journalerAt(poller.blockNumber(), writer.groups());
        }
        poller.release();
        acknowledge();
    }

    /** Seals what was published up to {@code sequence}, and perhaps more. */
    private void sealUpTo(long sequence) throws IOException {
        while (poller.lastSequence() < sequence) {
            if (!writeClosedBlocks()) {
                writePart();
            }
        }
    }

    /**
     * Moves the public positions. Called by the thread that has the writer.
     */
    private void acknowledge() {
        writtenSequence = writer.sealedSequence();
        durableSequence = writer.durableSequence();
    }

    private String durable() {
        return "durable: " + writer.durableGroups() + " groups, " + writer.durableEvents() + " events"
                + (writer.durableEvents() > 0 ? ", up to step " + writer.durablePosition() : "");
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private void closeQuietly() {
        try {
            writer.close();
        } catch (Exception second) {
            // The first failure is the one that is reported.
        }
    }

    // ---- Other threads.

    /** Asks to seal what there is: the guest goes idle, or at durability 2 a release waits. */
    public void requestSeal() {
        sealRequested.set(true);
        LockSupport.unpark(thread);
    }

    /** The ring's sequence up to which events are written to files. */
    public long writtenSequence() {
        return writtenSequence;
    }

    /** The ring's sequence up to which events are known to be on the disk. */
    public long durableSequence() {
        return durableSequence;
    }

    /**
     * Writes everything published so far, closes the log and ends the thread; waits for it while it gets on, and does so
     * even if it is interrupted (the caller is it again afterwards): who gives the recording's lock back next must not do
     * that while somebody still writes.
     *
     * @throws dev.reprise.engine.ring.PoisonedException if the journal failed
     */
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        long progress = -1;
        long since = System.nanoTime();
        while (thread.isAlive()) {
            try {
                thread.join(CLOSE_SLICE_MS);
            } catch (InterruptedException notNow) {
                interrupted = true;
            }
            long now = System.nanoTime();
            if (poller.releasedSequence() + writtenSequence + durableSequence != progress) {
                progress = poller.releasedSequence() + writtenSequence + durableSequence;
                since = now;
            } else if (now - since > STALLED_NS) {
                poison.poison(new JournalFailedException("journal: nothing was written for "
                        + STALLED_NS / 1_000_000_000 + " s; " + durable(), null));
                thread.interrupt();
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        poison.check();
    }

    /** The ring's sequence up to which the journaler has seen that there are events. */
    long seenSequence() {
        return seenSequence;
    }

    /** Blocks whose hash was the guest's; after {@link #close}. */
    long hashedByGuest() {
        return hashedByGuest;
    }

    public JournalWriter writer() {
        return writer;
    }
}
