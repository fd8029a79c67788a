package dev.reprise.machine.board;

import dev.reprise.engine.GuestClock;
import java.util.function.LongSupplier;

/**
 * Guest time as the board sees it: everything that shows or awaits time goes through here. Nanoseconds come from the
 * engine's clock; ticks of the timebase are those divided by {@link MemoryMap#NS_PER_TICK}, plus the bias that a guest
 * sets by writing mtime.
 */
public final class GuestTime {

    private static final long MAX_DELTA_TICKS = (1L << 62) / MemoryMap.NS_PER_TICK;

    private final GuestClock clock;
    private final LongSupplier step;
    private long biasTicks;
    private Runnable onShift = () -> { };

    /** @param step the step that is being made, or the next one between two steps */
    public GuestTime(GuestClock clock, LongSupplier step) {
        this.clock = clock;
        this.step = step;
    }

    public long nowNs() {
        return clock.ns(step.getAsLong());
    }

    public long nowStep() {
        return step.getAsLong();
    }

    public long ticks(long atStep) {
        return clock.ns(atStep) / MemoryMap.NS_PER_TICK + biasTicks;
    }

    public long nowTicks() {
        return ticks(step.getAsLong());
    }

    /** Makes the present moment that tick. */
    public void setNowTicks(long ticks) {
        biasTicks = 0;
        biasTicks = ticks - nowTicks();
        onShift.run();
    }

    /** @param listener told when the guest has moved the tick count: steps that were computed from it are stale */
    void onShift(Runnable listener) {
        onShift = listener;
    }

    long biasTicks() {
        return biasTicks;
    }

    void biasTicks(long ticks) {
        biasTicks = ticks;
    }

    /**
     * Guest time in nanoseconds at which the tick count, unsigned, first reaches {@code ticks}, seen from
     * {@code fromStep}; {@link TimedDevice#NEVER} if that is beyond 2^62 nanoseconds from there. If it is reached
     * already, a time that is not after that step's.
     */
    public long nsOfTicks(long ticks, long fromStep) {
        long fromNs = clock.ns(fromStep);
        long fromTicks = fromNs / MemoryMap.NS_PER_TICK + biasTicks;
        if (Long.compareUnsigned(fromTicks, ticks) >= 0) {
            return fromNs;
        }
        long delta = ticks - fromTicks;
        if (delta < 0 || delta > MAX_DELTA_TICKS) {
            return TimedDevice.NEVER;
        }
        return inTicks(fromNs, delta);
    }

    /**
     * Guest time in nanoseconds at which the tick count, unsigned, begins at zero again, seen from {@code fromStep}; a
     * guest that writes mtime can be near that. {@link TimedDevice#NEVER} if it is far away.
     */
    long nsOfWrap(long fromStep) {
        long fromNs = clock.ns(fromStep);
        long delta = -(fromNs / MemoryMap.NS_PER_TICK + biasTicks);
        return delta <= 0 || delta > MAX_DELTA_TICKS ? TimedDevice.NEVER : inTicks(fromNs, delta);
    }

    private static long inTicks(long fromNs, long delta) {
        long ns = (fromNs / MemoryMap.NS_PER_TICK + delta) * MemoryMap.NS_PER_TICK;
        return ns < 0 ? TimedDevice.NEVER : ns;
    }

    public long nsOfTicks(long ticks) {
        return nsOfTicks(ticks, step.getAsLong());
    }

    /** The first step at or after {@code fromStep} whose guest time is at least {@code ns}, or Long.MAX_VALUE. */
    public long firstStepAtOrAfter(long ns, long fromStep) {
        return ns == TimedDevice.NEVER ? Long.MAX_VALUE : clock.firstPositionAtOrAfter(ns, fromStep);
    }

    /** An idle guest's own jump: the present step now has that guest time, if it is later. */
    public void jumpTo(long atStep, long ns) {
        clock.jumpTo(atStep, ns);
    }
}
