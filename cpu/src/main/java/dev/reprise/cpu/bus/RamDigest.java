package dev.reprise.cpu.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 128-bit hash of each 4 KiB page of RAM, kept until the page is stored to.
 *
 * <p>The hash reads a page as 512 little-endian 64-bit words. Four lanes take every fourth word: a lane is xored with
 * the word, multiplied by an odd constant of its own and folded ({@code x ^ x >>> 29}), which is a bijection of the lane
 * for a given word and of the word for a given lane, so that pages which differ in one word differ in one lane. The
 * lanes are then mixed crosswise into two words by the same steps. It is made to find differences, not to withstand
 * forgery: the log's chain covers what must not be forged.
 */
final class RamDigest {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int HASH_BYTES = 16;
    private static final long M0 = 0x9E3779B97F4A7C15L;
    private static final long M1 = 0xC2B2AE3D27D4EB4FL;
    private static final long M2 = 0xD6E8FEB86659FD93L;
    private static final long M3 = 0xA0761D6478BD642FL;
    private static final byte[] ZERO_HASH = new byte[HASH_BYTES];

    static {
        hash(PhysicalBus.ZERO_PAGE, ZERO_HASH, 0);
    }

    private final byte[] hashes;

    RamDigest(int ramPages) {
        hashes = new byte[Math.multiplyExact(ramPages, HASH_BYTES)];
        for (int page = 0; page < ramPages; page++) {
            System.arraycopy(ZERO_HASH, 0, hashes, page * HASH_BYTES, HASH_BYTES);
        }
    }

    void update(int page, long[] content) {
        if (content == PhysicalBus.ZERO_PAGE) {
            System.arraycopy(ZERO_HASH, 0, hashes, page * HASH_BYTES, HASH_BYTES);
        } else {
            hash(content, hashes, page * HASH_BYTES);
        }
    }

    void put(StateSink sink) {
        sink.putBytes(hashes, 0, hashes.length);
    }

    static void hash(long[] page, byte[] out, int at) {
        long a = M3;
        long b = M2;
        long c = M1;
        long d = M0;
        for (int i = 0; i < Page.WORDS; i += 4) {
            a = step(a, page[i], M0);
            b = step(b, page[i + 1], M1);
            c = step(c, page[i + 2], M2);
            d = step(d, page[i + 3], M3);
        }
        long low = step(step(step(step(M0, a, M1), b, M2), c, M3), d, M0);
        long high = step(step(step(step(M1, d, M0), c, M1), b, M2), a, M3);
        LONG.set(out, at, step(low, low >>> 32, M2));
        LONG.set(out, at + 8, step(high, high >>> 32, M1));
    }

    private static long step(long lane, long word, long multiplier) {
        long x = (lane ^ word) * multiplier;
        return x ^ x >>> 29;
    }
}
