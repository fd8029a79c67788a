package dev.reprise.cpu.judge;

import java.util.ArrayList;
import java.util.List;

/** The sequences of one image. */
final class Batch {
    private final List<Sequence> sequences;

    private Batch(List<Sequence> sequences) {
        this.sequences = sequences;
    }

    /** A batch whose sequences have seeds derived from this one. */
    static Batch of(long seed, int count, KnownDifferences known) {
        List<Sequence> sequences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sequences.add(new Sequence(new Slot(i), mix(seed + i), known));
        }
        return new Batch(sequences);
    }

    /** A batch of one sequence, which stays in its slot. */
    static Batch only(Sequence sequence) {
        return new Batch(List.of(sequence));
    }

    private static long mix(long value) {
        long z = value * 0x9e37_79b9_7f4a_7c15L;
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        return z ^ z >>> 27;
    }

    List<Sequence> sequences() {
        return sequences;
    }

    /** The memory from the start of RAM on, ready to run from its first byte. */
    byte[] image() {
        byte[] image = new byte[Slot.SIZE * (sequences.getLast().plan.slot.index() + 2)];
        long handler = CommonCode.write(image, sequences.getFirst().plan.slot);
        for (int i = 0; i < sequences.size(); i++) {
            long next = i + 1 < sequences.size() ? sequences.get(i + 1).plan.slot.state() : 0;
            sequences.get(i).write(image, handler, next);
        }
        return image;
    }
}
