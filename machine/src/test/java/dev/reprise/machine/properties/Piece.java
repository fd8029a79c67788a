package dev.reprise.machine.properties;

/**
 * A part of a random program: a few instructions that stand by themselves, so that a program stays one when pieces are
 * taken out of it.
 *
 * @param what the kind
 * @param a first random operand, 0 to 4095; each kind takes from it what it needs
 * @param b second random operand, 0 to 4095
 */
record Piece(What what, int a, int b) {

    /** Operands are below this. */
    static final int OPERANDS = 4096;

    enum What {
        /** Integer arithmetic on any registers. */
        INTEGER,
        /** Floating point on any registers. */
        FLOAT,
        /** Loads and stores of each size, aligned or not. */
        MEMORY,
        /** Read-modify-write, and pairs of LR and SC. */
        ATOMIC,
        /** Skips the next piece or not. */
        BRANCH,
        /** Reads counters and time, writes some CSRs. */
        CSR,
        /** Reads and writes registers of the UART, enables and disables its interrupts. */
        UART,
        /** Writes a run of characters: more than a slow backend takes. */
        PRINT,
        /** Reads the wall clock. */
        WALL_CLOCK,
        /** Moves a timer, raises the software interrupt, enables external lines. */
        INTERRUPTS,
        /** Waits for an interrupt, sometimes with timers masked. */
        WAIT,
        /** An exception of machine mode: illegal instruction, breakpoint, call, access fault, misaligned atomic. */
        TRAP,
        /** Rewrites an instruction of the program that runs soon, with or without fence.i. */
        CODE_EDIT,
        /** Changes an entry of a page table in use, with or without sfence.vma. */
        PAGE_EDIT,
        /** Loads and stores by the page tables, with the privilege of supervisor or user. */
        PAGED_MEMORY,
        /** Runs a few instructions in supervisor mode. */
        SUPERVISOR,
        /** Runs a few instructions in user mode. */
        USER
    }

    @Override
    public String toString() {
        return what + "(" + a + "," + b + ")";
    }
}
