package dev.reprise.machine.cli;

import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.journal.Recording;
import dev.reprise.machine.config.ConfigException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a machine and records it into a new directory. */
@Command(name = "record", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a machine and records everything that it could not have computed itself.")
final class RecordCommand implements Callable<Integer> {

    @Option(names = "-o", paramLabel = "DIR", required = true, description = "The recording: a new directory.")
    private Path directory;

    @Option(names = "--force", description = "Replace a recording that stands there.")
    private boolean force;

    @Option(names = "--images", paramLabel = "copy|reference", defaultValue = "copy",
            description = "Whether the recording holds copies of the images or only their hashes"
                    + " (default: ${DEFAULT-VALUE}).")
    private String images;

    @Option(names = "--digest-every", paramLabel = "STEPS", defaultValue = "" + SessionConfig.DEFAULT_DIGEST_INTERVAL,
            description = "Record a digest of the whole state at multiples of this; 0 for none"
                    + " (default: ${DEFAULT-VALUE}).")
    private long digestInterval;

    @Mixin
    private MachineOptions machine;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        return Main.end(System.err, run.guard("record", System.err, this::record));
    }

    private Ending record() throws Exception {
        if (directory.toString().isEmpty()) {
            throw new ConfigException("-o: the name of the directory is empty");
        }
        run.requireHarmless(directory, machine.images());
        if (digestInterval < 0) {
            throw new ConfigException("--digest-every " + digestInterval + ": must not be negative");
        }
        if (!"copy".equals(images) && !"reference".equals(images)) {
            throw new ConfigException("--images " + images + ": must be copy or reference");
        }
        return LiveMachine.run("record", machine, run, System.err, new LiveMachine.Recorder() {
            @Override
            public void check(SessionConfig description) {
                Recording.isTaken(directory, description, force);
            }

            @Override
            public Recording create(SessionConfig description) {
                return Recording.create(directory,
                        description.copyImages("copy".equals(images)).digestEvery(digestInterval), force);
            }
        });
    }
}
