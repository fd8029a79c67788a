package dev.reprise.cpu.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A hash of RAM that costs what was stored to since the last one: 128 bits of each 4 KiB page, and 128 bits of each
 * group of 256 page hashes, which are again 512 words. The group hashes are what is put.
 *
 * <p>The hash reads 512 64-bit words; those of a page are little-endian. Four lanes take every fourth word: a lane is xored
 * with the word, multiplied by an odd constant of its own and folded ({@code x ^ x >>> 29}), which is a bijection of the lane
 * for a given word and of the word for a given lane, so that pages which differ in one word differ in one lane. The
 * lanes are then mixed crosswise into two words by the same steps. It is made to find differences, not to withstand
 * forgery: the log's chain covers what must not be forged.
 */
final class RamDigest {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int HASH_WORDS = 2;
    private static final int GROUP_PAGES = Page.WORDS / HASH_WORDS;
    private static final long M0 = 0x9E3779B97F4A7C15L;
    private static final long M1 = 0xC2B2AE3D27D4EB4FL;
    private static final long M2 = 0xD6E8FEB86659FD93L;
    private static final long M3 = 0xA0761D6478BD642FL;
    private static final long[] ZERO_HASH = new long[HASH_WORDS];

    static {
        hash(new long[Page.WORDS], 0, ZERO_HASH, 0);
    }

    /** Of the pages; the last group is filled up with zeros. */
    private final long[] hashes;
    private final long[] groupHashes;
    private final boolean[] stale;
    private final byte[] bytes;
    private final long[] words = new long[Page.WORDS];

    RamDigest(int ramPages) {
        int groups = (ramPages + GROUP_PAGES - 1) / GROUP_PAGES;
        hashes = new long[Math.multiplyExact(groups, Page.WORDS)];
        groupHashes = new long[groups * HASH_WORDS];
        bytes = new byte[groupHashes.length * Long.BYTES];
        stale = new boolean[groups];
        Arrays.fill(stale, true);
        for (int page = 0; page < ramPages; page++) {
            System.arraycopy(ZERO_HASH, 0, hashes, page * HASH_WORDS, HASH_WORDS);
        }
    }

    /** Whether the hash of the page has changed. */
    boolean update(int page, long content) {
        int at = page * HASH_WORDS;
        long low = hashes[at];
        long high = hashes[at + 1];
        if (content == PhysicalBus.ZERO_PAGE) {
            System.arraycopy(ZERO_HASH, 0, hashes, at, HASH_WORDS);
        } else {
            Page.copyOut(content, words);
            hash(words, 0, hashes, at);
        }
        boolean changed = low != hashes[at] || high != hashes[at + 1];
        stale[page / GROUP_PAGES] |= changed;
        return changed;
    }

    /** Puts 16 bytes for each group, in order. */
    void put(StateSink sink) {
        for (int group = 0; group < stale.length; group++) {
            if (stale[group]) {
                hash(hashes, group * Page.WORDS, groupHashes, group * HASH_WORDS);
                stale[group] = false;
                for (int word = group * HASH_WORDS; word < (group + 1) * HASH_WORDS; word++) {
                    LONG.set(bytes, word * Long.BYTES, groupHashes[word]);
                }
            }
        }
        sink.putBytes(bytes, 0, bytes.length);
    }

    static void hash(long[] words, int from, long[] out, int at) {
        long a = M3;
        long b = M2;
        long c = M1;
        long d = M0;
        for (int i = from; i < from + Page.WORDS; i += 4) {
            a = step(a, words[i], M0);
            b = step(b, words[i + 1], M1);
            c = step(c, words[i + 2], M2);
            d = step(d, words[i + 3], M3);
        }
        long low = step(step(step(step(M0, a, M1), b, M2), c, M3), d, M0);
        long high = step(step(step(step(M1, d, M0), c, M1), b, M2), a, M3);
        out[at] = step(low, low >>> 32, M2);
        out[at + 1] = step(high, high >>> 32, M1);
    }

    private static long step(long lane, long word, long multiplier) {
        long x = (lane ^ word) * multiplier;
        return x ^ x >>> 29;
    }
}
