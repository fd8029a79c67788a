package dev.reprise.cpu.decode;

/**
 * The words that executors work on. A word is what {@link Decoder} packs, with two differences: the operation has 8 bits
 * and the destination the 6 above them, where x0 is {@link #SINK}; and the immediate of JAL, branches and AUIPC counts
 * from an origin that the executor chooses (the start of a block, or of a page), so that no instruction needs its own pc.
 *
 * <pre>
 *   63                    32 31 29 28 24 23 19 18 14 13  8 7     0
 *  +------------------------+-----+-----+-----+-----+-----+-------+
 *  | immediate              | rm  | rs3 | rs2 | rs1 | rd  |  op   |
 *  +------------------------+-----+-----+-----+-----+-----+-------+
 * </pre>
 */
public final class Predecoded {
    /** The destination that is never read: what an instruction means for x0 goes there. */
    public static final int SINK = 32;

    private static final boolean[] WRITES_F = new boolean[256];
    private static final boolean[] ENDS = new boolean[256];

    static {
        if (Op.COUNT > 256) {
            throw new ExceptionInInitializerError("operations must fit 8 bits: count=" + Op.COUNT);
        }
        for (int op = 0; op < Op.COUNT; op++) {
            WRITES_F[op] = op >= Op.FLD && op != Op.FSD && op != Op.FSW && !(op >= Op.FEQ_D && op <= Op.FCVT_LU_D
                    || op == Op.FMV_X_D || op >= Op.FEQ_S && op <= Op.FCVT_LU_S || op == Op.FMV_X_W);
            // These are no jumps: what they change makes the executor look around by itself.
            boolean harmless = op >= Op.CSRRW && op <= Op.CSRRCI || op == Op.FENCE_I || op == Op.SFENCE_VMA;
            ENDS[op] = op == Op.ILLEGAL || Op.endsBlock(op) && !harmless;
        }
    }

    private Predecoded() {
    }

    /**
     * The word of an instruction.
     *
     * @param packed what {@link Decoder} or {@link CompressedDecoder} gave
     * @param from byte offset of the instruction from the origin
     */
    public static long word(long packed, int from) {
        int op = Decoder.op(packed);
        int rd = Decoder.rd(packed);
        if (rd == 0 && !WRITES_F[op]) {
            rd = SINK;
        }
        long word = packed & ~0x3fffL | rd << 8 | op;
        boolean relative = op == Op.JAL || op == Op.AUIPC || op >= Op.BEQ && op <= Op.BGEU;
        return relative ? word + ((long) from << 32) : word;
    }

    /** Whether the destination is an f register. */
    public static boolean writesF(int op) {
        return WRITES_F[op];
    }

    /** Whether no instruction may follow it in a straight run. */
    public static boolean ends(int op) {
        return ENDS[op];
    }

    /** Whether it is a conditional branch. */
    public static boolean isBranch(int op) {
        return op >= Op.BEQ && op <= Op.BGEU;
    }

    /** Whether it calls: it jumps, and notes where it would have gone on. */
    public static boolean isCall(long word) {
        int op = op(word);
        return (op == Op.JAL || op == Op.JALR) && rd(word) != SINK;
    }

    /** Whether it jumps to an address from a register, and neither calls nor returns (unprivileged, table 3). */
    public static boolean isIndirectJump(long word) {
        return op(word) == Op.JALR && rd(word) == SINK && rs1(word) != 1 && rs1(word) != 5;
    }

    /** The operation, a constant of {@link Op}. */
    public static int op(long word) {
        return (int) word & 0xff;
    }

    /** The destination, 0 to 31 or {@link #SINK}. */
    public static int rd(long word) {
        return (int) word >>> 8 & 63;
    }

    /** The first source register, 0 to 31, or the five-bit operand of csr*i. */
    public static int rs1(long word) {
        return (int) word >>> 14 & 31;
    }

    /** The second source register, 0 to 31. */
    public static int rs2(long word) {
        return (int) word >>> 19 & 31;
    }

    /** The third source register of a fused multiply-add, 0 to 31. */
    public static int rs3(long word) {
        return (int) word >>> 24 & 31;
    }

    /** The rounding mode: 0 to 4, or 7 for the one in frm. */
    public static int rm(long word) {
        return (int) word >>> 29;
    }

    /** The immediate. */
    public static int imm(long word) {
        return (int) (word >> 32);
    }
}
