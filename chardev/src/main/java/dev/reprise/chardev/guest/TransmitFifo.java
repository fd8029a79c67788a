package dev.reprise.chardev.guest;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.Session;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * Characters that the backend has not accepted yet, at most 16, in order from index 0 on, and whether there is a backend
 * to accept them. Guest thread only.
 *
 * <p>Every character that is pushed is accepted by the backend, or is counted here, or still waits. The counts are a
 * function of the guest and its log, so a replay has them too; no register shows them and nothing follows from them, so
 * they are no state: neither a digest nor a snapshot has them, and who goes on from a snapshot counts from there.
 */
final class TransmitFifo {

    static final int CAPACITY = 16;

    private final byte[] bytes = new byte[CAPACITY];
    private int size;
    private boolean gone;
    private long unheard;
    private long discarded;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The waiting characters are the first {@link #size} of this array, which is the FIFO's own. */
    byte[] bytes() {
        return bytes;
    }

    /** Adds a character; with {@code capacity} waiting already the oldest is overwritten, as QEMU does. */
    void push(byte character, int capacity) {
        if (size >= capacity) {
            discarded += size - capacity + 1;
            drop(size - capacity + 1);
        }
        bytes[size++] = character;
    }

    /** Offers what waits, once; what is taken leaves. A backend that is gone is not asked again: all leaves. */
    void offer(Session session, int device) {
        if (!gone) {
            int answer = size == 1 ? session.output(device, bytes[0]) : session.output(device, bytes, 0, size);
            if (answer >= 0) {
                drop(answer);
                return;
            }
            gone = answer != Session.WOULD_BLOCK;
        }
        if (gone) {
            unheard += size;
            size = 0;
        }
    }

    /** There is a backend again. */
    void linkOpened() {
        gone = false;
    }

    private void drop(int count) {
        System.arraycopy(bytes, count, bytes, 0, size - count);
        size -= count;
    }

    /** The characters have gone another way. */
    void clear() {
        size = 0;
    }

    /** The guest has no use for what waits. */
    void discard() {
        discarded += size;
        size = 0;
    }

    TransmitCounters counters() {
        return new TransmitCounters(unheard, discarded, size);
    }

    /** Order: whether the backend is gone, size, the characters. */
    void write(StateSink sink) {
        sink.putByte(gone ? 1 : 0);
        sink.putInt(size);
        sink.putBytes(bytes, 0, size);
    }

    void read(StateSource source, int capacity) {
        int goneByte = source.getByte() & 0xff;
        int count = source.getInt();
        if (goneByte > 1 || count < 0 || count > capacity) {
            throw new MalformedStateException("uart transmit fifo: gone=" + goneByte + " size=" + count + " capacity="
                    + capacity);
        }
        gone = goneByte == 1;
        source.getBytes(bytes, 0, count);
        size = count;
    }
}
