package dev.reprise.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that compare whole processes, with a stand-in for the launcher whose figures are known. */
class ScriptedRunsTest {

    @TempDir
    private Path folder;

    private Path reprise;

    @BeforeEach
    void makeTheStandIn() {
        reprise = folder.resolve("reprise");
    }

    /** Writes figures of its own making; its arguments are in $1 (the command) and $steps. */
    private void standIn(String figures) throws IOException {
        Files.writeString(reprise, """
                #!/bin/sh
                command=$1
                while [ $# -gt 1 ]; do
                    case "$1" in
                        --stats) stats=$2 ;;
                        --until) steps=$2 ;;
                    esac
                    shift
                done
                echo "$command" >> "%s/calls"
                """.formatted(folder) + figures + "\n");
        Files.setPosixFilePermissions(reprise, PosixFilePermissions.fromString("rwx------"));
    }

    private int overhead(String... options) {
        return execute(new RecordOverhead(), options);
    }

    private int execute(Callable<Integer> command, String... options) {
        String[] all = new String[options.length + 2];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = "--reprise";
        all[options.length + 1] = reprise.toString();
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return ScriptMain.of(command).setOut(nowhere).setErr(nowhere).execute(all);
    }

    private String calls() throws IOException {
        return String.join(" ", Files.readAllLines(folder.resolve("calls")));
    }

    private static String timesOfARecording(String seconds) {
        return "if [ $command = record ]; then s=" + seconds + "; else s=2.0; fi\n"
                + "echo \"{\\\"wallSeconds\\\": $s, \\\"guestCpuSeconds\\\": $s, \\\"processCpuSeconds\\\": $s}\" > \"$stats\"";
    }

    @Test
    void shouldPassWhenTheUpperEndIsUnderTheLimitAndStopWhenTheIntervalIsNarrow() throws IOException {
        standIn(timesOfARecording("2.06"));
        assertEquals(0, overhead("--in-turn", "--limit", "1.05"));
        // One pair that is not counted, and six; the order within a pair alternates.
        assertEquals("run record run record record run run record record run run record record run", calls());
    }

    @Test
    void shouldRunBothOfAPairOnOneProcessor() throws IOException {
        standIn(timesOfARecording("2.06") + "; taskset -cp $$ | grep -o '[0-9]*$' >> " + folder.resolve("processors"));
        assertEquals(0, overhead("--limit", "1.05"));
        assertEquals(7, Arrays.stream(calls().split(" ")).filter("record"::equals).count());
        List<String> processors = Files.readAllLines(folder.resolve("processors"));
        assertEquals(14, processors.size());
        assertEquals(1, Set.copyOf(processors).size(), processors::toString);
    }

    @Test
    void shouldFailWhenTheUpperEndIsAboveTheLimit() throws IOException {
        standIn(timesOfARecording("2.12"));
        assertEquals(1, overhead("--limit", "1.05"));
        assertEquals(1, overhead("--in-turn", "--limit", "1.05"));
    }

    @Test
    void shouldRefuseAGuestThatFails() throws IOException {
        standIn("echo no kernel >&2; exit 2");
        assertEquals(ScriptMain.NOT_MEASURED, overhead());
    }

    @Test
    void shouldRefuseFewerPairsThanHaveAnInterval() throws IOException {
        standIn(timesOfARecording("2.0"));
        assertEquals(2, overhead("--pairs", "5"));
    }

    @Test
    void shouldPassWhenTheLongerRunAllocatesTheSame() throws IOException {
        standIn("echo \"{\\\"steps\\\": $steps, \\\"allocatedBytes\\\": 1000000, \\\"message\\\": \\\"\\\"}\" > \"$stats\"");
        assertEquals(0, execute(new AllocationBySteps(), "--steps", "1000"));
    }

    @Test
    void shouldFailWhenWhatIsAllocatedGrowsWithTheSteps() throws IOException {
        standIn("echo \"{\\\"steps\\\": $steps, \\\"allocatedBytes\\\": $steps, \\\"message\\\": \\\"\\\"}\" > \"$stats\"");
        assertEquals(1, execute(new AllocationBySteps(), "--steps", "1000000"));
    }

    @Test
    void shouldFailWhenTheGuestEndsBeforeTheSteps() throws IOException {
        standIn("echo \"{\\\"steps\\\": 5, \\\"allocatedBytes\\\": 1000000, \\\"message\\\": \\\"off\\\"}\" > \"$stats\"");
        assertEquals(ScriptMain.NOT_MEASURED, execute(new AllocationBySteps(), "--steps", "1000"));
    }
}
