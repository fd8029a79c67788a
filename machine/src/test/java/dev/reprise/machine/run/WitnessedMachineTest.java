package dev.reprise.machine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine's interrupts, exceptions and checkpoints: recorded, and missed by a replay whose call sites are gone. */
class WitnessedMachineTest {

    private static final ImagePaths NO_FILES = new ImagePaths(null, null, null);

    private static final Path BOARD = Path.of("src/main/java/dev/reprise/machine/board");

    /** What the program passes whatever its clock is. */
    private static final Set<String> ALWAYS = Set.of("init", "clock virtual", "interruptTaken", "exceptionRaised",
            "reset requested", "reset", "suspend requested");
    /** And what it passes by one of the clocks only. */
    private static final Set<String> BY_INSTRUCTIONS = Set.of("clock warp start", "clock warp account");
    private static final Set<String> BY_HOST = Set.of("clock virtual-rt", "clock host");

    @TempDir
    private Path directory;

    /** A call of the board to its session that bears witness; its name is the method's, or the checkpoint's. */
    private record Call(String name, Method method, Object[] arguments) {

        static Call of(Method method, Object[] arguments) {
            return new Call(switch (method.getName()) {
                case "interruptTaken", "exceptionRaised" -> method.getName();
                case "requireCheckpoint" -> CheckpointKind.name((int) arguments[0]);
                default -> null;
            }, method, arguments);
        }

        Object on(Session session) throws Throwable {
            try {
                return method.invoke(session, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }
    }

    /** What is done in the place of a call that bears witness. */
    @FunctionalInterface
    private interface Edit {
        void at(Call call, Session session) throws Throwable;
    }

    private static Session edited(Session session, Edit edit) {
        return (Session) Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[] {Session.class},
                (proxy, method, arguments) -> {
                    Call call = Call.of(method, arguments);
                    if (call.name == null) {
                        return call.on(session);
                    }
                    edit.at(call, session);
                    return null;
                });
    }

    private static Edit without(String gone) {
        return (call, session) -> {
            if (!call.name.equals(gone)) {
                call.on(session);
            }
        };
    }

    /** Each call of that name is made behind the next, of whatever name, as if its line had been moved there. */
    private static Edit movedDown(String moved) {
        Call[] held = new Call[1];
        return (call, session) -> {
            if (call.name.equals(moved) && held[0] == null) {
                held[0] = call;
                return;
            }
            call.on(session);
            if (held[0] != null) {
                Call late = held[0];
                held[0] = null;
                late.on(session);
            }
        };
    }

    /** The last call of that name is made before the one in front of it. */
    private static Edit movedUp(List<Call> calls, String moved) {
        int index = calls.size() - 1;
        while (index > 0 && (!calls.get(index).name.equals(moved) || calls.get(index - 1).name.equals(moved))) {
            index--;
        }
        assertTrue(index > 0, "nothing comes before " + moved);
        int target = index;
        int[] at = {0};
        return (call, session) -> {
            int now = at[0]++;
            if (now == target - 1) {
                calls.get(target).on(session);
            }
            if (now != target) {
                call.on(session);
            }
        };
    }

    private static SessionConfig config(ClockMode clock, WitnessMode mode) {
        return MachineFactory.describe(TestMachines.config(clock), NO_FILES).digestEvery(10_000).witness(mode);
    }

    private static RunResult run(Session session, ClockMode clock, Edit edit) {
        try (session) {
            MachineGuest guest = TestMachines.create(Programs.echoWithExceptions(), clock, edited(session, edit));
            return session.run(guest);
        }
    }

    private RunResult replay(SessionConfig config, ClockMode clock, Edit edit) {
        return run(Sessions.replay(directory.resolve("r"), config), clock, edit);
    }

    /** Records, notes the calls, and requires that all were met of which the tests speak, and no others. */
    private RunResult record(ClockMode clock, WitnessMode mode, List<Call> calls) {
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
        RunResult result = run(session, clock, (call, real) -> {
            calls.add(call);
            call.on(real);
        });
        typist.interrupt();
        long events = session.stats().events().getOrDefault("INTERRUPT", 0L);
        assertEquals(mode == WitnessMode.EVENTS, events > 0, "interrupts are events only where that was asked for");
        Set<String> expected = new TreeSet<>(ALWAYS);
        expected.addAll(clock == ClockMode.HOST ? BY_HOST : BY_INSTRUCTIONS);
        assertEquals(expected, names(calls));
        return result;
    }

    private static Set<String> names(List<Call> calls) {
        Set<String> names = new TreeSet<>();
        calls.forEach(call -> names.add(call.name));
        return names;
    }

    @Test
    void shouldSpeakOfEveryKindOfWitness() {
        Set<String> all = new TreeSet<>(Set.of("interruptTaken", "exceptionRaised"));
        for (int kind = 0; kind <= CheckpointKind.RESET; kind++) {
            all.add(CheckpointKind.name(kind));
        }
        Set<String> spokenOf = new TreeSet<>();
        Stream.of(ALWAYS, BY_INSTRUCTIONS, BY_HOST).forEach(spokenOf::addAll);
        assertEquals(all, spokenOf);
    }

    @ParameterizedTest
    @CsvSource({"INSTRUCTIONS,DIGEST", "INSTRUCTIONS,CHECKPOINTS", "INSTRUCTIONS,EVENTS", "HOST,DIGEST", "HOST,CHECKPOINTS",
        "HOST,EVENTS"})
    void shouldReplayEachAndStopWhereOneIsGone(ClockMode clock, WitnessMode mode) {
        List<Call> calls = new ArrayList<>();
        RunResult recorded = record(clock, mode, calls);
        assertEquals(recorded, replay(config(clock, mode).quantum(997), clock, (call, session) -> call.on(session)));
        for (String name : names(calls)) {
            assertThrows(DivergenceException.class, () -> replay(config(clock, mode), clock, without(name)), "gone: " + name);
            // Nothing bears witness behind the one and before the other: they are moved the other way.
            if (!name.equals("suspend requested")) {
                assertThrows(DivergenceException.class, () -> replay(config(clock, mode), clock, movedDown(name)),
                        "down: " + name);
            }
            if (!name.equals("init")) {
                assertThrows(DivergenceException.class, () -> replay(config(clock, mode), clock, movedUp(calls, name)),
                        "up: " + name);
            }
        }
        assertEquals("init", calls.getFirst().name);
        assertEquals("suspend requested", calls.getLast().name);
    }

    // ---- The table of call sites.

    /** Name of the constant, as the sources have it. */
    private static String constant(int kind) throws IllegalAccessException {
        for (var field : CheckpointKind.class.getFields()) {
            if (field.getType() == int.class && field.getInt(null) == kind && !field.getName().startsWith("FIRST")
                    && !field.getName().startsWith("MAX")) {
                return field.getName();
            }
        }
        throw new AssertionError("no such kind: " + kind);
    }

    /** How often the text passes that checkpoint. */
    private static long calls(String text, String constant) {
        return Pattern.compile("\\b\\w+\\(CheckpointKind\\." + constant + "\\);").matcher(text).results().count();
    }

    /** The text of a method that is named as in {@code Board.reset} or {@code Board.SessionPower.reset}; empty if there is none. */
    private static String method(String site) throws Exception {
        String[] names = site.split("\\.");
        String source = Files.readString(BOARD.resolve(names[0] + ".java"));
        for (int i = 1; i < names.length - 1; i++) {
            int at = source.indexOf(" class " + names[i] + " ");
            source = at < 0 ? "" : source.substring(at);
        }
        Matcher start = Pattern.compile("\n +(?:(?:public|private|static) )*\\w+ " + names[names.length - 1] + "\\([^)]*\\) \\{")
                .matcher(source);
        if (!start.find()) {
            return "";
        }
        int end = start.end();
        for (int depth = 1; depth > 0; end++) {
            depth += source.charAt(end) == '{' ? 1 : source.charAt(end) == '}' ? -1 : 0;
        }
        return source.substring(start.start(), end);
    }

    @Test
    void shouldNameTheCallSiteOfEveryCheckpointInTheTable() throws Exception {
        String page = Files.readString(BOARD.resolve("package-info.java"));
        StringBuilder all = new StringBuilder();
        try (Stream<Path> sources = Files.list(BOARD)) {
            for (Path source : sources.sorted().toList()) {
                all.append(Files.readString(source));
            }
        }
        for (int kind = 0; kind <= CheckpointKind.RESET; kind++) {
            String name = CheckpointKind.name(kind);
            Matcher row = Pattern.compile("<tr><td>" + name + "</td><td>\\{@code ([\\w.]+)}</td>").matcher(page);
            assertTrue(row.find(), name);
            assertEquals(1, calls(method(row.group(1)), constant(kind)), name + " at " + row.group(1));
            assertEquals(1, calls(all.toString(), constant(kind)), name);
            assertFalse(row.find(), name + " has one row");
        }
    }

    @Test
    void shouldNotFindACheckpointWhereItIsNot() throws Exception {
        assertEquals(1, calls(method("Board.SessionPower.reset"), "RESET_REQUESTED"));
        assertEquals(0, calls(method("Board.reset"), "RESET_REQUESTED"));
        assertEquals(0, calls(method("BoardPlatform.onDeadline"), "CLOCK_HOST"));
        assertEquals("", method("Board.SessionPower.sleep"));
        assertEquals("", method("Board.Power.reset"));
    }
}
