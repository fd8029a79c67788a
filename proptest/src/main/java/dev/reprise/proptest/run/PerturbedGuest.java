package dev.reprise.proptest.run;

import dev.reprise.engine.DigestSink;
import dev.reprise.engine.Guest;
import dev.reprise.engine.snapshot.StateBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Does to a guest what must not be visible to it: stops it at stop points of no meaning, digests and saves it there,
 * and puts a fresh guest in its place that has loaded what the old one saved.
 */
final class PerturbedGuest extends GuestDecorator {

    private final SplittableRandom random;
    private final Supplier<Guest> fresh;
    private final Coverage coverage;
    private final DigestSink scratch = new DigestSink();
    private final int meanSlice;
    private final Consumer<Guest> disturbance;

    /**
     * @param fresh makes a guest that has not run; null if a loaded one shall never take over
     * @param meanSlice position units between two extra stops, about
     * @param disturbance what else is done to the guest at an extra stop now and then
     */
    PerturbedGuest(Guest inner, long seed, int meanSlice, Supplier<Guest> fresh, Consumer<Guest> disturbance,
            Coverage coverage) {
        super(inner);
        random = new SplittableRandom(seed);
        this.meanSlice = meanSlice;
        this.fresh = fresh;
        this.disturbance = disturbance;
        this.coverage = coverage;
    }

    @Override
    public Status runUntil(long limit) {
        while (true) {
            long position = inner.position();
            long stop = Math.min(limit, position + 1 + random.nextInt(2 * meanSlice));
            Status status = inner.runUntil(stop);
            if (status != Status.RAN || inner.position() >= limit) {
                return status;
            }
            if (inner.position() < stop) {
                throw new AssertionError(
                        "runUntil(" + stop + ") from " + position + " said RAN at " + inner.position());
            }
            coverage.add("extra stops");
            switch (random.nextInt(16)) {
                case 0 -> digestTwice();
                case 1 -> swap();
                case 2, 3, 4, 5 -> disturbance.accept(inner);
                default -> {
                    // A stop and nothing else.
                }
            }
        }
    }

    private byte[] digestOf(Guest guest) {
        byte[] digest = new byte[32];
        guest.digest(scratch);
        scratch.finish(digest, 0);
        return digest;
    }

    private void digestTwice() {
        byte[] first = digestOf(inner);
        if (!Arrays.equals(first, digestOf(inner))) {
            throw new AssertionError("two digests of one state differ, at position " + inner.position());
        }
    }

    private void swap() {
        if (fresh == null || !inner.canSave()) {
            return;
        }
        StateBuffer state = new StateBuffer();
        inner.save(state);
        byte[] saved = state.toBytes();
        Guest other = fresh.get();
        other.load(new StateBuffer(saved));
        StateBuffer again = new StateBuffer();
        other.save(again);
        if (!Arrays.equals(saved, again.toBytes())) {
            throw new AssertionError("a loaded guest does not save what it was loaded from, at position "
                    + inner.position());
        }
        if (!Arrays.equals(digestOf(inner), digestOf(other)) || other.position() != inner.position()) {
            throw new AssertionError("a loaded guest has not the state that was saved, at position "
                    + inner.position());
        }
        inner = other;
        coverage.add("saved, loaded and gone on");
    }
}
