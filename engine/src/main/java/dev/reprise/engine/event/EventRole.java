package dev.reprise.engine.event;

/** What part an event plays, and so who produces it in replay. */
public enum EventRole {
    /** Came from outside, when it liked; replay applies it at its stamp. */
    INPUT,
    /** The answer to something that the guest asked; replay gives it when the guest asks again. */
    OUTCOME,
    /** Computed by the guest; replay compares what the guest computes with it. */
    WITNESS,
    /** Written by the engine about the run: ledger, digest, snapshot, end; replay checks it. */
    CONTROL
}
