package dev.reprise.cpu.mmu;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.bus.PhysicalBus;
import java.util.Arrays;

/**
 * Cached data translations of one context (address space, effective privilege, SUM, MXR), direct-mapped by virtual page.
 *
 * <p>The fast tables, one for reads and one for writes, are in {@link HostMemory}. An entry has two words, a tag and what has
 * to be added to a virtual address of its page to get the address there: an access of {@code size} bytes at {@code va} hits
 * if the word at {@code table + (va >>> 8 & 0x1ff0)} is {@code va & (~0xfff | size - 1)}, which also checks alignment, and is
 * then to the byte at {@code va} plus the word behind it. A write entry is there only while its page holds a write grant. The
 * slow arrays lead to physical addresses, of devices and of pages without a grant too. A tag of -1 never hits.
 *
 * <p>There are as many entries as a page table has slots, so all translations by one level-0 entry have one index.
 */
public final class DataTlb {
    /** Entries, a power of two. */
    public static final int ENTRIES = 512;
    static final int INDEX_MASK = ENTRIES - 1;
    static final long NO_TAG = -1;
    private static final int ENTRY_BYTES = 16;
    /** From the tag of an entry to what is added. */
    public static final int ADDEND = 8;
    /** An address is shifted right by so much and masked to get how far its entry is from the start of the table. */
    public static final int ENTRY_SHIFT = 8;
    public static final long ENTRY_MASK = (long) INDEX_MASK * ENTRY_BYTES;
    /** What of an address has to be that of a tag, beside its alignment. */
    public static final long PAGE_MASK = ~0xfffL;

    private final HostMemory.Piece tables = MEMORY.allocate(2 * ENTRIES * ENTRY_BYTES);
    /** The addresses of the fast tables. They are good as long as this is kept. */
    public final long reads = tables.address();
    public final long writes = reads + (long) ENTRIES * ENTRY_BYTES;
    final long[] slowReadTag = new long[ENTRIES];
    final long[] slowReadAddress = new long[ENTRIES];
    final long[] slowWriteTag = new long[ENTRIES];
    final long[] slowWriteAddress = new long[ENTRIES];
    private boolean used = true;

    DataTlb() {
        flush();
    }

    static int index(long va) {
        return (int) (va >>> 12) & INDEX_MASK;
    }

    /** Where the entry for a virtual address is in one of the tables. */
    public static long entry(long table, long va) {
        return table + (va >>> ENTRY_SHIFT & ENTRY_MASK);
    }

    private static long entryAt(long table, int index) {
        return table + (long) index * ENTRY_BYTES;
    }

    /** Makes accesses to the page of {@code va} fast, in one of the tables. */
    static void set(long table, long va, long page) {
        long entry = entry(table, va);
        MEMORY.putLong(entry, va & PAGE_MASK);
        MEMORY.putLong(entry + ADDEND, page - (va & PAGE_MASK));
    }

    /** What was fast at an index of one of the tables is not any more. */
    static void clear(long table, int index) {
        MEMORY.putLong(entryAt(table, index), NO_TAG);
    }

    void markUsed() {
        used = true;
    }

    void flush() {
        if (used) {
            for (int i = 0; i < ENTRIES; i++) {
                clear(reads, i);
                clear(writes, i);
            }
            Arrays.fill(slowReadTag, NO_TAG);
            Arrays.fill(slowWriteTag, NO_TAG);
            used = false;
        }
    }

    void drop(int index) {
        clear(reads, index);
        clear(writes, index);
        slowReadTag[index] = NO_TAG;
        slowWriteTag[index] = NO_TAG;
    }

    void dropReads(long page) {
        drop(reads, page);
    }

    void dropWrites(long page) {
        drop(writes, page);
    }

    private void drop(long table, long page) {
        if (used) {
            for (int i = 0; i < ENTRIES; i++) {
                long entry = entryAt(table, i);
                long tag = MEMORY.getLong(entry);
                if (tag != NO_TAG && tag + MEMORY.getLong(entry + ADDEND) == page) {
                    MEMORY.putLong(entry, NO_TAG);
                }
            }
        }
    }

    /** Drops the write entries whose pages hold no grant. */
    void dropWritesWithoutGrant(PhysicalBus bus) {
        if (used) {
            for (int i = 0; i < ENTRIES; i++) {
                long entry = entryAt(writes, i);
                // There is a write entry only beside a slow one for the same page.
                if (MEMORY.getLong(entry) != NO_TAG && !bus.tracker().isGranted(bus.pageAt(slowWriteAddress[i]))) {
                    MEMORY.putLong(entry, NO_TAG);
                }
            }
        }
    }

    void dropAllWrites() {
        if (used) {
            for (int i = 0; i < ENTRIES; i++) {
                clear(writes, i);
            }
        }
    }
}
