package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.machine.fixture.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals end a recording whole. In processes of their own, since a signal is for a process. */
class SignalsTest {

    private static final long LIMIT_SECONDS = 300;

    @TempDir
    private Path directory;

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "dev.reprise.machine.cli.Main"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectInput(Redirect.from(Path.of("/dev/null").toFile())).start();
    }

    private static String lastLine(Process process) throws IOException {
        String last = "";
        try (BufferedReader lines = process.errorReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
            }
        }
        return last;
    }

    private static int exit(Process process) throws InterruptedException {
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it hangs");
        return process.exitValue();
    }

    @Test
    void shouldEndARecordingWholeAndReplayIt() throws Exception {
        Path recording = directory.resolve("recording");
        Path program = Files.write(directory.resolve("spin.elf"), Programs.spin());
        Process recorder = start("record", "-o", recording.toString(), "--kernel", program.toString(), "--memory", "4M",
                "--serial", "null");
        while (!Files.exists(recording.resolve("segments/00000000.seg")) && recorder.isAlive()) {
            Thread.onSpinWait();
        }
        recorder.toHandle().destroy();
        assertEquals("reprise: ended by SIGTERM", lastLine(recorder).replaceFirst(" at step.*", ""));
        assertEquals(143, exit(recorder));

        Process replay = start("replay", recording.toString(), "--serial", "null");
        assertTrue(lastLine(replay).contains("agrees with the recording: ended by SIGTERM"));
        assertEquals(0, exit(replay));
    }
}
