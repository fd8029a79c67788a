package dev.reprise.cpu.bus;

import java.lang.ref.Cleaner;

/**
 * Addresses for arrays: the bits above an offset number the array. Without native access, and without a warning by the JVM, but
 * with two more loads for each access, whose indices are checked.
 *
 * <p>An array stays until its piece was found to be garbage, which a JVM that runs out of heap does not wait for. So a
 * collection is asked for, and waited for, whenever the arrays have become twice what was left by the one before, or fill most of
 * the heap.
 */
final class HeapMemory extends HostMemory {
    private static final int OFFSET_BITS = 18;
    private static final int WORD = (1 << OFFSET_BITS) / 8 - 1;
    /** No collector takes an array of so few bytes for a huge one, and four fit into a MiB, with their headers. */
    private static final int PIECE_BYTES = (1 << OFFSET_BITS) - Page.BYTES;
    /** No page is at an address below this, so that an address of 0 is none. */
    private static final int FIRST = 1;
    private static final int COLLECTION_MS = 50;
    private static final Cleaner CLEANER = Cleaner.create();

    /** By number; null where there is none. A piece may be smaller than the largest, so there are more than fit into the heap. */
    private final long[][] arrays = new long[4096 + (int) Math.min(PhysicalBus.MAX_RAM_BYTES / PIECE_BYTES,
            Runtime.getRuntime().maxMemory() / PIECE_BYTES)][];
    private final long mostBytes;
    private int lowestFree = FIRST;
    private long liveBytes;
    private long collectAt;

    private record OnHeap(long address) implements Piece {
    }

    HeapMemory() {
        this(Runtime.getRuntime().maxMemory() / 5 * 3);
    }

    /** @param mostBytes from where on it is collected with each sixteenth of it more */
    HeapMemory(long mostBytes) {
        this.mostBytes = mostBytes;
        collectAt = mostBytes / 4;
    }

    @Override
    public int maxPieceBytes() {
        return PIECE_BYTES;
    }

    @Override
    public synchronized Piece allocate(int bytes) {
        if (liveBytes + bytes > collectAt) {
            collect();
            collectAt = Math.max(Math.clamp(2 * liveBytes, mostBytes / 4, mostBytes), liveBytes + bytes + mostBytes / 16);
        }
        int number = take(array(bytes));
        liveBytes += bytes;
        Piece piece = new OnHeap((long) number << OFFSET_BITS);
        CLEANER.register(piece, () -> give(number, bytes));
        return piece;
    }

    private long[] array(int bytes) {
        try {
            return new long[bytes / 8];
        } catch (OutOfMemoryError e) {
            collect();
            return new long[bytes / 8];
        }
    }

    /** Waits as long as arrays come back. */
    private void collect() {
        System.gc();
        try {
            for (long before = liveBytes + 1; liveBytes < before; ) {
                before = liveBytes;
                wait(COLLECTION_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int take(long[] array) {
        int number = lowestFree;
        while (arrays[number] != null) {
            if (++number == arrays.length) {
                throw new OutOfMemoryError("no number is left for memory: pieces=" + arrays.length);
            }
        }
        arrays[number] = array;
        lowestFree = number + 1 < arrays.length ? number + 1 : FIRST;
        return number;
    }

    private synchronized void give(int number, int bytes) {
        arrays[number] = null;
        lowestFree = Math.min(lowestFree, number);
        liveBytes -= bytes;
        notifyAll();
    }

    @Override
    public long getLong(long address) {
        return arrays[(int) (address >>> OFFSET_BITS)][(int) (address >>> 3) & WORD];
    }

    @Override
    public void putLong(long address, long value) {
        arrays[(int) (address >>> OFFSET_BITS)][(int) (address >>> 3) & WORD] = value;
    }

    @Override
    public long getLong(long[] array, long offset) {
        return array[(int) (offset >> 3)];
    }

    @Override
    public void putLong(long[] array, long offset, long value) {
        array[(int) (offset >> 3)] = value;
    }

    @Override
    public int getInt(long[] array, long offset) {
        return (int) (array[(int) (offset >> 3)] >>> ((int) offset << 3 & 32));
    }

    @Override
    public void putInt(long[] array, long offset, int value) {
        int shift = (int) offset << 3 & 32;
        int at = (int) (offset >> 3);
        array[at] = array[at] & ~(0xffff_ffffL << shift) | (value & 0xffff_ffffL) << shift;
    }
}
