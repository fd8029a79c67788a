package dev.reprise.machine.cli;

import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Pack;
import dev.reprise.engine.journal.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes one file of a recording. */
@Command(name = "pack", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Makes one file of a recording, to be sent and kept; unpack makes the recording again.")
final class PackCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The recording.")
    private Path directory;

    @Option(names = "-o", paramLabel = "FILE", required = true, description = "The pack: a new file.")
    private Path file;

    @Option(names = "--with-images", description = "Put the images in too, so that it replays on a machine without them.")
    private boolean withImages;

    @Option(names = "--images", paramLabel = "DIR",
            description = "Where to look, by hash, for images of which the recording holds no copy.")
    private Path images;

    @Override
    public Integer call() throws Exception {
        LogCheck.Report report = Pack.pack(Recording.open(directory), file, withImages, images);
        String message = "packed into " + file + ": " + Files.size(file) + " bytes, " + report.events() + " events, head "
                + report.headHash() + (withImages ? "" : "; without images");
        return Main.end(System.err, report.verdict() == LogCheck.Verdict.WHOLE
                ? new Ending(ExitStatus.OK.code(), "packed", 0, message)
                : new Ending(ExitStatus.INCOMPLETE.code(), "incomplete", 0, message + "; the log is incomplete: "
                        + report.reason()));
    }
}
