package dev.reprise.machine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.CheckpointKind;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.WitnessMode;
import dev.reprise.engine.replay.DivergenceException;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.TestMachines;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine's interrupts, exceptions and checkpoints: recorded, and missed by a replay whose call sites are gone. */
class WitnessedMachineTest {

    private static final ImagePaths NO_FILES = new ImagePaths(null, null, null);

    @TempDir
    private Path directory;

    /** A call of the board to its session that bears witness, as text: "interruptTaken", or the checkpoint's name. */
    private static String witness(String method, Object[] arguments) {
        return switch (method) {
            case "interruptTaken", "exceptionRaised" -> method;
            case "requireCheckpoint" -> CheckpointKind.name((int) arguments[0]);
            default -> null;
        };
    }

    /** The session as the board sees it, without the calls that are dropped. */
    private static Session without(Session session, Predicate<String> dropped) {
        return (Session) Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[] {Session.class},
                (proxy, method, arguments) -> {
                    String witness = witness(method.getName(), arguments);
                    if (witness != null && dropped.test(witness)) {
                        return null;
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static SessionConfig config(ClockMode clock, WitnessMode mode) {
        return MachineFactory.describe(TestMachines.config(clock), NO_FILES).digestEvery(10_000).witness(mode);
    }

    private static RunResult run(Session session, ClockMode clock, Predicate<String> dropped) {
        try (session) {
            MachineGuest guest = TestMachines.create(Programs.echo(), clock, without(session, dropped));
            return session.run(guest);
        }
    }

    private Set<String> record(ClockMode clock, WitnessMode mode, RunResult[] result) {
        Set<String> met = new TreeSet<>();
        Session session = Sessions.record(directory.resolve("r"), config(clock, mode));
        InputPort port = session.inputPort(session.deviceId(Board.UART_NAME));
        Thread typist = Thread.ofPlatform().daemon().start(() -> {
            byte[] keys = "abrwcdweq".getBytes(StandardCharsets.US_ASCII);
            while (session.stats().boundaries() < 20) {
                // It has waited for its timer before the first key comes.
                LockSupport.parkNanos(100_000);
            }
            for (int at = 0; at < keys.length; ) {
                LockSupport.parkNanos(2_000_000);
                int count = port.publishBytes(keys, at, 1);
                if (count < 0) {
                    return;
                }
                at += count;
            }
        });
        result[0] = run(session, clock, witness -> !met.add(witness) && false);
        typist.interrupt();
        long events = session.stats().events().getOrDefault("INTERRUPT", 0L);
        assertEquals(mode == WitnessMode.EVENTS, events > 0, "interrupts are events only where that was asked for");
        return met;
    }

    @ParameterizedTest
    @CsvSource({"INSTRUCTIONS,DIGEST", "INSTRUCTIONS,CHECKPOINTS", "INSTRUCTIONS,EVENTS", "HOST,DIGEST", "HOST,CHECKPOINTS",
        "HOST,EVENTS"})
    void shouldReplayEachAndStopWhereOneIsGone(ClockMode clock, WitnessMode mode) {
        RunResult[] recorded = new RunResult[1];
        Set<String> met = record(clock, mode, recorded);
        assertTrue(met.containsAll(Set.of("init", "clock virtual", "interruptTaken", "reset requested", "reset",
                "suspend requested")), met.toString());
        assertTrue(met.contains(clock == ClockMode.HOST ? "clock virtual-rt" : "clock warp account"), met.toString());
        assertEquals(recorded[0], run(Sessions.replay(directory.resolve("r"), config(clock, mode).quantum(997)), clock,
                witness -> false));
        for (String gone : met) {
            assertThrows(DivergenceException.class, () -> run(Sessions.replay(directory.resolve("r"), config(clock, mode)),
                    clock, gone::equals), gone);
            if (!gone.equals("suspend requested")) {
                // That one stands before the last request of the run: nothing comes after it to be moved behind.
                assertThrows(DivergenceException.class, () -> runMoved(clock, mode, gone), gone);
            }
        }
    }

    /** Each call of that kind is made behind the next witness, of whatever kind, as if its line had been moved there. */
    private void runMoved(ClockMode clock, WitnessMode mode, String moved) {
        Session replay = Sessions.replay(directory.resolve("r"), config(clock, mode));
        Object[] held = new Object[2];
        Session shifting = (Session) Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[] {Session.class},
                (proxy, method, arguments) -> {
                    String witness = witness(method.getName(), arguments);
                    try {
                        if (moved.equals(witness) && held[0] == null) {
                            held[0] = method;
                            held[1] = arguments;
                            return null;
                        }
                        Object result = method.invoke(replay, arguments);
                        if (witness != null && held[0] != null) {
                            Method late = (Method) held[0];
                            held[0] = null;
                            late.invoke(replay, (Object[]) held[1]);
                        }
                        return result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        try (replay) {
            replay.run(TestMachines.create(Programs.echo(), clock, shifting));
        }
    }

    @Test
    void shouldNameTheCallSiteOfEveryCheckpointInTheTable() throws Exception {
        String page = java.nio.file.Files.readString(
                Path.of("src/main/java/dev/reprise/machine/board/package-info.java"));
        for (int kind = 0; kind <= CheckpointKind.RESET; kind++) {
            assertTrue(page.contains("<tr><td>" + CheckpointKind.name(kind) + "</td><td>"), CheckpointKind.name(kind));
        }
    }
}
