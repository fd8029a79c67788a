package dev.reprise.cpu.judge;

/**
 * The page tables of a sequence: the body and the handler for S stand at their physical addresses; a window of eight
 * pages with random permissions shows the data pages, beside superpages, broken entries and holes.
 */
final class VirtualMemory {
    /** Where initial memory goes: 8 bytes at a physical address. */
    interface Store {
        void poke(long address, long value);
    }

    static final int V = 1;
    static final int R = 2;
    static final int W = 4;
    static final int X = 8;
    static final int U = 16;
    static final int A = 64;
    static final int D = 128;
    private static final int WINDOW_PAGES = 8;
    private static final long MIB2 = 1L << 21;
    private static final long GIB = 1L << 30;
    /**
     * Entries of the window's middle table, counted from the window's own. The one behind it is invalid: accesses
     * over the window's end must not reach the superpage, which shows the programs around.
     */
    private static final int SUPERPAGE = 2;
    private static final int MISALIGNED = 3;
    private static final int RESERVED = 4;
    private static final int INVALID = 5;
    private static final int ALIAS = 6;
    private static final int NOTHING = 8;
    /** Physical memory where there is nothing, for a superpage. */
    private static final long HOLE = 0x1200_0000L;

    private final SequencePlan plan;
    private final Values values;
    private final Store store;
    private final int root;
    private final int levelTwo;
    private final long regionBase;
    private final int windowIndex;
    private final int firstPage;
    private final int gigapage;
    private final int terapage;

    VirtualMemory(SequencePlan plan, Store store) {
        this.plan = plan;
        this.values = plan.values;
        this.store = store;
        boolean sv48 = plan.paging == 9;
        root = sv48 ? 5 : 0;
        int top = sv48 ? values.pick(0, 1, 255, 256, 511) : 0;
        levelTwo = top == 0 ? 0 : 6;
        int middle = sv48 ? 3 + values.below(509) : values.pick(1, 3, 255, 256, 511, 257 + values.below(200));
        windowIndex = values.below(500);
        firstPage = values.percent(20) ? 512 - WINDOW_PAGES : values.below(504);
        int bits = sv48 ? 48 : 39;
        regionBase = ((long) top << 39 | (long) middle << 30 | (long) windowIndex << 21) << 64 - bits >> 64 - bits;
        gigapage = middle == 7 ? 8 : 7;
        terapage = 100;
        build(sv48, top, middle);
    }

    private void build(boolean sv48, int top, int middle) {
        Slot slot = plan.slot;
        long code = slot.address();
        if (sv48) {
            put(root, 0, pointer(0));
            if (top != 0) {
                put(root, top, pointer(6));
            }
            put(root, terapage, leaf(0, good()));
            put(root, terapage + 1, leaf(Slot.RAM, good()));
        }
        put(0, (int) (code >>> 30) & 511, pointer(1));
        put(1, (int) (code >>> 21) & 511, pointer(2));
        int bodyFlags = V | R | X | (plan.mode == SequencePlan.USER ? U : 0) | (values.percent(80) ? A : 0);
        for (int page = 1; page <= 2; page++) {
            put(2, (int) (code >>> 12) + page & 511, leaf(code + page * Slot.PAGE, bodyFlags));
        }
        put(2, (int) (code >>> 12) + 3 & 511, leaf(slot.shandler(), V | R | X | A));
        put(levelTwo, middle, pointer(3));
        put(levelTwo, gigapage, leaf(Slot.RAM, good()));
        put(levelTwo, gigapage + 2, leaf(slot.data(), good()));
        put(3, windowIndex, pointer(4));
        put(3, windowIndex + SUPERPAGE, leaf(code & -MIB2, V | R | W | A | D | (values.percent(10) ? U : 0)));
        put(3, windowIndex + MISALIGNED, leaf(slot.data(), good()));
        put(3, windowIndex + RESERVED, pointer(4) | values.pick(A, D, U, 1L << 54, 1L << 63, 1L << 61));
        put(3, windowIndex + ALIAS, pointer(4) | values.pick(0x100, 0x200, 0x300, 0x20));
        put(3, windowIndex + NOTHING, leaf(HOLE, good()));
        for (int page = 0; page < WINDOW_PAGES; page++) {
            put(4, firstPage + page, randomLeaf());
        }
    }

    private void put(int table, int index, long entry) {
        store.poke(plan.slot.table(table) + 8L * index, entry);
    }

    private long pointer(int table) {
        return plan.slot.table(table) >>> 12 << 10 | V;
    }

    private static long leaf(long physical, int flags) {
        return physical >>> 12 << 10 | flags;
    }

    private int good() {
        boolean user = plan.mode == SequencePlan.USER || plan.mprv && values.percent(60);
        return V | R | W | A | D | (user ? U : 0) | (values.percent(20) ? X : 0);
    }

    /** A leaf of the window for a data page: half of them are in order. */
    long randomLeaf() {
        long physical = plan.slot.data() + (long) values.below(Slot.DATA_PAGES) * Slot.PAGE;
        int flags = good();
        int choice = values.below(100);
        if (choice < 20) {
            flags &= ~values.pick(A, D, A | D);
        } else if (choice < 40) {
            flags ^= values.pick(V, R, W, U, R | W, R | X);
        } else if (choice < 50) {
            flags = values.below(256);
        }
        long entry = leaf(physical, flags) | (long) values.below(4) << 8;
        return choice >= 96 ? entry | 1L << 54 + values.below(10) : entry;
    }

    long satp() {
        return (long) plan.paging << 60 | (long) values.below(1 << 16) << 44 | plan.slot.table(root) >>> 12;
    }

    /** An address for a pointer register; {@code tame} ones lie in a page of the window. */
    long pointerAddress(boolean tame) {
        int choice = tame ? values.below(50) : values.below(100);
        int within = values.percent(70) ? values.below(512) * 8 : values.below(4096);
        long page = regionBase + (long) (firstPage + values.below(WINDOW_PAGES)) * Slot.PAGE;
        long dataOffset = plan.slot.data() + 2048 + values.below(2000) * 4L;
        if (choice < 50) {
            return page + within;
        } else if (choice < 65) {
            return page - values.below(16) + 8;
        } else if (choice < 72) {
            return regionBase + SUPERPAGE * MIB2 + (dataOffset & MIB2 - 1);
        } else if (choice < 76) {
            return regionBase + MISALIGNED * MIB2 + (dataOffset & MIB2 - 1);
        } else if (choice < 80) {
            return regionBase + values.pick(RESERVED, INVALID, ALIAS) * MIB2 + (long) firstPage * Slot.PAGE + within;
        } else if (choice < 88) {
            return gigapageAddress(dataOffset);
        } else if (choice < 92) {
            return page + within ^ 1L << 39 + (plan.paging == 9 ? 9 : 0) + values.below(16);
        } else if (choice < 96 && plan.paging == 9) {
            return ((long) terapage + values.below(2) << 39) + dataOffset;
        }
        return regionBase + INVALID * MIB2 + within;
    }

    private long gigapageAddress(long dataOffset) {
        long region = plan.paging == 9 ? regionBase & -(1L << 39) : 0;
        return region + (gigapage + 2L * values.below(2)) * GIB + (dataOffset & GIB - 1);
    }

    /** A page that is mapped to nothing. */
    long hole() {
        return regionBase + NOTHING * MIB2 + 0x800;
    }

    /** Where the entry of the window's lowest table can be written through the superpage. */
    private long tableAddress(int index) {
        return regionBase + SUPERPAGE * MIB2 + (plan.slot.table(4) + 8L * index & MIB2 - 1);
    }

    /** An entry of the window, as a virtual address. */
    long randomEntryAddress() {
        return tableAddress(firstPage + values.below(WINDOW_PAGES));
    }
}
