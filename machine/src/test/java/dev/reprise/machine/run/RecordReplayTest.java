package dev.reprise.machine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Digest;
import dev.reprise.engine.Host;
import dev.reprise.engine.RepriseException;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.SessionStats;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.replay.DivergenceException;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.TestMachines;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordReplayTest {

    private static final ImagePaths NO_FILES = new ImagePaths(null, null, null);
    private static final long TAKE_NS = 10_000_000;

    @TempDir
    private Path directory;
    private final AtomicInteger hostCalls = new AtomicInteger();

    private final Host counting = new Host() {
        @Override
        public long clockNs(int clockKind) {
            hostCalls.incrementAndGet();
            return Host.SYSTEM.clockNs(clockKind);
        }

        @Override
        public void random(byte[] into, int offset, int length) {
            hostCalls.incrementAndGet();
            Host.SYSTEM.random(into, offset, length);
        }
    };

    private record Ran(RunResult result, byte[] console, SessionStats stats) {}

    private SessionConfig describe(MachineConfig config, long quantum) {
        return MachineFactory.describe(config, NO_FILES).digestEvery(10_000).quantum(quantum).host(counting);
    }

    /** Runs to the end; with a seed, somebody types 120 random keys at random moments of the host's time and then q. */
    private static Ran run(Session session, byte[] program, ClockMode clock, Long seed) {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        MachineGuest guest = TestMachines.create(program, clock, session);
        int uart = session.deviceId(Board.UART_NAME);
        OutputRing ring = session.outputRing(uart);
        Thread collector = Thread.ofPlatform().daemon().start(() -> {
            byte[] buffer = new byte[512];
            for (int n = ring.take(buffer, 0, 512, TAKE_NS); n >= 0; n = ring.take(buffer, 0, 512, TAKE_NS)) {
                console.write(buffer, 0, n);
            }
        });
        if (seed != null) {
            InputPort port = session.inputPort(uart);
            Thread.ofPlatform().daemon().start(() -> type(port, seed));
        }
        RunResult result;
        try (session) {
            result = session.run(guest);
        }
        try {
            collector.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Ran(result, console.toByteArray(), session.stats());
    }

    private static void type(InputPort port, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] keys = new byte[121];
        for (int i = 0; i < 120; i++) {
            keys[i] = (byte) (random.nextInt(20) == 0 ? 'w' : 'A' + random.nextInt(26));
        }
        keys[120] = 'q';
        for (int at = 0; at < keys.length; ) {
            LockSupport.parkNanos(random.nextInt(3_000_000));
            int burst = Math.min(keys.length - at, 1 + random.nextInt(4));
            int count = port.publishBytes(keys, at, burst);
            if (count < 0) {
                return;
            }
            at += count;
            if (count == 0) {
                port.awaitCredit(TAKE_NS);
            }
        }
    }

    private Ran record(Path into, ClockMode clock, long quantum, long seed) {
        MachineConfig config = TestMachines.config(clock);
        return run(Sessions.record(into, describe(config, quantum)), Programs.echo(), clock, seed);
    }

    private Ran replay(Path from, ClockMode clock, SessionConfig config) {
        return run(Sessions.replay(from, config), Programs.echo(), clock, null);
    }

    @Test
    void shouldReplayWhatWasRecordedWithAnyQuantum() {
        for (ClockMode clock : ClockMode.values()) {
            for (long quantum : new long[] {1, 997, 1_000_000}) {
                Path recording = directory.resolve(clock + "-" + quantum);
                Ran recorded = record(recording, clock, quantum, 100 + quantum);
                assertEquals(ShutdownCause.GUEST_SHUTDOWN, recorded.result.cause());
                // Two bytes a key; a key that comes before the guest turns its FIFO on is cleared with it.
                assertTrue(recorded.console.length >= 230, "console bytes: " + recorded.console.length);
                int asked = hostCalls.get();
                for (long slice : new long[] {0, 1, 997, 1_000_000}) {
                    Ran replayed = replay(recording, clock, describe(TestMachines.config(clock), slice));
                    String what = clock + " quantum=" + quantum + " slice=" + slice;
                    assertArrayEquals(recorded.console, replayed.console, what);
                    assertEquals(recorded.result, replayed.result, what);
                    assertEquals(recorded.stats.events(), replayed.stats.events(), what);
                }
                assertEquals(asked, hostCalls.get(), "the replay asked the host");
            }
        }
    }

    @Test
    void shouldMakeTwoRecordingsThatDiffer() {
        Ran first = record(directory.resolve("a"), ClockMode.HOST, 0, 7);
        Ran second = record(directory.resolve("b"), ClockMode.HOST, 0, 7);
        assertNotEquals(first.result.digest(), second.result.digest());
    }

    @Test
    void shouldStandInTheSameStateAtAStepWhateverTheSlices() {
        Path recording = directory.resolve("r");
        Ran recorded = record(recording, ClockMode.HOST, 0, 3);
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 6; i++) {
            long step = random.nextLong(recorded.result.position());
            Digest one = replay(recording, ClockMode.HOST, describe(TestMachines.config(ClockMode.HOST), 0).until(step))
                    .result.digest();
            RunResult other = replay(recording, ClockMode.HOST,
                    describe(TestMachines.config(ClockMode.HOST), 1 + random.nextInt(3_000)).until(step)).result;
            assertEquals(one, other.digest(), "step=" + step);
            assertEquals(step, other.position());
            assertEquals(ShutdownCause.LIMIT, other.cause());
        }
    }

    @Test
    void shouldCallAnotherProgramADivergence() {
        Path recording = directory.resolve("r");
        record(recording, ClockMode.INSTRUCTIONS, 0, 5);
        Session session = Sessions.replay(recording, describe(TestMachines.config(ClockMode.INSTRUCTIONS), 0));
        assertThrows(DivergenceException.class, () -> run(session, Programs.spin(), ClockMode.INSTRUCTIONS, null));
    }

    @Test
    void shouldRefuseAnotherMachine() {
        Path recording = directory.resolve("r");
        record(recording, ClockMode.INSTRUCTIONS, 0, 5);
        MachineConfig other = new MachineConfig(8 << 20, MachineConfig.DEFAULT_MMU, null, ClockMode.INSTRUCTIONS, 0, null);
        assertThrows(RepriseException.class, () -> Sessions.replay(recording, describe(other, 0)));
    }

    @Test
    void shouldEndAGuestThatWaitsForNothing() {
        Ran ran = run(Sessions.off(describe(TestMachines.config(ClockMode.INSTRUCTIONS), 0)), Programs.waitForever(),
                ClockMode.INSTRUCTIONS, null);
        assertEquals(ShutdownCause.GUEST_IDLE_FOREVER, ran.result.cause());
    }

    @Test
    void shouldEndAGuestThatNeverStopsWhenAsked() {
        for (byte[] program : new byte[][] {Programs.spin(), Programs.trapForever()}) {
            Session session = Sessions.off(describe(TestMachines.config(ClockMode.INSTRUCTIONS), 0));
            Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(50_000_000);
                session.publishShutdown(ShutdownCause.HOST_SIGNAL, 2);
            });
            Ran ran = run(session, program, ClockMode.INSTRUCTIONS, null);
            assertEquals(ShutdownCause.HOST_SIGNAL, ran.result.cause());
            assertEquals(2, ran.result.code());
        }
    }

    @Test
    void shouldRecordAResetAndItsReplay() {
        Path recording = directory.resolve("r");
        MachineConfig config = TestMachines.config(ClockMode.INSTRUCTIONS);
        Session session = Sessions.record(recording, describe(config, 0));
        InputPort port = session.inputPort(session.deviceId(Board.UART_NAME));
        Thread.ofPlatform().daemon().start(() -> {
            // A reset loses what stands in the FIFO, which may be any key behind an 'r'; so 'q' comes until it is heard.
            String keys = "arbrcq";
            for (int i = 0, published = 0; published >= 0; i++) {
                LockSupport.parkNanos(5_000_000);
                byte[] key = {(byte) keys.charAt(Math.min(i, keys.length() - 1))};
                while ((published = port.publishBytes(key, 0, 1)) == 0) {
                    port.awaitCredit(TAKE_NS);
                }
            }
        });
        Ran recorded = run(session, Programs.echo(), ClockMode.INSTRUCTIONS, null);
        assertTrue(recorded.stats.events().get("RESET") >= 1);
        Ran replayed = replay(recording, ClockMode.INSTRUCTIONS, describe(config, 997));
        assertEquals(recorded.result, replayed.result);
        assertArrayEquals(recorded.console, replayed.console);
    }
}
