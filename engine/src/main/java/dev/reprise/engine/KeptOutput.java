package dev.reprise.engine;

import java.util.Arrays;

/**
 * What one device has put out since its last output event, where the log is to hold the bytes: in record to be journaled,
 * in replay to be compared, with the position at which each write was made. Guest thread only; grows to what a guest puts
 * out between two boundaries.
 */
public final class KeptOutput {

    private byte[] bytes = new byte[256];
    private int length;
    /** Pairs: where a write begins in {@link #bytes}, and its position. */
    private long[] writes = new long[64];
    private int writeCount;

    public void add(byte[] from, int offset, int count, long position) {
        if (count == 0) {
            return;
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
        }
        if (2 * writeCount == writes.length) {
            writes = Arrays.copyOf(writes, 2 * writes.length);
        }
        writes[2 * writeCount] = length;
        writes[2 * writeCount++ + 1] = position;
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** The position of the write that the byte at {@code index} was part of. */
    public long positionOf(int index) {
        int i = writeCount - 1;
        while (i > 0 && writes[2 * i] > index) {
            i--;
        }
        return writes[2 * i + 1];
    }

    public void clear() {
        length = 0;
        writeCount = 0;
    }

    /** Forgets the first {@code count} bytes. */
    public void drop(int count) {
        System.arraycopy(bytes, count, bytes, 0, length - count);
        length -= count;
        int left = 0;
        for (int i = 0; i < writeCount; i++) {
            boolean behind = i + 1 == writeCount || writes[2 * i + 2] > count;
            if (behind && length > 0) {
                writes[2 * left] = Math.max(0, writes[2 * i] - count);
                writes[2 * left++ + 1] = writes[2 * i + 1];
            }
        }
        writeCount = left;
    }
}
