package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.machine.fixture.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line in a process whose files may not grow any more: as a disk that takes nothing. */
class FileLimitTest {

    private static final long HANG_S = 300;

    @TempDir
    private Path directory;

    @Test
    void shouldEndWithFiveAndTheDurablePositionWhenTheLogCannotGrow() throws IOException, InterruptedException {
        Path program = Files.write(directory.resolve("program.elf"), Programs.trapForever());
        Path recording = directory.resolve("recording");
        Path said = directory.resolve("said");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // A digest at nearly every step does not compress and fills the log at once. 400 blocks are 200 or 400 KiB.
        Process process = new ProcessBuilder("sh", "-c", "ulimit -f 400 && exec \"$@\"", "sh", java, "-XX:-UsePerfData",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "record", "-o",
                recording.toString(), "--kernel", program.toString(), "--memory", "4M", "--serial", "null",
                "--digest-every", "1")
                .redirectErrorStream(true).redirectOutput(said.toFile()).start();
        boolean ended = process.waitFor(HANG_S, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        List<String> lines = Files.readAllLines(said);
        assertTrue(ended, lines::toString);
        assertEquals(5, process.exitValue(), lines::toString);
        String last = lines.get(lines.size() - 1);
        assertTrue(last.matches("reprise: journal: .*; durable: [0-9]+ groups, [0-9]+ events.*"), last);
    }
}
