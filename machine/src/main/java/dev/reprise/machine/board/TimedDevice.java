package dev.reprise.machine.board;

/** A device that has something to do at a moment of guest time. */
public interface TimedDevice {

    /** No deadline. */
    long NEVER = Long.MAX_VALUE;

    /** Guest time in nanoseconds at which {@link #onDeadline} is due, or {@link #NEVER}. A function of guest state. */
    long deadlineNs();

    /** The deadline is reached or passed. Called by the guest thread, between two steps; must clear or move the deadline. */
    void onDeadline();
}
