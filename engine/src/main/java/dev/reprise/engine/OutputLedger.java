package dev.reprise.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What one device has put out so far: a count and a running hash of the bytes, however they were cut into writes. Guest
 * thread only; part of the digest.
 *
 * <p>The hash has versions, and a recording says which is its own (see {@link SessionRevision}). 1: one multiplication
 * for each byte. 2: one for each eight bytes, little-endian; the bytes of a last word that is not full are mixed in with
 * their number whenever the hash is asked for.
 */
public final class OutputLedger {

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
    private static final VarHandle LONG_LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final boolean byBytes;
    private long bytes;
    private long hash;
    /** Version 2: the bytes since the last whole word, the first in the lowest bits. */
    private long word;
    private long witnessed;

    /** @param version 1 or 2 */
    public OutputLedger(int version) {
        if (version < 1 || version > 2) {
            throw new IllegalArgumentException("a ledger's version is 1 or 2: version=" + version);
        }
        byBytes = version == 1;
    }

    public void add(byte[] from, int offset, int length) {
        int i = offset;
        int end = offset + length;
        if (!byBytes) {
            while (i < end && (bytes & 7) != 0) {
                add(from[i++]);
            }
            long h = hash;
            for (; i <= end - Long.BYTES; i += Long.BYTES) {
                h = mixWord(h, (long) LONG_LE.get(from, i));
                bytes += Long.BYTES;
            }
            hash = h;
        }
        while (i < end) {
            add(from[i++]);
        }
    }

    public void add(byte value) {
        if (byBytes) {
            long x = (hash ^ (value & 0xff)) * MULTIPLIER + 1;
            hash = x ^ (x >>> 29);
            bytes++;
            return;
        }
        word |= (value & 0xffL) << (bytes << 3);
        if ((++bytes & 7) == 0) {
            hash = mixWord(hash, word);
            word = 0;
        }
    }

    private static long mixWord(long h, long value) {
        long x = (h ^ value) * MULTIPLIER + 1;
        return x ^ (x >>> 32);
    }

    public long bytes() {
        return bytes;
    }

    public long hash() {
        return byBytes || (bytes & 7) == 0 ? hash : mixWord(mixWord(hash, word), -(bytes & 7));
    }

    /** Whether anything came since the last output event. */
    public boolean hasNews() {
        return bytes != witnessed;
    }

    /** How many bytes the last output event spoke of. */
    public long witnessedBytes() {
        return witnessed;
    }

    public void witnessed() {
        witnessed = bytes;
    }

    public void write(StateSink sink) {
        sink.putLong(bytes);
        sink.putLong(hash());
    }
}
