package dev.reprise.proptest.run;

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
import java.io.ByteArrayOutputStream;
import java.util.function.LongSupplier;

/** The session as the guest sees it: passes everything on, keeps the bytes that were accepted, counts live answers. */
final class WatchedSession implements Session {

    private final Session session;
    private final Answers answers;
    private final Coverage coverage;
    private final ByteArrayOutputStream[] outputs;

    WatchedSession(Session session, int devices, Answers answers, Coverage coverage) {
        this.session = session;
        this.answers = answers;
        this.coverage = coverage;
        outputs = new ByteArrayOutputStream[devices + 1];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = new ByteArrayOutputStream();
        }
    }

    /** What the device has put out so far. */
    byte[] output(int device) {
        return outputs[device].toByteArray();
    }

    @Override
    public Mode mode() {
        return session.mode();
    }

    @Override
    public long readClock(int clockKind) {
        return session.readClock(clockKind);
    }

    @Override
    public long ask(int question, LongSupplier live) {
        return session.ask(question, () -> answers.answer(live));
    }

    @Override
    public int askBytes(int question, ByteAnswer live, byte[] into, int offset, int length) {
        return session.askBytes(question, (to, at, room) -> answers.answer(live, to, at, room), into, offset, length);
    }

    @Override
    public void random(byte[] into, int offset, int length) {
        session.random(into, offset, length);
    }

    @Override
    public int output(int device, byte[] bytes, int offset, int length) {
        int answer = session.output(device, bytes, offset, length);
        outputs[device].write(bytes, offset, Math.max(0, answer));
        watch(answer, length);
        return answer;
    }

    @Override
    public int output(int device, byte value) {
        int answer = session.output(device, value);
        if (answer > 0) {
            outputs[device].write(value);
        }
        watch(answer, 1);
        return answer;
    }

    private void watch(int answer, int length) {
        if (answer == OUTPUT_CLOSED) {
            coverage.add("writes to a closed backend");
        } else if (answer == WOULD_BLOCK) {
            coverage.add("refused writes");
        } else if (answer < length) {
            coverage.add("short writes");
        }
    }

    @Override
    public void readAll(int device, byte[] into, int offset, int length, CharAnswer answer) {
        session.readAll(device, into, offset, length, answer);
    }

    @Override
    public void control(int device, int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        session.control(device, request, argument, argumentLength, into, answer);
    }

    @Override
    public int descriptors(int device, int request) {
        return session.descriptors(device, request);
    }

    @Override
    public void interruptTaken(long cause) {
        session.interruptTaken(cause);
    }

    @Override
    public void exceptionRaised(long cause) {
        session.exceptionRaised(cause);
    }

    @Override
    public boolean checkpoint(int kind) {
        return session.checkpoint(kind);
    }

    @Override
    public void requireCheckpoint(int kind) {
        session.requireCheckpoint(kind);
    }

    @Override
    public void remove(int device) {
        session.remove(device);
    }

    @Override
    public void attach(int device, CharBackEnd backEnd) {
        session.attach(device, new CountedBackEnd(backEnd, answers));
    }

    @Override
    public NoReplayPort noReplay(String name, NoReplayPort.Handler handler) {
        return session.noReplay(name, handler);
    }

    /** Counts what a back end is asked: in replay that is nothing. */
    private record CountedBackEnd(CharBackEnd backEnd, Answers answers) implements CharBackEnd {

        @Override
        public int offer(int length) {
            answers.countLive();
            return backEnd.offer(length);
        }

        @Override
        public void readAll(byte[] into, int offset, int length, CharAnswer answer) {
            answers.countLive();
            backEnd.readAll(into, offset, length, answer);
        }

        @Override
        public void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
            answers.countLive();
            backEnd.control(request, argument, argumentLength, into, answer);
        }
    }

    @Override
    public boolean boundary(Guest guest) {
        return session.boundary(guest);
    }

    @Override
    public void requestShutdown(ShutdownCause cause, int code) {
        session.requestShutdown(cause, code);
    }

    @Override
    public void requestReset(ResetCause cause) {
        session.requestReset(cause);
    }

    @Override
    public GuestClock clock() {
        return session.clock();
    }

    @Override
    public void grant(int device, int bytes) {
        session.grant(device, bytes);
    }

    @Override
    public RunResult run(Guest guest) {
        return session.run(guest);
    }

    @Override
    public RunResult result() {
        return session.result();
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public int deviceId(String name) {
        return session.deviceId(name);
    }

    @Override
    public InputPort inputPort(int device) {
        return session.inputPort(device);
    }

    @Override
    public OutputRing outputRing(int device) {
        return session.outputRing(device);
    }

    @Override
    public SessionStats stats() {
        return session.stats();
    }

    @Override
    public void publishShutdown(ShutdownCause cause, int code) {
        session.publishShutdown(cause, code);
    }

    @Override
    public void publishReset(ResetCause cause) {
        session.publishReset(cause);
    }

    @Override
    public void publishInterruptLine(int device, int line, boolean high) {
        session.publishInterruptLine(device, line, high);
    }
}
