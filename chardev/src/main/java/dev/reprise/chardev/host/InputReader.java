package dev.reprise.chardev.host;

import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.InputPort;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;

/**
 * A backend's reader: one thread from the host to an {@link InputPort}, within the guest's credit. What the guest
 * cannot take yet is held here, up to a bound; what is beyond it stays with the host or is refused, by {@link WhenFull}.
 *
 * <p>While it holds bytes it goes on looking at the host, because the operator's keys must work on a guest that reads
 * nothing. A BREAK that the input holds is published at its place among the bytes.
 */
final class InputReader {

    /** What the reader's thread does: publishes what its peers send, until there are no more. */
    @FunctionalInterface
    interface Body {
        void run(InputPort port) throws IOException;
    }

    /** Bytes held for a guest that does not read: more than anybody types, and a bound for what a pipe sends. */
    static final int HELD_BYTES = 1 << 16;

    private static final int SCRATCH_BYTES = 1 << 14;
    /** Chunks refused before the guest's credit is waited for again. */
    private static final int REFUSALS = 64;
    private static final long CREDIT_NS = 20_000_000;
    private static final long STOP_MS = 100;

    private final String name;
    private final WhenFull whenFull;
    private final TrafficLog log;
    private volatile boolean stopped;
    private volatile long bytes;
    private volatile long refusedBytes;
    private volatile long creditWaits;
    private volatile long creditWaitedNs;
    private volatile int heldBytes;
    private Thread thread;

    // Reader thread only: the held bytes are held[first] to held[end - 1].
    private final byte[] held = new byte[HELD_BYTES];
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private int first;
    private int end;
    private long taken;
    /** Before which byte of the stream a BREAK stands, ascending. */
    private final ArrayDeque<Long> breaks = new ArrayDeque<>();

    /**
     * @param name of the thread
     * @param log null for none
     */
    InputReader(String name, WhenFull whenFull, TrafficLog log) {
        this.name = name;
        this.whenFull = whenFull;
        this.log = log;
    }

    void start(Session session, int device, Body body) {
        InputPort port = session.inputPort(device);
        thread = new Thread(() -> run(session, port, body), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Session session, InputPort port, Body body) {
        try {
            body.run(port);
        } catch (IOException | RuntimeException | Error bug) {
            if (!stopped) {
                session.publishShutdown(ShutdownCause.HOST_ERROR, 1);
            }
        } finally {
            // An idle guest need not wait for this backend any more.
            port.detach();
        }
    }

    /**
     * Publishes what the host sends until it ends.
     *
     * @param filter null where every byte is the guest's
     * @param whileHeld called now and then while the guest takes nothing
     * @return true at the end of the input, after the last byte; false if the run has ended
     */
    boolean pump(InputPort port, InputStream host, InputFilter filter, Runnable whileHeld) {
        while (!stopped) {
            if (first == end && breaks.isEmpty()) {
                first = 0;
                end = 0;
                if (!read(host, filter, true)) {
                    return !stopped;
                }
            } else if (!breaks.isEmpty() && breaks.peek() == taken) {
                breaks.poll();
                if (!port.publishLink(LinkEvent.BREAK)) {
                    return false;
                }
            } else {
                long most = breaks.isEmpty() ? end - first : Math.min(end - first, breaks.peek() - taken);
                int count = port.publishBytes(held, first, (int) most);
                if (count < 0) {
                    return false;
                }
                if (log != null) {
                    log.in(held, first, count);
                }
                first += count;
                taken += count;
                bytes += count;
                if (count == 0) {
                    awaitCredit(port);
                    whileHeld.run();
                    read(host, filter, false);
                    if (whenFull == WhenFull.REFUSE && end - first == held.length && !refuse(port, host, filter)) {
                        return false;
                    }
                }
            }
            heldBytes = end - first;
        }
        return false;
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
    private boolean read(InputStream host, InputFilter filter, boolean wait) {
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
            int start = end;
            end += filter == null ? count
                    : filter.filter(held, start, count, index -> breaks.add(taken + index - first));
            return true;
        } catch (IOException gone) {
            // A terminal that hung up reads as an error: the link is closed, as at the end of a file.
            return !wait;
        }
    }

    /** Takes from the host what nobody has room for, and says so to the guest; false if the run has ended. */
    private boolean refuse(InputPort port, InputStream host, InputFilter filter) {
        boolean goesOn = true;
        for (int i = 0; i < REFUSALS && goesOn && !port.awaitCredit(0); i++) {
            long before = refusedBytes;
            goesOn = refuseChunk(port, host, filter);
            if (refusedBytes == before) {
                break;
            }
        }
        return goesOn;
    }

    private boolean refuseChunk(InputPort port, InputStream host, InputFilter filter) {
        try {
            int count = Math.min(scratch.length, host.available());
            if (count > 0) {
                count = Math.max(0, host.read(scratch, 0, count));
                count = filter == null ? count : filter.filter(scratch, 0, count, index -> { });
            }
            if (count == 0) {
                return true;
            }
            refusedBytes += count;
            return port.publishLink(LinkEvent.of(LinkEvent.REFUSED, count));
        } catch (IOException gone) {
            // Seen again by the read that waits.
            return true;
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

    boolean stopped() {
        return stopped;
    }

    long bytes() {
        return bytes;
    }

    long refusedBytes() {
        return refusedBytes;
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
