package dev.reprise.cpu.interpret;

import dev.reprise.cpu.decode.Predecoded;
import dev.reprise.cpu.translate.Region;

/**
 * Predecoded instructions of one page that follow each other, with the places where control left them before.
 *
 * <p>Words are as in {@link dev.reprise.cpu.decode.Predecoded}, counted from the start of the block.
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
    /** Falls each time the interpreter comes here from another block; below zero it hands the block to its caller. */
    int patience;
    /** The step at which it lost its patience before, or -1. */
    long lostAt = -1;
    /** An indirect jump that is no return was seen to come here. */
    boolean isLanding;
    /** Steps executed in warm translated code that was entered here. */
    long heat;
    /** A hot region was asked for. */
    boolean wasPromoted;
    /** It was sent to the translator. */
    boolean wasTried;
    /** Translated code that is entered here, or null; with the number of the entry and the steps that it wants. */
    Region region;
    int regionEntry;
    int regionBudget;
    /** From the start of the region's first page to that of the block's page, bytes. */
    int regionShift;
    /** Beside enough steps: it uses floating point, or is of two pages. */
    boolean regionHasConditions;
    boolean regionUsesFloat;

    Block(int page, int startInPage, int secondPage, long[] code, short[] offset) {
        this.page = page;
        this.startInPage = startInPage;
        this.secondPage = secondPage;
        this.code = code;
        this.offset = offset;
        next = new Block[offset.length];
    }

    /** Notes what followed at an exit. */
    void follow(int exit, Block following) {
        next[exit] = following;
        if (exit < code.length && Predecoded.isIndirectJump(code[exit])) {
            following.isLanding = true;
        }
    }

    int bytes() {
        return offset[offset.length - 1];
    }
}
