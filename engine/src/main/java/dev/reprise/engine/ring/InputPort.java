package dev.reprise.engine.ring;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Where one device's backend publishes its inputs. Any number of host threads may publish events; bytes are published
 * by one thread (the backend's reader), within the credit that the device has granted.
 */
public final class InputPort {

    private static final byte[] NONE = new byte[0];

    private final InboxRing inbox;
    private final Poison poison;
    private final int device;
    private final AtomicLong credit = new AtomicLong();
    private volatile Thread waiting;
    private volatile boolean attached;

    /** @param inbox null for a port that takes and discards (in replay live input is ignored) */
    public InputPort(InboxRing inbox, Poison poison, int device) {
        this.inbox = inbox;
        this.poison = poison;
        this.device = device;
    }

    /**
     * Publishes as many of the bytes as there is credit for, without waiting for credit.
     *
     * @return the number published; -1 if the run has ended
     */
    public int publishBytes(byte[] bytes, int offset, int length) {
        if (poison.stopped()) {
            return -1;
        }
        if (inbox == null) {
            return length;
        }
        int count = (int) Math.min(Math.min(length, Event.SLOT_PAYLOAD_BYTES), credit.get());
        if (count <= 0) {
            return 0;
        }
        credit.addAndGet(-count);
        return inbox.publish(EventKind.CHAR_INPUT, device, 0, 0, bytes, offset, count) ? count : -1;
    }

    /**
     * Waits until there is credit, the run has ended, or the time is over.
     *
     * @return whether there is credit now
     */
    public boolean awaitCredit(long timeoutNs) {
        if (inbox == null) {
            return true;
        }
        waiting = Thread.currentThread();
        try {
            long deadline = System.nanoTime() + timeoutNs;
            long left = timeoutNs;
            while (credit.get() == 0 && !poison.stopped() && left > 0) {
                LockSupport.parkNanos(this, left);
                left = deadline - System.nanoTime();
            }
        } finally {
            waiting = null;
        }
        return credit.get() > 0;
    }

    /** Publishes a change of the link, one of {@link dev.reprise.engine.event.LinkEvent}; false if the run has ended. */
    public boolean publishLink(int linkEvent) {
        return publish(EventKind.CHAR_LINK, linkEvent, 0, NONE, 0, 0);
    }

    /** Publishes an input with the embedder's or the device family's own fields; false if the run has ended. */
    public boolean publish(EventKind kind, long a, long b, byte[] payload, int offset, int length) {
        if (inbox == null) {
            return !poison.stopped();
        }
        return inbox.publish(kind, device, a, b, payload, offset, length);
    }

    /** As {@link #publish} of an {@link EventKind#EMBEDDER_INPUT} without payload. */
    public boolean publish(long a, long b) {
        return publish(EventKind.EMBEDDER_INPUT, a, b, NONE, 0, 0);
    }

    /** A backend has taken the port: an idle guest waits for it. */
    public void attach() {
        attached = true;
    }

    /** The backend will publish nothing more: an idle guest need not wait for it. */
    public void detach() {
        attached = false;
        if (inbox != null) {
            inbox.wake();
        }
    }

    /** Whether something may still come from here. */
    public boolean attached() {
        return attached;
    }

    /** Guest thread: the device has room for that many more bytes. */
    public void grant(int bytes) {
        credit.addAndGet(bytes);
        Thread backend = waiting;
        if (backend != null) {
            LockSupport.unpark(backend);
        }
    }
}
