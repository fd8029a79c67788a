package dev.reprise.cpu.translate;

import dev.reprise.cpu.decode.Predecoded;

/**
 * Where guest registers are while {@link HostEmitter}'s code runs: those that compressed instructions and calls name most in
 * registers of the host, always the same, so that any piece of code can go on behind any other; the rest in the array of
 * {@code CpuState.x}, which RBX points into. Behind the guest's registers the array has what the code works with.
 *
 * <pre>
 *   RSI   x2      RDI  x8     R8  x9     R9 to R14  x10 to x15     R15  x1
 *   RBX   into the array      EBP  steps that are left      RAX, RCX, RDX  for an instruction's own use
 * </pre>
 */
final class HostRegisters {
    /**
     * Elements of the array behind the registers: the TLB's tables and mask, the region's base, and the epoch of what leads to
     * other regions, all within reach of a short form; then where what looks for the next region is, for an offset and for an
     * address, and what that works with: where control has come to, the table of entries, and the generation of those that are good.
     */
    static final int READS = 33;
    static final int WRITES = 34;
    static final int MASK = 35;
    static final int BASE = 36;
    static final int EPOCH = 37;
    static final int GO_TO_ADDRESS = 38;
    static final int PC = 39;
    static final int ENTRIES = 40;
    static final int GENERATION = 41;
    static final int GO_TO_OFFSET = 42;
    /**
     * Where the f registers are, {@link #FLOATS_BIAS} bytes in; whether floating point may be used, and MXCSR is set for it; and
     * MXCSR as it is to be then, as it is to be elsewhere, and as it was found behind.
     */
    static final int FLOATS = 43;
    static final int FLOAT_STATE = 44;
    static final int MXCSR = 45;
    static final int MXCSR_OF_HOST = 46;
    static final int MXCSR_BEHIND = 47;
    /** What leaves for an offset that the interpreter has to go on from. */
    static final int INTERPRET_AT = 48;
    /** What ways ask that do not know where they lead, within the page and out of it; where the one that asks ends; the table of calls. */
    static final int WAY = 49;
    static final int WAY_OUT = 50;
    static final int SITE = 51;
    static final int CALLS = 52;
    /** Counts what asks to lead out of a page, 32 bits. */
    static final int ASKS = 53;

    /** Values of {@link #FLOAT_STATE}: the interpreter has to do it; it may be used; MXCSR is set. */
    static final int FORBIDDEN = 0;
    static final int ALLOWED = 1;
    static final int SET = 2;

    static final int FLOATS_BIAS = 128;

    /** The element that RBX points to: what is 16 before and 15 behind it has the short form of an address. */
    static final int MIDDLE = 22;
    /** Pairs of a guest's register and the host's for it. */
    static final int[][] MAPPED = {{1, X64.R15}, {2, X64.RSI}, {8, X64.RDI}, {9, X64.R8}, {10, X64.R9}, {11, X64.R10},
            {12, X64.R11}, {13, X64.R12}, {14, X64.R13}, {15, X64.R14}};

    private static final int[] OPERAND = new int[ASKS + 1];

    static {
        if (READS <= Predecoded.SINK) {
            throw new ExceptionInInitializerError("x0's sink is among what the code works with");
        }
        for (int i = 0; i < OPERAND.length; i++) {
            OPERAND[i] = inArray(i);
        }
        for (int[] pair : MAPPED) {
            OPERAND[pair[0]] = pair[1];
        }
    }

    private HostRegisters() {
    }

    /** An element of the array, as an operand. */
    static int inArray(int element) {
        return X64.memory((element - MIDDLE) * Long.BYTES);
    }

    /** How far an f register is from the address in {@link #FLOATS}, bytes. */
    static int inFloats(int register) {
        return register * Long.BYTES - FLOATS_BIAS;
    }

    /** A guest's register, or another element of the array, as an operand; x0 is memory that holds 0. */
    static int operand(int register) {
        return OPERAND[register];
    }
}
