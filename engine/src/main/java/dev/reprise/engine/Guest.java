package dev.reprise.engine;

import dev.reprise.engine.event.Event;

/**
 * A deterministic simulator: a pure function of its configuration and of the events that a {@link Session} gives it.
 *
 * <p>Every method is called by the one thread that runs the session (the guest thread), never concurrently. A guest
 * must not look at anything else that can differ between two runs: no host clock, no other thread, no identity hash,
 * no unseeded random. What it needs from outside it asks the session for.
 */
public interface Guest {

    /** Why {@link #runUntil} came back. */
    enum Status {
        /** The first stop point at or after the limit was reached. */
        RAN,
        /** The guest waits for an input (or for its {@link #idleDeadlineNs}); it may stand before the limit. */
        IDLE,
        /**
         * The guest asked the session something between two units (to stop, to be reset, or a question), and stands there:
         * the session has its turn before the next unit.
         */
        STOPPED
    }

    /**
     * Runs to the first of the guest's own stop points whose position is at or after {@code limit}; earlier only when
     * the guest idles or has asked the session something between two units, as {@link Session#requestShutdown} or
     * {@link Session#requestReset}. A CPU that counts
     * instructions stops exactly at the limit, a console that runs whole frames at the end of the frame. Where it
     * stops must not be visible to the guest: {@code runUntil(a); runUntil(b)} is {@code runUntil(b)}.
     *
     * @param limit a position greater than {@link #position}
     */
    Status runUntil(long limit);

    /** The position: a count in the guest's own unit (steps, cycles, frames) that never goes back, resets included. */
    long position();

    /** Applies an input at the present position, which is a stop point. The event is a flyweight: do not keep it. */
    void apply(Event input);

    /** Writes the whole guest-visible state to the sink, the same bytes for the same state, always. */
    void digest(StateSink sink);

    /** Back to the state of the manifest; the position goes on. */
    void reset(ResetCause cause);

    /**
     * The guest time in nanoseconds at which an idle guest wakes by itself, or {@link Long#MAX_VALUE} if only an input
     * can wake it. Asked after {@link Status#IDLE} only; the session moves {@link Session#clock} there: at once with
     * {@link ClockMode#INSTRUCTIONS}, and then the guest's next unit must follow, because an input can be stamped at this
     * position no more; when the host's time has come there with {@link ClockMode#HOST}.
     */
    default long idleDeadlineNs() {
        return Long.MAX_VALUE;
    }

    /** Whether {@link #save} and {@link #load} work. Without them a seek replays from the start. */
    default boolean canSave() {
        return false;
    }

    /** Writes all state that {@link #load} needs; canonical, so equal states give equal bytes. */
    default void save(StateSink sink) {
        throw new IllegalStateException("this guest has no save state");
    }

    /** Takes over a state that {@link #save} wrote. The source is hostile until checked. */
    default void load(StateSource source) {
        throw new IllegalStateException("this guest has no save state");
    }
}
