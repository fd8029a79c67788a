package dev.reprise.cpu.translate;

/** Translated guest code; each subclass is generated, hidden, and has one instance. Called on the guest thread. */
public abstract class Region {
    /** The pages that it was made from, the second or -1; kept by the executor. */
    public int page;
    public int secondPage = -1;
    /** How many regions were installed before it, 32 bits of that; kept by the executor. */
    public int order;
    /** Made for the JVM's best compiler; kept by the executor. */
    public boolean isHot;
    /** How many more times it is left after some hundred steps; kept by the executor. */
    public int shortRuns;
    /** How often it was entered since it was last looked at, and the steps executed since then; kept by the executor. */
    public int visits;
    public long steps;
    /** For each halfword of its page or pages: which of its landings is there, from 1 on, or 0; null if it has none. */
    public byte[] landings;
    /** Where its two pages were last seen to follow each other: the fetch context's generation, and the address. */
    public long generation = -1;
    public long base;
    /** How often they did not, or were not known to. */
    public int refusals;

    protected Region() {
    }

    /** Makes it ready to run; false if there is no room for it in memory for machine code, which only some regions need. */
    public boolean place(HostCode memory) {
        return true;
    }

    /** It will not run again. */
    public void forget() {
    }

    /**
     * Executes guest code from an entry until it leaves the region, the budget might not last to the next place where
     * it is looked at, or {@link RegionContext#stopped} is set.
     *
     * @param context where the guest's registers are, before and after
     * @param base virtual address of the region's (first) page
     * @param left steps that may be executed; at least the entry's budget
     * @param entry number of the entry; a negative one does nothing and returns {@code left}, so that the JVM can be
     *     made to compile a region before a guest has to wait for it
     * @return what is left of the steps; {@link RegionContext#pc} is where to go on, unless stopped
     */
    public abstract int run(RegionContext context, long base, int left, int entry);
}
