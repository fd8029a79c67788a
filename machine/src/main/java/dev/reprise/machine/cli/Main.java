package dev.reprise.machine.cli;

import dev.reprise.engine.RepriseException;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.load.LoadException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command line. Standard output belongs to the guest's console and to what a command was asked to print; messages
 * go to standard error, and the last line there says how it ended.
 */
@Command(name = "reprise", version = "reprise 0.1.0", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Records a RISC-V machine and replays it, byte for byte.",
        footer = {"", "Start with:  reprise demo",
                "",
                "Exit status: 0 pass, ended by the operator, or the replay agrees; 1 the guest failed, or an internal"
                        + " error; 2 usage, or a bad input file; 3 divergence; 4 damaged recording, or a changed image;"
                        + " 5 I/O failure while recording; 6 incomplete recording; 129, 130, 143 signals. Console output that"
                        + " its file or peers have not taken is told on standard error and changes no status."})
public final class Main implements Callable<Integer> {

    private static final long MESSAGE_PATIENCE_MS = 1_000;
    private static final List<Class<?>> COMMANDS = List.of(DemoCommand.class, RunCommand.class, RecordCommand.class,
            ReplayCommand.class, VerifyCommand.class, RecoverCommand.class, PackCommand.class, UnpackCommand.class,
            InfoCommand.class, EventsCommand.class);

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        // Whoever does not read the messages holds up nothing, least of all the end.
        PrintStream messages = new PrintStream(new MessageStream(new FileOutputStream(FileDescriptor.err), MESSAGE_PATIENCE_MS),
                true, System.err.charset());
        System.setErr(messages);
        int status = execute(messages, args);
        System.out.flush();
        messages.flush();
        System.exit(status);
    }

    /**
     * Runs one command line.
     *
     * @param messages standard error
     * @return the exit status
     */
    static int execute(PrintStream messages, String... args) {
        CommandLine line = new CommandLine(new Main());
        commandsFor(args).forEach(line::addSubcommand);
        line.setErr(new PrintWriter(messages, true));
        line.setParameterExceptionHandler((e, arguments) -> usage(messages, e));
        line.setExecutionExceptionHandler((e, command, parsed) -> end(messages, ending(e, messages)));
        return line.execute(args);
    }

    /** The command that is named first, or all: picocli takes as long to read a command's options as a JVM to start. */
    private static List<Class<?>> commandsFor(String... args) {
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> args.length > 0 && command.getAnnotation(Command.class).name().equals(args[0])).toList();
        return named.isEmpty() ? COMMANDS : named;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Prints the last line. */
    static int end(PrintStream messages, Ending ending) {
        messages.println("reprise: " + oneLine(ending.message()));
        messages.flush();
        return ending.exitStatus();
    }

    /** Prints the last line of a command that prints to standard output: what could not be written is no success. */
    static int endPrinted(PrintStream messages, Ending ending) {
        boolean lost = System.out.checkError() && ending.exitStatus() == ExitStatus.OK.code();
        return end(messages, lost ? Ending.failure(ExitStatus.FAILED.code(),
                "standard output has not taken everything; " + ending.message()) : ending);
    }

    private static int usage(PrintStream messages, ParameterException e) {
        String help = e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        return end(messages, Ending.failure(ExitStatus.USAGE.code(), e.getMessage() + " (see " + help + ")"));
    }

    /** What an exception means to the person at the command line. */
    static Ending ending(Throwable e, PrintStream messages) {
        if (e instanceof LoadException || e instanceof ConfigException) {
            return Ending.failure(ExitStatus.USAGE.code(), e.getMessage());
        }
        if (e instanceof RepriseException expected) {
            return Ending.failure(expected.exitStatus(), e.getMessage());
        }
        if (e instanceof OutOfMemoryError) {
            return Ending.failure(ExitStatus.FAILED.code(), "this JVM has not enough memory: " + e.getMessage() + " (see -Xmx)");
        }
        e.printStackTrace(messages);
        return Ending.failure(ExitStatus.FAILED.code(), "internal error: " + e);
    }

    /** What is printed may quote a hostile file: it stays one line and moves no cursor. */
    static String oneLine(String text) {
        return text.replaceAll("\\p{Cc}+", " ").strip();
    }
}
