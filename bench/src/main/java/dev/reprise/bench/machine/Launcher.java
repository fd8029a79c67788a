package dev.reprise.bench.machine;

import dev.reprise.machine.stats.StatsFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts {@code ./reprise} as a process of its own and reads the figures that it leaves. */
final class Launcher {

    private final Path reprise;
    private final Path folder;
    private final AtomicInteger runs = new AtomicInteger();

    /** @param folder for what a run leaves; the caller's to remove */
    Launcher(Path reprise, Path folder) {
        this.reprise = reprise;
        this.folder = folder;
    }

    /**
     * Runs to the end, without input; the guest's console is thrown away.
     *
     * @return the figures of {@code --stats}, by name
     * @throws IOException if it does not end with status 0; the message holds what it said
     */
    SortedMap<String, String> run(List<String> arguments) throws IOException, InterruptedException {
        return run(List.of(), arguments);
    }

    /**
     * The same as an argument of another command, which starts it. Several at once may be run.
     *
     * @param starter that command, or nothing
     */
    SortedMap<String, String> run(List<String> starter, List<String> arguments) throws IOException, InterruptedException {
        int number = runs.incrementAndGet();
        Path stats = folder.resolve("stats" + number + ".json");
        Path messages = folder.resolve("messages" + number);
        List<String> command = new ArrayList<>(starter);
        command.add(reprise.toString());
        command.addAll(arguments);
        command.addAll(List.of("--stats", stats.toString()));
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(messages.toFile())
                .start();
        int status;
        try {
            status = process.waitFor();
        } finally {
            process.destroy();
        }
        if (status != 0) {
            throw new IOException(String.join(" ", command) + "\nended with status " + status + ":\n"
                    + Files.readString(messages));
        }
        SortedMap<String, String> figures = StatsFile.fields(stats);
        Files.delete(stats);
        Files.delete(messages);
        return figures;
    }

    Path folder() {
        return folder;
    }
}
