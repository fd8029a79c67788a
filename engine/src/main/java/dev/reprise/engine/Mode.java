package dev.reprise.engine;

/** What a session does with events. */
public enum Mode {
    /** Inputs and answers pass through; nothing is journaled and nothing is compared. */
    OFF,
    /** Inputs and answers come from the host and are journaled before they are applied. */
    RECORD,
    /** Inputs and answers come from the log; the host is not asked. */
    REPLAY
}
