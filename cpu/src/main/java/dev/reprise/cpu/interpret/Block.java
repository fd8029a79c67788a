package dev.reprise.cpu.interpret;

/**
 * Predecoded instructions of one page that follow each other, with the places where control left them before.
 *
 * <p>A word is what {@code Decoder} packs, with two differences: the operation has 8 bits and the destination the 6
 * above them, where x0 is {@code CpuState.SINK}; and the immediate of JAL, branches and AUIPC counts from the start of
 * the block, so that no instruction needs its own pc.
 *
 * <pre>
 *   63                    32 31 29 28 24 23 19 18 14 13  8 7     0
 *  +------------------------+-----+-----+-----+-----+-----+-------+
 *  | immediate              | rm  | rs3 | rs2 | rs1 | rd  |  op   |
 *  +------------------------+-----+-----+-----+-----+-----+-------+
 * </pre>
 */
final class Block {
    /** Most instructions of a block. */
    static final int MAX_LENGTH = 64;
    /** A generation that no fetch context ever has. */
    static final long DROPPED = -1;

    /** Where it was last found; with the generation, what makes it valid. */
    long pc;
    long generation = DROPPED;
    final long[] code;
    /** Byte offset of each instruction, and of the end. */
    final short[] offset;
    /** The block that followed, for each instruction that may leave, and last for the end. A hint: checked before use. */
    final Block[] next;
    /** The memory page, and where in it the block starts. */
    final int page;
    final int startInPage;
    /** The second page of a block of one instruction that lies across a page's end, or -1. */
    final int secondPage;
    /** The next block with the same place in its page's table. */
    Block chain;

    Block(int page, int startInPage, int secondPage, long[] code, short[] offset) {
        this.page = page;
        this.startInPage = startInPage;
        this.secondPage = secondPage;
        this.code = code;
        this.offset = offset;
        next = new Block[offset.length];
    }

    int bytes() {
        return offset[offset.length - 1];
    }

    static int op(long word) {
        return (int) word & 0xff;
    }

    static int rd(long word) {
        return (int) word >>> 8 & 63;
    }

    static int rs1(long word) {
        return (int) word >>> 14 & 31;
    }

    static int rs2(long word) {
        return (int) word >>> 19 & 31;
    }

    static int rs3(long word) {
        return (int) word >>> 24 & 31;
    }

    static int rm(long word) {
        return (int) word >>> 29;
    }

    static int imm(long word) {
        return (int) (word >> 32);
    }
}
