package dev.reprise.cpu.mmu;

import dev.reprise.cpu.bus.PhysicalBus;
import java.util.Arrays;

/**
 * Cached data translations of one context (address space, effective privilege, SUM, MXR), direct-mapped by virtual page.
 *
 * <p>The fast arrays lead from a virtual page to the words of a memory page: an access of {@code size} bytes at
 * {@code va} hits if {@code tag[va >>> 12 & 511] == (va & (~0xfff | size - 1))}, which also checks alignment. A write
 * entry is there only while its page holds a write grant. The slow arrays lead to physical addresses, of devices and of
 * pages without a grant too. A tag of -1 never hits.
 *
 * <p>There are as many entries as a page table has slots, so all translations by one level-0 entry have one index.
 */
public final class DataTlb {
    /** Entries, a power of two. */
    public static final int ENTRIES = 512;
    public static final int INDEX_MASK = ENTRIES - 1;
    static final long NO_TAG = -1;

    public final long[] readTag = new long[ENTRIES];
    public final long[][] readPage = new long[ENTRIES][];
    public final long[] writeTag = new long[ENTRIES];
    public final long[][] writePage = new long[ENTRIES][];
    final long[] slowReadTag = new long[ENTRIES];
    final long[] slowReadAddress = new long[ENTRIES];
    final long[] slowWriteTag = new long[ENTRIES];
    final long[] slowWriteAddress = new long[ENTRIES];
    private boolean used = true;

    DataTlb() {
        Arrays.fill(readPage, NO_WORDS);
        Arrays.fill(writePage, NO_WORDS);
        flush();
    }

    private static final long[] NO_WORDS = new long[0];

    static int index(long va) {
        return (int) (va >>> 12) & INDEX_MASK;
    }

    void markUsed() {
        used = true;
    }

    void flush() {
        if (used) {
            Arrays.fill(readTag, NO_TAG);
            Arrays.fill(writeTag, NO_TAG);
            Arrays.fill(slowReadTag, NO_TAG);
            Arrays.fill(slowWriteTag, NO_TAG);
            used = false;
        }
    }

    void drop(int index) {
        readTag[index] = NO_TAG;
        writeTag[index] = NO_TAG;
        slowReadTag[index] = NO_TAG;
        slowWriteTag[index] = NO_TAG;
    }

    void dropReads(long[] page) {
        if (used) {
            for (int i = 0; i < ENTRIES; i++) {
                if (readPage[i] == page) {
                    readTag[i] = NO_TAG;
                }
            }
        }
    }

    void dropWrites(long[] page) {
        if (used) {
            for (int i = 0; i < ENTRIES; i++) {
                if (writePage[i] == page) {
                    writeTag[i] = NO_TAG;
                }
            }
        }
    }

    /** Drops the write entries whose pages hold no grant. */
    void dropWritesWithoutGrant(PhysicalBus bus) {
        if (used) {
            for (int i = 0; i < ENTRIES; i++) {
                // There is a write entry only beside a slow one for the same page.
                if (writeTag[i] != NO_TAG && !bus.tracker().isGranted(bus.pageAt(slowWriteAddress[i]))) {
                    writeTag[i] = NO_TAG;
                }
            }
        }
    }

    void dropAllWrites() {
        if (used) {
            Arrays.fill(writeTag, NO_TAG);
        }
    }
}
