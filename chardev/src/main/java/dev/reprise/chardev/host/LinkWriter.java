package dev.reprise.chardev.host;

import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * A writer of a {@link LinkBackend}: one thread from an {@link OutputRing} to whichever peer is there. What no peer has
 * taken is kept for the next, up to the ring and one chunk, unless it may be dropped.
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
    private final boolean sendsBreaks;
    private final Thread thread;
    private volatile boolean draining;
    private volatile long bytes;
    private volatile long lostBytes;
    private volatile long hostWaitedNs;

    /**
     * @param sendsBreaks whether this is the one that tells peers of the guest's BREAK
     * @param log null for none
     */
    LinkWriter(LinkBackend backend, Attachment guest, String name, WhenFull whenFull, boolean sendsBreaks, TrafficLog log) {
        this.sendsBreaks = sendsBreaks;
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
        }
    }

    private void write() {
        byte[] chunk = new byte[CHUNK_BYTES];
        int first = 0;
        int end = 0;
        while (!backend.stopped()) {
            if (first == end) {
                first = 0;
                end = ring.take(chunk, 0, chunk.length, TAKE_NS);
                if (end < 0) {
                    return;
                }
            }
            Connection to = backend.peer();
            if (to == null) {
                if (first < end && (backend.noMorePeers() || draining || whenFull == WhenFull.REFUSE
                        || guest.dropsUnheard())) {
                    lostBytes += end - first;
                    first = end;
                }
                if (whenFull == WhenFull.REFUSE || backend.noMorePeers() && !backend.mayReturn()) {
                    closeRing();
                }
                if (first < end) {
                    LockSupport.parkNanos(this, PEER_NS);
                }
                continue;
            }
            try {
                if (sendsBreaks) {
                    backend.sendBreak(to);
                }
                if (first < end) {
                    long start = System.nanoTime();
                    int count = to.write(chunk, first, end - first);
                    hostWaitedNs += System.nanoTime() - start;
                    if (log != null) {
                        log.out(chunk, first, count);
                    }
                    first += count;
                    bytes += count;
                }
            } catch (IOException gone) {
                backend.lose(to, gone);
            }
        }
        lostBytes += end - first;
    }

    /** A peer may have come since: then the ring stays open. */
    private void closeRing() {
        ring.close();
        if (backend.peer() != null) {
            ring.reopen();
        }
    }

    /** Reader thread: there is a peer. */
    void peerCame() {
        ring.reopen();
        LockSupport.unpark(thread);
    }

    /** What no peer takes from now on is given up. */
    void drain() {
        draining = true;
    }

    boolean running() {
        return thread.isAlive();
    }

    void join(long ms) {
        LockSupport.unpark(thread);
        try {
            thread.join(ms);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    long bytes() {
        return bytes;
    }

    long lostBytes() {
        return lostBytes;
    }

    long hostWaitedNs() {
        return hostWaitedNs;
    }
}
