package dev.reprise.engine;

import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.character.CharStatus;
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
    int WOULD_BLOCK = CharStatus.WOULD_BLOCK;
    /** The backend is gone: nothing was accepted. */
    int OUTPUT_CLOSED = CharStatus.CLOSED;

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
     * @return how many were accepted from the start of the range (perhaps fewer than {@code length}, perhaps 0), or a
     *     {@link CharStatus} below 0: {@link #WOULD_BLOCK}, {@link #OUTPUT_CLOSED}, or an error of the host by its number
     */
    int output(int device, byte[] bytes, int offset, int length);

    /** As {@link #output(int, byte[], int, int)} with one byte. */
    int output(int device, byte value);

    /**
     * Reads from a character device's back end, synchronously; see
     * {@link dev.reprise.engine.character.CharFrontEnd#readAll}.
     */
    void readAll(int device, byte[] into, int offset, int length, CharAnswer answer);

    /** A request to a character device that is no data; see {@link dev.reprise.engine.character.CharFrontEnd#control}. */
    void control(int device, int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer);

    /** Message descriptors: refused in every mode; see {@link dev.reprise.engine.character.CharFrontEnd#descriptors}. */
    int descriptors(int device, int request);

    /**
     * Says that the guest takes an interrupt at its present position. Witnessed: counted into the digest and, by
     * {@link SessionConfig#witness}, an event.
     *
     * @param cause the guest's own number of it
     */
    void interruptTaken(long cause);

    /** Says that the guest raises an exception at its present position. Witnessed as {@link #interruptTaken} is. */
    void exceptionRaised(long cause);

    /**
     * Says that the guest passes a checkpoint at its present position.
     *
     * @param kind one of {@link CheckpointKind}, or an embedder's own
     * @return whether it is met. In record always; in replay, where checkpoints are events, false if the log does not
     *     have it here: it is not met yet, and the caller leaves undone what it would do behind it. A checkpoint of the
     *     log that is never passed is a divergence.
     */
    boolean checkpoint(int kind);

    /** As {@link #checkpoint}, for a path that has no other way: one that is not met in a replay is a divergence. */
    void requireCheckpoint(int kind);

    /**
     * For a guest that owns its loop: says that it stands at a stop point. Applies what is due there. A question that a
     * torn log does not answer any more throws {@link EndOfLogException} out of the question.
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

    /**
     * Removes a device. With recording off its link is then closed and it answers {@link CharStatus#NO_DEVICE}.
     *
     * @throws DeviceRefusedException in record and in replay: a recording is of all its devices, from its start to its end
     */
    void remove(int device);

    // ---- The thread that owns the session.

    /**
     * Gives a character device its back end, before the run begins. In replay it is not asked: the answers are the log's.
     */
    void attach(int device, CharBackEnd backEnd);

    /** Makes a port that is live in every mode and in no log, before the run begins. */
    NoReplayPort noReplay(String name, NoReplayPort.Handler handler);

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
