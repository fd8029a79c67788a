package dev.reprise.chardev.host;

/**
 * What a peer is told beside the guest's output: the echo of what it has sent, and help. The reader's thread puts it here
 * and never waits; the writer's thread, the only one that writes to a peer, takes it when it comes round.
 *
 * <p>Why not written by the reader: a peer that sends and never reads would hold it up, and with it the operator's keys.
 * What finds no room here, or whose peer has gone, is counted.
 */
final class Aside {

    /** As much as a reader takes from its host ahead of a guest that reads nothing. */
    static final int CAPACITY = 1 << 16;

    private final byte[] bytes = new byte[CAPACITY];
    private Connection peer;
    private int size;
    /** How many of the oldest bytes the writer's thread has in hand. */
    private int peeked;
    private long lostBytes;

    /** Reader thread: as far as there is room. A peer is only compared; null is one as any other. */
    synchronized void put(Connection to, byte[] from, int offset, int length) {
        if (peer != to) {
            forget();
            peer = to;
        }
        int count = Math.min(length, CAPACITY - size);
        System.arraycopy(from, offset, bytes, size, count);
        size += count;
        lostBytes += length - count;
    }

    /** Writer thread: the oldest bytes for that peer, which stay here until they are {@link #taken}; 0 if there are none. */
    synchronized int peek(Connection to, byte[] into) {
        if (peer != to) {
            forget();
        }
        int count = Math.min(size, into.length);
        System.arraycopy(bytes, 0, into, 0, count);
        peeked = count;
        return count;
    }

    /** Writer thread: the peer has taken so many of what was peeked; none of it may be here any more. */
    synchronized void taken(Connection by, int count) {
        int here = peer == by ? Math.min(count, peeked) : 0;
        peeked = 0;
        size -= here;
        System.arraycopy(bytes, here, bytes, 0, size);
    }

    synchronized boolean isEmpty() {
        return size == 0;
    }

    /** So many of what was taken have been read by nobody. */
    synchronized void lose(long count) {
        lostBytes += count;
    }

    /** Nobody will take what is here. */
    synchronized void forget() {
        lostBytes += size;
        size = 0;
        peeked = 0;
    }

    /** Any thread: bytes that were to be told and that nobody has taken. */
    synchronized long lostBytes() {
        return lostBytes;
    }
}
