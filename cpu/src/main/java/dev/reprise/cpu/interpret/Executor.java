package dev.reprise.cpu.interpret;

/** Executes guest code; whatever it is made of, the state at a step is the same. */
interface Executor {
    /**
     * Executes at least one step, and at most up to {@code limitStep}: exactly that far unless something happened that
     * the caller must look at (a trap, an interrupt line, a deadline that moved). The caller has seen to it that no
     * interrupt is due.
     */
    void run(long limitStep);
}
