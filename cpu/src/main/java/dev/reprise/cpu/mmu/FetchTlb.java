package dev.reprise.cpu.mmu;

import java.util.Arrays;

/**
 * Cached fetch translations of one context (address space, privilege). Predecoded blocks that were found through it are
 * valid while its generation is the one that they remember.
 */
public final class FetchTlb {
    /** As many entries as a page table has slots: all translations by one level-0 entry have one index. */
    private static final int ENTRIES = DataTlb.SLOTS;

    final long[] tag = new long[ENTRIES];
    final long[] address = new long[ENTRIES];
    private long generation;

    FetchTlb() {
        Arrays.fill(tag, DataTlb.NO_TAG);
    }

    static int index(long va) {
        return (int) (va >>> 12) & ENTRIES - 1;
    }

    /** Changes whenever a translation may have changed; never the same in two contexts. */
    public long generation() {
        return generation;
    }

    void setGeneration(long value) {
        generation = value;
    }

    void flush(long newGeneration) {
        Arrays.fill(tag, DataTlb.NO_TAG);
        generation = newGeneration;
    }
}
