package dev.reprise.machine.lockstep;

import dev.reprise.cpu.interpret.Execution;
import dev.reprise.engine.Guest;
import dev.reprise.engine.GuestClock;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;
import dev.reprise.machine.board.MachineGuest;
import java.util.Arrays;
import java.util.function.BiFunction;

/**
 * Two machines as one guest: the primary, which the session drives and asks, and a shadow that is executed otherwise and
 * follows. Their whole states are compared every so many steps, whenever the session wants a digest, and when too much has
 * been noted in between. The log and what the guest sees are those of the primary alone. Guest thread only.
 */
public final class Lockstep implements Guest {

    /** Between two comparisons, by default: a comparison hashes what was stored to and the list of all pages. */
    public static final long DEFAULT_INTERVAL = 1_000_000;
    /** The primary runs no longer than this without a look at how much it has noted. */
    private static final long SLICE = 1 << 17;

    private final MachineGuest primary;
    private final Follower first;
    private final Follower second;
    private final Interval interval = new Interval();
    private final long every;
    private Follower.Start start;
    private byte[] lastClock;
    private int done;
    private long nextComparison;
    private long comparisons;

    /**
     * @param machines makes a machine of the same configuration for a session and an execution
     * @param every steps between two comparisons, at least 1
     */
    public Lockstep(Session session, long every, BiFunction<Session, Execution, MachineGuest> machines) {
        if (every < 1) {
            throw new IllegalArgumentException("at least one step: every=" + every);
        }
        this.every = every;
        NotedSession live = new NotedSession(session, session.clock(), interval.answers, true);
        primary = machines.apply(live, Execution.TRANSLATED);
        first = new Follower(primary, session.clock(), live);
        GuestClock ownClock = new GuestClock(session.clock().rate());
        NotedSession noted = new NotedSession(session, ownClock, interval.answers, false);
        second = new Follower(machines.apply(noted, Execution.INTERPRETED), ownClock, noted);
        lastClock = Interval.bytesOf(session.clock());
    }

    /** The machine whose state is the run's. */
    public MachineGuest primary() {
        return primary;
    }

    /** How often the states were compared. */
    public long comparisons() {
        return comparisons;
    }

    // ---- Guest.

    @Override
    public Status runUntil(long limit) {
        if (start == null) {
            begin();
        }
        noteClock();
        Status status;
        do {
            status = primary.runUntil(Math.min(limit, Math.min(nextComparison, primary.position() + SLICE)));
            if (status == Status.IDLE) {
                interval.idle(primary.position());
            }
            lastClock = Interval.bytesOf(first.clock);
            if (primary.position() >= nextComparison || interval.isFull()) {
                compare();
            }
        } while (status == Status.RAN && primary.position() < limit);
        return status;
    }

    /** What happens before the first step belongs to no interval: both do it at once. */
    private void begin() {
        primary.start();
        second.guest.start();
        catchUp();
        compare();
    }

    @Override
    public void apply(Event input) {
        noteClock();
        interval.input(primary.position(), input, lastClock);
        primary.apply(input);
        if (start == null) {
            catchUp();
        }
    }

    @Override
    public void reset(ResetCause cause) {
        noteClock();
        interval.reset(primary.position(), cause, lastClock);
        primary.reset(cause);
        if (start == null) {
            catchUp();
        }
    }

    @Override
    public void digest(StateSink sink) {
        if (start != null) {
            noteClock();
            compare();
        }
        primary.digest(sink);
    }

    @Override
    public long position() {
        return primary.position();
    }

    @Override
    public long idleDeadlineNs() {
        return primary.idleDeadlineNs();
    }

    @Override
    public boolean canSave() {
        return true;
    }

    @Override
    public void save(StateSink sink) {
        primary.save(sink);
    }

    /** Both machines take the state over; the source is read once. What was noted before has no meaning any more. */
    @Override
    public void load(StateSource source) {
        primary.load(source);
        StateBytes state = new StateBytes();
        primary.save(state);
        second.guest.load(StateBytes.source(state.bytes()));
        lastClock = Interval.bytesOf(first.clock);
        second.clock.read(StateBytes.source(lastClock));
        interval.clear();
        second.rewind();
        start = null;
    }

    // ---- Comparison.

    private void noteClock() {
        byte[] now = Interval.bytesOf(first.clock);
        if (!Arrays.equals(now, lastClock)) {
            interval.clock(primary.position(), now);
            lastClock = now;
        }
    }

    /** Before the first step. */
    private void catchUp() {
        second.rewind();
        second.through(interval, primary.position());
        interval.clear();
        second.rewind();
    }

    private void compare() {
        comparisons++;
        long position = primary.position();
        String mismatch = null;
        try {
            second.through(interval, position);
            second.requireAtEnd();
        } catch (NotedSession.Mismatch e) {
            mismatch = e.getMessage();
        }
        if (mismatch != null || !first.digest().equals(second.digest())) {
            throw new Difference(first, second, interval, start, position).find(mismatch);
        }
        interval.clear();
        second.rewind();
        start = second.freeze();
        nextComparison = position + every;
    }
}
