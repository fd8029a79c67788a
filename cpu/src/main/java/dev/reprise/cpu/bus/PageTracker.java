package dev.reprise.cpu.bus;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The one store hook: every store to RAM, by an instruction or by a device, either goes through a write grant that was
 * given here for its page, or through {@link #beforeStore}.
 *
 * <p>A page may be granted only while nothing needs to see its stores: it is private (neither the shared zero page nor
 * copy-on-write), taken to differ from its last hash, holds no predecoded code, and backs no cached translation. Each
 * change of that state revokes the grant first. Owned by the guest thread.
 */
public final class PageTracker {
    /** The page is not the shared zero page, and the newest frozen RAM has its copy. */
    private static final int PRIVATE = 1;
    /** The page differs, or may differ, from its cached hash. */
    private static final int DIRTY = 2;
    /** A write grant is out. */
    private static final int GRANTED = 4;
    private static final int GRANTABLE = PRIVATE | DIRTY;

    private static final int SLOT_WORDS = 8;
    private static final int DATA = 0;
    private static final int FETCH = SLOT_WORDS;
    private static final int UPPER = 2 * SLOT_WORDS;
    private static final int MARK_WORDS = 3 * SLOT_WORDS;

    private final long[] pages;
    private final PageMemory memory;
    private final int ramPages;
    private final byte[] flags;
    /** One bit for each 64-byte line that holds predecoded code. */
    private final long[] codeLines;
    /** Per page table, three masks of 512 slots: data leaves, fetch leaves, upper entries. Allocated on first mark. */
    private final long[][] marks;
    /** Marks count only if made in the current epoch; a flush of every translation drops them all at once. */
    private final int[] marksEpoch;
    private int epoch = 1;
    private int[] dirtyPages = new int[64];
    private int dirtyCount;
    /** The newest, or null. */
    private FrozenRam frozen;
    private PageClient client = NoClient.INSTANCE;
    private int watchedPage = -1;
    private int watchedFrom;
    private int watchedTo;
    private Runnable onWatchedStore;

    PageTracker(long[] pages, int ramPages, PageMemory memory) {
        this.pages = pages;
        this.memory = memory;
        this.ramPages = ramPages;
        flags = new byte[ramPages];
        codeLines = new long[pages.length];
        marks = new long[ramPages][];
        marksEpoch = new int[ramPages];
    }

    /** Sets the holder of derived state; there is one, the hart. */
    public void setClient(PageClient client) {
        this.client = client;
    }

    /**
     * Must be called before bytes of a RAM page change, for a range inside the page. Afterwards {@code pages[page]} is
     * the page to write to.
     */
    public void beforeStore(int page, int offset, int size) {
        int state = flags[page];
        if ((state & GRANTABLE) != GRANTABLE) {
            makeGrantable(page, state);
        }
        long lines = codeLines[page];
        if (lines != 0 && (lines & lineMask(offset, size)) != 0) {
            client.codeStored(page, offset, size);
        }
        long[] table = marks[page];
        if (table != null && marksEpoch[page] == epoch) {
            storeToTable(page, table, offset, size);
        }
        if (page == watchedPage && offset < watchedTo && offset + size > watchedFrom) {
            onWatchedStore.run();
        }
    }

    /**
     * Announces each store that touches a range inside a RAM page, before the bytes change, for a word in RAM that
     * something beside the hart listens to. There is one such range; its page never gets a write grant.
     */
    public void watch(int page, int offset, int size, Runnable onStore) {
        watchedPage = page;
        watchedFrom = offset;
        watchedTo = offset + size;
        onWatchedStore = onStore;
        revoke(page);
    }

    private void makeGrantable(int page, int state) {
        if ((state & PRIVATE) == 0) {
            if (frozen != null) {
                frozen.keep(page, pages[page]);
            }
            if (pages[page] == PhysicalBus.ZERO_PAGE) {
                client.pageReplaced(page);
                pages[page] = memory.take();
            }
        }
        if ((state & DIRTY) == 0) {
            if (dirtyCount == dirtyPages.length) {
                dirtyPages = Arrays.copyOf(dirtyPages, Math.min(ramPages, 2 * dirtyCount));
            }
            dirtyPages[dirtyCount++] = page;
        }
        flags[page] = (byte) (state | GRANTABLE);
    }

    private void storeToTable(int page, long[] table, int offset, int size) {
        int last = offset + size - 1 >> 3;
        for (int slot = offset >> 3; slot <= last; slot++) {
            int word = slot >> 6;
            long bit = 1L << slot;
            if ((table[DATA + word] & bit) != 0) {
                table[DATA + word] &= ~bit;
                client.dataLeafStored(page, slot);
            }
            if ((table[FETCH + word] & bit) != 0) {
                table[FETCH + word] &= ~bit;
                client.fetchLeafStored(page, slot);
            }
            if ((table[UPPER + word] & bit) != 0) {
                table[UPPER + word] &= ~bit;
                client.upperEntryStored(page, slot);
                if (marksEpoch[page] != epoch) {
                    return; // everything was dropped
                }
            }
        }
    }

    /** Gives a write grant if the page may have one; call it after {@link #beforeStore} and before writing past it. */
    public boolean grant(int page) {
        if ((flags[page] & GRANTABLE) != GRANTABLE || codeLines[page] != 0 || hasMarks(page) || page == watchedPage) {
            return false;
        }
        flags[page] |= GRANTED;
        return true;
    }

    private boolean hasMarks(int page) {
        long[] table = marks[page];
        if (table == null || marksEpoch[page] != epoch) {
            return false;
        }
        long any = 0;
        for (long word : table) {
            any |= word;
        }
        return any != 0;
    }

    private void revoke(int page) {
        if ((flags[page] & GRANTED) != 0) {
            flags[page] &= ~GRANTED;
            client.grantRevoked(page);
        }
    }

    /** Predecoded code now covers these bytes of a page; stores to their lines are reported until it is cleared. */
    public void markCode(int page, int offset, int size) {
        codeLines[page] |= lineMask(offset, size);
        if (page < ramPages) {
            revoke(page);
        }
    }

    /** Sets which lines of a page still hold predecoded code, after some of it was dropped. */
    public void setCodeLines(int page, long lines) {
        codeLines[page] = lines;
    }

    /** A cached data translation was derived from this level-0 leaf entry. */
    public void markDataLeaf(int page, int slot) {
        mark(page, DATA, slot);
    }

    /** A cached fetch translation was derived from this level-0 leaf entry. */
    public void markFetchLeaf(int page, int slot) {
        mark(page, FETCH, slot);
    }

    /** A cached translation passed through this pointer or superpage entry. */
    public void markUpper(int page, int slot) {
        mark(page, UPPER, slot);
    }

    private void mark(int page, int kind, int slot) {
        if (page >= ramPages) {
            return; // read-only memory cannot be stored to
        }
        long[] table = marks[page];
        if (table == null) {
            table = new long[MARK_WORDS];
            marks[page] = table;
        } else if (marksEpoch[page] != epoch) {
            Arrays.fill(table, 0);
        }
        marksEpoch[page] = epoch;
        table[kind + (slot >> 6)] |= 1L << slot;
        revoke(page);
    }

    /** Every cached translation was dropped, so no page-table entry backs one any more. */
    public void clearMarks() {
        epoch++;
    }

    /** The bits of the 64-byte lines that a range inside a page touches. */
    public static long lineMask(int offset, int size) {
        int first = offset >> 6;
        int last = offset + size - 1 >> 6;
        return -1L << first & -1L >>> 63 - last;
    }

    /** RAM as it is now; from here on each page is copied before it is first stored to. */
    FrozenRam freeze() {
        revokeAll();
        for (int page = 0; page < ramPages; page++) {
            flags[page] &= ~PRIVATE;
        }
        frozen = frozen == null ? new FrozenRam(ramPages) : frozen.next();
        return frozen;
    }

    int dirtyCount() {
        return dirtyCount;
    }

    int dirtyPage(int index) {
        return dirtyPages[index];
    }

    /**
     * The dirty pages were hashed. Those whose hash has changed are taken to be stored to again: they stay dirty, with
     * their grants, so that a program that works on them does not lose them with each digest. The others are clean, and have
     * no grant.
     *
     * @param changed by index of the dirty page
     */
    void hashed(BitSet changed) {
        int kept = changed.cardinality();
        for (int i = 0, at = 0; i < dirtyCount; i++) {
            int page = dirtyPages[i];
            if (changed.get(i)) {
                dirtyPages[at++] = page;
            } else {
                flags[page] &= ~(DIRTY | GRANTED);
            }
        }
        if (kept != dirtyCount) {
            dirtyCount = kept;
            client.grantsRevoked();
        }
    }

    /** Whether a RAM page holds a write grant. */
    public boolean isGranted(int page) {
        return (flags[page] & GRANTED) != 0;
    }

    private void revokeAll() {
        for (int page = 0; page < ramPages; page++) {
            flags[page] &= ~GRANTED;
        }
        client.allGrantsRevoked();
    }

    /** All RAM was replaced by shared zero pages: forgets every flag and mark, and drops what was derived. */
    void reset() {
        client.allGrantsRevoked();
        for (int page = 0; page < ramPages; page++) {
            if (pages[page] != PhysicalBus.ZERO_PAGE) {
                beforeStore(page, 0, PhysicalBus.PAGE_BYTES);
                client.pageReplaced(page);
                memory.release(pages[page]);
                pages[page] = PhysicalBus.ZERO_PAGE;
                flags[page] = DIRTY;
            }
        }
    }

    /** Before a hart is attached there is nothing derived. */
    private static final class NoClient implements PageClient {
        static final NoClient INSTANCE = new NoClient();

        @Override
        public void pageReplaced(int page) {
        }

        @Override
        public void grantRevoked(int page) {
        }

        @Override
        public void allGrantsRevoked() {
        }

        @Override
        public void grantsRevoked() {
        }

        @Override
        public void codeStored(int page, int offset, int length) {
        }

        @Override
        public void dataLeafStored(int page, int slot) {
        }

        @Override
        public void fetchLeafStored(int page, int slot) {
        }

        @Override
        public void upperEntryStored(int page, int slot) {
        }
    }
}
