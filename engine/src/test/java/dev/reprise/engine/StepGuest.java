package dev.reprise.engine;

import dev.reprise.engine.event.Event;
import java.util.function.Consumer;

/** A guest that stops at each step exactly; what it does in a step is the test's, and what it learns is its state. */
public class StepGuest implements Guest {

    /** What a test's guest does at one step. */
    @FunctionalInterface
    public interface Step {
        void at(StepGuest guest, long position);
    }

    protected final Session session;
    private final Step step;
    private final Consumer<Event> onInput;
    private long position;
    private long learned;
    private boolean stopped;
    private boolean waiting;
    private long deadlineNs = Long.MAX_VALUE;
    private int resets;

    public StepGuest(Session session, Step step, Consumer<Event> onInput) {
        this.session = session;
        this.step = step;
        this.onInput = onInput;
    }

    public StepGuest(Session session, Step step) {
        this(session, step, input -> { });
    }

    /** Takes a value into the state. */
    public void learn(long value) {
        learned = (learned ^ value) * 0x9e3779b97f4a7c15L + 1;
        learned ^= learned >>> 29;
    }

    public void learn(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            learn(bytes[i]);
        }
    }

    public long learned() {
        return learned;
    }

    public Session session() {
        return session;
    }

    public int resets() {
        return resets;
    }

    public void end(int code) {
        end(ShutdownCause.GUEST_SHUTDOWN, code);
    }

    public void end(ShutdownCause cause, int code) {
        stopped = true;
        session.requestShutdown(cause, code);
    }

    public void askForReset() {
        askForReset(ResetCause.GUEST);
    }

    public void askForReset(ResetCause cause) {
        stopped = true;
        session.requestReset(cause);
    }

    /** Idles from the next step on, until an input or that guest time. */
    public void idleUntil(long ns) {
        waiting = true;
        deadlineNs = ns;
    }

    @Override
    public Status runUntil(long limit) {
        stopped = false;
        while (position < limit) {
            if (waiting && session.clock().ns(position) < deadlineNs) {
                return Status.IDLE;
            }
            waiting = false;
            step.at(this, position);
            position++;
            if (stopped) {
                return Status.STOPPED;
            }
        }
        return Status.RAN;
    }

    @Override
    public long idleDeadlineNs() {
        return deadlineNs;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void apply(Event input) {
        waiting = false;
        learn(input.kind().id());
        learn(input.a());
        learn(input.b());
        learn(input.payload(), 0, input.length());
        onInput.accept(input);
    }

    @Override
    public void digest(StateSink sink) {
        sink.putLong(position);
        sink.putLong(learned);
        sink.putByte(waiting ? 1 : 0);
    }

    @Override
    public void reset(ResetCause cause) {
        learned = cause.code();
        waiting = false;
        resets++;
    }
}
