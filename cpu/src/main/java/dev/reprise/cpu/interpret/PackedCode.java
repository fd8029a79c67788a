package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.Arrays;

/**
 * Instructions as the interpreter's loop reads them: the words of {@link Predecoded} in units of 32 bits, most in one. A program
 * that is larger than the host's caches is as fast as what it executes can be read, so half the size is worth a body of its own
 * for each format.
 *
 * <pre>
 *   31              17 16 12 11  7 6      0
 *  +------------------+-----+-----+--------+
 *  | immediate or rs2 | rs1 | rd  | op     |  computation, loads, JALR, {@link #JR}
 *  | immediate        | rs1 | rs2 | op     |  stores; branches, with {@link #TAKEN} behind it
 *  | immediate 31..12       | rd  | op     |  LUI
 *  | immediate, halfwords         | op     |  {@link #J}, {@link #CALL}
 *  |                        | rd  | op     |  AUIPC, JAL; the immediate is the unit behind it
 *  |                              | op     |  {@link #WIDE}; the word itself is the two units behind it, the lower half first
 *  +------------------------------+--------+
 *
 *   31  25 24                             0
 *  +------+--------------------------------+
 *  | n    | where the block is that        |  TAKEN, behind a branch; n is the number of the instructions
 *  |      | followed, in units of 8 bytes  |  up to the branch and with it
 *  +------+--------------------------------+
 * </pre>
 *
 * Operations are those of {@link Op} up to {@link #LAST_OP}, but for loads and stores, and a few beside them. Immediates count from
 * where {@link Predecoded} says. An instruction that computes into x0 is {@link #NOTHING}, so that no destination is x0.
 */
final class PackedCode {
    /** The last operation that is one here under its own number; of those between MUL and it there is none. */
    static final int LAST_OP = Op.MULW;
    /** Loads that extend a sign, those that do not, and stores: the two low bits are the binary logarithm of the size. */
    static final int LOAD = 64;
    static final int LOAD_UNSIGNED = 68;
    static final int STORE = 72;
    static final int NOTHING = 121;
    /** JALR to x0, JAL to x0 and JAL to x1. */
    static final int JR = 122;
    static final int J = 123;
    static final int CALL = 124;
    /** Whatever does not fit. */
    static final int WIDE = 125;
    /** Behind the last instruction of a block, unless that is a jump. */
    static final int END = 126;
    static final int OPS = 128;
    static final int UNIT_BYTES = 4;
    /** Most units of an instruction. */
    static final int MOST_UNITS = 3;
    static final int COUNT_SHIFT = 25;
    /** What of the unit behind a branch is a hint. */
    static final int TAKEN = (1 << COUNT_SHIFT) - 1;

    private static final int RA = 1;
    /** By operation. */
    private static final byte[] UNITS = new byte[OPS];
    /** Of loads and stores: by operation of {@link Op} the one here, and the other way round. */
    private static final byte[] ACCESS = new byte[Op.COUNT];
    private static final int[] OP_OF_ACCESS = new int[OPS];

    static {
        if (LAST_OP >= LOAD || STORE + 4 > NOTHING) {
            throw new ExceptionInInitializerError("operations overlap: last=" + LAST_OP);
        }
        Arrays.fill(UNITS, (byte) 1);
        Arrays.fill(UNITS, Op.BEQ, Op.BGEU + 1, (byte) 2);
        UNITS[Op.AUIPC] = 2;
        UNITS[Op.JAL] = 2;
        UNITS[WIDE] = MOST_UNITS;
        int[] accesses = {Op.LB, Op.LH, Op.LW, Op.LD, Op.LBU, Op.LHU, Op.LWU, 0, Op.SB, Op.SH, Op.SW, Op.SD};
        for (int i = 0; i < accesses.length; i++) {
            ACCESS[accesses[i]] = (byte) (LOAD + i);
            OP_OF_ACCESS[LOAD + i] = accesses[i];
        }
    }

    private PackedCode() {
    }

    /** The operation of a unit that an instruction begins with. */
    static int op(int unit) {
        return unit & OPS - 1;
    }

    /** How many units an instruction has, by the first of them. */
    static int units(int unit) {
        return UNITS[op(unit)];
    }

    static boolean isBranch(int unit) {
        return Predecoded.isBranch(op(unit));
    }

    /** Whether nothing is executed behind it. */
    static boolean isJump(int unit) {
        int op = op(unit);
        return op == Op.JAL || op == Op.JALR || op >= JR && op <= CALL;
    }

    /**
     * Puts an instruction into units; a branch leads to nowhere yet.
     *
     * @param into room for {@link #MOST_UNITS} from {@code at} on
     * @param number how many instructions of the block are before it
     * @return how many units there are
     */
    static int pack(long word, int number, int[] into, int at) {
        into[at] = first(word);
        int units = units(into[at]);
        if (units == MOST_UNITS) {
            into[at + 1] = (int) word;
            into[at + 2] = (int) (word >>> 32);
        } else if (units == 2) {
            into[at + 1] = isBranch(into[at]) ? number + 1 << COUNT_SHIFT : Predecoded.imm(word);
        }
        return units;
    }

    private static int first(long word) {
        int op = Predecoded.op(word);
        int rd = Predecoded.rd(word);
        int imm = Predecoded.imm(word);
        int upper = imm << 17 | Predecoded.rs1(word) << 12;
        boolean toNobody = rd == Predecoded.SINK;
        if (op == Op.ILLEGAL || op > LAST_OP || op > Op.MUL && op < Op.MULW) {
            // Those may trap, or are too rare to have a body.
            return WIDE;
        }
        if (op >= Op.SD && op <= Op.BGEU) {
            return upper | Predecoded.rs2(word) << 7 | (op < Op.BEQ ? ACCESS[op] : op);
        }
        if (op == Op.JAL) {
            return toNobody ? imm >> 1 << 7 | J : rd == RA ? imm >> 1 << 7 | CALL : rd << 7 | op;
        }
        if (op == Op.JALR) {
            return toNobody ? upper | JR : upper | rd << 7 | op;
        }
        if (op >= Op.LD && op <= Op.LH) {
            return toNobody ? WIDE : upper | rd << 7 | ACCESS[op];
        }
        if (toNobody) {
            return NOTHING;
        }
        if (op == Op.LUI || op == Op.AUIPC) {
            return (op == Op.LUI ? imm & 0xffff_f000 : 0) | rd << 7 | op;
        }
        return upper | Predecoded.rs2(word) << 17 | rd << 7 | op;
    }

    /** The word of an instruction that is a load, store or {@link #WIDE}, at a place of an array. */
    static long unpack(long[] memory, long at) {
        int unit = MEMORY.getInt(memory, at);
        if (op(unit) == WIDE) {
            return MEMORY.getInt(memory, at + UNIT_BYTES) & 0xffff_ffffL
                    | (long) MEMORY.getInt(memory, at + 2 * UNIT_BYTES) << 32;
        }
        int op = OP_OF_ACCESS[op(unit)];
        if (op == 0) {
            throw new IllegalStateException("nobody asks for the word of this operation: op=" + op(unit));
        }
        int inDestination = unit >>> 7 & 31;
        int registers = op >= Op.SD ? inDestination << 19 | Predecoded.SINK << 8 : inDestination << 8;
        return (long) immediate(unit) << 32 | registers | (unit >>> 12 & 31) << 14 | op;
    }

    /** That of a load, store or branch. */
    static int immediate(int unit) {
        return unit >> 17;
    }
}
