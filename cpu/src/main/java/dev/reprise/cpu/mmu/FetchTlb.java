package dev.reprise.cpu.mmu;

import java.util.Arrays;

/**
 * Cached fetch translations of one context (address space, privilege). Predecoded blocks that were found through it are
 * valid while its generation is the one that they remember.
 */
public final class FetchTlb {
    final long[] tag = new long[DataTlb.ENTRIES];
    final long[] address = new long[DataTlb.ENTRIES];
    private long generation;

    FetchTlb() {
        Arrays.fill(tag, DataTlb.NO_TAG);
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
