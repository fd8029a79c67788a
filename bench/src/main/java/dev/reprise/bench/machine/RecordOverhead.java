package dev.reprise.bench.machine;

import dev.reprise.bench.Folders;
import java.io.File;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What recording costs: pairs of a run and a recording of one guest, until the median of their ratio is known.
 *
 * <p>Both of a pair run at the same time and share one processor, which the host gives to each for some milliseconds in
 * turn. What else happens on the host, such as a neighbour on the same core, slows a process by up to 40% for seconds
 * together; so it meets both, and single pairs differ by 1 to 3% where those that follow each other differ by 15%.
 */
@Command(name = "record-overhead", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs and records one guest and prints the ratio of what they take.", "",
            "Pairs follow each other until the 95%% interval of the median ratio is narrower than --width"
                + ", or --pairs is reached. Both of a pair run at the same time on one processor (by taskset);"
                + " what is judged is the CPU time of the guest thread. That of the whole process stands beside it: the"
                + " journaler and the JVM's compilers have some tenths of a second of it, mostly once for a process. One"
                + " pair before them is not counted. Status 1 if the upper end of an interval is above --limit.", "",
            "With --in-turn one follows the other, the one first that was second before, and the figures are wall time"
                + " and CPU time of the guest thread, both judged: that wants a quiet host.", "",
            "  scripts/record-overhead",
            "  scripts/record-overhead -- --bios fw.elf --kernel Image --initrd initrd.gz --clock instructions", "",
            "Without options for the guest it is a program with memory traffic, system calls, timer interrupts and some"
                + " output, for 1.6 billion steps.", ""})
public final class RecordOverhead implements Callable<Integer> {

    /** A sample smaller than this has no 95% interval. */
    private static final int FEWEST_PAIRS = 6;
    private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final String DEFAULT_STEPS = "1600000000";

    @Option(names = "--pairs", defaultValue = "30", description = "At most so many pairs (default: ${DEFAULT-VALUE}).")
    private int pairs;

    @Option(names = "--width", defaultValue = "0.02",
            description = "Enough when the interval is narrower (default: ${DEFAULT-VALUE}).")
    private double width;

    @Option(names = "--limit", defaultValue = "1.03",
            description = "The highest ratio that passes (default: ${DEFAULT-VALUE}).")
    private double limit;

    @Option(names = "--in-turn", description = "One after the other, each with the machine for itself.")
    private boolean inTurn;

    @Option(names = "--steps", defaultValue = DEFAULT_STEPS,
            description = "How long the program of ours is executed (default: ${DEFAULT-VALUE}).")
    private long steps;

    @Option(names = "--reprise", required = true, hidden = true)
    private Path reprise;

    @Parameters(arity = "0..*", paramLabel = "OPTION", description = "Options of ./reprise run, after --.")
    private List<String> guest = List.of();

    @Spec
    private CommandSpec spec;

    /** One figure of a run, and the ratios of its pairs so far. */
    private static final class Metric {

        private final String name;
        private final boolean isJudged;
        private final double[] ratios;
        private final double[] runs;
        private int count;

        Metric(String name, boolean isJudged, int most) {
            this.name = name;
            this.isJudged = isJudged;
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
            return String.format(Locale.ROOT, "%-17s record/run median %.4f, 95%% interval %.4f to %.4f;"
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
        if (steps < 1) {
            throw new ParameterException(spec.commandLine(), "--steps " + steps + ": at least 1");
        }
        List<String> starter = inTurn ? List.of() : onOneProcessor();
        Path folder = Files.createTempDirectory("reprise-overhead");
        try {
            if (guest.isEmpty()) {
                guest = new ArrayList<>(MixedProgram.options(folder));
                guest.addAll(List.of("--until", Long.toString(steps)));
            }
            Launcher launcher = new Launcher(reprise, folder);
            List<Metric> metrics = List.of(new Metric("guestCpuSeconds", true, pairs),
                    new Metric(inTurn ? "wallSeconds" : "processCpuSeconds", inTurn, pairs));
            pair(launcher, starter, true, List.of());
            for (int i = 0; i < pairs && !known(metrics, i); i++) {
                pair(launcher, starter, i % 2 == 0, metrics);
                out().println(pairLine(i, metrics));
            }
            metrics.forEach(metric -> out().println(metric.line()));
            boolean passes = metrics.stream().allMatch(metric -> !metric.isJudged || metric.interval().high() <= limit);
            out().printf(Locale.ROOT, "%s: the limit is %.4f%n", passes ? "passed" : "FAILED", limit);
            return passes ? 0 : 1;
        } finally {
            Folders.remove(folder);
        }
    }

    private boolean known(List<Metric> metrics, int count) {
        return count >= FEWEST_PAIRS && metrics.stream().allMatch(metric -> !metric.isJudged || metric.interval().width() < width);
    }

    private void pair(Launcher launcher, List<String> starter, boolean runFirst, List<Metric> metrics)
            throws IOException, InterruptedException {
        Callable<SortedMap<String, String>> recording = () -> launcher.run(starter, command("record", "-o",
                launcher.folder().resolve("recording").toString(), "--force"));
        Callable<SortedMap<String, String>> run = () -> launcher.run(starter, command("run"));
        try (ExecutorService threads = Executors.newFixedThreadPool(inTurn ? 1 : 2)) {
            List<Future<SortedMap<String, String>>> both =
                    threads.invokeAll(runFirst ? List.of(run, recording) : List.of(recording, run));
            SortedMap<String, String> first = both.get(0).get();
            SortedMap<String, String> second = both.get(1).get();
            metrics.forEach(metric -> metric.add(runFirst ? first : second, runFirst ? second : first));
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** What starts a process on the last of the processors that this one may use. */
    private List<String> onOneProcessor() throws IOException {
        if (!Files.isReadable(PROCESS_STATUS) || Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")))) {
            throw new ParameterException(spec.commandLine(), "no taskset (package util-linux): try --in-turn");
        }
        String allowed = Files.readAllLines(PROCESS_STATUS).stream().filter(line -> line.startsWith(ALLOWED)).findFirst()
                .orElseThrow(() -> new IOException(PROCESS_STATUS + " has no " + ALLOWED));
        return List.of("taskset", "-c", allowed.replaceFirst(".*?([0-9]+)\\s*$", "$1"));
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
