package dev.reprise.engine.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.replay.DivergenceException;
import dev.reprise.engine.ring.InputPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToyConsoleTest {

    @TempDir
    Path temp;

    private static RunResult record(Path directory) throws Exception {
        try (Session session = Sessions.record(directory, ToyConsole.config())) {
            InputPort pad = session.inputPort(session.deviceId("pad"));
            Thread player = new Thread(() -> {
                while (session.stats().boundaries() < 3) {
                    LockSupport.parkNanos(100_000);
                }
                for (int i = 0; i < 50; i++) {
                    pad.publish(1 << (i & 7), 0);
                    LockSupport.parkNanos(200_000);
                }
                session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
            }, "player");
            player.start();
            RunResult result = session.run(new ToyConsole(session));
            player.join();
            return result;
        }
    }

    private static RunResult replay(Path directory, Function<Session, ToyConsole> console) {
        try (Session session = Sessions.replay(directory, ToyConsole.config())) {
            return session.run(console.apply(session));
        }
    }

    @Test
    void shouldReplayWhatWasRecorded() throws Exception {
        Path directory = temp.resolve("run");
        RunResult recorded = record(directory);
        RunResult replayed = replay(directory, ToyConsole::new);
        assertEquals(recorded, replayed);
        assertEquals(ShutdownCause.HOST_QUIT, replayed.cause());
        assertTrue(replayed.complete());
    }

    @Test
    void shouldRecordTwoRunsThatDiffer() throws Exception {
        assertNotEquals(record(temp.resolve("a")).digest(), record(temp.resolve("b")).digest());
    }

    @Test
    void shouldDivergeWhenOneLineOfTheConsoleIsChanged() throws Exception {
        Path directory = temp.resolve("run");
        record(directory);
        DivergenceException found = assertThrows(DivergenceException.class,
                () -> replay(directory, session -> new ToyConsole(session) {
                    @Override
                    void draw() {
                        super.draw();
                        scoreTo(score() + 1);
                    }
                }));
        assertTrue(found.report().contains("the log says"), found.report());
    }

    /** A sample that nothing runs is a sample that lies: the README shows this very file, and it is short. */
    @Test
    void shouldBeTheExampleThatTheReadmeShows() throws Exception {
        Path module = Path.of("").toAbsolutePath();
        String source = Files.readString(module.resolve("src/test/java/dev/reprise/engine/example/ToyConsole.java"));
        String shown = source.substring(source.indexOf("class ToyConsole")).strip();
        assertTrue(Files.readString(module.resolveSibling("README.md")).contains(shown),
                "README.md does not hold the text of ToyConsole.java");
        assertTrue(source.lines().count() < 60, "lines: " + source.lines().count());
    }
}
