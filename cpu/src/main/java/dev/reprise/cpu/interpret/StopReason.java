package dev.reprise.cpu.interpret;

/** Why {@link Hart#runUntil} came back. */
public enum StopReason {
    /** The step asked for is reached, exactly. */
    LIMIT,
    /** The hart waits for an interrupt, none is pending, and the platform does not move time. */
    IDLE,
    /** {@link Hart#requestStop} was called during the step that is now complete. */
    STOP_REQUESTED
}
