package dev.reprise.chardev.guest;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/** Characters that the backend has not accepted yet, at most 16, in order from index 0 on. Guest thread only. */
final class TransmitFifo {

    static final int CAPACITY = 16;

    private final byte[] bytes = new byte[CAPACITY];
    private int size;

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
            drop(size - capacity + 1);
        }
        bytes[size++] = character;
    }

    /** Takes the first {@code count} away. */
    void drop(int count) {
        System.arraycopy(bytes, count, bytes, 0, size - count);
        size -= count;
    }

    void clear() {
        size = 0;
    }

    /** Order: size, then the characters. */
    void write(StateSink sink) {
        sink.putInt(size);
        sink.putBytes(bytes, 0, size);
    }

    void read(StateSource source, int capacity) {
        int count = source.getInt();
        if (count < 0 || count > capacity) {
            throw new MalformedStateException("uart transmit fifo: size=" + count + " capacity=" + capacity);
        }
        source.getBytes(bytes, 0, count);
        size = count;
    }
}
