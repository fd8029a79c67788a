package dev.reprise.chardev.host;

import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * A writer of a {@link LinkBackend}: one thread from an {@link OutputRing} to whichever peer is there. What no peer has
 * taken is kept for the next, up to the ring and one chunk, unless it may be dropped.
 *
 * <p>Of two writers of a backend one also tells the peer what is said {@linkplain Aside beside} the guest's output, and of
 * the guest's BREAK, at its place among the output.
 */
final class LinkWriter {

    private static final int CHUNK_BYTES = 1 << 14;
    private static final long TAKE_NS = 50_000_000;
    private static final long PEER_NS = 50_000_000;

    private final LinkBackend backend;
    private final Attachment guest;
    private final OutputRing ring;
    private final WhenFull whenFull;
    private final TrafficLog log;
    private final Aside aside;
    private final Thread thread;
    private final WaitClock hostWait = new WaitClock();
    private final BreakPlaces breaks = new BreakPlaces();
    private volatile boolean draining;
    private volatile boolean settled;
    private volatile long bytes;
    private volatile long lostBytes;
    /** Of those that were taken: nobody has read them. */
    private volatile long untakenBytes;

    // Writer thread only: chunk[first] to chunk[end - 1] were taken from the ring and by no peer.
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] words;
    private int first;
    private int end;

    /**
     * @param aside what else is to be told; null for the writer that leaves that, and BREAK, to the other one
     * @param log null for none
     */
    LinkWriter(LinkBackend backend, Attachment guest, String name, WhenFull whenFull, Aside aside, TrafficLog log) {
        this.aside = aside;
        words = new byte[aside == null ? 0 : CHUNK_BYTES];
        this.backend = backend;
        this.guest = guest;
        ring = guest.output();
        this.whenFull = whenFull;
        this.log = log;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            write();
        } catch (RuntimeException | Error bug) {
            backend.fail(bug.toString());
            ring.close();
            guest.endRun(ShutdownCause.HOST_ERROR);
        } finally {
            settled = true;
        }
    }

    private void write() {
        boolean over = false;
        while (!backend.stopped()) {
            if (first == end && !over) {
                int count = ring.take(chunk, 0, chunk.length, TAKE_NS);
                over = count < 0;
                first = 0;
                end = Math.max(0, count);
            }
            Connection to = backend.peer();
            if (to == null) {
                if (over) {
                    return;
                }
                withoutPeer();
                continue;
            }
            try {
                if (aside != null) {
                    sendBreak(to);
                    tell(to);
                }
                if (over && (aside == null || aside.isEmpty()) && to.flush()) {
                    return;
                }
                long untilBreak = breaks.distance(passed());
                if (first < end && untilBreak > 0) {
                    write(to, (int) Math.min(end - first, untilBreak));
                }
            } catch (IOException gone) {
                breaks.pass(passed());
                backend.lose(to, gone);
            }
        }
    }

    /** Bytes of the guest's that a peer has taken, or that were given up. */
    private long passed() {
        return ring.consumedBytes() - (end - first);
    }

    private void sendBreak(Connection to) throws IOException {
        long passed = passed();
        // Half of what its protocol says of a byte or of a BREAK may still be on its way.
        if (breaks.distance(passed) <= 0 && to.flush() && to.sendBreak()) {
            breaks.pass(passed);
        }
    }

    private void withoutPeer() {
        if (first < end && (backend.noMorePeers() || draining || whenFull == WhenFull.REFUSE || guest.dropsUnheard())) {
            lostBytes += end - first;
            first = end;
        }
        breaks.pass(passed());
        if (whenFull == WhenFull.REFUSE || backend.noMorePeers() && !backend.mayReturn()) {
            // A peer that comes meanwhile finds the ring open, and so does the device that is told of it.
            backend.whileNobodyIsThere(ring::close);
        }
        if (first < end) {
            LockSupport.parkNanos(this, PEER_NS);
        }
    }

    private void tell(Connection to) throws IOException {
        int count = aside.peek(to, words);
        if (count > 0) {
            aside.taken(to, write(to, words, 0, count));
        }
    }

    private int write(Connection to, byte[] from, int offset, int length) throws IOException {
        hostWait.begin();
        try {
            return to.write(from, offset, length);
        } finally {
            hostWait.end();
        }
    }

    private void write(Connection to, int most) throws IOException {
        int count = write(to, chunk, first, most);
        if (log != null) {
            log.out(chunk, first, count);
        }
        first += count;
        bytes += count;
        if (count > 0) {
            ring.progressed();
        }
    }

    /** Reader thread: there is a peer, before anybody is told of it. */
    void reopen() {
        ring.reopen();
    }

    /** Reader thread: there is a peer. */
    void peerCame() {
        LockSupport.unpark(thread);
    }

    /** Guest thread: it has begun a BREAK behind what it has put out so far. */
    void askBreak() {
        breaks.ask(ring.putOutBytes());
        ring.nudge();
    }

    int breaksHeld() {
        return breaks.size();
    }

    /** Any thread: something is to be told beside the output. */
    void nudge() {
        ring.nudge();
    }

    /** What no peer takes from now on is given up. */
    void drain() {
        draining = true;
    }

    /** Whether a replay has stopped waiting for the peer that there is. */
    boolean givenUp() {
        return ring.givenUp();
    }

    boolean running() {
        return thread.isAlive();
    }

    /** Waits for the thread's end, at most that long. */
    void join(long ms) {
        LockSupport.unpark(thread);
        try {
            thread.join(Math.max(1, ms));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What has not been taken by now is lost: a peer that stalls is not waited for any longer. */
    void settle() {
        settled = true;
    }

    /** At the end: so many of what was written were read by nobody; gives how many of them are this writer's at most. */
    long takeBack(long untaken) {
        untakenBytes = Math.min(untaken, bytes);
        return untakenBytes;
    }

    /** Before the end what was given up; from then on all that the guest has put out and no peer has taken. */
    private long lostBytes(long taken) {
        return settled ? ring.putOutBytes() - taken : lostBytes;
    }

    BackendCounters.Output counters() {
        long taken = bytes - untakenBytes;
        return BackendCounters.Output.of(ring, taken, lostBytes(taken), hostWait.ns());
    }
}
