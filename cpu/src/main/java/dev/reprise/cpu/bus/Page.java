package dev.reprise.cpu.bus;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 4,096 bytes of a memory page at an address of {@link HostMemory}, as 512 little-endian words: byte {@code o} is bits
 * {@code 8 * (o & 7)} and up of the word at {@code o & ~7}.
 */
public final class Page {
    public static final int BYTES = 4096;
    public static final int WORDS = BYTES / 8;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Page() {
    }

    /** Reads {@code size} (1, 2, 4, 8) bytes, zero-extended, at any alignment inside the page. */
    public static long get(long page, int offset, int size) {
        int shift = (offset & 7) << 3;
        long word = page + (offset & -8);
        long value = MEMORY.getLong(word) >>> shift;
        if (shift + 8 * size > 64) {
            value |= MEMORY.getLong(word + 8) << 64 - shift;
        }
        return value & -1L >>> 64 - 8 * size;
    }

    /** Writes the low {@code size} (1, 2, 4, 8) bytes of a value, at any alignment inside the page. */
    static void set(long page, int offset, int size, long value) {
        long word = page + (offset & -8);
        int shift = (offset & 7) << 3;
        long mask = -1L >>> 64 - 8 * size;
        long there = MEMORY.getLong(word);
        MEMORY.putLong(word, there ^ ((there >>> shift ^ value) & mask) << shift);
        if (shift + 8 * size > 64) {
            int done = 64 - shift;
            long above = MEMORY.getLong(word + 8);
            MEMORY.putLong(word + 8, above ^ (above ^ (value & mask) >>> done) & mask >>> done);
        }
    }

    /** Copies bytes into a page. */
    static void copyIn(byte[] from, int at, long page, int offset, int length) {
        int i = 0;
        while (i < length) {
            if ((offset + i & 7) == 0 && length - i >= 8) {
                MEMORY.putLong(page + offset + i, (long) LONG.get(from, at + i));
                i += 8;
            } else {
                set(page, offset + i, 1, from[at + i]);
                i++;
            }
        }
    }

    /** Copies bytes out of a page. */
    static void copyOut(long page, int offset, byte[] into, int at, int length) {
        int i = 0;
        while (i < length) {
            if ((offset + i & 7) == 0 && length - i >= 8) {
                LONG.set(into, at + i, MEMORY.getLong(page + offset + i));
                i += 8;
            } else {
                into[at + i] = (byte) get(page, offset + i, 1);
                i++;
            }
        }
    }

    /** A copy of a page's bytes. */
    public static byte[] toBytes(long page) {
        byte[] bytes = new byte[BYTES];
        copyOut(page, 0, bytes, 0, BYTES);
        return bytes;
    }

    /** The bytes that a page of these words has. */
    public static byte[] toBytes(long[] words) {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < WORDS; i++) {
            LONG.set(bytes, 8 * i, words[i]);
        }
        return bytes;
    }

    /** A copy of a page's words. */
    public static long[] toWords(long page) {
        long[] words = new long[WORDS];
        copyOut(page, words);
        return words;
    }

    static void copyOut(long page, long[] into) {
        for (int i = 0; i < WORDS; i++) {
            into[i] = MEMORY.getLong(page + 8L * i);
        }
    }

    /** The number of the first word in which a page differs from another one's words, or -1. */
    static int mismatch(long page, long[] words) {
        for (int i = 0; i < WORDS; i++) {
            if (MEMORY.getLong(page + 8L * i) != words[i]) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a page has these bytes, from one of them on. */
    public static boolean holds(long page, byte[] bytes, int from) {
        for (int i = 0; i < BYTES; i += Long.BYTES) {
            if (MEMORY.getLong(page + i) != (long) LONG.get(bytes, from + i)) {
                return false;
            }
        }
        return true;
    }

    static boolean isZero(long page) {
        for (int i = 0; i < WORDS; i++) {
            if (MEMORY.getLong(page + 8L * i) != 0) {
                return false;
            }
        }
        return true;
    }

    static void clear(long page) {
        for (int i = 0; i < WORDS; i++) {
            MEMORY.putLong(page + 8L * i, 0);
        }
    }
}
