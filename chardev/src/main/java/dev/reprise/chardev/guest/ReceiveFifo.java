package dev.reprise.chardev.guest;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * The receiver's FIFO: up to 16 characters, each with the line status that came with it (TL16C550C data sheet, "line
 * status register": a status shows when its character is at the top). Guest thread only.
 */
final class ReceiveFifo {

    static final int CAPACITY = 16;

    private static final int MASK = CAPACITY - 1;

    /** Character in bits 0 to 7, its status as LSR bits in bits 8 to 15. */
    private final int[] entries = new int[CAPACITY];
    private int first;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    void push(int character, int lineStatus) {
        entries[first + size & MASK] = character & 0xff | lineStatus << 8;
        size++;
    }

    /** Takes the character at the top, its status with it. */
    int pop() {
        int character = entries[first] & 0xff;
        first = first + 1 & MASK;
        size--;
        return character;
    }

    /** The status of the character at the top, as LSR bits; 0 if there is none. */
    int topStatus() {
        return size == 0 ? 0 : entries[first] >>> 8;
    }

    /** The guest has seen the status of the top: it does not show again. */
    void clearTopStatus() {
        if (size > 0) {
            entries[first] &= 0xff;
        }
    }

    boolean anyStatus() {
        for (int i = 0; i < size; i++) {
            if (entries[first + i & MASK] >>> 8 != 0) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        first = 0;
        size = 0;
    }

    /** Order: size, then each entry from the top on. */
    void write(StateSink sink) {
        sink.putInt(size);
        for (int i = 0; i < size; i++) {
            sink.putInt(entries[first + i & MASK]);
        }
    }

    void read(StateSource source) {
        int count = source.getInt();
        if (count < 0 || count > CAPACITY) {
            throw new MalformedStateException("uart receive fifo: size=" + count);
        }
        clear();
        for (int i = 0; i < count; i++) {
            int entry = source.getInt();
            if ((entry & ~(0xff | UartBits.LSR_CHARACTER << 8)) != 0) {
                throw new MalformedStateException("uart receive fifo: entry=" + entry);
            }
            push(entry, entry >>> 8);
        }
    }
}
