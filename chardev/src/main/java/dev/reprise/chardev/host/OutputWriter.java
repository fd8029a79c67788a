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
 * guest had put out until it was told is counted as lost.
 */
final class OutputWriter {

    private static final int CHUNK_BYTES = 1 << 14;
    private static final long TAKE_NS = 50_000_000;
    /** For a writer between two writes; one that is in a write to a host that stalls cannot be ended, and is left to it. */
    private static final long STOP_MS = 100;

    private final String name;
    private final OutputStream host;
    private final boolean closeAtEnd;
    private final TrafficLog log;
    private volatile boolean stopped;
    private volatile long bytes;
    private volatile long lostBytes;
    private volatile long waitedNs;
    private volatile String failure;
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
        thread = new Thread(() -> run(guest, guest.output()), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Attachment guest, OutputRing ring) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            pump(ring, chunk);
        } catch (IOException gone) {
            fail(ring, gone);
            lose(ring, chunk);
        } catch (RuntimeException | Error bug) {
            fail(ring, bug);
            guest.endRun(ShutdownCause.HOST_ERROR);
        } finally {
            if (closeAtEnd) {
                try {
                    host.close();
                } catch (IOException late) {
                    fail(ring, late);
                }
            }
        }
    }

    private void pump(OutputRing ring, byte[] chunk) throws IOException {
        while (!stopped) {
            int count = ring.take(chunk, 0, chunk.length, TAKE_NS);
            if (count < 0) {
                return;
            }
            if (count > 0) {
                long start = System.nanoTime();
                // Until it has been written it may be lost.
                lostBytes += count;
                host.write(chunk, 0, count);
                host.flush();
                waitedNs += System.nanoTime() - start;
                bytes += count;
                lostBytes -= count;
                if (log != null) {
                    log.out(chunk, 0, count);
                }
            }
        }
    }

    /** Takes and counts what was accepted before the device was told, for as long as the run lasts. */
    private void lose(OutputRing ring, byte[] chunk) {
        for (int count = 0; count >= 0 && !stopped; count = ring.take(chunk, 0, chunk.length, TAKE_NS)) {
            lostBytes += count;
        }
    }

    private void fail(OutputRing ring, Throwable cause) {
        if (failure == null) {
            failure = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        }
        ring.close();
    }

    boolean drain(long timeoutNs) {
        return join(Math.max(1, timeoutNs / 1_000_000));
    }

    void stop() {
        stopped = true;
        if (join(STOP_MS) && log != null) {
            log.close();
        }
    }

    private boolean join(long timeoutMs) {
        if (thread == null) {
            return true;
        }
        try {
            thread.join(timeoutMs);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    long bytes() {
        return bytes;
    }

    /** Bytes that a host which is gone has not taken; some of the last ones it may have. */
    long lostBytes() {
        return failure == null ? 0 : lostBytes;
    }

    long waitedNs() {
        return waitedNs;
    }

    String failure() {
        return failure == null && log != null ? log.failure() : failure;
    }
}
