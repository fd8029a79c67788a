package dev.reprise.machine.cli;

import dev.reprise.machine.demo.Demo;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what this program is for, on the built-in guest. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Records the built-in guest under live typing, replays it in another process, says whether both"
                + " agree.")
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "N", description = "What is typed and with which pauses. Default: the time.")
    private Long seed;

    @Override
    public Integer call() throws Exception {
        long drawn = seed == null ? System.currentTimeMillis() % 1_000_000 : seed;
        boolean agrees;
        try {
            agrees = new Demo(System.out, System.err, drawn).run();
        } catch (IOException e) {
            return Main.end(System.err, Ending.failure(ExitStatus.FAILED.code(),
                    "the demo needs room in " + System.getProperty("java.io.tmpdir") + ": " + e));
        }
        return Main.end(System.err, agrees
                ? new Ending(ExitStatus.OK.code(), "agrees", 0, "the demo's replay agrees with its recording")
                : new Ending(ExitStatus.DIVERGED.code(), "divergence", 0, "the demo failed"));
    }
}
