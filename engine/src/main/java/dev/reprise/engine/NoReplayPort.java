package dev.reprise.engine;

import dev.reprise.engine.ring.OutputRing;
import dev.reprise.engine.ring.Poison;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A port that is live in every mode and in no log: a debugger's, a monitor's. What a host thread sends is given to the
 * handler on the guest thread at a boundary, where the state may be looked at; what the handler answers goes out at once.
 * The guest must not see any of it. Names of such ports are in no manifest, so they may come and go.
 */
public final class NoReplayPort {

    /** Serves the port. What it throws ends the run, as what the guest throws does. */
    public interface Handler {
        /** Called by the guest thread at a boundary, once per message, in the order of sending. */
        void onBytes(byte[] bytes, NoReplayPort port);

        /** As {@link #onBytes}, for a change of the link: one of {@link dev.reprise.engine.event.LinkEvent}. */
        default void onLink(int change, NoReplayPort port) {
            // Who only answers need not know whether somebody is there.
        }
    }

    /** Bytes, or null and a change of the link. */
    private record Message(byte[] bytes, int change) {}

    private static final int MESSAGES = 256;
    private static final int OUTPUT_BYTES = 1 << 16;

    private final String name;
    private final Handler handler;
    private final Runnable wakeGuest;
    private final Poison poison;
    private final OutputRing output;
    private final ArrayBlockingQueue<Message> inbox = new ArrayBlockingQueue<>(MESSAGES);

    NoReplayPort(String name, Handler handler, Runnable wakeGuest, Poison poison) {
        this.name = name;
        this.handler = handler;
        this.wakeGuest = wakeGuest;
        this.poison = poison;
        output = new OutputRing(OUTPUT_BYTES, poison, null, null);
    }

    public String name() {
        return name;
    }

    /**
     * Any host thread: sends a message; waits for room, at most that long.
     *
     * @return false if the time was over, or the run
     */
    public boolean send(byte[] bytes, long timeoutNs) {
        return send(new Message(bytes, 0), timeoutNs);
    }

    /** Any host thread: tells the handler of a change of the link, as {@link #send}. */
    public boolean sendLink(int change, long timeoutNs) {
        return send(new Message(null, change), timeoutNs);
    }

    private boolean send(Message message, long timeoutNs) {
        try {
            boolean taken = !ended() && inbox.offer(message, timeoutNs, TimeUnit.NANOSECONDS);
            wakeGuest.run();
            return taken;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether the run has ended, or failed: nothing is served any more. */
    public boolean ended() {
        return poison.stopped();
    }

    /** The host thread that writes: where it takes from. */
    public OutputRing output() {
        return output;
    }

    /**
     * The handler's: answers, as far as there is room; never waits. What is not taken counts as put out and lost.
     *
     * @return how many bytes were taken, or a status
     */
    public int answer(byte[] bytes) {
        int count = output.accept(bytes, 0, bytes.length);
        output.skip(bytes.length - Math.max(0, count));
        output.release();
        return count;
    }

    /**
     * Serves one message at most, so that nobody who floods the port can hold the guest still.
     *
     * @return whether there is another
     */
    boolean poll() {
        Message message = inbox.poll();
        if (message == null) {
            return false;
        }
        if (message.bytes == null) {
            handler.onLink(message.change, this);
        } else {
            handler.onBytes(message.bytes, this);
        }
        return !inbox.isEmpty();
    }

    void end() {
        output.end();
    }
}
