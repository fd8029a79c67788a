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

    /** Serves the port. */
    @FunctionalInterface
    public interface Handler {
        /** Called by the guest thread at a boundary, once per message, in the order of sending. */
        void onBytes(byte[] bytes, NoReplayPort port);
    }

    private static final int MESSAGES = 256;
    private static final int OUTPUT_BYTES = 1 << 16;

    private final String name;
    private final Handler handler;
    private final Runnable wakeGuest;
    private final Poison poison;
    private final OutputRing output;
    private final ArrayBlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(MESSAGES);

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
        try {
            boolean taken = !poison.stopped() && inbox.offer(bytes, timeoutNs, TimeUnit.NANOSECONDS);
            wakeGuest.run();
            return taken;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The host thread that writes: where it takes from. */
    public OutputRing output() {
        return output;
    }

    /** The handler's: answers, as far as there is room; never waits. Returns how many bytes were taken, or a status. */
    public int answer(byte[] bytes) {
        int count = output.accept(bytes, 0, bytes.length);
        output.release();
        return count;
    }

    void poll() {
        for (byte[] message = inbox.poll(); message != null; message = inbox.poll()) {
            handler.onBytes(message, this);
        }
    }

    void end() {
        output.end();
    }
}
