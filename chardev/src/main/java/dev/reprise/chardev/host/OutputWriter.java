package dev.reprise.chardev.host;

import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A backend's writer: one thread from an {@link OutputRing} to the host. Bytes are written as they are released, never
 * kept for more.
 *
 * <p>The host may stall in a write: only this thread waits then, the ring fills, and the guest is told. A host that is
 * gone (a closed pipe, a full disk) closes the ring: the device is told so from then on, the run goes on, and what the
 * guest had put out until it was told is counted as lost. So is, at the end, what a host that stalls has not taken.
 */
final class OutputWriter {

    private static final int CHUNK_BYTES = 1 << 14;
    /** What is written at once: a pipe takes so much whole or not at all (POSIX, PIPE_BUF), so that what it has is known. */
    private static final int PIECE_BYTES = 1 << 12;
    private static final long TAKE_NS = 50_000_000;
    /** For a writer between two writes; one that is in a write to a host that stalls cannot be ended, and is left to it. */
    private static final long STOP_MS = 100;

    private final String name;
    private final OutputStream host;
    private final boolean closeAtEnd;
    private final TrafficLog log;
    private final WaitClock hostWait = new WaitClock();
    private volatile boolean stopped;
    private volatile boolean settled;
    private volatile long bytes;
    private volatile long lostBytes;
    private volatile String failure;
    private OutputRing ring;
    private Thread thread;

    /**
     * @param name of the thread
     * @param closeAtEnd whether the stream is the backend's own
     * @param log null for none
     */
    OutputWriter(String name, OutputStream host, boolean closeAtEnd, TrafficLog log) {
        this.name = name;
        this.log = log;
        this.host = host;
        this.closeAtEnd = closeAtEnd;
    }

    void start(Attachment guest) {
        ring = guest.output();
        thread = new Thread(() -> run(guest), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Attachment guest) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            pump(chunk);
        } catch (IOException gone) {
            fail(gone);
            lose(chunk);
        } catch (RuntimeException | Error bug) {
            fail(bug);
            guest.endRun(ShutdownCause.HOST_ERROR);
        } finally {
            settled = true;
            if (closeAtEnd) {
                try {
                    host.close();
                } catch (IOException late) {
                    fail(late);
                }
            }
        }
    }

    private void pump(byte[] chunk) throws IOException {
        while (!stopped) {
            int count = ring.take(chunk, 0, chunk.length, TAKE_NS);
            if (count < 0) {
                return;
            }
            // Until it has been written it may be lost.
            lostBytes += count;
            for (int done = 0; done < count && !stopped; ) {
                int piece = Math.min(PIECE_BYTES, count - done);
                write(chunk, done, piece);
                done += piece;
            }
        }
    }

    private void write(byte[] from, int offset, int length) throws IOException {
        hostWait.begin();
        try {
            host.write(from, offset, length);
            host.flush();
        } finally {
            hostWait.end();
        }
        bytes += length;
        lostBytes -= length;
        ring.progressed();
        if (log != null) {
            log.out(from, offset, length);
        }
    }

    /** Takes and counts what was accepted before the device was told, for as long as the run lasts. */
    private void lose(byte[] chunk) {
        for (int count = 0; count >= 0 && !stopped; count = ring.take(chunk, 0, chunk.length, TAKE_NS)) {
            lostBytes += count;
        }
    }

    private void fail(Throwable cause) {
        if (failure == null) {
            failure = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        }
        ring.close();
    }

    /** Whether all is written, or the host is gone, or was given up before, within that time. */
    boolean drain(long timeoutNs) {
        return ring != null && ring.givenUp() || join(timeoutNs / 1_000_000);
    }

    /** Idempotent. What has not been written by then is lost. */
    void stop() {
        boolean again = stopped;
        stopped = true;
        if (!again) {
            join(STOP_MS);
            if (log != null) {
                log.close();
            }
        }
        settled = true;
    }

    private boolean join(long timeoutMs) {
        if (thread == null) {
            return true;
        }
        try {
            thread.join(Math.max(1, timeoutMs));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /**
     * Bytes that a host which is gone has not taken, some of the last ones perhaps it has; at the end all that the guest
     * has put out and that were not written.
     */
    private long lostBytes() {
        OutputRing from = ring;
        return settled && from != null ? from.putOutBytes() - bytes : failure == null ? 0 : lostBytes;
    }

    BackendCounters.Output counters() {
        return BackendCounters.Output.of(ring, bytes, lostBytes(), hostWait.ns());
    }

    String failure() {
        return failure;
    }
}
