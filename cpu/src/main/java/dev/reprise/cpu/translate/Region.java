package dev.reprise.cpu.translate;

/** Translated guest code; each subclass is generated, hidden, and has one instance. Called on the guest thread. */
public abstract class Region {
    /** Steps executed here so far; kept by the executor. */
    public long steps;

    protected Region() {
    }

    /**
     * Executes guest code from an entry until it leaves the region, the budget might not last to the next place where
     * it is looked at, or {@link RegionContext#stopped} is set.
     *
     * @param context where the guest's registers are, before and after
     * @param base virtual address of the page that the region is in
     * @param left steps that may be executed; at least the entry's budget
     * @param entry number of the entry; a negative one does nothing and returns {@code left}, so that the JVM can be
     *     made to compile a region before a guest has to wait for it
     * @return what is left of the steps; {@link RegionContext#pc} is where to go on, unless stopped
     */
    public abstract int run(RegionContext context, long base, int left, int entry);
}
