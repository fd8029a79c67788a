package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A recording that was made with the sources from before character devices had two halves (scripts/old-recording): it can
 * be read, and its replay is refused by the revisions of both, because models have changed since.
 */
class OldRecordingTest {

    private static final Path OLD =
            Path.of("src/test/resources/dev/reprise/machine/recordings/before-character-devices");

    @TempDir
    private Path directory;
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void giveTheStreamsBack() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private int execute(Object... args) {
        out.reset();
        err.reset();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        return Main.execute(System.err, Stream.of(args).map(Object::toString).toArray(String[]::new));
    }

    private Path copy() throws IOException {
        Path copy = directory.resolve("old");
        try (Stream<Path> files = Files.walk(OLD)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(OLD.relativize(file).toString()));
            }
        }
        return copy;
    }

    @Test
    void shouldReadWhatAnOlderReleaseHasWritten() throws IOException {
        Path old = copy();
        assertEquals(0, execute("verify", old), err::toString);
        assertEquals(0, execute("info", old), err::toString);
        assertTrue(out.toString().contains("device     uart (16550), revision 1"), out::toString);
        assertEquals(0, execute("events", old), err::toString);
        assertTrue(out.toString().contains("char_input"), out::toString);
    }

    @Test
    void shouldRefuseToReplayItAndNameBothRevisions() throws IOException {
        assertEquals(2, execute("replay", copy(), "--serial", "null"), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().contains("recorded uart (16550, revision 1), plic (sifive-plic, revision 1)"), err::toString);
        assertTrue(err.toString().contains("here uart (16550, revision 2), plic (sifive-plic, revision 1)"), err::toString);
    }

    @Test
    void shouldStopAtTheFirstDigestWhereItIsTriedAllTheSame() throws IOException {
        assertEquals(3, execute("replay", copy(), "--serial", "null", "--any-revision"), err::toString);
        assertTrue(err.toString().contains("divergence at 0: the log says DIGEST"), err::toString);
    }
}
