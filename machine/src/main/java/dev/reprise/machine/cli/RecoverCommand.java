package dev.reprise.machine.cli;

import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.journal.Recovery;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cuts a torn tail off a recording and says what was lost. */
@Command(name = "recover", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Cuts the torn tail that a crash has left, and says what was lost. Reads only what was not known to"
                + " be on the disk; verify reads everything.")
final class RecoverCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The recording.")
    private Path directory;

    @Option(names = "--accept-loss",
            description = "Of a damaged recording keep the whole groups before the first bad place, and lose what was"
                    + " known to be on the disk behind it. What is lost is lost for good: make a copy before.")
    private boolean acceptLoss;

    @Override
    public Integer call() {
        Recovery.Result result = Recording.open(directory).recover(acceptLoss);
        LogCheck.Report before = result.before();
        String kept = before.groups() + " groups, " + before.events() + " events, up to step " + before.lastPosition();
        if (!result.changed()) {
            return Main.end(System.err, new Ending(ExitStatus.OK.code(), "whole", 0, "nothing to recover: " + kept));
        }
        System.err.println("reprise: " + before.reason());
        String lost = result.cutBytes() == 0 ? "nothing was cut"
                : "lost " + result.cutBytes() + " bytes, " + (result.lostEvents() == 0
                ? "in which no event can be made out" : "at least " + result.lostEvents() + " events, to step "
                + result.lostPosition() + " at least: " + Math.max(0, result.lostPosition() - before.lastPosition())
                + " steps");
        String unread = result.unreadGroups() == 0 ? ""
                : "; not read again (verify does): the first " + result.unreadGroups() + " groups, which were on the disk";
        return Main.end(System.err, new Ending(ExitStatus.OK.code(), "recovered", 0,
                "recovered: " + kept + "; " + lost + "; epoch " + result.epoch() + unread));
    }
}
