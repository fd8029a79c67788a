package dev.reprise.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SingleProducerSequencer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A claim of a ring that is full. */
class BoundedClaimTest {

    private static final int ROUNDS = 10_000;

    private static BoundedClaim full(Poison poison) throws Exception {
        SingleProducerSequencer ring = new SingleProducerSequencer(2, SpinlessWaits.INSTANCE);
        ring.addGatingSequences(new Sequence());
        ring.tryNext(2);
        return new BoundedClaim(ring, poison);
    }

    /**
     * Whoever takes a failure for a stop believes that the run has ended well, and its last event perhaps for published. The
     * claim looks for both again and again; the failure comes between the two looks in some of the rounds.
     */
    @Test
    void shouldNeverTakeAFailureForAStop() throws Exception {
        AtomicReference<Poison> next = new AtomicReference<>();
        IllegalStateException gone = new IllegalStateException("gone");
        Thread failing = new Thread(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                Poison poison;
                while ((poison = next.getAndSet(null)) == null) {
                    Thread.yield();
                }
                poison.poison(gone);
            }
        }, "failing");
        failing.setDaemon(true);
        failing.start();
        for (int round = 0; round < ROUNDS; round++) {
            Poison poison = new Poison();
            BoundedClaim claim = full(poison);
            // No sleep between two looks, and no time slice for each round where there is only one core.
            claim.whileFull(() -> {
                Thread.yield();
                return true;
            });
            next.set(poison);
            PoisonedException seen = assertThrows(PoisonedException.class, () -> claim.claimMore(1), "round " + round);
            assertSame(gone, seen.getCause());
        }
        failing.join();
    }

    @Test
    void shouldReturnWithoutRoomWhenItIsStopped() throws Exception {
        Poison poison = new Poison();
        poison.stop();
        assertEquals(-1, full(poison).claim(1));
        assertEquals(-1, full(poison).claimMore(1));
    }

    @Test
    void shouldWakeTheConsumerBeforeItDoesAnythingElse() throws Exception {
        Poison poison = new Poison();
        BoundedClaim claim = full(poison);
        Thread consumer = new Thread(LockSupport::park, "consumer");
        consumer.setDaemon(true);
        consumer.start();
        AtomicReference<String> missed = new AtomicReference<>();
        claim.wakeWhenFull(consumer);
        claim.whileFull(() -> {
            try {
                consumer.join(30_000);
            } catch (InterruptedException interrupted) {
                missed.set("interrupted");
            }
            if (consumer.isAlive()) {
                missed.set("the consumer sleeps while the producer works");
            }
            poison.stop();
            return true;
        });
        assertEquals(-1, claim.claimMore(1));
        assertNull(missed.get());
        assertTrue(claim.waits() == 1);
    }
}
