package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Log files that take everything, nothing, or as much as their reader does. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrafficLogTest {

    private static final int MUCH = 4 * TrafficFile.CAPACITY;

    @TempDir
    private Path directory;
    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("passed");
    }

    /** Its other end open, so that nobody waits for that, and what is in it stays when its writer has gone. */
    private RandomAccessFile pipe() throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        return new RandomAccessFile(path.toFile(), "rw");
    }

    private BackendCounters.Log countersOf(TrafficLog log) {
        return TrafficLog.countersOf(log);
    }

    @Test
    void shouldCountEveryByteThatIsMissingInEitherFile() throws IOException {
        Files.createSymbolicLink(directory.resolve("passed.in"), Path.of("/dev/full"));
        TrafficLog log = TrafficLog.open(path.toString());
        byte[] bytes = RecordedMachine.noise(1_000, 1);
        log.out(bytes, 0, 1_000);
        log.in(bytes, 0, 1_000);
        log.in(bytes, 100, 7);
        log.close();
        assertEquals(new BackendCounters.Log(1_007, "No space left on device"), countersOf(log));
        assertArrayEquals(bytes, Files.readAllBytes(path), "the other one is whole");
    }

    @Test
    void shouldHoldNobodyUpForALogWhoseReaderStallsAndKnowToTheByteWhatItHasGot() throws Exception {
        try (RandomAccessFile both = pipe(); FileInputStream reader = new FileInputStream(both.getFD())) {
            TrafficLog log = TrafficLog.openOutput(path.toString());
            byte[] bytes = RecordedMachine.noise(MUCH, 2);
            for (int i = 0; i < 16; i++) {
                log.out(bytes, i * (MUCH / 16), MUCH / 16);
            }
            assertEquals("its reader takes nothing", countersOf(log).failure());
            log.close();
            int got = reader.available();
            assertTrue(got > 0 && got < MUCH, "got " + got);
            byte[] read = new byte[got];
            assertEquals(got, reader.readNBytes(read, 0, got));
            assertArrayEquals(Arrays.copyOf(bytes, got), read, "a whole beginning");
            assertEquals(MUCH - got, countersOf(log).lostBytes());
            assertEquals(0, reader.available());
        }
    }

    @Test
    void shouldWaitAtTheEndForALogWhoseReaderReads() throws Exception {
        try (RandomAccessFile both = pipe(); FileInputStream reader = new FileInputStream(both.getFD())) {
            // A slow machine is no reader who stalls.
            TrafficFile log = new TrafficFile(path.toString(), 100_000_000_000L, 10_000_000_000L);
            byte[] bytes = RecordedMachine.noise(MUCH, 3);
            byte[] got = new byte[MUCH];
            Thread reading = new Thread(() -> {
                try {
                    assertEquals(MUCH, reader.readNBytes(got, 0, MUCH));
                } catch (IOException gone) {
                    throw new IllegalStateException(gone);
                }
            });
            reading.start();
            log.write(bytes, 0, MUCH);
            log.close();
            assertEquals(0, log.lostBytes());
            assertNull(log.failure());
            reading.join();
            assertArrayEquals(bytes, got);
        }
    }

    @Test
    void shouldCountWhatPassesBehindTheEnd() throws IOException {
        TrafficLog log = TrafficLog.openOutput(path.toString());
        log.out(new byte[10], 0, 10);
        log.close();
        log.out(new byte[3], 0, 3);
        log.in(new byte[3], 0, 3);
        log.close();
        assertNull(countersOf(log).failure());
        assertEquals(3, countersOf(log).lostBytes());
        assertEquals(10, Files.size(path));
    }
}
