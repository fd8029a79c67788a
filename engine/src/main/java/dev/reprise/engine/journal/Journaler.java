package dev.reprise.engine.journal;

import dev.reprise.engine.ring.JournalPoller;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The thread that takes events from the {@link JournalRing} and writes them: the only writer that a log has.
 *
 * <p>A group is sealed when it is full, when the guest goes idle, when a release waits for it, or {@link #SEAL_NS} after
 * its first event. While many events wait, full groups are hashed and written by a second thread ({@link GroupPipeline});
 * whatever else there is to do is done here, once that one has nothing left. The first failure poisons the run; nothing is retried and nothing more is acknowledged.
 */
public final class Journaler implements Runnable {

    /** What a killed process may lose at levels 0 and 1: 100 ms. */
    public static final long MAX_UNSEALED_NS = 100_000_000;
    /** After which the open group is sealed: before that time is over, so that parking and writing fit in. */
    public static final long SEAL_NS = 90_000_000;
    /** Between two forces at durability 1: 500 ms. */
    public static final long FORCE_NS = 500_000_000;

    private static final long PARK_NS = 5_000_000;
    /** While so many events come from one park to the next that a long one would let the ring fill up. */
    private static final long SHORT_PARK_NS = 50_000;
    private static final int MANY_EVENTS = 64;
    private static final long CLOSE_SLICE_MS = 50;
    /** A close gives up when nothing was written or forced for that long. */
    private static final long STALLED_NS = 30_000_000_000L;

    static {
        if (SEAL_NS + PARK_NS >= MAX_UNSEALED_NS) {
            throw new AssertionError("a group is sealed too late");
        }
    }
    private static final int SPINS = 100;
    /** Events after which the guest gets their room back. */
    private static final int MAX_BATCH = 1024;
    /** A part of the ring: with so much of it behind, full groups are written by a second thread. */
    private static final int BEHIND_PART = 2;

    private final JournalWriter writer;
    private final Poison poison;
    private final int durability;
    private final JournalPoller poller;
    private final Thread thread;
    private final LongSupplier nanoTime;
    private final JournalRing ring;

    // The journaler's thread's.
    private OpenGroup open;
    private GroupPipeline pipeline;

    private volatile boolean sealRequested;
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
            endPipeline(false);
        } catch (Throwable failure) {
            poison.poison(new JournalFailedException("journal: " + describe(failure) + "; " + durable(), failure));
            endPipeline(true);
            closeQuietly();
        }
    }

    private void loop() throws Exception {
        long groupStart = 0;
        long lastForce = nanoTime.getAsLong();
        int idle = 0;
        int sincePark = 0;
        while (true) {
            boolean wasClosing = closing;
            boolean wasAsked = sealRequested;
            if (wasAsked) {
                // Before the poll: a request that comes behind it speaks of events that this turn may not see.
                sealRequested = false;
            }
            // What a request speaks of is published: all of it goes into one commit.
            long upTo = wasAsked ? ring.cursor() : -1;
            boolean hadOpen = !open.isEmpty();
            int taken = 0;
            do {
                taken += take();
                if (open.isFull()) {
                    passOn();
                    hadOpen = false;
                }
            } while (poller.lastSequence() < upTo);
            boolean worked = taken > 0;
            sincePark = Math.min(MANY_EVENTS, sincePark + taken);
            if (!worked && ++idle < SPINS) {
                Thread.onSpinWait();
                if (!wasAsked && !wasClosing) {
                    continue;
                }
            }
            long now = nanoTime.getAsLong();
            if (!hadOpen && !open.isEmpty()) {
                groupStart = now;
            }
            if (wasAsked || (!open.isEmpty() && now - groupStart >= SEAL_NS)) {
                seal();
                groupStart = now;
            }
            // A guest that puts nothing out asks for no release, and would else lose more at level 2 than at level 1.
            boolean due = durability == 2 && wasAsked || durability > 0 && now - lastForce >= FORCE_NS;
            if (due && durableSequence < writtenSequence) {
                drain();
                writer.force();
                acknowledge();
                lastForce = now;
            }
            if (worked) {
                idle = 0;
            } else if (wasClosing) {
                seal();
                return;
            } else {
                if (pipeline != null) {
                    pipeline.check();
                }
                LockSupport.parkNanos(this, sincePark < MANY_EVENTS ? PARK_NS : SHORT_PARK_NS);
                idle = 0;
                sincePark = 0;
            }
        }
    }

    /** Encodes events, until the group is full or the guest should get room back; returns how many. */
    private int take() {
        OpenGroup group = open;
        int count = 0;
        while (count < MAX_BATCH && !group.isFull() && poller.next()) {
            group.append(poller);
            count++;
        }
        if (count > 0) {
            group.lastSequence(poller.lastSequence());
            poller.release();
        }
        return count;
    }

    /** A full group: while many events wait for this thread, another writes it. */
    private void passOn() throws IOException, InterruptedException {
        if (ring.cursor() - poller.lastSequence() < ring.capacity() / BEHIND_PART) {
            seal();
            return;
        }
        if (pipeline == null) {
            pipeline = new GroupPipeline(writer, open, this::acknowledge);
        }
        open = pipeline.hand();
    }

    private void seal() throws IOException, InterruptedException {
        drain();
        if (!open.isEmpty()) {
            writer.write(open);
            acknowledge();
        }
    }

    private void drain() throws IOException, InterruptedException {
        if (pipeline != null) {
            pipeline.drain();
        }
    }

    private void endPipeline(boolean failed) {
        if (pipeline != null) {
            pipeline.end(failed);
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
        sealRequested = true;
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
     * Writes everything published so far, closes the log and ends the thread; waits for it while it gets on.
     *
     * @throws dev.reprise.engine.ring.PoisonedException if the journal failed
     */
    public void close() throws InterruptedException {
        closing = true;
        LockSupport.unpark(thread);
        long progress = -1;
        long since = System.nanoTime();
        while (thread.isAlive()) {
            thread.join(CLOSE_SLICE_MS);
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
        poison.check();
    }

    /** The ring's sequence up to which events are encoded. */
    long takenSequence() {
        return poller.releasedSequence();
    }

    public JournalWriter writer() {
        return writer;
    }
}
