package dev.reprise.cpu.bus;

import java.lang.ref.Cleaner;

/**
 * Addresses for arrays: the bits above an offset number the array. Without native access, and without a warning by the JVM, but
 * with two more loads for each access, whose indices are checked.
 */
final class HeapMemory extends HostMemory {
    private static final int OFFSET_BITS = Integer.numberOfTrailingZeros(MAX_PIECE_BYTES);
    private static final int WORD = MAX_PIECE_BYTES / 8 - 1;
    /** No page is at an address below this, so that an address of 0 is none. */
    private static final int FIRST = 1;
    private static final Cleaner CLEANER = Cleaner.create();

    /** By number; null where there is none. Enough for all pages of the largest RAM. */
    private final long[][] arrays = new long[(int) (PhysicalBus.MAX_RAM_BYTES >>> OFFSET_BITS) + 1024][];
    private int lowestFree = FIRST;

    private record OnHeap(long address) implements Piece {
    }

    @Override
    public Piece allocate(int bytes) {
        int number = take(new long[bytes / 8]);
        Piece piece = new OnHeap((long) number << OFFSET_BITS);
        CLEANER.register(piece, () -> give(number));
        return piece;
    }

    private synchronized int take(long[] array) {
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

    private synchronized void give(int number) {
        arrays[number] = null;
        lowestFree = Math.min(lowestFree, number);
    }

    @Override
    public long getLong(long address) {
        return arrays[(int) (address >>> OFFSET_BITS)][(int) (address >>> 3) & WORD];
    }

    @Override
    public void putLong(long address, long value) {
        arrays[(int) (address >>> OFFSET_BITS)][(int) (address >>> 3) & WORD] = value;
    }
}
