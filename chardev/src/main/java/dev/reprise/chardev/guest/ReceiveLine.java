package dev.reprise.chardev.guest;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * What has arrived at the receiver's pin and has no place in its FIFO yet: the guest half of flow control. Guest
 * thread only.
 *
 * <p>Why it exists: the room of the FIFO changes with every mode that the guest chooses (16 characters, one without
 * FIFO, none in loopback), but credit cannot be taken back. So credit is granted for this queue, whose capacity never
 * changes, and nothing that was published is ever lost: <em>characters here + credit outstanding + credit owed =
 * {@link #CAPACITY}</em>, always.
 *
 * <p>A BREAK takes no credit. It stands before the character that follows it; a second BREAK with no character
 * between is the same line condition going on, and is merged with the first.
 */
final class ReceiveLine {

    /** Characters: four slots of the inbox, so that a stream is logged in whole slots and a boundary brings many. */
    static final int CAPACITY = 512;

    /** What {@link #take} answers for a BREAK. */
    static final int BREAK = 0x100;

    private static final int MASK = CAPACITY - 1;
    private static final int BREAK_BEFORE = 0x100;

    private final short[] entries = new short[CAPACITY];
    private int first;
    private int size;
    private boolean breakAtEnd;
    private int owedCredit;

    boolean isEmpty() {
        return size == 0 && !breakAtEnd;
    }

    /** Characters that a backend may still publish. */
    int outstandingCredit() {
        return CAPACITY - size - owedCredit;
    }

    /** @param length at most {@link #outstandingCredit} */
    void put(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            int mark = breakAtEnd ? BREAK_BEFORE : 0;
            breakAtEnd = false;
            entries[first + size & MASK] = (short) (bytes[offset + i] & 0xff | mark);
            size++;
        }
    }

    void putBreak() {
        breakAtEnd = true;
    }

    /** Takes the next: a character, 0 to 255, or {@link #BREAK}. Not to be called when empty. */
    int take() {
        if (size == 0) {
            breakAtEnd = false;
            return BREAK;
        }
        int entry = entries[first];
        if ((entry & BREAK_BEFORE) != 0) {
            entries[first] = (short) (entry & 0xff);
            return BREAK;
        }
        first = first + 1 & MASK;
        size--;
        owedCredit++;
        return entry;
    }

    /**
     * Credit to give back now, 0 for none: half the queue at once, so that a stream comes in whole slots and a grant
     * is rare, or all when nothing is left.
     */
    int settleCredit() {
        if (owedCredit == 0 || owedCredit < CAPACITY / 2 && size > 0) {
            return 0;
        }
        int credit = owedCredit;
        owedCredit = 0;
        return credit;
    }

    /** Order: size, owed credit, BREAK at the end, each entry from the oldest on. */
    void write(StateSink sink) {
        sink.putInt(size);
        sink.putInt(owedCredit);
        sink.putByte(breakAtEnd ? 1 : 0);
        for (int i = 0; i < size; i++) {
            sink.putInt(entries[first + i & MASK]);
        }
    }

    void read(StateSource source) {
        int count = source.getInt();
        int owed = source.getInt();
        int atEnd = source.getByte() & 0xff;
        if (count < 0 || owed < 0 || count > CAPACITY || owed > CAPACITY - count || atEnd > 1) {
            throw new MalformedStateException("uart line: size=" + count + " owed=" + owed + " breakAtEnd=" + atEnd);
        }
        first = 0;
        size = count;
        owedCredit = owed;
        breakAtEnd = atEnd == 1;
        for (int i = 0; i < count; i++) {
            int entry = source.getInt();
            if ((entry & ~(0xff | BREAK_BEFORE)) != 0) {
                throw new MalformedStateException("uart line: entry=" + entry);
            }
            entries[i] = (short) entry;
        }
    }
}
