package dev.reprise.engine.record;

import dev.reprise.engine.GuestClock;

/**
 * Keeps guest time near the host's with few adjustments: decides when the guest's clock moves and at which rate. What
 * it decides becomes a recorded event; how it decides is invisible to the guest.
 *
 * <p>Guest thread only. Host times are nanoseconds since the run began.
 */
final class ClockSteering {

    /** No two adjustments outside idle are nearer than this: 20 ms after an idle, */
    static final long MIN_INTERVAL_NS = 20_000_000;
    /**
     * and, doubled by each adjustment while the guest stays busy, at last 200 ms. A loaded host never runs the guest at
     * a steady rate; without this its log would hold 50 of these events a second, and nothing else.
     */
    static final long MAX_INTERVAL_NS = 200_000_000;
    /** Drift that is left alone: 4 ms. */
    static final long TOLERANCE_NS = 4_000_000;
    /** A guest that is ahead is led back over this time. */
    private static final long LEAD_BACK_NS = 200_000_000;
    /**
     * The rate stays below this multiple of the configured one. A guest measured while it is slow (a cold JVM) would
     * otherwise run far ahead of the host as soon as it gets faster, and then wait in its next idle for the host to
     * come after; one that is slower for good is carried forward by the adjustments themselves.
     */
    private static final long MAX_RATE_FACTOR = 4;

    private final long maxRate;
    private long intervalNs = MIN_INTERVAL_NS;
    private long lastNs;
    private long lastPosition;

    private long forwardNs;
    private long rate;

    /** @param configuredRate the clock's rate before any adjustment */
    ClockSteering(long configuredRate) {
        maxRate = Math.min(GuestClock.MAX_RATE, configuredRate * MAX_RATE_FACTOR);
    }

    /**
     * Looks at the clocks at a boundary.
     *
     * @return whether an adjustment is due: {@link #forwardNs} and {@link #rate} say which
     */
    boolean look(GuestClock clock, long position, long hostNs) {
        if (hostNs - lastNs < intervalNs || position == lastPosition) {
            return false;
        }
        long drift = hostNs - clock.ns(position);
        if (Math.abs(drift) <= TOLERANCE_NS) {
            return false;
        }
        decide(clock, position, hostNs, drift);
        intervalNs = Math.min(MAX_INTERVAL_NS, 2 * intervalNs);
        return true;
    }

    /** After idle: guest time takes up the host's if it is behind; a step back is never made. */
    void wake(GuestClock clock, long position, long hostNs) {
        forwardNs = Math.max(0, hostNs - clock.ns(position));
        rate = clock.rate();
        intervalNs = Math.max(MIN_INTERVAL_NS, intervalNs / 2);
        lastNs = hostNs;
        lastPosition = position;
    }

    private void decide(GuestClock clock, long position, long hostNs, long drift) {
        double measured = (double) (hostNs - lastNs) * GuestClock.RATE_ONE / (position - lastPosition);
        double wanted = measured;
        if (drift < 0) {
            // The guest is ahead: slow it, but never below a quarter of the measured rate.
            wanted = measured * Math.max(0.25, 1.0 + (double) drift / LEAD_BACK_NS);
        }
        forwardNs = Math.max(0, drift);
        rate = Math.max(1, Math.min(maxRate, Math.round(wanted)));
        // A rate of few significant bits costs few bytes in the log.
        int spare = Math.max(0, 64 - Long.numberOfLeadingZeros(rate) - 10);
        rate = Math.max(1, (rate >>> spare) << spare);
        lastNs = hostNs;
        lastPosition = position;
    }

    long forwardNs() {
        return forwardNs;
    }

    long rate() {
        return rate;
    }
}
