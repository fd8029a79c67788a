package dev.reprise.machine.cli;

import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.machine.config.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks every byte of a recording without running the guest. */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Checks every byte of a recording, images included, without running the guest.")
final class VerifyCommand implements Callable<Integer> {

    private static final String HEAD = "[0-9a-fA-F]{64}";

    @Parameters(paramLabel = "DIR", description = "The recording.")
    private Path directory;

    @Option(names = "--head", paramLabel = "HASH",
            description = "The head hash that this recording must have, as its recorder or somebody else told you: with"
                    + " it, and only with it, an edit shows whose checksums were all computed anew.")
    private String head;

    @Override
    public Integer call() throws ConfigException {
        if (head != null && !head.matches(HEAD)) {
            throw new ConfigException("--head " + head + ": must be 64 hexadecimal digits");
        }
        Recording recording = Recording.open(directory);
        LogCheck.Report report = recording.check();
        List<String> findings = new ArrayList<>(recording.findings());
        if (head != null && !report.headHash().equals(head.toLowerCase(Locale.ROOT))) {
            findings.add(0, "the head hash is " + report.headHash() + ", not " + head.toLowerCase(Locale.ROOT)
                    + ": another run, an edited one, or not the whole of it");
        }
        // The last line says the worst of them; the others come before it, each once.
        boolean logFirst = report.verdict() == LogCheck.Verdict.DAMAGED || report.verdict() == LogCheck.Verdict.UNSUPPORTED;
        findings.stream().skip(logFirst ? 0 : 1).forEach(finding -> System.err.println("reprise: " + Main.oneLine(finding)));
        if (recording.imagesLeftOut()) {
            System.err.println("reprise: the images are not in this recording; a replay finds them with --images");
        }
        return Main.end(System.err, ending(report, findings));
    }

    private static Ending ending(LogCheck.Report report, List<String> findings) {
        String size = report.groups() + " groups, " + report.events() + " events, " + report.logBytes() + " bytes";
        String upTo = "whole up to group " + report.groups() + ", step " + report.lastPosition() + " (" + size + ")";
        return switch (report.verdict()) {
            case UNSUPPORTED -> Ending.failure(ExitStatus.USAGE.code(), report.reason());
            case DAMAGED -> Ending.failure(ExitStatus.DAMAGED.code(), "damaged: " + report.reason() + "; " + upTo);
            case TORN, WHOLE -> {
                if (!findings.isEmpty()) {
                    yield Ending.failure(ExitStatus.DAMAGED.code(), "damaged: " + findings.get(0));
                }
                yield report.verdict() == LogCheck.Verdict.TORN
                        ? new Ending(ExitStatus.INCOMPLETE.code(), "incomplete", 0,
                                "incomplete: " + report.reason() + "; " + upTo)
                        : new Ending(ExitStatus.OK.code(), "whole", 0, "whole: " + size + ", up to step "
                                + report.lastPosition() + "; head " + report.headHash());
            }
        };
    }
}
