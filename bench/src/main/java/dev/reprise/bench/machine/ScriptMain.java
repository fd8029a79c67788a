package dev.reprise.bench.machine;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** How the scripts' programs end: 0 passed, 1 not, 2 could not be measured, with one message and no stack trace. */
public final class ScriptMain {

    public static final int NOT_MEASURED = 2;

    private ScriptMain() {}

    public static CommandLine of(Callable<Integer> program) {
        return new CommandLine(program).setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(command.getCommandName() + ": "
                    + (failure.getMessage() == null ? failure.toString() : failure.getMessage()));
            return NOT_MEASURED;
        });
    }
}
