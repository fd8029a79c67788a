package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** When groups are sealed and forced, by a clock that the test moves. */
class JournalerClockTest {

    private static final long HANG_NS = 30_000_000_000L;
    /** Turns of the journaler's loop that are waited for to see that nothing happens. */
    private static final long QUIET_NS = 60_000_000;

    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    private final Poison poison = new Poison();
    private final JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);

    private Journaler start(int durability) throws Exception {
        Journaler journaler = new Journaler(new JournalWriter(new MemoryFiles(), SampleLogs.MANIFEST, true), ring, poison,
                durability, now::get);
        journaler.start();
        return journaler;
    }

    /** Publishes an event; the journaler has seen it, and looked at the clock, when this returns. */
    private long publish(Journaler journaler) {
        long sequence = ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        await(() -> journaler.seenSequence() >= sequence, "not seen");
        return sequence;
    }

    private static void await(java.util.function.BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + HANG_NS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void shouldSealBeforeTheOldestEventIsAHundredMillisecondsOldAndNotMuchSooner() throws Exception {
        Journaler journaler = start(0);
        long sequence = publish(journaler);
        now.addAndGet(Journaler.SEAL_NS - 1);
        LockSupport.parkNanos(QUIET_NS);
        assertEquals(-1, journaler.writtenSequence());
        now.addAndGet(1);
        await(() -> journaler.writtenSequence() == sequence, "not sealed");
        now.addAndGet(Journaler.FORCE_NS);
        LockSupport.parkNanos(QUIET_NS);
        assertEquals(-1, journaler.durableSequence());
        assertTrue(Journaler.SEAL_NS < Journaler.MAX_UNSEALED_NS);
        journaler.close();
        assertEquals(-1, journaler.durableSequence());
    }

    @Test
    void shouldForceAtIntervalsAtLevelOne() throws Exception {
        Journaler journaler = start(1);
        long sequence = publish(journaler);
        now.addAndGet(Journaler.SEAL_NS);
        await(() -> journaler.writtenSequence() == sequence, "not sealed");
        LockSupport.parkNanos(QUIET_NS);
        assertEquals(-1, journaler.durableSequence());
        now.addAndGet(Journaler.FORCE_NS);
        await(() -> journaler.durableSequence() == sequence, "not forced");
        journaler.close();
    }

    @Test
    void shouldSealAndForceWhatThereIsWhenAReleaseWaitsAtLevelTwo() throws Exception {
        Journaler journaler = start(2);
        long sequence = publish(journaler);
        assertEquals(-1, journaler.writtenSequence());
        journaler.requestSeal();
        await(() -> journaler.durableSequence() == sequence, "not forced");
        journaler.close();
    }

    /** The clock stands still, so nothing else seals: a release that waits gets all that had come when it asked. */
    @Test
    void shouldCommitAllThatHadComeWhenAReleaseAsked() throws Exception {
        Journaler journaler = new Journaler(new JournalWriter(new MemoryFiles(), SampleLogs.MANIFEST, false), ring, poison,
                2, now::get);
        long last = -1;
        for (int i = 0; i < 4_000; i++) {
            last = ring.publish(EventKind.CLOCK_READ, 0, i, 0, i);
        }
        journaler.requestSeal();
        journaler.start();
        long sequence = last;
        await(() -> journaler.durableSequence() == sequence, "not all of it was forced");
        assertEquals(1, journaler.writer().groups());
        journaler.close();
    }

    /** Nothing may come after it that would say so: a release waits for the event with which the block became full. */
    @Test
    void shouldAcknowledgeABlockUpToItsLastEvent() throws Exception {
        Journaler journaler =
                new Journaler(new JournalWriter(new MemoryFiles(), SampleLogs.MANIFEST, false), ring, poison, 2, now::get);
        long last = -1;
        while (last < JournalRing.BLOCK_BYTES - 1) {
            last = ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        }
        journaler.requestSeal();
        journaler.start();
        await(() -> journaler.durableSequence() == JournalRing.BLOCK_BYTES - 1, "the block's last event is not in it");
        assertEquals(1, journaler.writer().groups());
        journaler.close();
    }

    /** It speaks of events that the look at the ring, before that write, has not seen. */
    @Test
    void shouldForgetNoRequestThatComesWhileABlockIsWritten() throws Exception {
        CountDownLatch inWrite = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean held = new AtomicBoolean();
        FileLayer files = HookedFiles.of(new MemoryFiles(), call -> {
            if (call.equals("write") && held.get()) {
                inWrite.countDown();
                goOn.await();
            }
        });
        Journaler journaler =
                new Journaler(new JournalWriter(files, SampleLogs.MANIFEST, false), ring, poison, 2, now::get);
        journaler.start();
        held.set(true);
        while (ring.cursor() < JournalRing.BLOCK_BYTES - 1) {
            ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        }
        inWrite.await();
        long sequence = ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        journaler.requestSeal();
        goOn.countDown();
        await(() -> journaler.durableSequence() == sequence, "the request was forgotten");
        journaler.close();
    }

    /** What comes while the journaler waits for the disk grows old meanwhile. */
    @Test
    void shouldCountTheTimeOfAForceToTheAgeOfWhatCameMeanwhile() throws Exception {
        CountDownLatch inForce = new CountDownLatch(1);
        CountDownLatch forced = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        FileLayer files = HookedFiles.of(new MemoryFiles(), call -> {
            if (call.equals("force") && slow.get()) {
                inForce.countDown();
                forced.await();
            }
        });
        Journaler journaler =
                new Journaler(new JournalWriter(files, SampleLogs.MANIFEST, true), ring, poison, 1, now::get);
        journaler.start();
        slow.set(true);
        publish(journaler);
        now.addAndGet(Journaler.FORCE_NS);
        inForce.await();
        long sequence = ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        now.addAndGet(Journaler.SEAL_NS);
        forced.countDown();
        await(() -> journaler.writtenSequence() == sequence, "its age was counted from the end of the force");
        journaler.close();
    }

    /** A ring that is full of blocks behind it would else wait for the clock. */
    @Test
    void shouldWriteTheRestOfABlockOfWhichAPartWasSealedAsSoonAsItIsFull() throws Exception {
        Journaler journaler = start(0);
        long first = publish(journaler);
        journaler.requestSeal();
        await(() -> journaler.writtenSequence() == first, "not sealed");
        long last = first;
        while (last < JournalRing.BLOCK_BYTES - 1) {
            last = ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        }
        await(() -> journaler.writtenSequence() == JournalRing.BLOCK_BYTES - 1, "the rest waits for the clock");
        assertEquals(2, journaler.writer().groups());
        journaler.close();
    }
}
