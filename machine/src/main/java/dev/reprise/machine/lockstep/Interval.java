package dev.reprise.machine.lockstep;

import dev.reprise.engine.GuestClock;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.event.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * What came to the guest from outside since the states were last seen to be equal, and what it was answered: enough to run
 * the interval again. Bounded by whoever fills it, see {@link #isFull}.
 */
final class Interval {

    private static final int MAX_ACTS = 1 << 12;
    private static final int MAX_ANSWERS = 1 << 17;
    private static final int MAX_BYTES = 1 << 22;

    /** Something that was done to the guest between two steps. */
    interface Act {
        long position();

        void on(Follower follower);
    }

    /** @param clock guest time as it stood when the input was applied */
    private record Input(long position, Event event, byte[] clock) implements Act {
        @Override
        public void on(Follower follower) {
            set(follower, clock);
            follower.guest.apply(event);
        }
    }

    private record Reset(long position, ResetCause cause, byte[] clock) implements Act {
        @Override
        public void on(Follower follower) {
            set(follower, clock);
            follower.guest.reset(cause);
        }
    }

    /** The session has moved guest time. */
    private record Clock(long position, byte[] clock) implements Act {
        @Override
        public void on(Follower follower) {
            set(follower, clock);
        }
    }

    private record Idle(long position) implements Act {
        @Override
        public void on(Follower follower) {
            follower.idle();
        }
    }

    final Answers answers = new Answers();
    private final List<Act> acts = new ArrayList<>();
    private int bytes;

    private static void set(Follower follower, byte[] clock) {
        follower.clock.read(StateBytes.source(clock));
    }

    static byte[] bytesOf(GuestClock clock) {
        StateBytes state = new StateBytes();
        clock.write(state);
        return state.bytes();
    }

    void clear() {
        acts.clear();
        answers.clear();
        bytes = 0;
    }

    /** The event is a flyweight: it is copied. */
    void input(long position, Event event, byte[] clock) {
        acts.add(new Input(position, new Event(event.length()).copyFrom(event), clock));
        bytes += event.length();
    }

    void reset(long position, ResetCause cause, byte[] clock) {
        acts.add(new Reset(position, cause, clock));
    }

    void clock(long position, byte[] clock) {
        acts.add(new Clock(position, clock));
    }

    void idle(long position) {
        acts.add(new Idle(position));
    }

    int acts() {
        return acts.size();
    }

    Act act(int index) {
        return acts.get(index);
    }

    /** Whether it should end now, whatever its length in steps. */
    boolean isFull() {
        return acts.size() >= MAX_ACTS || answers.count() >= MAX_ANSWERS || answers.bytes() + bytes >= MAX_BYTES;
    }
}
