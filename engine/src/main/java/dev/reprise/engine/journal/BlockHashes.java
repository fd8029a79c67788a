package dev.reprise.engine.journal;

import dev.reprise.engine.ring.JournalRing;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Hashes of full blocks that the guest thread computes while it has to wait for room in the ring: what it waits for is the
 * journaler, and hashing is most of the journaler's work. It touches no file, and a block takes some 40 microseconds.
 *
 * <p>Nobody waits for anybody here. The guest begins some blocks in front of the journaler, and supposes which number and
 * durable position the header will have; the journaler takes a hash if it is there and the supposition came true, and
 * computes it itself if not.
 */
final class BlockHashes implements JournalRing.WhileFull {

    /** Blocks in front of the journaler: nearer ones it would begin before the guest is done. */
    private static final int AHEAD = 2;

    private final JournalRing ring;
    private final JournalWriter writer;
    private final int mask;

    // By place in the ring; written by the guest thread before it says that the hash is done.
    private final byte[][] hashes;
    private final long[] numbers;
    private final long[] durables;
    /** The block whose hash is there, counted from 1 on. */
    private final AtomicLongArray done;

    // The guest thread's.
    private final MessageDigest sha = Chain.sha256();
    private final byte[] header = new byte[GroupDescriptor.HEADER_BYTES];
    private long next;

    // The journaler's.
    private volatile long numberOfBlock0;
    private volatile long journalerAt;

    BlockHashes(JournalRing ring, JournalWriter writer) {
        this.ring = ring;
        this.writer = writer;
        int blocks = ring.capacity() / JournalRing.BLOCK_BYTES;
        mask = blocks - 1;
        hashes = new byte[blocks][Chain.LINK_BYTES];
        numbers = new long[blocks];
        durables = new long[blocks];
        done = new AtomicLongArray(blocks);
    }

    /** Called by the guest thread while it waits for room. */
    @Override
    public boolean work(byte[] bytes, long lastClosed) {
        long block = Math.max(next, journalerAt + AHEAD);
        if (block > lastClosed) {
            return false;
        }
        int at = (int) block & mask;
        int stored = ring.recordBytes(block);
        numbers[at] = numberOfBlock0 + block;
        durables[at] = writer.durableGroups();
        GroupDescriptor.write(header, 0, GroupDescriptor.CODEC_NONE, stored, stored, numbers[at], writer.epoch(), durables[at]);
        sha.update(header, 0, GroupDescriptor.LINK_OFFSET);
        sha.update(bytes, at * JournalRing.BLOCK_BYTES + JournalRing.RECORDS_OFFSET, stored);
        try {
            sha.digest(hashes[at], 0, Chain.LINK_BYTES);
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
        done.setRelease(at, block + 1);
        next = block + 1;
        return true;
    }

    /** The journaler comes to a block, which will be the group of that number. */
    void journalerAt(long block, long number) {
        numberOfBlock0 = number - block;
        journalerAt = block;
    }

    /** The block's hash, if the guest has computed it for this number; else null. The journaler's. */
    byte[] hash(long block, long number) {
        int at = (int) block & mask;
        return done.getAcquire(at) == block + 1 && numbers[at] == number ? hashes[at] : null;
    }

    /** The durable position that is in the hash; the journaler's, after {@link #hash}. */
    long durable(long block) {
        return durables[(int) block & mask];
    }
}
