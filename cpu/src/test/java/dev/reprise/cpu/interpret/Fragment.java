package dev.reprise.cpu.interpret;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a random program that stands by itself, so that a program stays one when fragments are taken out of it.
 *
 * @param what its kind
 * @param seed 0 to 4095; its instructions' operands follow from it
 */
record Fragment(What what, int seed) {
    static final int SEEDS = 4096;

    enum What {
        /** A few operations on registers, wide and compressed. */
        INTEGER,
        /** Single and double precision, every rounding mode, reserved ones too. */
        FLOAT,
        /** Reads and writes fflags, frm and fcsr, or turns the unit off. */
        FLOAT_STATUS,
        /** Loads and stores of data, also misaligned and over the end of a page. */
        MEMORY,
        /** The same by way of a window onto data and code. */
        WINDOW_MEMORY,
        /** One atomic operation. */
        ATOMIC,
        /** A loop around LR and SC, sometimes with a store between them. */
        RESERVED_LOOP,
        /** A branch over one or two fragments. */
        BRANCH,
        /** A loop back over some fragments, whose turns depend on a random register. */
        LOOP,
        /** A jump to one of four places, of which only one is meant: the others lie inside instructions. */
        INDIRECT,
        /** A call of one of the functions, direct or not. */
        CALL,
        /** Counters, time, scratch registers. */
        CSR,
        /** Waits for an interrupt that is sure to come, or is pending already. */
        WAIT,
        /** An exception without a page fault. */
        TRAP,
        /** Stores over an instruction that runs soon, ran just now, or is the very next. */
        CODE_EDIT,
        /** A loop whose body stores over an instruction of itself. */
        CODE_LOOP,
        /** Changes the mapping or permissions of a page of code, data or a window, then may use it. */
        PAGE_EDIT,
        /** A loop over loads and stores of a window that unmaps it every few turns. */
        PAGE_LOOP,
        /** Goes on in a window onto the same code, at another virtual address. */
        WINDOW_JUMP,
        /** Comes back from it. */
        HOME_JUMP,
        /** Another address space, with or without another ASID. */
        SPACE,
        /** Changes an entry of a table that is not a leaf, and accesses memory through it. */
        POINTER_EDIT,
        /** Runs a few instructions in user mode and comes back by a call. */
        USER,
        /** A return from a trap that there was not. */
        RETURN,
        /** What loads and stores may do: SUM, MXR, and MPRV in machine mode. */
        PERMISSION,
        /** fence, fence.i or sfence.vma. */
        FENCE,
        /** On to the last bytes of a page, so that the next instructions lie across its end. */
        PAGE_END,
        /** A word that may be any instruction. */
        ANY_WORD
    }

    /** Each kind, and again what programs mostly consist of: without it faults and edits have nothing to spoil. */
    static final List<What> MIX;

    static {
        List<What> mix = new ArrayList<>(List.of(What.values()));
        for (What often : new What[] {What.INTEGER, What.INTEGER, What.INTEGER, What.FLOAT, What.FLOAT, What.MEMORY, What.LOOP,
            What.LOOP, What.CALL, What.BRANCH}) {
            mix.add(often);
        }
        MIX = List.copyOf(mix);
    }

    @Override
    public String toString() {
        return what + "(" + seed + ")";
    }
}
