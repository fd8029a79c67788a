package dev.reprise.machine.lockstep;

import java.util.Arrays;

/**
 * What a guest has asked and told its session within an interval, in order, with the answers. Written by one guest, read
 * by another, or by the same one again. Guest thread only; grows, and is emptied when the interval ends.
 */
final class Answers {

    private static final int FIRST_ENTRIES = 1 << 10;
    private static final int FIRST_BYTES = 1 << 12;

    private byte[] kinds = new byte[FIRST_ENTRIES];
    /** Position, two arguments and an answer for each entry. */
    private long[] words = new long[4 * FIRST_ENTRIES];
    private int[] ends = new int[FIRST_ENTRIES];
    private byte[] bytes = new byte[FIRST_BYTES];
    private int count;
    private int used;

    void clear() {
        count = 0;
        used = 0;
    }

    int count() {
        return count;
    }

    int bytes() {
        return used;
    }

    void add(int kind, long position, long a, long b, long answer, byte[] data, int offset, int length) {
        if (count == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * count);
            words = Arrays.copyOf(words, 8 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        if (bytes.length - used < length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, used + length));
        }
        System.arraycopy(data, offset, bytes, used, length);
        used += length;
        kinds[count] = (byte) kind;
        words[4 * count] = position;
        words[4 * count + 1] = a;
        words[4 * count + 2] = b;
        words[4 * count + 3] = answer;
        ends[count++] = used;
    }

    boolean is(int entry, int kind, long position, long a, long b) {
        return entry < count && kinds[entry] == kind && words[4 * entry] == position && words[4 * entry + 1] == a
                && words[4 * entry + 2] == b;
    }

    long answer(int entry) {
        return words[4 * entry + 3];
    }

    int length(int entry) {
        return ends[entry] - start(entry);
    }

    private int start(int entry) {
        return entry == 0 ? 0 : ends[entry - 1];
    }

    boolean holds(int entry, byte[] data, int offset, int length) {
        return Arrays.equals(bytes, start(entry), ends[entry], data, offset, offset + length);
    }

    void copy(int entry, byte[] into, int offset) {
        System.arraycopy(bytes, start(entry), into, offset, length(entry));
    }

    String describe(int entry) {
        if (entry >= count) {
            return "nothing more";
        }
        return NotedSession.NAMES[kinds[entry]] + " " + words[4 * entry + 1] + " " + words[4 * entry + 2] + " at "
                + words[4 * entry];
    }
}
