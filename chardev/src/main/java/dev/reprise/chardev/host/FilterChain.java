package dev.reprise.chardev.host;

import java.util.Arrays;

/** Two filters, one behind the other: a peer's protocol, then the operator's keys. Reader thread only. */
final class FilterChain implements InputFilter {

    private final InputFilter first;
    private final InputFilter second;
    /** The first filter's marks, pairs of index and event. */
    private int[] between = new int[16];
    private int count;

    FilterChain(InputFilter first, InputFilter second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public int filter(byte[] bytes, int offset, int length, Marks marks) {
        count = 0;
        int end = offset + first.filter(bytes, offset, length, this::keep);
        int from = offset;
        int out = offset;
        for (int i = 0; i <= count; i += 2) {
            int to = i < count ? between[i] : end;
            int start = from;
            int at = out;
            int left = second.filter(bytes, start, to - start, (index, event) -> marks.mark(index - start + at, event));
            System.arraycopy(bytes, start, bytes, at, left);
            out += left;
            from = to;
            if (i < count) {
                marks.mark(out, between[i + 1]);
            }
        }
        return out - offset;
    }

    private void keep(int index, int linkEvent) {
        if (count == between.length) {
            between = Arrays.copyOf(between, 2 * count);
        }
        between[count++] = index;
        between[count++] = linkEvent;
    }

    @Override
    public boolean hasOperator() {
        return first.hasOperator() || second.hasOperator();
    }
}
