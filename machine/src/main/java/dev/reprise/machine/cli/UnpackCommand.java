package dev.reprise.machine.cli;

import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Pack;
import dev.reprise.engine.journal.Recording;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a recording of a pack. */
@Command(name = "unpack", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Makes a recording of a packed one, and verifies it.")
final class UnpackCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The pack.")
    private Path file;

    @Option(names = "-o", paramLabel = "DIR", required = true, description = "The recording: a new directory.")
    private Path directory;

    @Override
    public Integer call() {
        Recording recording = Pack.unpack(file, directory);
        LogCheck.Report report = recording.check();
        List<String> findings = recording.findings();
        String message = "unpacked into " + directory + ": " + report.events() + " events, head " + report.headHash()
                + (recording.imagesLeftOut() ? "; without images (replay finds them with --images)" : "");
        if (!findings.isEmpty()) {
            return Main.end(System.err, Ending.failure(ExitStatus.DAMAGED.code(), "damaged: " + findings.get(0)));
        }
        return Main.end(System.err, switch (report.verdict()) {
            case WHOLE -> new Ending(ExitStatus.OK.code(), "unpacked", 0, message);
            case TORN -> new Ending(ExitStatus.INCOMPLETE.code(), "incomplete", 0, message
                    + "; the log is incomplete: " + report.reason());
            case DAMAGED -> Ending.failure(ExitStatus.DAMAGED.code(), "damaged: " + report.reason());
            case UNSUPPORTED -> Ending.failure(ExitStatus.USAGE.code(), report.reason());
        });
    }
}
