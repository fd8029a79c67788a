package dev.reprise.cpu.translate;

/**
 * What is to be translated: a copy, so that the translator's thread sees nothing of the guest's. It is the code of one page,
 * or of two whose virtual addresses follow each other; offsets count from the start of the first.
 *
 * <p>A warm region is entered at each of its starts; one that the JVM compiles is left at calls. A hot one is entered at its
 * first start alone, so that all its loops have one way in, and what it calls runs within the call.
 *
 * @param page the number of the first memory page
 * @param secondPage the number of the memory page behind it in the virtual address space, another one; or -1
 * @param code the 4,096 bytes of the page, or the 8,192 of both, as they were
 * @param starts byte offsets where control comes in, the most important first
 * @param landings those of the starts that an indirect jump within a hot region may come to
 * @param tier which of the JVM's compilers the region is meant for
 * @param others null if only what was seen is to be taken in. Otherwise machine code of our own takes in as well what lies behind
 *     branches, jumps and calls in the page, seen or not, but for what other regions of the page have: a bit for each halfword
 *     where one is entered
 */
public record RegionPlan(int page, int secondPage, byte[] code, int[] starts, int[] landings, Tier tier, long[] others) {
    /** Length of {@link #others}. */
    public static final int WORDS_OF_OTHERS = 4096 / 2 / Long.SIZE;

    /** A plan of one page, without landings, of what was seen. */
    public RegionPlan(int page, byte[] code, int[] starts, Tier tier) {
        this(page, -1, code, starts, new int[0], tier, null);
    }

    /** The same of other bytes. */
    public RegionPlan withCode(byte[] other) {
        return new RegionPlan(page, secondPage, other, starts, landings, tier, others);
    }

    /** How much compilation a region deserves; told to the JVM by the name of its class. */
    public enum Tier {
        /** Met often enough to be translated. */
        WARM,
        /** Much of the run is spent there. */
        HOT
    }
}
