package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalPoller;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything at once, in the smallest ring: a guest that publishes events of all sizes, a journaler whose files are slow now
 * and then, somebody who asks for seals, and a second consumer. All of them see the same events, and what is called
 * durable was forced.
 */
class JournalUnderLoadTest {

    private static final long SEED = Long.getLong("reprise.seed", 31L);
    private static final long SEGMENT_BYTES = 1 << 20;
    private static final long PAUSE_NS = 100_000;

    private final MemoryFiles files = new MemoryFiles();
    private final Poison poison = new Poison();
    private final JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
    /** The sequence up to which everything was written when a force began. */
    private final AtomicLong forced = new AtomicLong(-1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile Journaler journaler;
    private volatile boolean over;

    /** The same events for everyone who has the seed. */
    private static final class Script {
        private final SplittableRandom random;
        private final byte[] bytes = new byte[Event.MAX_MESSAGE_BYTES];
        private final Event event = new Event(Event.MAX_MESSAGE_BYTES);
        private long position;

        Script(long seed) {
            random = new SplittableRandom(seed);
        }

        Event next() {
            position += random.nextInt(1 << random.nextInt(20));
            int kind = random.nextInt(1000);
            if (kind < 500) {
                return event.set(EventKind.CLOCK_READ, 0, position, 3, random.nextLong());
            }
            if (kind < 600) {
                return event.set(EventKind.OUTPUT, 1 + kind % 7, position, position, random.nextLong());
            }
            int length = random.nextInt(kind < 990 ? 100 : kind < 998 ? 1000 : Event.MAX_MESSAGE_BYTES + 1);
            for (int i = 0; i < length; i += 97) {
                bytes[i] = (byte) random.nextInt();
            }
            return event.set(EventKind.EMBEDDER_INPUT, 2, position, kind, -kind).payload(bytes, 0, length);
        }
    }

    private static void require(Script script, Event found, long number) {
        Event wanted = script.next();
        assertTrue(wanted.sameContent(found) && wanted.position() == found.position(),
                () -> "event " + number + ", seed " + SEED + ": " + wanted + ", found " + found);
    }

    /** Puts the records of a message together again. */
    private static boolean whole(Event record, Event message, boolean open) {
        if (open) {
            message.append(record.payload(), 0, record.length());
        } else {
            message.copyFrom(record).more(false);
        }
        return !record.more();
    }

    private FileLayer slowNowAndThen(SplittableRandom random) {
        return HookedFiles.of(files, call -> {
            if (call.equals("force") && journaler != null) {
                forced.accumulateAndGet(journaler.writtenSequence(), Math::max);
            }
            if (call.equals("write") && journaler != null && random.nextInt(8) == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        });
    }

    private Thread begin(String name, Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable thrown) {
                failure.compareAndSet(null, thrown);
                // Who waits for this one is let go.
                poison.poison(thrown);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void follow(JournalPoller follower, int events) {
        Script script = new Script(SEED);
        Event message = new Event(Event.MAX_MESSAGE_BYTES);
        boolean open = false;
        for (int i = 0; i < events; ) {
            while (follower.next()) {
                boolean done = whole(follower.event(), message, open);
                open = !done;
                if (done) {
                    require(script, message, i++);
                }
                follower.release();
            }
            poison.check();
            Thread.onSpinWait();
        }
    }

    private void ask(SplittableRandom random) {
        long durable = -1;
        while (!over) {
            if (random.nextInt(4) == 0) {
                journaler.requestSeal();
            }
            long before = durable;
            durable = journaler.durableSequence();
            assertTrue(durable >= before && durable <= journaler.writtenSequence() && durable <= forced.get(),
                    "durable " + durable + " after " + before + ", forced " + forced);
            LockSupport.parkNanos(random.nextInt((int) PAUSE_NS));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldShowEveryoneTheSameEvents(int durability) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        int events = JournalSizes.of(6_000_000);
        JournalPoller follower = ring.newPoller();
        journaler = new Journaler(new JournalWriter(slowNowAndThen(random.split()), SampleLogs.MANIFEST, false,
                SEGMENT_BYTES), ring, poison, durability);
        journaler.start();
        Thread following = begin("follower", () -> follow(follower, events));
        SplittableRandom asks = random.split();
        Thread asking = begin("asking", () -> ask(asks));
        Script script = new Script(SEED);
        for (int i = 0; i < events; i++) {
            Event event = script.next();
            ring.publish(event.kind(), event.source(), event.position(), event.a(), event.b(), event.payload(), 0,
                    event.length());
        }
        following.join();
        over = true;
        asking.join();
        assertNull(failure.get());
        journaler.close();
        assertEquals(ring.cursor(), journaler.writtenSequence());
        LogCheck.Report report = LogCheck.check(files, SampleLogs.MANIFEST);
        assertEquals(RecoveryRow.KILLED, report.row(), report.reason());
        Script again = new Script(SEED);
        try (JournalReader reader = new JournalReader(files, SampleLogs.MANIFEST)) {
            Event record = Event.slot();
            Event message = new Event(Event.MAX_MESSAGE_BYTES);
            for (int i = 0; i < events; ) {
                boolean open = false;
                do {
                    assertTrue(reader.next(record), "event " + i + " is missing, seed " + SEED);
                    open = !whole(record, message, open);
                } while (open);
                require(again, message, i++);
            }
            assertTrue(!reader.next(record));
        }
        System.out.println("journal: " + events + " events at level " + durability + ", " + report.groups() + " groups, "
                + journaler.hashedByGuest() + " hashed by the guest, who waited " + ring.waits() + " times, seed " + SEED);
    }
}
