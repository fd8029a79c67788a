package dev.reprise.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.journal.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A question past the end of a torn log ends the run where it stands, in both forms of embedding. */
class EndOfLogTest {

    @TempDir
    Path temp;

    private static SessionConfig config() {
        return SessionConfig.of("asker").digestEvery(0).compress(false);
    }

    private static void ask(StepGuest guest, long position) {
        guest.learn(guest.session().ask(1, System::nanoTime));
        if (position == 200_000) {
            guest.end(0);
        }
    }

    /** A log whose last group is gone, as after a crash at level 0. */
    private Path torn() throws IOException {
        Path directory = temp.resolve("torn");
        try (Session session = Sessions.record(directory, config().durability(0))) {
            session.run(new StepGuest(session, EndOfLogTest::ask));
        }
        Path last;
        try (Stream<Path> segments = Files.list(directory.resolve("segments"))) {
            last = segments.sorted().reduce((a, b) -> b).orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(bytes, bytes.length - 1_000));
        return directory;
    }

    private RunResult replay(Path directory) throws IOException {
        try (Session session = Sessions.replay(directory, config())) {
            return session.run(new StepGuest(session, EndOfLogTest::ask));
        }
    }

    private static Guest inverted(StepGuest guest) {
        return guest;
    }

    @Test
    void shouldEndIncompleteWhereTheQuestionWasAsked() throws IOException {
        Path directory = torn();
        RunResult ran = replay(directory);
        assertFalse(ran.complete());
        assertTrue(ran.position() > 10_000 && ran.position() < 200_000, "position " + ran.position());

        // Where a boundary meets the end of the log, the boundary says so and no question does.
        int stride = IntStream.range(10, 100).filter(n -> ran.position() % n > 1).findFirst().orElseThrow();
        try (Session session = Sessions.replay(directory, config())) {
            StepGuest guest = new StepGuest(session, EndOfLogTest::ask);
            EndOfLogException ended = assertThrows(EndOfLogException.class, () -> {
                while (session.boundary(inverted(guest))) {
                    guest.runUntil(guest.position() + stride);
                }
            });
            assertTrue(ended.getMessage().contains(Long.toString(ran.position())), ended.getMessage());
            assertEquals(ran, session.result(), "the session has ended where the question was asked");
            assertFalse(session.boundary(inverted(guest)));
        }
        assertTrue(Files.exists(directory.resolve(Layout.MANIFEST)));
    }
}
