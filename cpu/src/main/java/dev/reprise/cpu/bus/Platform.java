package dev.reprise.cpu.bus;

/**
 * What the hart asks of the board around it: guest time and deadlines, all as functions of the step. Every method is
 * called on the guest thread. When the time function itself changes, the platform calls {@code Hart.timeChanged()}.
 */
public interface Platform {
    /**
     * The value of the {@code time} CSR at a step, in ticks; as the step grows it never falls, but for the wrap from its
     * largest value to zero.
     */
    long timeTicks(long step);

    /** The first step not before {@code fromStep} at which {@code timeTicks >= ticks} (unsigned); Long.MAX_VALUE if never. */
    long firstStepAtOrAfter(long ticks, long fromStep);

    /** The first step after {@code fromStep} at which the time has wrapped to zero; Long.MAX_VALUE if that is far away. */
    default long firstStepOfWrap(long fromStep) {
        return Long.MAX_VALUE;
    }

    /** The earliest step at which {@link #onDeadline} must be called; Long.MAX_VALUE if none is set. */
    long nextDeadlineStep();

    /**
     * Called once when the step {@code nextDeadlineStep()} is reached, before that step is executed; it must move
     * {@code nextDeadlineStep()} beyond {@code step}. It may change interrupt lines.
     */
    void onDeadline(long step);

    /**
     * The hart waits for an interrupt and none is pending. The platform may move guest time forward to the earliest of
     * its own deadlines and {@code cpuDeadlineTicks} (unsigned; -1 if the hart has none) and return true; the hart then
     * looks at the deadlines again, at the same step. Returning false makes {@code Hart.runUntil} return IDLE.
     */
    boolean skipIdle(long step, long cpuDeadlineTicks);
}
