package dev.reprise.bench.machine;

import dev.reprise.bench.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What recording costs: pairs of a run and a recording of one guest, until the median of their ratio is known. */
@Command(name = "record-overhead", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs and records one guest in turn and prints the ratio of their times.", "",
            "Pairs follow each other, the one first that was second before, until the 95%% interval of the median ratio"
                + " is narrower than --width for wall time and for the guest thread's CPU time, or --pairs is reached."
                + " One pair before them is not counted. Status 1 if the upper end of an interval is above --limit.", "",
            "  scripts/record-overhead",
            "  scripts/record-overhead -- --bios fw.elf --kernel Image --initrd initrd.gz --clock instructions", "",
            "Without options for the guest it is a program with memory traffic, system calls, timer interrupts and some"
                + " output, for 400 million steps.", ""})
public final class RecordOverhead implements Callable<Integer> {

    /** A sample smaller than this has no 95% interval. */
    private static final int FEWEST_PAIRS = 6;
    private static final String DEFAULT_STEPS = "400000000";

    @Option(names = "--pairs", defaultValue = "30", description = "At most so many pairs (default: ${DEFAULT-VALUE}).")
    private int pairs;

    @Option(names = "--width", defaultValue = "0.02",
            description = "Enough when the interval is narrower (default: ${DEFAULT-VALUE}).")
    private double width;

    @Option(names = "--limit", defaultValue = "1.05",
            description = "The highest ratio that passes (default: ${DEFAULT-VALUE}).")
    private double limit;

    @Option(names = "--reprise", required = true, hidden = true)
    private Path reprise;

    @Parameters(arity = "0..*", paramLabel = "OPTION", description = "Options of ./reprise run, after --.")
    private List<String> guest = List.of();

    @Spec
    private CommandSpec spec;

    /** One figure of a run, and the ratios of its pairs so far. */
    private static final class Metric {

        private final String name;
        private final double[] ratios;
        private final double[] runs;
        private int count;

        Metric(String name, int most) {
            this.name = name;
            ratios = new double[most];
            runs = new double[most];
        }

        void add(SortedMap<String, String> run, SortedMap<String, String> recording) {
            runs[count] = Double.parseDouble(run.get(name));
            ratios[count++] = Double.parseDouble(recording.get(name)) / runs[count - 1];
        }

        MedianInterval interval() {
            return MedianInterval.of(Arrays.copyOf(ratios, count));
        }

        String line() {
            MedianInterval ratio = interval();
            return String.format(Locale.ROOT, "%-16s record/run median %.4f, 95%% interval %.4f to %.4f;"
                    + " run median %.3f s, %d pairs", name, ratio.median(), ratio.low(), ratio.high(),
                    MedianInterval.of(Arrays.copyOf(runs, count)).median(), count);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (pairs < FEWEST_PAIRS) {
            throw new ParameterException(spec.commandLine(),
                    "--pairs " + pairs + ": fewer than " + FEWEST_PAIRS + " have no 95% interval");
        }
        Path folder = Files.createTempDirectory("reprise-overhead");
        try {
            if (guest.isEmpty()) {
                guest = new ArrayList<>(MixedProgram.options(folder));
                guest.addAll(List.of("--until", DEFAULT_STEPS));
            }
            Launcher launcher = new Launcher(reprise, folder);
            List<Metric> metrics = List.of(new Metric("wallSeconds", pairs), new Metric("guestCpuSeconds", pairs));
            pair(launcher, true, List.of());
            for (int i = 0; i < pairs && !known(metrics, i); i++) {
                pair(launcher, i % 2 == 0, metrics);
                out().println(pairLine(i, metrics));
            }
            metrics.forEach(metric -> out().println(metric.line()));
            boolean passes = metrics.stream().allMatch(metric -> metric.interval().high() <= limit);
            out().printf(Locale.ROOT, "%s: the limit is %.4f%n", passes ? "passed" : "FAILED", limit);
            return passes ? 0 : 1;
        } finally {
            Folders.remove(folder);
        }
    }

    private boolean known(List<Metric> metrics, int count) {
        return count >= FEWEST_PAIRS && metrics.stream().allMatch(metric -> metric.interval().width() < width);
    }

    private void pair(Launcher launcher, boolean runFirst, List<Metric> metrics) throws IOException, InterruptedException {
        SortedMap<String, String> run = runFirst ? launcher.run(command("run")) : null;
        SortedMap<String, String> recording = launcher.run(command("record", "-o",
                launcher.folder().resolve("recording").toString(), "--force"));
        SortedMap<String, String> counterpart = runFirst ? run : launcher.run(command("run"));
        metrics.forEach(metric -> metric.add(counterpart, recording));
    }

    private List<String> command(String... begin) {
        List<String> command = new ArrayList<>(List.of(begin));
        command.addAll(guest);
        return command;
    }

    private static String pairLine(int i, List<Metric> metrics) {
        StringBuilder line = new StringBuilder().append(String.format(Locale.ROOT, "pair %2d", i + 1));
        metrics.forEach(m -> line.append(String.format(Locale.ROOT, "  %s %.4f", m.name, m.ratios[i])));
        return line.toString();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    public static void main(String[] arguments) {
        System.exit(ScriptMain.of(new RecordOverhead()).execute(arguments));
    }
}
