package dev.reprise.proptest.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What the guest's own questions were answered. The first run asks and keeps; a later recording of the same scenario is
 * given the same again, because what a guest's author asks may differ each time.
 */
public final class Answers {

    /** An answer in bytes: the status, and the bytes if it is at least 0. */
    private record Bytes(int status, byte[] bytes) {}

    private final List<Object> kept = new ArrayList<>();
    private int next;
    private long liveCalls;

    /** From the first answer on again. */
    public void rewind() {
        next = 0;
    }

    long answer(LongSupplier live) {
        if (next < kept.size() && kept.get(next) instanceof Long value) {
            next++;
            return value;
        }
        liveCalls++;
        long value = live.getAsLong();
        keep(value);
        return value;
    }

    int answer(dev.reprise.engine.Session.ByteAnswer live, byte[] into, int offset, int length) {
        if (next < kept.size() && kept.get(next) instanceof Bytes known && known.bytes.length <= length) {
            next++;
            System.arraycopy(known.bytes, 0, into, offset, known.bytes.length);
            return known.status;
        }
        liveCalls++;
        int status = live.answer(into, offset, length);
        byte[] bytes = new byte[Math.max(0, Math.min(status, length))];
        System.arraycopy(into, offset, bytes, 0, bytes.length);
        keep(new Bytes(status, bytes));
        return status;
    }

    private void keep(Object answer) {
        while (kept.size() > next) {
            // The runs have parted; the comparison of them will say so.
            kept.remove(kept.size() - 1);
        }
        kept.add(answer);
        next++;
    }

    /** A back end was asked. */
    void countLive() {
        liveCalls++;
    }

    /** How often the guest's own suppliers and back ends were called. */
    long liveCalls() {
        return liveCalls;
    }
}
