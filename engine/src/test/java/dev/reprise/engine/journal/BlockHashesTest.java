package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalPoller;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import dev.reprise.engine.ring.PoisonedException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal while more comes than one thread can write, and the guest hashes blocks while it waits. */
class BlockHashesTest {

    private static final int EVENTS = 120_000;
    private static final int PAYLOAD_BYTES = 100;
    private static final long SLOW_NS = 200_000;

    private final MemoryFiles files = new MemoryFiles();
    private final Poison poison = new Poison();
    private final JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
    private volatile int writesLeft = Integer.MAX_VALUE;
    private volatile Throwable failure = new IOException("No space left on device");

    /** Files whose writes take long enough for the ring to fill, and fail at last. */
    private FileLayer slow() {
        return HookedFiles.of(files, call -> {
            if (call.equals("write") && Thread.currentThread().getName().startsWith("journal")) {
                if (writesLeft-- <= 0) {
                    throw failure;
                }
                LockSupport.parkNanos(SLOW_NS);
            }
        });
    }

    private Journaler start(int durability) throws IOException {
        Journaler journaler =
                new Journaler(new JournalWriter(slow(), SampleLogs.MANIFEST, false), ring, poison, durability);
        journaler.start();
        return journaler;
    }

    private long publish(int position) {
        byte[] payload = new byte[PAYLOAD_BYTES];
        payload[0] = (byte) position;
        return ring.publish(EventKind.CHAR_INPUT, 1, position, 0, 0, payload, 0, PAYLOAD_BYTES);
    }

    private static void await(BooleanSupplier condition, String what) {
        long hang = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < hang, what);
            LockSupport.parkNanos(20_000);
        }
    }

    private void assertWholeUpTo(long events) throws IOException {
        try (JournalReader reader = new JournalReader(files, SampleLogs.MANIFEST)) {
            Event event = Event.slot();
            for (long i = 0; i < events; i++) {
                assertTrue(reader.next(event), "event " + i + " is missing");
                assertEquals(i, event.position());
                assertEquals((byte) i, event.payload()[0]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldTakeTheGuestsHashesAndKeepOrderAndPositions(int durability) throws Exception {
        Journaler journaler = start(durability);
        for (int i = 0; i < EVENTS; i++) {
            long sequence = publish(i);
            if (i % 30_011 == 30_010) {
                journaler.requestSeal();
                await(() -> (durability == 2 ? journaler.durableSequence() : journaler.writtenSequence()) >= sequence,
                        "not written, though it was asked for");
                assertWholeUpTo(i + 1);
            }
        }
        journaler.close();
        assertTrue(journaler.hashedByGuest() > 0, "the guest has hashed nothing");
        assertTrue(journaler.hashedByGuest() < journaler.writer().groups());
        assertEquals(EVENTS, journaler.writer().sealedEvents());
        assertEquals(ring.cursor(), journaler.writtenSequence());
        assertEquals(durability == 0 ? -1 : ring.cursor(), journaler.durableSequence());
        assertWholeUpTo(EVENTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPoisonTheRunWithTheFirstFailureWhileTheGuestHashes(boolean error) throws Exception {
        failure = error ? new OutOfMemoryError("the writer is killed") : failure;
        writesLeft = 40;
        Journaler journaler = start(0);
        PoisonedException seen = null;
        try {
            for (int i = 0; i < EVENTS; i++) {
                publish(i);
            }
            journaler.close();
        } catch (PoisonedException expected) {
            seen = expected;
        }
        assertTrue(seen != null, "nobody was told");
        JournalFailedException cause = assertInstanceOf(JournalFailedException.class, poison.cause());
        assertEquals(5, cause.exitStatus());
        assertTrue(cause.getMessage().contains(failure.getMessage() + "; durable: 0 groups"), cause.getMessage());
        long acknowledged = journaler.writer().sealedEvents();
        assertTrue(acknowledged > 0);
        assertWholeUpTo(acknowledged);
    }

    /** A block is sealed in two parts while its hash, and those behind it, suppose another number. */
    @Test
    void shouldUseNoHashWhoseSuppositionDidNotComeTrue() throws Exception {
        JournalWriter writer = new JournalWriter(files, SampleLogs.MANIFEST, false);
        BlockHashes hashes = new BlockHashes(ring, writer);
        JournalPoller poller = ring.newPoller();
        int events = 0;
        while (ring.cursor() < ring.capacity() - 1) {
            publish(events++);
        }
        hashes.journalerAt(0, 5);
        while (hashes.work(poller.bytes(), 3)) {
            // All that are far enough in front of the journaler.
        }
        assertNull(hashes.hash(0, 5));
        assertNull(hashes.hash(1, 6));
        assertNotNull(hashes.hash(2, 7));
        assertNotNull(hashes.hash(3, 8));
        assertNull(hashes.hash(2, 8), "the number is another");
        assertNull(hashes.hash(6, 11), "the block is another in the same place");
        assertEquals(0, hashes.durable(2));
        writer.close();
    }

    /** Of a block the first event is sealed alone; what is behind it then has other numbers than the block has. */
    @Test
    void shouldSupposeTheNumbersThatFollowAPartOfABlock() throws Exception {
        CountDownLatch guestWaits = new CountDownLatch(1);
        AtomicBoolean held = new AtomicBoolean();
        FileLayer layer = HookedFiles.of(files, call -> {
            if (held.get() && call.equals("write")) {
                guestWaits.await();
            }
        });
        // The clock stands still: nothing is sealed but what is asked for, or full.
        Journaler journaler = new Journaler(new JournalWriter(layer, SampleLogs.MANIFEST, false), ring, poison, 0, () -> 1L);
        journaler.start();
        long first = publish(0);
        journaler.requestSeal();
        await(() -> journaler.writtenSequence() == first, "not sealed");
        held.set(true);
        int[] events = {1};
        Thread guest = new Thread(() -> {
            while (ring.cursor() < ring.capacity()) {
                publish(events[0]++);
            }
        }, "guest");
        guest.start();
        await(() -> ring.waits() > 0 && guest.getState() == Thread.State.TIMED_WAITING, "the ring is not full");
        guestWaits.countDown();
        guest.join();
        journaler.close();
        // The journaler is at block 0; the guest leaves it the next, and has hashed the two behind that.
        assertEquals(2, journaler.hashedByGuest());
        assertWholeUpTo(events[0]);
    }

    @Test
    void shouldHashAsTheWriterDoes() throws Exception {
        JournalWriter writer = new JournalWriter(files, SampleLogs.MANIFEST, false);
        BlockHashes hashes = new BlockHashes(ring, writer);
        JournalPoller poller = ring.newPoller();
        int events = 0;
        while (ring.cursor() < ring.capacity() - 1) {
            publish(events++);
        }
        int used = 0;
        while (poller.atClosedBlock()) {
            hashes.journalerAt(poller.blockNumber(), writer.groups());
            hashes.work(poller.bytes(), 3);
            byte[] hash = hashes.hash(poller.blockNumber(), writer.groups());
            used += hash == null ? 0 : 1;
            writer.write(poller.bytes(), poller.blockOffset() + JournalRing.RECORDS_OFFSET - GroupDescriptor.HEADER_BYTES,
                    poller.blockRecordBytes(), hash, hashes.durable(poller.blockNumber()));
            poller.takeBlock();
        }
        writer.close();
        assertEquals(2, used);
        assertWholeUpTo(events);
        assertEquals(4, LogCheck.check(files, SampleLogs.MANIFEST).groups());
    }

    /** What headers say of durability only grows: a hash from before a force that another group already knows of is not used. */
    @Test
    void shouldNotGoBackInWhatGroupsKnowToBeDurable() throws Exception {
        JournalWriter writer = new JournalWriter(files, SampleLogs.MANIFEST, false);
        BlockHashes hashes = new BlockHashes(ring, writer);
        JournalPoller poller = ring.newPoller();
        int events = 0;
        while (ring.cursor() < ring.capacity() - 1) {
            publish(events++);
        }
        hashes.journalerAt(0, 0);
        hashes.work(poller.bytes(), 3);
        for (int block = 0; block < 4; block++) {
            byte[] hash = hashes.hash(block, block);
            assertEquals(block == 2, hash != null);
            writer.write(poller.bytes(), poller.blockOffset() + JournalRing.RECORDS_OFFSET - GroupDescriptor.HEADER_BYTES,
                    poller.blockRecordBytes(), hash, 0);
            poller.takeBlock();
            if (block == 0) {
                writer.force();
            }
        }
        writer.close();
        LogCheck.Report report = LogCheck.check(files, SampleLogs.MANIFEST);
        assertEquals(4, report.groups(), report.reason());
        assertEquals(LogCheck.Verdict.TORN, report.verdict());
        assertWholeUpTo(events);
    }
}
