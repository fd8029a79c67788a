package dev.reprise.cpu.bus;

import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Host memory for pages, taken in pieces on first use and given back to the host when nobody refers to this any more. Owned by
 * the guest thread.
 */
final class PageMemory {
    /** A multiple of a page: one piece for a small guest, few calls for a large one. */
    private static final int PIECE_BYTES = 2 << 20;

    private final Arena arena = Arena.ofAuto();
    private long next;
    private long end;
    private long[] free = new long[16];
    private int freeCount;

    /** The address of a page of zeros, a multiple of {@link Page#BYTES}. */
    long take() {
        if (freeCount > 0) {
            long page = free[--freeCount];
            Page.clear(page);
            return page;
        }
        if (next == end) {
            next = arena.allocate(PIECE_BYTES, Page.BYTES).address();
            end = next + PIECE_BYTES;
        }
        long page = next;
        next += Page.BYTES;
        return page;
    }

    /** Takes back a page that nothing refers to any more. */
    void release(long page) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = page;
    }
}
