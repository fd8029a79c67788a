package dev.reprise.engine;

/**
 * Guest time as a function of the position: {@code base + (position - basePosition) * rate}. Pure state, part of the
 * digest; it moves only by recorded adjustments and by {@link #jumpTo}, which the guest computes.
 *
 * <p>Units: nanoseconds; the rate is in 2^-32 nanoseconds per position unit.
 */
public final class GuestClock {

    /** The rate of one nanosecond per position unit. */
    public static final long RATE_ONE = 1L << 32;

    /** Rates are bounded so that no product overflows 96 bits: 2^20 ns per unit. */
    public static final long MAX_RATE = 1L << 52;

    /** No adjustment and no jump leads beyond this, 146 years: sums of times then never overflow. */
    public static final long MAX_NS = 1L << 62;

    private long basePosition;
    private long baseNs;
    private long rate;

    public GuestClock(long rate) {
        set(0, 0, rate);
    }

    /** Guest time in nanoseconds at {@code position}, which is not below the last adjustment's. */
    public long ns(long position) {
        long delta = position - basePosition;
        long high = Math.multiplyHigh(delta, rate);
        return baseNs + ((high << 32) | ((delta * rate) >>> 32));
    }

    /**
     * The first position at or after {@code from} whose guest time is at least {@code ns}, or
     * {@link Long#MAX_VALUE} if that is beyond 2^62.
     */
    public long firstPositionAtOrAfter(long ns, long from) {
        if (ns <= ns(from)) {
            return from;
        }
        // delta * rate >= (ns - baseNs) << 32, in 96 bits; the estimate by doubles is then moved to the exact answer.
        long want = ns - baseNs;
        double estimate = (double) want * 4294967296.0 / (double) rate;
        if (want < 0 || estimate > 0x1p62) {
            return Long.MAX_VALUE;
        }
        long position = Math.max(from, basePosition + (long) estimate);
        long step = Math.max(1, (long) (estimate * 0x1p-50));
        while (position > from && ns(position) >= ns) {
            position = Math.max(from, position - step);
            step <<= 1;
        }
        long high = position;
        long grow = 1;
        while (ns(high) < ns) {
            high += grow;
            grow <<= 1;
        }
        while (position + 1 < high) {
            long middle = (position + high) >>> 1;
            if (ns(middle) < ns) {
                position = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /**
     * Moves the clock: from {@code position} on it shows {@code ns} and runs at {@code rate}.
     *
     * @throws IllegalArgumentException if time would go back or beyond {@link #MAX_NS}, or the rate is out of
     *     1..{@link #MAX_RATE}
     */
    public void adjust(long position, long ns, long rate) {
        if (position < basePosition || ns < ns(position)) {
            throw new IllegalArgumentException("guest time would go back: position=" + position + " ns=" + ns
                    + " was=" + ns(Math.max(position, basePosition)));
        }
        set(position, ns, rate);
    }

    /**
     * Moves to {@code ns} at {@code position} if that is later; the rate stays. For an idle guest's own jump.
     *
     * @throws IllegalArgumentException if that is beyond {@link #MAX_NS}
     */
    public void jumpTo(long position, long ns) {
        if (ns > ns(position)) {
            set(position, ns, rate);
        }
    }

    public long rate() {
        return rate;
    }

    public void write(StateSink sink) {
        sink.putLong(basePosition);
        sink.putLong(baseNs);
        sink.putLong(rate);
    }

    public void read(StateSource source) {
        long position = source.getLong();
        long ns = source.getLong();
        long newRate = source.getLong();
        if (position < 0 || ns < 0 || ns > MAX_NS || newRate < 1 || newRate > MAX_RATE) {
            throw new MalformedStateException("guest clock: position=" + position + " ns=" + ns + " rate=" + newRate);
        }
        set(position, ns, newRate);
    }

    private void set(long position, long ns, long newRate) {
        if (newRate < 1 || newRate > MAX_RATE) {
            throw new IllegalArgumentException("rate out of 1.." + MAX_RATE + ": rate=" + newRate);
        }
        if (ns > MAX_NS) {
            throw new IllegalArgumentException("guest time out of 0.." + MAX_NS + ": ns=" + ns);
        }
        basePosition = position;
        baseNs = ns;
        rate = newRate;
    }
}
