package dev.reprise.machine.lockstep;

import dev.reprise.engine.Guest;
import dev.reprise.engine.GuestClock;
import dev.reprise.engine.Mode;
import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionStats;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.util.function.LongSupplier;

/**
 * The session as one of two boards sees it. While it is live it asks the real session and notes what was asked and
 * answered; otherwise it answers from those notes, and what is asked must be what was noted. Guest thread only.
 */
final class NotedSession implements Session {

    private static final int OUTPUT = 0;
    private static final int READ_CLOCK = 1;
    private static final int ASK = 2;
    private static final int ASK_BYTES = 3;
    private static final int RANDOM = 4;
    private static final int READ_ALL = 5;
    private static final int CONTROL = 6;
    private static final int CONTROL_ANSWER = 7;
    private static final int DESCRIPTORS = 8;
    private static final int INTERRUPT = 9;
    private static final int EXCEPTION = 10;
    private static final int CHECKPOINT = 11;
    private static final int SHUTDOWN = 12;
    private static final int RESET = 13;
    private static final int GRANT = 14;
    static final String[] NAMES = {"output", "clock read", "question", "question of bytes", "random", "read", "control",
        "control's answer", "descriptors", "interrupt", "exception", "checkpoint", "shutdown", "reset", "credit"};
    private static final byte[] NONE = new byte[0];

    /** What one executor's guest did and the other's did not. */
    static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message, null, false, false);
        }
    }

    private final Session real;
    private final GuestClock clock;
    private final Answers answers;
    private final byte[] single = new byte[1];
    private LongSupplier position = () -> 0;
    private boolean live;
    private int next;

    /**
     * @param clock the board's own, or the session's
     * @param live whether to ask the real session
     */
    NotedSession(Session real, GuestClock clock, Answers answers, boolean live) {
        this.real = real;
        this.clock = clock;
        this.answers = answers;
        this.live = live;
    }

    /** The board's position; it is made with its session. */
    void position(LongSupplier ofBoard) {
        position = ofBoard;
    }

    /** From now on answers come from the notes, from their start. */
    void rewind() {
        live = false;
        next = 0;
    }

    /** Nothing of the notes is left to ask for. */
    boolean isAtEnd() {
        return next == answers.count();
    }

    String awaited() {
        return answers.describe(next);
    }

    private void note(int kind, long a, long b, long answer, byte[] data, int offset, int length) {
        answers.add(kind, position.getAsLong(), a, b, answer, data, offset, length);
    }

    private void note(int kind, long a, long b, long answer) {
        note(kind, a, b, answer, NONE, 0, 0);
    }

    /** The number of the note that this question must be. */
    private int take(int kind, long a, long b) {
        if (!answers.is(next, kind, position.getAsLong(), a, b)) {
            throw new Mismatch(NAMES[kind] + " " + a + " " + b + " at " + position.getAsLong() + ", where the other one has "
                    + answers.describe(next));
        }
        return next++;
    }

    private int takeWithBytes(int kind, long a, byte[] bytes, int offset, int length) {
        int entry = take(kind, a, length);
        if (!answers.holds(entry, bytes, offset, length)) {
            throw new Mismatch(NAMES[kind] + " " + a + " of other bytes at " + position.getAsLong());
        }
        return entry;
    }

    @Override
    public Mode mode() {
        return real.mode();
    }

    @Override
    public GuestClock clock() {
        return clock;
    }

    @Override
    public int deviceId(String name) {
        return real.deviceId(name);
    }

    // ---- What a board asks.

    @Override
    public long readClock(int clockKind) {
        if (!live) {
            return answers.answer(take(READ_CLOCK, clockKind, 0));
        }
        long value = real.readClock(clockKind);
        note(READ_CLOCK, clockKind, 0, value);
        return value;
    }

    @Override
    public long ask(int question, LongSupplier asked) {
        if (!live) {
            return answers.answer(take(ASK, question, 0));
        }
        long value = real.ask(question, asked);
        note(ASK, question, 0, value);
        return value;
    }

    @Override
    public int askBytes(int question, ByteAnswer asked, byte[] into, int offset, int length) {
        if (!live) {
            int entry = take(ASK_BYTES, question, length);
            answers.copy(entry, into, offset);
            return (int) answers.answer(entry);
        }
        int status = real.askBytes(question, asked, into, offset, length);
        note(ASK_BYTES, question, length, status, into, offset, Math.max(0, status));
        return status;
    }

    @Override
    public void random(byte[] into, int offset, int length) {
        if (!live) {
            answers.copy(take(RANDOM, length, 0), into, offset);
            return;
        }
        real.random(into, offset, length);
        note(RANDOM, length, 0, 0, into, offset, length);
    }

    @Override
    public int output(int device, byte[] bytes, int offset, int length) {
        if (!live) {
            return (int) answers.answer(takeWithBytes(OUTPUT, device, bytes, offset, length));
        }
        int accepted = real.output(device, bytes, offset, length);
        note(OUTPUT, device, length, accepted, bytes, offset, length);
        return accepted;
    }

    @Override
    public int output(int device, byte value) {
        single[0] = value;
        if (!live) {
            return (int) answers.answer(takeWithBytes(OUTPUT, device, single, 0, 1));
        }
        int accepted = real.output(device, value);
        note(OUTPUT, device, 1, accepted, single, 0, 1);
        return accepted;
    }

    @Override
    public void readAll(int device, byte[] into, int offset, int length, CharAnswer answer) {
        if (!live) {
            int entry = take(READ_ALL, device, length);
            answers.copy(entry, into, offset);
            answer.set(answers.length(entry), (int) answers.answer(entry));
            return;
        }
        real.readAll(device, into, offset, length, answer);
        note(READ_ALL, device, length, answer.status(), into, offset, answer.count());
    }

    @Override
    public void control(int device, int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        long which = (long) device << 32 | request;
        if (!live) {
            takeWithBytes(CONTROL, which, argument, 0, argumentLength);
            int entry = take(CONTROL_ANSWER, which, 0);
            answers.copy(entry, into, 0);
            answer.set(answers.length(entry), (int) answers.answer(entry));
            return;
        }
        real.control(device, request, argument, argumentLength, into, answer);
        note(CONTROL, which, argumentLength, 0, argument, 0, argumentLength);
        note(CONTROL_ANSWER, which, 0, answer.status(), into, 0, answer.count());
    }

    @Override
    public int descriptors(int device, int request) {
        if (!live) {
            return (int) answers.answer(take(DESCRIPTORS, device, request));
        }
        int status = real.descriptors(device, request);
        note(DESCRIPTORS, device, request, status);
        return status;
    }

    @Override
    public void interruptTaken(long cause) {
        if (!live) {
            take(INTERRUPT, cause, 0);
            return;
        }
        real.interruptTaken(cause);
        note(INTERRUPT, cause, 0, 0);
    }

    @Override
    public void exceptionRaised(long cause) {
        if (!live) {
            take(EXCEPTION, cause, 0);
            return;
        }
        real.exceptionRaised(cause);
        note(EXCEPTION, cause, 0, 0);
    }

    @Override
    public boolean checkpoint(int kind) {
        if (!live) {
            return answers.answer(take(CHECKPOINT, kind, 0)) != 0;
        }
        boolean met = real.checkpoint(kind);
        note(CHECKPOINT, kind, 0, met ? 1 : 0);
        return met;
    }

    @Override
    public void requireCheckpoint(int kind) {
        if (!live) {
            take(CHECKPOINT, kind, 0);
            return;
        }
        real.requireCheckpoint(kind);
        note(CHECKPOINT, kind, 0, 1);
    }

    @Override
    public void requestShutdown(ShutdownCause cause, int code) {
        if (!live) {
            take(SHUTDOWN, cause.code(), code);
            return;
        }
        real.requestShutdown(cause, code);
        note(SHUTDOWN, cause.code(), code, 0);
    }

    @Override
    public void requestReset(ResetCause cause) {
        if (!live) {
            take(RESET, cause.code(), 0);
            return;
        }
        real.requestReset(cause);
        note(RESET, cause.code(), 0, 0);
    }

    @Override
    public void grant(int device, int bytes) {
        if (!live) {
            take(GRANT, device, bytes);
            return;
        }
        real.grant(device, bytes);
        note(GRANT, device, bytes, 0);
    }

    // ---- What no board asks: it belongs to whoever owns the session.

    private static IllegalStateException notABoards() {
        return new IllegalStateException("no board asks for this");
    }

    @Override
    public boolean boundary(Guest guest) {
        throw notABoards();
    }

    @Override
    public void remove(int device) {
        throw notABoards();
    }

    @Override
    public void attach(int device, CharBackEnd backEnd) {
        throw notABoards();
    }

    @Override
    public NoReplayPort noReplay(String name, NoReplayPort.Handler handler) {
        throw notABoards();
    }

    @Override
    public RunResult run(Guest guest) {
        throw notABoards();
    }

    @Override
    public RunResult result() {
        throw notABoards();
    }

    @Override
    public void close() {
        throw notABoards();
    }

    @Override
    public InputPort inputPort(int device) {
        throw notABoards();
    }

    @Override
    public OutputRing outputRing(int device) {
        throw notABoards();
    }

    @Override
    public SessionStats stats() {
        throw notABoards();
    }

    @Override
    public void publishShutdown(ShutdownCause cause, int code) {
        throw notABoards();
    }

    @Override
    public void publishReset(ResetCause cause) {
        throw notABoards();
    }

    @Override
    public void publishInterruptLine(int device, int line, boolean high) {
        throw notABoards();
    }
}
