package dev.reprise.chardev.host;

import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.InputPort;
import java.io.IOException;
import java.io.InputStream;

/**
 * A backend's reader: one thread from the host to an {@link InputPort}, within the guest's credit. What the guest
 * cannot take yet is held here, up to a bound; beyond that it stays with the host.
 *
 * <p>While it holds bytes it goes on looking at the host, because the operator's keys must work on a guest that reads
 * nothing. The end of the input comes after the last byte and is a <em>closed</em> event.
 */
final class InputReader {

    /** Bytes held for a guest that does not read: more than anybody types, and a bound for what a pipe sends. */
    static final int HELD_BYTES = 1 << 16;

    private static final long CREDIT_NS = 20_000_000;
    private static final long STOP_MS = 100;

    private final String name;
    private final InputStream host;
    private volatile EscapeKeys keys;
    private volatile boolean stopped;
    private volatile long bytes;
    private volatile long creditWaits;
    private volatile long creditWaitedNs;
    private volatile int heldBytes;
    private Thread thread;

    // Reader thread only: the held bytes are held[first] to held[end - 1].
    private final byte[] held = new byte[HELD_BYTES];
    private int first;
    private int end;

    /** @param name of the thread */
    InputReader(String name, InputStream host) {
        this.name = name;
        this.host = host;
    }

    /** @param escapeKeys null where every byte is the guest's */
    void start(Session session, int device, EscapeKeys escapeKeys) {
        keys = escapeKeys;
        InputPort port = session.inputPort(device);
        thread = new Thread(() -> run(session, port), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Session session, InputPort port) {
        try {
            pump(port);
        } catch (RuntimeException | Error bug) {
            session.publishShutdown(ShutdownCause.HOST_ERROR, 1);
        } finally {
            // An idle guest need not wait for this backend any more.
            port.detach();
        }
    }

    private void pump(InputPort port) {
        while (!stopped) {
            if (first == end) {
                first = 0;
                end = 0;
                if (!read(true)) {
                    if (!stopped) {
                        port.publishLink(LinkEvent.CLOSED);
                    }
                    return;
                }
            } else {
                int count = port.publishBytes(held, first, end - first);
                if (count < 0) {
                    return;
                }
                first += count;
                bytes += count;
                if (count == 0) {
                    awaitCredit(port);
                    read(false);
                }
            }
            heldBytes = end - first;
        }
    }

    private void awaitCredit(InputPort port) {
        long start = System.nanoTime();
        port.awaitCredit(CREDIT_NS);
        creditWaits++;
        creditWaitedNs += System.nanoTime() - start;
    }

    /**
     * Reads what there is; waits for something only if {@code wait}. Nothing can end that wait but the host, which is
     * why the thread is a daemon, and why what comes after {@link #stop} is dropped.
     *
     * @return false at the end of the input, which is seen only when waiting
     */
    private boolean read(boolean wait) {
        if (end == held.length && first > 0) {
            System.arraycopy(held, first, held, 0, end - first);
            end -= first;
            first = 0;
        }
        try {
            int room = held.length - end;
            int wanted = wait ? room : Math.min(room, host.available());
            if (wanted == 0) {
                return true;
            }
            int count = host.read(held, end, wanted);
            if (count < 0) {
                return !wait;
            }
            EscapeKeys operator = keys;
            end += operator == null ? count : operator.filter(held, end, count);
            return true;
        } catch (IOException gone) {
            // A terminal that hung up reads as an error: the link is closed, as at the end of a file.
            return !wait;
        }
    }

    void stop() {
        stopped = true;
        if (thread == null) {
            return;
        }
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    long bytes() {
        return bytes;
    }

    long heldBytes() {
        return heldBytes;
    }

    long creditWaits() {
        return creditWaits;
    }

    long creditWaitedNs() {
        return creditWaitedNs;
    }
}
