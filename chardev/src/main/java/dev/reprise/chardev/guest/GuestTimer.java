package dev.reprise.chardev.guest;

/**
 * A device's one deadline in guest time. The board turns it into a step and, before that step, calls the device's
 * {@code timerDue()}; guest thread only.
 */
public interface GuestTimer {

    /** Guest time at the present step, in nanoseconds; never goes back. */
    long nowNs();

    /**
     * Sets the deadline, in place of the one before: due at the first step whose guest time is at or after
     * {@code guestNs}; a deadline that has passed is due at the next step.
     */
    void armNs(long guestNs);

    /** No deadline. */
    void cancel();
}
