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
 * if the word at {@code table + (va >>> 8 & mask)} is {@code va & (~0xfff | size - 1)}, which also checks alignment, and is
 * then to the byte at {@code va} plus the word behind it. A write entry is there only while its page holds a write grant. The
 * slow arrays lead to physical addresses, of devices and of pages without a grant too. A tag of -1 never hits.
 *
 * <p>There are as many entries as a page table has slots, or a multiple of that: all translations by one level-0 entry have
 * one index, or one in so many. Where pages push each other out again and again there come to be more ({@link #fit}); when all
 * entries are dropped there are few again.
 */
public final class DataTlb {
    /** Slots of a page table, and the fewest entries. */
    static final int SLOTS = 512;
    private static final int GROWTH_BITS = 2;
    /** Each table of the largest size fits into a piece of any {@link HostMemory}. */
    private static final int SIZES = 3;
    /** There are more entries when so many times their number were pushed out by others. */
    private static final int CONFLICTS_OF_ENTRY = 8;
    static final long NO_TAG = -1;
    private static final int ENTRY_BYTES = 16;
    /** From the tag of an entry to what is added. */
    public static final int ADDEND = 8;
    /** An address is shifted right by so much and masked to get how far its entry is from the start of the table. */
    public static final int ENTRY_SHIFT = 8;
    /** What of an address has to be that of a tag, beside its alignment. */
    public static final long PAGE_MASK = ~0xfffL;

    /** What there is of one size. */
    private static final class Tables {
        final HostMemory.Piece reads;
        final HostMemory.Piece writes;
        final long[] slowReadTag;
        final long[] slowReadAddress;
        final long[] slowWriteTag;
        final long[] slowWriteAddress;

        Tables(int entries) {
            reads = MEMORY.allocate(entries * ENTRY_BYTES);
            writes = MEMORY.allocate(entries * ENTRY_BYTES);
            slowReadTag = new long[entries];
            slowReadAddress = new long[entries];
            slowWriteTag = new long[entries];
            slowWriteAddress = new long[entries];
        }
    }

    /** They stay, since a region that is about to be left may still have their addresses. */
    private final Tables[] bySize = new Tables[SIZES];
    /** The addresses of the fast tables. They are good as long as this is kept, for one run of an executor. */
    public long reads;
    public long writes;
    /** The bits that lead to an entry of them, once an address was shifted by {@link #ENTRY_SHIFT}. */
    public long mask;
    long[] slowReadTag;
    long[] slowReadAddress;
    long[] slowWriteTag;
    long[] slowWriteAddress;
    private int size;
    private int entries;
    /** How many valid entries were replaced by those of other pages since there are so many. */
    private int conflicts;
    private boolean used;

    DataTlb() {
        resize(0);
    }

    /** As many entries as a size has, all empty. */
    private void resize(int newSize) {
        size = newSize;
        entries = SLOTS << GROWTH_BITS * newSize;
        if (bySize[size] == null) {
            bySize[size] = new Tables(entries);
        }
        Tables tables = bySize[size];
        reads = tables.reads.address();
        writes = tables.writes.address();
        mask = (entries - 1L) * ENTRY_BYTES;
        slowReadTag = tables.slowReadTag;
        slowReadAddress = tables.slowReadAddress;
        slowWriteTag = tables.slowWriteTag;
        slowWriteAddress = tables.slowWriteAddress;
        clear();
    }

    private void clear() {
        for (int i = 0; i < entries; i++) {
            clear(reads, i);
            clear(writes, i);
        }
        Arrays.fill(slowReadTag, NO_TAG);
        Arrays.fill(slowWriteTag, NO_TAG);
        conflicts = 0;
        used = false;
    }

    /** Makes room where entries have pushed each other out often. Called while nothing runs that has read the tables' addresses. */
    public void fit() {
        if (conflicts > CONFLICTS_OF_ENTRY * entries) {
            if (size + 1 < SIZES) {
                resize(size + 1);
            } else {
                conflicts = 0;
            }
        }
    }

    int index(long va) {
        return (int) (va >>> 12) & entries - 1;
    }

    /** Where the entry for a virtual address is in one of the tables. */
    public static long entry(long table, long mask, long va) {
        return table + (va >>> ENTRY_SHIFT & mask);
    }

    private static long entryAt(long table, int index) {
        return table + (long) index * ENTRY_BYTES;
    }

    /** Makes accesses to the page of {@code va} fast, in one of the tables. */
    void set(long table, long va, long page) {
        long entry = entry(table, mask, va);
        MEMORY.putLong(entry, va & PAGE_MASK);
        MEMORY.putLong(entry + ADDEND, page - (va & PAGE_MASK));
    }

    /** What was fast at an index of one of the tables is not any more. */
    private static void clear(long table, int index) {
        MEMORY.putLong(entryAt(table, index), NO_TAG);
    }

    /** A translation for reads: the page of {@code va} is at a physical address. */
    void addRead(long va, long address) {
        add(slowReadTag, slowReadAddress, reads, va, address);
    }

    /** A translation for writes: the page of {@code va} is at a physical address. */
    void addWrite(long va, long address) {
        add(slowWriteTag, slowWriteAddress, writes, va, address);
    }

    /** The index is asked for here, since the walk before may have stored to a page table, and so emptied all this. */
    private void add(long[] tags, long[] addresses, long table, long va, long address) {
        int index = index(va);
        conflicts += tags[index] == NO_TAG ? 0 : 1;
        used = true;
        tags[index] = va & PAGE_MASK;
        addresses[index] = address & PAGE_MASK;
        clear(table, index);
    }

    void flush() {
        if (used && size > 0) {
            resize(0);
        } else if (used) {
            clear();
        }
    }

    /** Drops what was translated by a level-0 entry in a slot of a page table. */
    void drop(int slot) {
        for (int index = slot; index < entries; index += SLOTS) {
            clear(reads, index);
            clear(writes, index);
            slowReadTag[index] = NO_TAG;
            slowWriteTag[index] = NO_TAG;
        }
    }

    /** Drops what leads to a page's address; how many entries were looked at. */
    int dropReads(long page) {
        return drop(reads, page);
    }

    void dropWrites(long page) {
        drop(writes, page);
    }

    private int drop(long table, long page) {
        if (!used) {
            return 0;
        }
        for (int i = 0; i < entries; i++) {
            long entry = entryAt(table, i);
            long tag = MEMORY.getLong(entry);
            if (tag != NO_TAG && tag + MEMORY.getLong(entry + ADDEND) == page) {
                MEMORY.putLong(entry, NO_TAG);
            }
        }
        return entries;
    }

    /** Drops the write entries whose pages hold no grant. */
    void dropWritesWithoutGrant(PhysicalBus bus) {
        if (used) {
            for (int i = 0; i < entries; i++) {
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
            for (int i = 0; i < entries; i++) {
                clear(writes, i);
            }
        }
    }
}
