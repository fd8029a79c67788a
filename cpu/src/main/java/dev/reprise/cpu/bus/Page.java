package dev.reprise.cpu.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 4,096 bytes of a memory page as 512 little-endian words: byte {@code o} is bits {@code 8 * (o & 7)} and up of word
 * {@code o >> 3}. Words rather than bytes, because a JVM compiles an aligned access to an array's own element with the
 * least effort, in every one of its tiers.
 */
public final class Page {
    public static final int BYTES = 4096;
    public static final int WORDS = BYTES / 8;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Page() {
    }

    /** Reads {@code size} (1, 2, 4, 8) bytes, zero-extended, at any alignment inside the page. */
    public static long get(long[] page, int offset, int size) {
        int shift = (offset & 7) << 3;
        long value = page[offset >> 3] >>> shift;
        if (shift + 8 * size > 64) {
            value |= page[(offset >> 3) + 1] << 64 - shift;
        }
        return value & -1L >>> 64 - 8 * size;
    }

    /** Writes the low {@code size} (1, 2, 4, 8) bytes of a value, at any alignment inside the page. */
    static void set(long[] page, int offset, int size, long value) {
        int word = offset >> 3;
        int shift = (offset & 7) << 3;
        long mask = -1L >>> 64 - 8 * size;
        page[word] ^= ((page[word] >>> shift ^ value) & mask) << shift;
        if (shift + 8 * size > 64) {
            int done = 64 - shift;
            page[word + 1] ^= (page[word + 1] ^ (value & mask) >>> done) & mask >>> done;
        }
    }

    /** Copies bytes into a page. */
    static void copyIn(byte[] from, int at, long[] page, int offset, int length) {
        int i = 0;
        while (i < length) {
            if ((offset + i & 7) == 0 && length - i >= 8) {
                page[offset + i >> 3] = (long) LONG.get(from, at + i);
                i += 8;
            } else {
                set(page, offset + i, 1, from[at + i]);
                i++;
            }
        }
    }

    /** Copies bytes out of a page. */
    static void copyOut(long[] page, int offset, byte[] into, int at, int length) {
        int i = 0;
        while (i < length) {
            if ((offset + i & 7) == 0 && length - i >= 8) {
                LONG.set(into, at + i, page[offset + i >> 3]);
                i += 8;
            } else {
                into[at + i] = (byte) get(page, offset + i, 1);
                i++;
            }
        }
    }

    /** A copy of a page's bytes. */
    public static byte[] toBytes(long[] page) {
        byte[] bytes = new byte[BYTES];
        copyOut(page, 0, bytes, 0, BYTES);
        return bytes;
    }
}
