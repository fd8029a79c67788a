package dev.reprise.bench.qemu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedProcessTest {

    @TempDir
    private Path folder;

    private TimedProcess.Run run(long timeoutSeconds, String script) throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        TimedProcess.Run run;
        try (TimedProcess processes = new TimedProcess(work, timeoutSeconds)) {
            run = processes.run(List.of("sh", "-c", script));
        }
        assertFalse(Files.exists(work), "what a process wrote goes with it");
        return run;
    }

    @Test
    void shouldKeepTheConsoleAndGiveNoInput() throws Exception {
        TimedProcess.Run run = run(60, "echo told; cat; echo aside >&2");
        assertNull(run.failure());
        assertArrayEquals("told\n".getBytes(), run.console());
        assertTrue(run.seconds() > 0);
    }

    @Test
    void shouldSayTheStatusAndTheLastMessageOfAFailure() throws Exception {
        assertEquals("ended with status 3: no kernel", run(60, "echo no kernel >&2; exit 3").failure());
    }

    @Test
    void shouldEndAProcessThatTakesTooLongAndWhatItStarted() throws Exception {
        Path child = folder.resolve("child");
        assertEquals("did not end within 1 s", run(1, "sleep 1000 & echo $! > " + child + "; wait").failure());
        long pid = Long.parseLong(Files.readString(child).strip());
        // A process that nobody has waited for yet may still be listed, but it is gone once its end is known.
        ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void shouldCountTheCpuTimeOfItsChildren() throws Exception {
        assertTrue(run(60, "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done").cpuSeconds() > 0);
    }

    @Test
    void shouldReadCpuTimeBehindANameWithSpacesAndParentheses() {
        // Fields 14 to 17 of proc(5): 11 and 12 of its own, 250 and 125 of its children.
        String stat = "4711 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 250 125 20 0 1 0";
        assertEquals(3.75, TimedProcess.childrenCpuSeconds(stat));
    }
}
