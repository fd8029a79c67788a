package dev.reprise.engine.ring;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.Sequenced;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Claims room in a ring with a bounded wait.
 *
 * <p>The Disruptor's own {@code next()} waits without end and ignores interrupts; a consumer that died would leave the
 * producer there. Here a claim tries, parks, and looks for stop and poison each time.
 */
final class BoundedClaim {

    private static final long PARK_NS = 20_000;
    private static final int SPINS = 20;
    private static final long MUCH_ROOM_NS = 2_000_000;

    private final Sequenced ring;
    private final Poison poison;
    private Thread consumer;
    private BooleanSupplier whileFull = () -> false;
    private final LongAdder waits = new LongAdder();
    private final LongAdder waitedNs = new LongAdder();

    BoundedClaim(Sequenced ring, Poison poison) {
        this.ring = ring;
        this.poison = poison;
    }

    /**
     * @return the last sequence of the claimed ones, or -1 if the ring was stopped before there was room
     * @throws PoisonedException if the run has failed
     */
    long claim(int count) {
        try {
            return ring.tryNext(count);
        } catch (InsufficientCapacityException full) {
            return claimWaiting(count, count, 0);
        }
    }

    /**
     * As {@link #claim}, for the producer of a {@link com.lmax.disruptor.SingleProducerSequencer} that has published less
     * than it has claimed: the sequencer's own look for room would publish the rest.
     *
     * <p>A producer that finds the ring full waits until half of it is free, if that does not take long: what has just
     * become free is still in the consumer's cache, and to sleep once is cheaper than to sleep for every bit of room.
     */
    long claimMore(int count) {
        return ring.hasAvailableCapacity(count) ? claim(count) : claimWaiting(count, ring.getBufferSize() / 2, MUCH_ROOM_NS);
    }

    /** Waits for room for {@code count}, and up to {@code enoughNs} longer for {@code enough}. */
    private long claimWaiting(int count, int enough, long enoughNs) {
        waits.increment();
        long start = System.nanoTime();
        try {
            for (int tries = 0; ; tries++) {
                if (poison.stopped()) {
                    // In this order: a failure that comes between the two looks is not taken for a stop.
                    poison.check();
                    return -1;
                }
                if (tries == 0 && consumer != null) {
                    // At once: what is done meanwhile takes longer than the consumer needs.
                    LockSupport.unpark(consumer);
                }
                if (whileFull.getAsBoolean()) {
                    // It has done something of use meanwhile.
                } else if (tries < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(PARK_NS);
                }
                if (ring.hasAvailableCapacity(enough)
                        || (System.nanoTime() - start > enoughNs && ring.hasAvailableCapacity(count))) {
                    try {
                        return ring.tryNext(count);
                    } catch (InsufficientCapacityException takenByAnother) {
                        // Another producer was faster: wait on.
                    }
                }
            }
        } finally {
            waitedNs.add(System.nanoTime() - start);
        }
    }

    /** Names the thread to wake when the ring is full; before the first claim. */
    void wakeWhenFull(Thread thread) {
        consumer = thread;
    }

    /** Names what is done while the ring is full, as long as it returns true; before the first claim. */
    void whileFull(BooleanSupplier work) {
        whileFull = work;
    }

    long waits() {
        return waits.sum();
    }

    long waitedNs() {
        return waitedNs.sum();
    }
}
