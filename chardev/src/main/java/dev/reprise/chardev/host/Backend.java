package dev.reprise.chardev.host;

import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.Session;

/**
 * The host's half of a character device: publishes what comes from outside and takes what the device has put out. It
 * knows ports and rings, never a device model.
 *
 * <p>Life: made (and refused, if it cannot be) before a run begins, {@link #start} once, the session is closed,
 * {@link #drain}, {@link #stop}. All four are called by the thread that owns the session. Reader and writer are two
 * threads, both daemons, because either side of the host may stall for as long as it likes.
 */
public interface Backend {

    /** Starts the backend's threads for that device of the session. */
    void start(Session session, int device);

    /**
     * Starts the backend's threads for a port that no log knows: a monitor's.
     *
     * @throws UnsupportedOperationException if nobody can send input through it
     */
    default void start(Session session, NoReplayPort port) {
        throw new UnsupportedOperationException("no input comes from here");
    }

    /**
     * Before {@link #start(Session, int)}: lets a monitor's port share the backend. The operator's Ctrl-A c gives the
     * focus from the device to the port and back; what the port answers goes to the same host as the device's output.
     *
     * @throws UnsupportedOperationException if nobody can send input through it
     */
    default void share(NoReplayPort port) {
        throw new UnsupportedOperationException("no input comes from here");
    }

    /** What a user must know to connect, in one line; null if there is nothing. */
    default String announcement() {
        return null;
    }

    /** Whether an operator types here, whose keys are looked at. */
    default boolean hasOperator() {
        return false;
    }

    /** Whether input comes from somebody who lives in the host's time: a terminal or a live connection. */
    boolean isLive();

    /**
     * After the session has been closed: waits until the host has taken all output that was released, or is gone, or the
     * operator asks a second time for the end. To be called until it has, or for as long as the caller has patience.
     *
     * @return false if the time was over before
     */
    boolean drain(long timeoutNs);

    /**
     * Ends the threads and gives back what was taken from the host (a terminal's settings). Output that the host has
     * not taken by then is given up and counted as lost. Waits for a bounded time; idempotent.
     */
    void stop();

    /** What has passed and what was waited for so far; from any thread. */
    BackendCounters counters();

    /** The same of the port that {@linkplain #share shares} the backend, or null. */
    default BackendCounters sharedCounters() {
        return null;
    }
}
