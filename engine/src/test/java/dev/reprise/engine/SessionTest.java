package dev.reprise.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.journal.BadRecordingException;
import dev.reprise.engine.journal.DamagedLogException;
import dev.reprise.engine.journal.Layout;
import dev.reprise.engine.replay.DivergenceException;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {

    @TempDir
    Path temp;

    /** Step-exact; what it does in a step is the test's. */
    private static class Counter implements Guest {
        final Session session;
        long position;
        long state;
        long sum;
        boolean waiting;
        boolean stopped;

        Counter(Session session) {
            this.session = session;
        }

        void step() {}

        final void end(int code) {
            stopped = true;
            session.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, code);
        }

        @Override
        public Status runUntil(long limit) {
            while (position < limit) {
                if (waiting) {
                    return Status.IDLE;
                }
                long before = position;
                step();
                state = state * 6364136223846793005L + 1442695040888963407L;
                position = before + 1;
                if (stopped) {
                    return Status.STOPPED;
                }
            }
            return Status.RAN;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void apply(Event input) {
            waiting = false;
            for (int i = 0; i < input.length(); i++) {
                sum = sum * 31 + input.payload()[i];
            }
            sum += input.a();
        }

        @Override
        public void digest(StateSink sink) {
            sink.putLong(state);
            sink.putLong(sum);
        }

        @Override
        public void reset(ResetCause cause) {
            state = cause.code();
        }
    }

    private static SessionConfig config() {
        return SessionConfig.of("counter").digestEvery(10_000).device("serial", "uart");
    }

    private interface Make {
        Counter of(Session session);
    }

    private static RunResult run(Session session, Make make, Consumer<Session> outside) throws Exception {
        try (session) {
            Thread thread = new Thread(() -> outside.accept(session), "outside");
            Counter guest = make.of(session);
            thread.start();
            RunResult result = session.run(guest);
            thread.join();
            return result;
        }
    }

    private static Counter endsAt(Session session, long end, Runnable[] perStep) {
        return new Counter(session) {
            @Override
            void step() {
                if (perStep[0] != null) {
                    perStep[0].run();
                }
                if (position == end) {
                    end(7);
                }
            }
        };
    }

    @Test
    void shouldApplyMessagesLongerThanASlotWhole() throws Exception {
        Path directory = temp.resolve("r");
        byte[] message = new byte[10_000];
        new java.util.Random(5).nextBytes(message);
        Make waits = session -> {
            Counter guest = new Counter(session) {
                @Override
                public void apply(Event input) {
                    super.apply(input);
                    assertEquals(message.length, input.length());
                    assertArrayEquals(message, Arrays.copyOf(input.payload(), input.length()));
                    session.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 1);
                }
            };
            guest.waiting = true;
            return guest;
        };
        RunResult recorded = run(Sessions.record(directory, config()), waits, s -> s.inputPort(1)
                .publish(dev.reprise.engine.event.EventKind.NET_PACKET, 3, 0, message, 0, message.length));
        RunResult replayed = run(Sessions.replay(directory, config()), waits, s -> {});
        assertEquals(recorded, replayed);
    }

    @Test
    void shouldEndWhenAGuestIdlesAndNothingIsLeftToWakeIt() throws Exception {
        Make idles = session -> {
            Counter guest = new Counter(session);
            guest.waiting = true;
            return guest;
        };
        RunResult result = run(Sessions.off(config()), idles, s -> {});
        assertEquals(ShutdownCause.GUEST_IDLE_FOREVER, result.cause());
        Path directory = temp.resolve("r");
        assertEquals(run(Sessions.record(directory, config()), idles, s -> {}),
                run(Sessions.replay(directory, config()), idles, s -> {}));
    }

    @Test
    void shouldMoveTheClockToTheDeadlineOfAnIdleGuestInInstructionTime() throws Exception {
        long hourNs = 3_600_000_000_000L;
        Make sleeps = session -> new Counter(session) {
            @Override
            public Status runUntil(long limit) {
                return position == 5 && session.clock().ns(position) < hourNs ? Status.IDLE
                        : super.runUntil(position < 5 ? 5 : limit);
            }

            @Override
            public long idleDeadlineNs() {
                return hourNs;
            }

            @Override
            void step() {
                if (position == 20) {
                    end(1);
                }
            }
        };
        RunResult off = run(Sessions.off(config()), sleeps, s -> {});
        assertEquals(21, off.position());
        Path directory = temp.resolve("r");
        assertEquals(off, run(Sessions.record(directory, config()), sleeps, s -> {}));
        assertEquals(off, run(Sessions.replay(directory, config()), sleeps, s -> {}));
    }

    @Test
    void shouldGiveTheSameAnswerToAShortWriteInReplay() throws Exception {
        Path directory = temp.resolve("r");
        AtomicInteger shortWrites = new AtomicInteger();
        Make writes = session -> new Counter(session) {
            @Override
            void step() {
                if (position % 50 == 0) {
                    byte[] bytes = new byte[37];
                    Arrays.fill(bytes, (byte) position);
                    int answer = session.output(1, bytes, 0, bytes.length);
                    if (answer != bytes.length) {
                        shortWrites.incrementAndGet();
                    }
                    sum = sum * 31 + answer;
                }
                if (position == 40_000) {
                    end(0);
                }
            }
        };
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        SessionConfig small = config().outputBytes(64);
        Session session = Sessions.record(directory, small);
        OutputRing ring = session.outputRing(1);
        RunResult recorded = run(session, writes, s -> drain(ring, seen));
        assertTrue(shortWrites.get() > 0);
        assertTrue(recorded.complete());
        int expected = shortWrites.get();
        Session replay = Sessions.replay(directory, config());
        OutputRing replayRing = replay.outputRing(1);
        ByteArrayOutputStream seenAgain = new ByteArrayOutputStream();
        assertEquals(recorded, run(replay, writes, s -> drain(replayRing, seenAgain)));
        assertEquals(2 * expected, shortWrites.get());
        assertArrayEquals(seen.toByteArray(), seenAgain.toByteArray());
    }

    private static void drain(OutputRing ring, ByteArrayOutputStream into) {
        byte[] bytes = new byte[100];
        for (int count = 0; count >= 0; count = ring.take(bytes, 0, bytes.length, 1_000_000_000)) {
            into.write(bytes, 0, count);
        }
    }

    @Test
    void shouldReleaseNothingThatIsNotDurableAtLevelTwo() throws Exception {
        Path directory = temp.resolve("r");
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        Session session = Sessions.record(directory, config().durability(2));
        OutputRing ring = session.outputRing(1);
        Runnable[] write = {() -> session.output(1, (byte) 'x')};
        RunResult result = run(session, s -> endsAt(s, 30_000, write), s -> drain(ring, seen));
        assertEquals(7, result.code());
        assertEquals(session.stats().events().containsKey("CHAR_WRITE"), seen.size() < 30_001);
        assertTrue(seen.size() > 0);
    }

    @Test
    void shouldReleaseEverythingAtTheEndToABackendThatHasTakenNothing() throws Exception {
        Session session = Sessions.record(temp.resolve("r"), config().durability(2).quantum(1));
        OutputRing ring = session.outputRing(1);
        Runnable[] write = {() -> session.output(1, (byte) 'x')};
        run(session, s -> endsAt(s, 2_999, write), s -> { });
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        drain(ring, seen);
        assertEquals(3_000, seen.size());
        assertTrue(ring.drained());
    }

    @Test
    void shouldRefuseAnotherDeviceSettingOrRevision() throws Exception {
        Path directory = temp.resolve("r");
        run(Sessions.record(directory, config()), s -> endsAt(s, 10, new Runnable[1]), s -> {});
        for (SessionConfig other : new SessionConfig[] {
            config().device("second", "uart"), config().revision("cpu", 2), config().setting("memory", "1"),
            SessionConfig.of("other").digestEvery(10_000).device("serial", "uart")}) {
            IncompatibleRecordingException refused =
                    assertThrows(IncompatibleRecordingException.class, () -> Sessions.replay(directory, other));
            assertEquals(2, refused.exitStatus());
        }
    }

    @Test
    void shouldStopAtTheAskedPositionWithTheSameDigestWhateverTheSlices() throws Exception {
        Path directory = temp.resolve("r");
        Make asks = s -> endsAt(s, 50_000, new Runnable[] {() -> { }});
        run(Sessions.record(directory, config()), asks, s -> {});
        for (long until : new long[] {0, 1, 9_999, 10_000, 33_333, 50_001}) {
            RunResult one = run(Sessions.replay(directory, config().until(until)), asks, s -> {});
            RunResult two = run(Sessions.replay(directory, config().until(until).quantum(7)), asks, s -> {});
            assertEquals(until, one.position());
            assertEquals(one, two);
        }
    }

    @Test
    void shouldReplayThePrefixOfATornLogAndSaySo() throws Exception {
        Path directory = temp.resolve("r");
        Make asks = s -> endsAt(s, 50_000, new Runnable[] {() -> {
            if (s.clock().ns(0) == 0) {
                s.readClock(ClockKind.VIRTUAL_REALTIME);
            }
        }});
        run(Sessions.record(directory, config().durability(0)), asks, s -> {});
        Path segment = directory.resolve(Layout.segment(0));
        byte[] bytes = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(bytes, bytes.length / 2));
        RunResult result = run(Sessions.replay(directory, config()), asks, s -> {});
        assertFalse(result.complete());
        assertTrue(result.position() > 0 && result.position() < 50_000, "position " + result.position());
    }

    @Test
    void shouldRefuseADamagedLog() throws Exception {
        Path directory = temp.resolve("r");
        run(Sessions.record(directory, config()), s -> endsAt(s, 50_000, new Runnable[1]), s -> {});
        Path segment = directory.resolve(Layout.segment(0));
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 4;
        Files.write(segment, bytes);
        assertEquals(4, assertThrows(DamagedLogException.class, () -> Sessions.replay(directory, config()))
                .exitStatus());
    }

    @Test
    void shouldReportAnOutcomeThatWasNotAskedFor() throws Exception {
        Path directory = temp.resolve("r");
        run(Sessions.record(directory, config()), s -> endsAt(s, 500, new Runnable[] {() -> {
            s.ask(3, () -> 1);
        }}), s -> {});
        DivergenceException passed = assertThrows(DivergenceException.class, () -> run(
                Sessions.replay(directory, config()), s -> endsAt(s, 500, new Runnable[1]), s -> {}));
        assertEquals(1, passed.position());
        assertThrows(DivergenceException.class, () -> run(Sessions.replay(directory, config()),
                s -> endsAt(s, 500, new Runnable[] {() -> s.ask(4, () -> 1)}), s -> {}));
    }

    @Test
    void shouldAskTheHostNothingInReplay() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Host counting = new Host() {
            @Override
            public long clockNs(int clockKind) {
                calls.incrementAndGet();
                return Host.SYSTEM.clockNs(clockKind);
            }

            @Override
            public void random(byte[] into, int offset, int length) {
                calls.incrementAndGet();
                Host.SYSTEM.random(into, offset, length);
            }
        };
        Path directory = temp.resolve("r");
        Make asks = session -> new Counter(session) {
            @Override
            void step() {
                if (position % 10 == 0) {
                    byte[] bytes = new byte[5];
                    session.random(bytes, 0, 5);
                    sum += session.readClock(ClockKind.HOST) + session.readClock(ClockKind.HOST) + bytes[3];
                }
                if (position == 1000) {
                    end(0);
                }
            }
        };
        RunResult recorded = run(Sessions.record(directory, config().host(counting)), asks, s -> {});
        assertEquals(202, calls.get(), "two clocks of one position are one call");
        calls.set(0);
        assertEquals(recorded, run(Sessions.replay(directory, config().host(counting)), asks, s -> {}));
        assertEquals(0, calls.get());
    }

    @Test
    void shouldResetAtTheNextStopPointAndGoOnCounting() throws Exception {
        Path directory = temp.resolve("r");
        Make resets = s -> endsAt(s, 3_000, new Runnable[] {new Runnable() {
            private int steps;

            @Override
            public void run() {
                if (++steps == 1_000) {
                    s.requestReset(ResetCause.GUEST);
                }
            }
        }});
        RunResult recorded = run(Sessions.record(directory, config().quantum(100)), resets, s -> {});
        assertEquals(3_001, recorded.position());
        assertEquals(recorded, run(Sessions.replay(directory, config().quantum(3)), resets, s -> {}));
    }

    @Test
    void shouldKeepGuestTimeNearTheHostsAndNeverGoBack() throws Exception {
        Path directory = temp.resolve("r");
        SessionConfig host = config().clock(ClockMode.HOST, GuestClock.RATE_ONE);
        Make watches = session -> new Counter(session) {
            long last;

            @Override
            void step() {
                long now = session.clock().ns(position);
                assertTrue(now >= last);
                last = now;
                if (now > 100_000_000) {
                    end(0);
                }
            }
        };
        RunResult recorded = run(Sessions.record(directory, host), watches, s -> {});
        assertEquals(recorded, run(Sessions.replay(directory, host), watches, s -> {}));
    }

    @Test
    void shouldNotRecordOverWhatIsNoRecording() throws Exception {
        Path directory = Files.createDirectories(temp.resolve("mine"));
        Files.writeString(directory.resolve("letter.txt"), "dear");
        assertThrows(BadRecordingException.class, () -> Sessions.record(directory, config(), true));
        assertEquals("dear", Files.readString(directory.resolve("letter.txt")));
        Path recording = temp.resolve("r");
        run(Sessions.record(recording, config()), s -> endsAt(s, 10, new Runnable[1]), s -> {});
        assertThrows(BadRecordingException.class, () -> Sessions.record(recording, config()));
        try (Session first = Sessions.record(recording, config(), true)) {
            assertThrows(BadRecordingException.class, () -> Sessions.record(recording, config(), true));
            assertEquals(Mode.RECORD, first.mode());
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenAnImageIsMissing() {
        Path directory = temp.resolve("r");
        assertThrows(BadRecordingException.class,
                () -> Sessions.record(directory, config().image("kernel", temp.resolve("absent"))));
        assertFalse(Files.exists(directory));
    }

    @Test
    void shouldRefuseAnImageThatCannotBeReadTwice() {
        Path directory = temp.resolve("r");
        BadRecordingException refused = assertThrows(BadRecordingException.class,
                () -> Sessions.record(directory, config().image("kernel", Path.of("/dev/null"))));
        assertTrue(refused.getMessage().endsWith("not a regular file"), refused.getMessage());
        assertFalse(Files.exists(directory));
    }

    @Test
    void shouldPublishBytesOnlyWithinTheCredit() throws Exception {
        AtomicInteger published = new AtomicInteger();
        Make grants = running -> new Counter(running) {
            @Override
            void step() {
                if (position == 100) {
                    session.grant(1, 5);
                }
                waiting = position >= 1000;
            }

            @Override
            public void apply(Event input) {
                super.apply(input);
                published.addAndGet(input.length());
            }
        };
        Session session = Sessions.off(config());
        InputPort port = session.inputPort(1);
        run(session, grants, s -> {
            byte[] bytes = new byte[20];
            while (!port.awaitCredit(1_000_000_000L)) {
                Thread.onSpinWait();
            }
            assertEquals(5, port.publishBytes(bytes, 0, 20));
            assertEquals(0, port.publishBytes(bytes, 0, 20));
            port.detach();
        });
        assertEquals(5, published.get());
    }
}
