package dev.reprise.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.journal.Journaler;
import dev.reprise.engine.ring.InputPort;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An idle guest whose time is a function of its position jumps to its deadline: at once, without an event, both ways. */
class IdleDeadlineTest {

    private static final long DAY_NS = 86_400_000_000_000L;

    @TempDir
    Path temp;

    private static SessionConfig config() {
        return SessionConfig.of("sleeper").device("serial", "uart").digestEvery(7);
    }

    private static void sleepADay(StepGuest guest, long position) {
        guest.learn(guest.session().clock().ns(position));
        if (position == 100) {
            guest.end(0);
        } else if (position % 10 == 0) {
            guest.idleUntil((position / 10 + 1) * DAY_NS);
        }
    }

    @Test
    void shouldSleepDaysWithoutWaitingAndWithoutAnEvent() {
        long[] end = new long[1];
        RunResult[] results = new RunResult[4];
        for (int i = 0; i < 4; i++) {
            SessionConfig config = config().quantum(i == 1 ? 1 : 0);
            try (Session session = i == 0 ? Sessions.off(config)
                    : i < 3 ? Sessions.record(temp.resolve("r" + i), config) : Sessions.replay(temp.resolve("r2"), config)) {
                results[i] = session.run(new StepGuest(session, IdleDeadlineTest::sleepADay));
                end[0] = session.clock().ns(100);
                assertFalse(session.stats().events().containsKey("CLOCK_ADJUST"));
                assertEquals(0, session.stats().idleNs());
            }
            assertTrue(end[0] >= 10 * DAY_NS, "ten days of guest time: " + end[0]);
            assertEquals(results[0], results[i]);
        }
    }

    @Test
    void shouldStampAnInputThatComesWhileTimeJumpsBehindTheJump() throws Exception {
        Path directory = temp.resolve("r");
        RunResult recorded;
        try (Session session = Sessions.record(directory, config())) {
            InputPort port = session.inputPort(1);
            AtomicInteger published = new AtomicInteger();
            Thread host = new Thread(() -> {
                for (int i = 0; i < 2_000 && port.publish(i, 0); i++) {
                    published.incrementAndGet();
                    Thread.onSpinWait();
                }
            });
            host.start();
            recorded = session.run(new StepGuest(session, (guest, position) -> {
                while (position == 100 && published.get() == 0) {
                    // Its host is there before most of its steps are over.
                    Thread.onSpinWait();
                }
                guest.learn(session.clock().ns(position));
                if (position == 50_000) {
                    guest.end(1);
                } else if (position % 3 == 0) {
                    guest.idleUntil(session.clock().ns(position) + 1_000_000);
                }
            }));
            host.join();
            assertTrue(session.stats().events().get("EMBEDDER_INPUT") > 0);
        }
        try (Session session = Sessions.replay(directory, config())) {
            assertEquals(recorded, session.run(new StepGuest(session, (guest, position) -> {
                guest.learn(session.clock().ns(position));
                if (position == 50_000) {
                    guest.end(1);
                } else if (position % 3 == 0) {
                    guest.idleUntil(session.clock().ns(position) + 1_000_000);
                }
            })));
        }
    }

    @Test
    void shouldMakeNoGroupOfTheLogForEachTickOfAGuestThatIdles() {
        int ticks = 200;
        SessionConfig config = config().clock(ClockMode.HOST, GuestClock.RATE_ONE);
        long from = System.nanoTime();
        try (Session session = Sessions.record(temp.resolve("r"), config)) {
            RunResult recorded = session.run(new StepGuest(session, (guest, position) -> {
                if (position == ticks) {
                    guest.end(1);
                } else {
                    guest.idleUntil(session.clock().ns(position) + 4_000_000);
                }
            }));
            long clockSeals = (System.nanoTime() - from) / Journaler.SEAL_NS;
            assertTrue(session.stats().events().get("CLOCK_ADJUST") >= ticks, session.stats().toString());
            // The first and the last group have reasons of their own.
            assertTrue(session.stats().groups() <= clockSeals + 3, session.stats().groups() + " groups");
            assertEquals(1, recorded.code());
        }
    }

    @Test
    void shouldRefuseAGuestThatServesADeadlineWithoutCountingIt() {
        try (Session session = Sessions.off(config())) {
            Guest guest = new StepGuest(session, (g, position) -> { }) {
                @Override
                public Status runUntil(long limit) {
                    return Status.IDLE;
                }

                @Override
                public long idleDeadlineNs() {
                    return session.clock().ns(0) + 1;
                }

                @Override
                public void apply(Event input) { }
            };
            assertThrows(IllegalStateException.class, () -> session.run(guest));
        }
    }
}
