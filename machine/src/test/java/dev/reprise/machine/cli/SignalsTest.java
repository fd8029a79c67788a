package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RepriseException;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.stats.StatsFile;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

    private static long cpuTicks(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Test
    void shouldEndWhatWaitsForAFileToBeOpened() throws Exception {
        Path program = Files.write(directory.resolve("spin.elf"), Programs.spin());
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        Process run = start("run", "--kernel", program.toString(), "--memory", "4M", "--serial", "file:" + fifo);
        // Until it stands still. Wherever that is, a signal ends it.
        long before = -1;
        for (long now = cpuTicks(run); now != before || now == 0; now = cpuTicks(run)) {
            before = now;
            LockSupport.parkNanos(1_000_000_000);
        }
        run.toHandle().destroy();
        assertEquals(143, exit(run));
    }

    @Test
    void shouldEndARecordingAndWriteItsStatisticsThoughNobodyReadsStandardError() throws Exception {
        Path program = Files.write(directory.resolve("chatter.elf"), Programs.chatter(1_000, 1));
        Path stats = directory.resolve("stats.json");
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        // Opened for both, so that neither side waits for the other; full before anybody says anything.
        try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw");
                FileInputStream held = new FileInputStream(both.getFD())) {
            Thread filling = new Thread(() -> {
                try {
                    both.write(new byte[2 << 20]);
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            filling.setDaemon(true);
            filling.start();
            Process record = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "record", "-o",
                    directory.resolve("recording").toString(), "--kernel", program.toString(), "--memory", "4M", "--serial",
                    "file:" + directory.resolve("console"), "--stats", stats.toString())
                    .redirectInput(Path.of("/dev/null").toFile()).redirectError(pipe.toFile()).start();
            assertEquals(0, exit(record));
            assertEquals("1000", StatsFile.fields(stats).get("consoleBytes"));
            byte[] some = new byte[1 << 16];
            while (filling.isAlive()) {
                if (held.available() > 0) {
                    assertTrue(held.read(some) > 0);
                }
                LockSupport.parkNanos(100_000);
            }
        }
    }

    @Test
    void shouldSayThatASignalHasEndedTheWaitForWhoWasToTakeTheOutput() throws Exception {
        Path recording = directory.resolve("recording");
        Path stats = directory.resolve("stats.json");
        Path program = Files.write(directory.resolve("chatter.elf"), Programs.chatter(100_000, 1));
        Process recorder = start("record", "-o", recording.toString(), "--kernel", program.toString(), "--memory", "4M",
                "--serial", "pty", "--grace", "3600", "--stats", stats.toString());
        // The guest has ended, and its recording is whole; nobody has opened the pty.
        while (!isComplete(recording)) {
            assertTrue(recorder.isAlive());
            LockSupport.parkNanos(20_000_000);
        }
        recorder.toHandle().destroy();
        String last = lastLine(recorder);
        assertTrue(last.matches("reprise: the guest powered off at step [0-9]+; SIGTERM has ended the wait for its output to be"
                + " taken"), last);
        assertEquals(0, exit(recorder), "the guest has ended well");
        assertEquals(last, "reprise: " + StatsFile.fields(stats).get("message"));
    }

    private static boolean isComplete(Path recording) {
        try {
            return Recording.open(recording).check().verdict() == LogCheck.Verdict.WHOLE;
        } catch (RepriseException notYet) {
            return false;
        }
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
