package dev.reprise.bench.machine;

import dev.reprise.bench.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether a run of ten times the steps allocates what the shorter one does. */
@Command(name = "allocation-by-steps", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs and records one guest for a number of steps and for ten times as many, and compares what its"
                + " thread has allocated. Status 1 if the longer run allocates more than --slack beyond the shorter one.", "",
            "  scripts/allocation-by-steps",
            "  scripts/allocation-by-steps --steps 400000000 -- --bios fw.elf --kernel Image --initrd initrd.gz", "",
            "Without options for the guest it is an endless program with memory traffic, system calls, timer interrupts"
                + " and some output. A guest of one's own must have touched all its memory and run all its code in the"
                + " shorter run, because RAM and predecoded code are made when they are first used.", ""})
public final class AllocationBySteps implements Callable<Integer> {

    private static final int TIMES = 10;

    @Option(names = "--steps", defaultValue = "100000000", description = "Of the shorter run (default: ${DEFAULT-VALUE}).")
    private long steps;

    @Option(names = "--slack", defaultValue = "65536",
            description = "Bytes that the longer run may allocate more: what the JVM itself charges to the thread, now"
                + " and then (default: ${DEFAULT-VALUE}).")
    private long slackBytes;

    @Option(names = "--reprise", required = true, hidden = true)
    private Path reprise;

    @Parameters(arity = "0..*", paramLabel = "OPTION", description = "Options of ./reprise run, after --.")
    private List<String> guest = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("reprise-allocation");
        try {
            if (guest.isEmpty()) {
                guest = MixedProgram.options(folder);
            }
            Launcher launcher = new Launcher(reprise, folder);
            boolean passes = compare("run", List.of("run"), launcher);
            passes &= compare("record", List.of("record", "-o", folder.resolve("recording").toString(), "--force"), launcher);
            out().println(passes ? "passed" : "FAILED");
            return passes ? 0 : 1;
        } finally {
            Folders.remove(folder);
        }
    }

    private boolean compare(String name, List<String> command, Launcher launcher) throws IOException, InterruptedException {
        long shorter = allocated(command, steps, launcher);
        long longer = allocated(command, steps * TIMES, launcher);
        out().printf(Locale.ROOT, "%-6s allocated %,d bytes in %,d steps and %,d in %,d: %,+d, that is %.6f per step%n",
                name, shorter, steps, longer, steps * TIMES, longer - shorter,
                (double) (longer - shorter) / (steps * (TIMES - 1)));
        return longer - shorter <= slackBytes;
    }

    private long allocated(List<String> command, long until, Launcher launcher) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(guest);
        whole.addAll(List.of("--until", Long.toString(until)));
        SortedMap<String, String> figures = launcher.run(whole);
        if (Long.parseLong(figures.get("steps")) != until) {
            throw new IOException("the guest ended at step " + figures.get("steps") + ", before " + until + ": "
                    + figures.get("message"));
        }
        return Long.parseLong(figures.get("allocatedBytes"));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    public static void main(String[] arguments) {
        System.exit(ScriptMain.of(new AllocationBySteps()).execute(arguments));
    }
}
