package dev.reprise.cpu.interpret;

import dev.reprise.cpu.translate.Region;

/**
 * Predecoded instructions of one page that follow each other: what is known of them beside what {@link BlockStore} holds
 * for the interpreter's loop.
 */
final class Block {
    /** Where it was last found; with the generation, what makes it valid. */
    long pc;
    long generation = BlockStore.DROPPED;
    /** Where it is in the store, how many bytes it has there, and its number. */
    int at;
    int size;
    int number;
    /** How many instructions it has; a bit for each one of four bytes, the others have two; the last, which alone may be a jump. */
    int length;
    long longOnes;
    long lastWord;
    /** The memory page, and where in it the block starts. */
    final int page;
    final int startInPage;
    /** The second page of a block of one instruction that lies across a page's end, or -1. */
    final int secondPage;
    /** The next block with the same place in its page's table. */
    Block chain;
    /** The step at which it lost its patience before, or -1. */
    long lostAt = -1;
    /** An indirect jump that is no return was seen to come here. */
    boolean isLanding;
    /** Steps executed in warm translated code that was entered here. */
    long heat;
    /** A hot region was asked for. */
    boolean wasPromoted;
    /** A hot region that was entered here was left too soon, again and again. */
    boolean isLeftSoon;
    /** The number of the plan that it was last taken into. */
    int plan;
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

    Block(int page, int startInPage, int secondPage) {
        this.page = page;
        this.startInPage = startInPage;
        this.secondPage = secondPage;
    }
}
