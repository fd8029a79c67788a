package dev.reprise.bench.qemu;

import dev.reprise.bench.Folders;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs one process at a time from its start to its end, without input, and takes its times. What it started ends with
 * this one, and what was written goes. Used by one thread.
 */
final class TimedProcess implements AutoCloseable {

    /** The unit of /proc/self/stat, the same on every Linux. */
    private static final double TICKS_PER_SECOND = 100;
    private static final int MESSAGE_CHARACTERS = 2000;

    private final Path folder;
    private final long timeoutSeconds;
    private final Thread hook = new Thread(this::endAndRemove, "bench-peers-end");
    private volatile Process running;

    /**
     * What came of a run.
     *
     * @param seconds from before the start to after the end
     * @param cpuSeconds of all its threads, by the kernel's account, in hundredths
     * @param failure what was wrong, null if nothing was
     * @param console what it wrote to standard output
     * @param messages what it wrote to standard error
     */
    record Run(double seconds, double cpuSeconds, String failure, byte[] console, String messages) {}

    /** @param folder for what processes write; removed in the end, also when a signal is the end */
    TimedProcess(Path folder, long timeoutSeconds) {
        this.folder = folder;
        this.timeoutSeconds = timeoutSeconds;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Run run(List<String> command) throws IOException, InterruptedException {
        File console = folder.resolve("console").toFile();
        File messages = folder.resolve("messages").toFile();
        double cpuBefore = childrenCpuSeconds();
        long from = System.nanoTime();
        running = new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectOutput(console)
                .redirectError(messages).start();
        boolean ended;
        double seconds;
        try {
            ended = running.waitFor(timeoutSeconds, TimeUnit.SECONDS);
            seconds = (System.nanoTime() - from) / 1e9;
        } finally {
            end();
        }
        int status = running.waitFor();
        running = null;
        String said = Files.readString(messages.toPath(), StandardCharsets.ISO_8859_1).strip();
        String failure = null;
        if (!ended) {
            failure = "did not end within " + timeoutSeconds + " s";
        } else if (status != 0) {
            failure = "ended with status " + status + ": "
                    + said.substring(Math.max(0, said.length() - MESSAGE_CHARACTERS));
        }
        return new Run(seconds, childrenCpuSeconds() - cpuBefore, failure, Files.readAllBytes(console.toPath()), said);
    }

    private void end() {
        Process process = running;
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private void endAndRemove() {
        end();
        try {
            Folders.remove(folder);
        } catch (IOException | UncheckedIOException e) {
            // What ended a moment ago may still have written; a temporary folder is then left, and no figure is wrong.
            System.err.println("left behind: " + folder + " (" + e + ")");
        }
    }

    /** CPU time of the processes that this one has started and that have ended. */
    private static double childrenCpuSeconds() throws IOException {
        return childrenCpuSeconds(Files.readString(Path.of("/proc/self/stat")));
    }

    /** Fields 16 and 17 of proc(5)'s stat; the name in field 2 may hold spaces and parentheses. */
    static double childrenCpuSeconds(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(afterName[13]) + Long.parseLong(afterName[14])) / TICKS_PER_SECOND;
    }

    @Override
    public void close() {
        endAndRemove();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
