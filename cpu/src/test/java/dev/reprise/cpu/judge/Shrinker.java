package dev.reprise.cpu.judge;

import java.io.IOException;
import java.util.Arrays;

/** Leaves items out of a sequence for as long as it still differs. */
final class Shrinker {
    /** Runs an image; the judge or the hart. */
    interface Machine {
        byte[] run(byte[] image) throws IOException, InterruptedException;
    }

    private final Machine judge;
    private final Machine ours;

    Shrinker(Machine judge, Machine ours) {
        this.judge = judge;
        this.ours = ours;
    }

    /** Whether the sequence differs when it is alone in its image; a program that does not end does not count. */
    boolean differs(Sequence sequence) throws InterruptedException {
        try {
            byte[] image = Batch.only(sequence).image();
            return !Comparison.equal(sequence, judge.run(image), ours.run(image));
        } catch (IOException e) {
            return false;
        }
    }

    /** Items are dropped in ever smaller groups. */
    void shrink(Sequence sequence) throws InterruptedException {
        boolean[] left = sequence.left();
        for (int group = Integer.highestOneBit(Math.max(1, left.length)); group > 0; group /= 2) {
            for (int from = sequence.plan.mprv ? 1 : 0; from < left.length; from += group) {
                int to = Math.min(left.length, from + group);
                boolean[] before = Arrays.copyOfRange(left, from, to);
                Arrays.fill(left, from, to, true);
                if (!Arrays.equals(before, Arrays.copyOfRange(left, from, to)) && !differs(sequence)) {
                    System.arraycopy(before, 0, left, from, to - from);
                }
            }
        }
    }
}
