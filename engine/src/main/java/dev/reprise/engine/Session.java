package dev.reprise.engine;

import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.util.function.LongSupplier;

/**
 * A run of one guest: recorded, replayed or neither. The guest's code is the same in the three; what differs is where
 * the answers come from.
 *
 * <p>Methods of the first group belong to the guest thread (the thread that called {@link #run} or the first
 * {@link #boundary}); a call from another thread throws {@link IllegalStateException} and names both.
 */
public interface Session extends AutoCloseable {

    /** The output could not be taken now: nothing was accepted. */
    int WOULD_BLOCK = -11;
    /** The backend is gone: nothing was accepted. */
    int OUTPUT_CLOSED = -32;

    Mode mode();

    // ---- Guest thread, while the guest runs.

    /**
     * Reads a clock of the host. A second read of the same clock at the same position gives the same value and costs
     * no event.
     *
     * @param clockKind one of {@link ClockKind}, or an embedder's own from {@link ClockKind#FIRST_EMBEDDER_KIND} on
     * @return nanoseconds, as that clock counts
     */
    long readClock(int clockKind);

    /**
     * Asks the host a question whose answer is a long. In record the supplier is asked and the answer journaled; in
     * replay the answer is the log's and the supplier is not called.
     *
     * @param question the embedder's own number of the question, 0 to 65,535; a replay that asks another diverges
     */
    long ask(int question, LongSupplier live);

    /**
     * Asks the host a question whose answer is bytes and a status.
     *
     * @return the status; at least 0 if it is the number of bytes that stand in {@code into} from {@code offset}
     */
    int askBytes(int question, ByteAnswer live, byte[] into, int offset, int length);

    /** Fills the range with entropy of the host, recorded. */
    void random(byte[] into, int offset, int length);

    /**
     * Hands bytes to the device's backend; never waits.
     *
     * <p>What was not accepted stays the guest's. When there is room again, the device is given an input,
     * {@link dev.reprise.engine.event.LinkEvent#WRITABLE}; a guest that tries before is answered as often as it asks.
     *
     * @return how many were accepted from the start of the range (perhaps fewer than {@code length}),
     *     {@link #WOULD_BLOCK}, or {@link #OUTPUT_CLOSED}
     */
    int output(int device, byte[] bytes, int offset, int length);

    /** As {@link #output(int, byte[], int, int)} with one byte. */
    int output(int device, byte value);

    /**
     * For a guest that owns its loop: says that it stands at a stop point. Applies what is due there.
     *
     * @return false if the guest must end its loop now
     */
    boolean boundary(Guest guest);

    /** The guest ends the run: takes effect at the next stop point. A computed event, checked in replay. */
    void requestShutdown(ShutdownCause cause, int code);

    /** The guest asks for a reset: takes effect at the next stop point. A computed event, checked in replay. */
    void requestReset(ResetCause cause);

    /** Guest time: a function of the position plus the recorded adjustments. */
    GuestClock clock();

    /**
     * Allows the device's backend to publish that many more bytes of character input. A model grants what it has room
     * for, once; so what a backend publishes can always be applied. No effect in replay.
     */
    void grant(int device, int bytes);

    // ---- The thread that owns the session.

    /** Runs the guest to its end. Called once; the calling thread becomes the guest thread. */
    RunResult run(Guest guest);

    /** The result so far: after a loop by {@link #boundary} has ended. */
    RunResult result();

    /** Ends what was begun: seals and forces a recording, joins every thread of the session. Idempotent. */
    @Override
    void close();

    // ---- Any thread.

    /** The number of the device of that name, from 1 on in the order of registration. */
    int deviceId(String name);

    /** Where a backend of that device publishes its inputs; in replay a port that takes and discards. */
    InputPort inputPort(int device);

    /** Where a backend of that device takes released output from. */
    OutputRing outputRing(int device);

    /** Figures of the run; exact once it has ended. */
    SessionStats stats();

    /** Publishes a request to end the run from outside; never blocks for long. */
    void publishShutdown(ShutdownCause cause, int code);

    /** Publishes a request to reset from outside. */
    void publishReset(ResetCause cause);

    /** Publishes a level of an external interrupt line, from 0 on. */
    void publishInterruptLine(int device, int line, boolean high);

    /** Writes a state answer into a byte range. */
    @FunctionalInterface
    interface ByteAnswer {
        /** @return the status; at least 0 means that many bytes were written from {@code offset} on */
        int answer(byte[] into, int offset, int length);
    }

}
