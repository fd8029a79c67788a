package dev.reprise.cpu.bus;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Memory for pages, taken in pieces on first use and given back when nobody refers to this any more. Owned by
 * the guest thread.
 */
final class PageMemory {
    private final List<HostMemory.Piece> pieces = new ArrayList<>();
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
            HostMemory.Piece piece = MEMORY.allocate(MEMORY.maxPieceBytes());
            pieces.add(piece);
            next = piece.address();
            end = next + MEMORY.maxPieceBytes();
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
