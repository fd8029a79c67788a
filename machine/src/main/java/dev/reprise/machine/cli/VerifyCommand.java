package dev.reprise.machine.cli;

import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks every byte of a recording without running the guest. */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Checks every byte of a recording, images included, without running the guest.")
final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The recording.")
    private Path directory;

    @Override
    public Integer call() {
        Recording recording = Recording.open(directory);
        LogCheck.Report report = recording.check();
        List<String> findings = recording.findings();
        // The last line says the worst of them; the others come before it, each once.
        findings.stream().skip(report.verdict() == LogCheck.Verdict.DAMAGED ? 0 : 1)
                .forEach(finding -> System.err.println("reprise: " + finding));
        return Main.end(System.err, ending(report, findings));
    }

    private static Ending ending(LogCheck.Report report, List<String> findings) {
        String size = report.groups() + " groups, " + report.events() + " events, " + report.logBytes() + " bytes";
        if (report.verdict() == LogCheck.Verdict.DAMAGED) {
            return Ending.failure(ExitStatus.DAMAGED.code(), "damaged: " + report.reason());
        }
        if (!findings.isEmpty()) {
            return Ending.failure(ExitStatus.DAMAGED.code(), "damaged: " + findings.get(0));
        }
        if (report.verdict() == LogCheck.Verdict.TORN) {
            return new Ending(ExitStatus.INCOMPLETE.code(), "incomplete", 0,
                    "incomplete: " + report.reason() + "; whole up to step " + report.lastPosition() + " (" + size + ")");
        }
        return new Ending(ExitStatus.OK.code(), "whole", 0, "whole: " + size + ", up to step " + report.lastPosition());
    }
}
