package dev.reprise.machine.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a machine without recording it. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a machine without recording it.")
final class RunCommand implements Callable<Integer> {

    @Mixin
    private MachineOptions machine;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        return Main.end(System.err, run.guard("run", System.err, () -> {
            run.requireHarmless(null, machine.images());
            return LiveMachine.run("run", machine, run, System.err, null);
        }));
    }
}
