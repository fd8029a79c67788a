package dev.reprise.machine.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A replay in another process, which is given a recording's directory and nothing else. */
final class ReplayProcess {

    private static final long LIMIT_SECONDS = 120;

    private ReplayProcess() {}

    /**
     * Runs it to its end.
     *
     * @param recording the directory
     * @param work where it runs, and where console, messages and statistics are put
     * @return its exit status
     */
    static int run(Path recording, Path work) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(java.toString(), "-XX:+UseSerialGC", "-cp",
                absoluteClassPath(), "dev.reprise.machine.cli.Main", "replay", recording.toString(),
                "--stats", stats(work).toString()));
        builder.directory(work.toFile());
        builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(console(work).toFile());
        builder.redirectError(messages(work).toFile());
        Process process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the replay did not end within " + LIMIT_SECONDS + " s");
        }
        return process.exitValue();
    }

    static Path console(Path work) {
        return work.resolve("console");
    }

    static Path stats(Path work) {
        return work.resolve("stats.json");
    }

    static Path messages(Path work) {
        return work.resolve("messages");
    }

    /** The last line that the process said. */
    static String lastMessage(Path work) throws IOException {
        List<String> lines = Files.readAllLines(messages(work));
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    /** The process runs in a directory of its own, so relative parts of the class path would lead nowhere. */
    private static String absoluteClassPath() {
        StringBuilder path = new StringBuilder();
        for (String part : System.getProperty("java.class.path").split(System.getProperty("path.separator"))) {
            if (!part.isEmpty()) {
                path.append(path.isEmpty() ? "" : System.getProperty("path.separator"))
                        .append(Path.of(part).toAbsolutePath());
            }
        }
        return path.toString();
    }
}
