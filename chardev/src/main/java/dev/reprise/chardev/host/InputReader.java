package dev.reprise.chardev.host;

import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.event.LinkEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * A backend's reader: one thread from the host to an {@link Attachment}, within the guest's credit. What the guest
 * cannot take yet is held here, up to a bound; what is beyond it stays with the host or is refused, by {@link WhenFull}.
 *
 * <p>While it holds bytes it goes on looking at the host, because the operator's keys must work on a guest that reads
 * nothing. Where there is an operator the bound is 16 MiB, and what is beyond it is refused in any case: else a key that
 * stands behind it would not be seen.
 *
 * <p>A BREAK that the input holds, or a change of focus, is published at its place among the bytes. Each change of focus is
 * an event of its own, in order, however late it is published; a line that is held in BREAK is held in it once. What they
 * take counts as held. Beyond the bound, changes at one place are the last of them.
 */
final class InputReader {

    /** What the reader's thread does: publishes what its peers send, until there are no more. */
    @FunctionalInterface
    interface Body {
        void run(Attachment guest) throws IOException;
    }

    /** Is shown what is on its way to the guest, in order; what is refused, and what is no guest's, is not. Reader thread. */
    @FunctionalInterface
    interface Echo {
        Echo NONE = (bytes, offset, length) -> { };

        /** Never waits. */
        void show(byte[] bytes, int offset, int length);
    }

    /** Bytes held for a guest that does not read: more than anybody types, and a bound for what a pipe sends. */
    static final int HELD_BYTES = 1 << 16;
    /** The same where an operator's keys may stand among them. */
    static final int OPERATOR_HELD_BYTES = 1 << 24;

    /** What a change of the link among them counts as: two keys make one, and it takes more room than two keys. */
    static final int MARK_BYTES = 16;

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
    private volatile int heldMarks;
    private Thread thread;

    // Reader thread only: the held bytes are held[first] to held[end - 1].
    private byte[] held = new byte[HELD_BYTES];
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private int first;
    private int end;
    private long taken;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    /** Before which byte of the stream what happens to the link. */
    private record Mark(long at, int linkEvent) {
        boolean isOf(int change) {
            return LinkEvent.change(linkEvent) == change;
        }
    }

    /**
     * @param name of the thread
     * @param log null for none
     */
    InputReader(String name, WhenFull whenFull, TrafficLog log) {
        this.name = name;
        this.whenFull = whenFull;
        this.log = log;
    }

    void start(Attachment guest, Body body) {
        thread = new Thread(() -> run(guest, body), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Attachment guest, Body body) {
        try {
            body.run(guest);
        } catch (IOException | RuntimeException | Error bug) {
            if (!stopped) {
                guest.endRun(ShutdownCause.HOST_ERROR);
            }
        } finally {
            // An idle guest need not wait for this backend any more.
            guest.detach();
        }
    }

    /**
     * Publishes what the host sends until it ends.
     *
     * @param filter null where every byte is the guest's
     * @param whileHeld called now and then while the guest takes nothing
     * @return true at the end of the input, after the last byte; false if the run has ended
     */
    boolean pump(Attachment guest, InputStream host, InputFilter filter, Echo echo, Runnable whileHeld) {
        boolean ended;
        try {
            ended = publish(guest, host, filter, echo, whileHeld);
        } finally {
            heldBytes = end - first;
            heldMarks = marks.size();
        }
        if (!ended && filter != null && filter.hasOperator()) {
            watch(host, filter);
        }
        return ended;
    }

    /** After the run's end, as long as output is waited for: the operator may have no patience. The rest is nobody's. */
    private void watch(InputStream host, InputFilter filter) {
        try {
            while (!stopped) {
                int count = host.read(scratch, 0, scratch.length);
                if (count < 0) {
                    return;
                }
                filter.filter(scratch, 0, count, (index, event) -> { });
            }
        } catch (IOException gone) {
            // Nobody is there to be patient.
        }
    }

    private boolean publish(Attachment guest, InputStream host, InputFilter filter, Echo echo, Runnable whileHeld) {
        boolean operated = filter != null && filter.hasOperator();
        int bound = operated && whenFull == WhenFull.WAIT ? OPERATOR_HELD_BYTES : HELD_BYTES;
        while (!stopped) {
            if (first == end && marks.isEmpty()) {
                first = 0;
                end = 0;
                if (!read(host, filter, echo, bound, true)) {
                    return !stopped;
                }
            } else if (!marks.isEmpty() && marks.peek().at == taken) {
                if (!guest.publishLink(marks.poll().linkEvent)) {
                    return false;
                }
            } else {
                long most = marks.isEmpty() ? end - first : Math.min(end - first, marks.peek().at - taken);
                int count = guest.publishBytes(held, first, (int) most);
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
                    awaitCredit(guest);
                    whileHeld.run();
                    read(host, filter, echo, bound, false);
                    if ((operated || whenFull == WhenFull.REFUSE) && held() >= bound
                            && !refuse(guest, host, filter, bound)) {
                        return false;
                    }
                }
            }
            heldBytes = end - first;
            heldMarks = marks.size();
        }
        return false;
    }

    private void mark(long at, int linkEvent, int bound) {
        int change = LinkEvent.change(linkEvent);
        Mark last = marks.peekLast();
        if (change == LinkEvent.BREAK && last != null && last.at == at && last.isOf(change)) {
            return;
        }
        if (held() >= bound) {
            // So there are two more at most, however many come.
            Iterator<Mark> back = marks.descendingIterator();
            for (int i = 0; i < 2 && back.hasNext(); i++) {
                Mark before = back.next();
                if (before.at == at && before.isOf(change)) {
                    back.remove();
                    break;
                }
            }
        }
        marks.add(new Mark(at, linkEvent));
    }

    private int held() {
        return end - first + MARK_BYTES * marks.size();
    }

    private void awaitCredit(Attachment guest) {
        long start = System.nanoTime();
        guest.awaitCredit(CREDIT_NS);
        creditWaits++;
        creditWaitedNs += System.nanoTime() - start;
    }

    /**
     * Reads what there is; waits for something only if {@code wait}. Nothing can end that wait but the host, which is
     * why the thread is a daemon, and why what comes after {@link #stop} is dropped.
     *
     * @return false at the end of the input, which is seen only when waiting
     */
    private boolean read(InputStream host, InputFilter filter, Echo echo, int bound, boolean wait) {
        if (end == held.length && first > 0) {
            System.arraycopy(held, first, held, 0, end - first);
            end -= first;
            first = 0;
        } else if (end == held.length && held.length < bound) {
            held = Arrays.copyOf(held, Math.min(bound, 2 * held.length));
        }
        try {
            int room = Math.min(held.length - end, bound - held());
            int wanted = wait ? room : Math.min(room, host.available());
            if (wanted <= 0) {
                return true;
            }
            int count = host.read(held, end, wanted);
            if (count < 0) {
                return !wait;
            }
            int start = end;
            end += filter == null ? count
                    : filter.filter(held, start, count, (index, event) -> mark(taken + index - first, event, bound));
            echo.show(held, start, end - start);
            return true;
        } catch (IOException gone) {
            // A terminal that hung up reads as an error: the link is closed, as at the end of a file.
            return !wait;
        }
    }

    /** Takes from the host what nobody has room for, and says so to the guest; false if the run has ended. */
    private boolean refuse(Attachment guest, InputStream host, InputFilter filter, int bound) {
        boolean goesOn = true;
        for (int i = 0; i < REFUSALS && goesOn && !guest.awaitCredit(0); i++) {
            long before = refusedBytes;
            goesOn = refuseChunk(guest, host, filter, bound);
            if (refusedBytes == before) {
                break;
            }
        }
        return goesOn;
    }

    private boolean refuseChunk(Attachment guest, InputStream host, InputFilter filter, int bound) {
        try {
            int count = Math.min(scratch.length, host.available());
            if (count > 0) {
                count = Math.max(0, host.read(scratch, 0, count));
                // What it says of the link comes behind what is held.
                count = filter == null ? count
                        : filter.filter(scratch, 0, count, (index, event) -> mark(taken + end - first, event, bound));
            }
            if (count == 0) {
                return true;
            }
            refusedBytes += count;
            return guest.publishLink(LinkEvent.of(LinkEvent.REFUSED, count));
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

    int heldMarks() {
        return heldMarks;
    }

    BackendCounters.Input counters() {
        return new BackendCounters.Input(bytes, heldBytes, refusedBytes, creditWaits, creditWaitedNs);
    }
}
