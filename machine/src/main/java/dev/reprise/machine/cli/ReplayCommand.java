package dev.reprise.machine.cli;

import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.journal.DamagedLogException;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.replay.ReplaySession;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import dev.reprise.machine.run.Signature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replays a recording; needs nothing but its directory. */
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Replays a recording and checks every event, every output byte and every digest on the way.")
final class ReplayCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The recording.")
    private Path directory;

    @Option(names = "--images", paramLabel = "DIR",
            description = "Where to look, by hash, for images of which the recording holds no copy.")
    private Path images;

    @Option(names = "--any-revision",
            description = "Try a recording that was made with other revisions of the model; refused otherwise.")
    private boolean anyRevision;

    @Option(names = "--prefix",
            description = "Replay a damaged recording as far as its log is whole; refused otherwise.")
    private boolean prefix;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        return Main.end(System.err, run.guard("replay", System.err, this::replay));
    }

    private Ending replay() throws Exception {
        run.requireHarmless(directory, null);
        run.check();
        Signals.install();
        Recording recording = Recording.open(directory);
        MachineConfig config;
        try {
            config = MachineFactory.configOf(recording.manifest());
        } catch (ConfigException impossible) {
            // Of a manifest that was changed that is all there is to say.
            LogCheck.Report report = recording.check();
            throw report.verdict() == LogCheck.Verdict.DAMAGED ? new DamagedLogException(report.reason()) : impossible;
        }
        if (images != null && !Files.isDirectory(images)) {
            throw new ConfigException("--images " + images + ": not a directory");
        }
        LiveMachine.requireMemory(config.ramBytes(), run);
        ImagePaths paths = MachineFactory.imagesOf(recording, images);
        BootPlan plan = MachineFactory.plan(config, paths.read(config.ramBytes()));
        Signature signature = run.signature(plan, config.ramBytes());
        SessionConfig description = anyRevision
                ? MachineFactory.describeAsRecorded(config, recording.manifest())
                : MachineFactory.describe(config, new ImagePaths(null, null, null));
        run.apply(description);
        description.acceptPrefix(prefix);
        // First the log's check: a console's file is not made anew for a recording that cannot be replayed.
        ReplaySession session = new ReplaySession(description, recording);
        Consoles consoles;
        try {
            consoles = Consoles.openForReplay(run);
        } catch (ConfigException e) {
            session.close();
            throw e;
        }
        consoles.announce(System.err);
        return new GuestRun("replay", run, System.err, recording::logBytes)
                .run(config, plan, session, consoles, signature);
    }
}
