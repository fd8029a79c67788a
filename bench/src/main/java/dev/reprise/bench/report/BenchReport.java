package dev.reprise.bench.report;

import dev.reprise.bench.machine.ScriptMain;
import dev.reprise.bench.qemu.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the suites and makes a report of them, beside an earlier one if there is one. */
@Command(name = "bench-report", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs the JMH suites on both executors and writes report.json and report.html (tables, charts) to"
                + " --out. The tables also come on standard output, progress and the time left on standard error.", "",
            "  scripts/bench-report                                     in full: about an hour",
            "  scripts/bench-report --quick                             less exact: about 15 minutes",
            "  scripts/bench-report --suites instructions,events",
            "  scripts/bench-report --compare old/report.json           marks what is outside both intervals",
            "  scripts/bench-report --from new.json --compare old.json  measures nothing", "",
            "Suites: instructions, dispatch, events, translation, modes, cost, characters, rings, journal. An interval is"
                + " the one that JMH computes for 99.9%% confidence. Status 1 if a class of instructions is more than five"
                + " times slower than the integer loop and nothing says why, or if recording an event costs the guest"
                + " thread more than 150 ns.", ""})
public final class BenchReport implements Callable<Integer> {

    @Option(names = "--quick", description = "One fork and short iterations.")
    private boolean quick;

    @Option(names = "--forks", paramLabel = "N", description = "JVMs for each figure. Default: 2, with --quick 1.")
    private int forks;

    @Option(names = "--suites", split = ",", paramLabel = "SUITE", description = "Only these. Default: all.")
    private List<String> suiteNames = List.of();

    @Option(names = "--only", paramLabel = "PART", description = "Only benchmarks whose name has this part.")
    private String only;

    @Option(names = "-p", paramLabel = "NAME=VALUE[,VALUE...]",
            description = "A parameter's values in place of those declared, as in -p executor=translator.")
    private Map<String, String> parameters = Map.of();

    @Option(names = "--compare", paramLabel = "FILE", description = "The report.json of an earlier report.")
    private Path compare;

    @Option(names = "--from", paramLabel = "FILE", description = "Takes its figures from this report.json: measures nothing.")
    private Path from;

    @Option(names = "--markdown", description = "Also prints the table of the classes as bench/README.md has it.")
    private boolean markdown;

    @Option(names = "--out", defaultValue = "bench/target/report", paramLabel = "DIR",
            description = "For report.json and report.html (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--tiny", hidden = true, description = "For tests: in this JVM, and next to nothing.")
    private boolean tiny;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, RunnerException {
        Set<Suite> suites = suites();
        Report before = compare == null ? null : ReportFile.read(compare);
        Files.createDirectories(out);
        Report report = from == null ? measure(suites, before) : ReportFile.read(from);
        write(report, before);
        out().print(Tables.of(report));
        if (markdown) {
            out().print("\n" + Tables.markdown(report));
        }
        out().flush();
        if (before != null) {
            out().println("\noutside both intervals, beside " + compare + ":");
            Page.differences(report, before).forEach(line -> out().println("  " + line));
        }
        List<String> complaints = new ArrayList<>(InstructionTable.complaints(report));
        complaints.addAll(EventCosts.complaints(report));
        complaints.forEach(line -> out().println("FAILED: " + line));
        spec.commandLine().getErr().println("bench-report: " + out.resolve("report.html"));
        return complaints.isEmpty() ? 0 : 1;
    }

    private Report measure(Set<Suite> suites, Report before) throws RunnerException, IOException {
        Effort effort = tiny ? Effort.TINY : quick ? Effort.QUICK : Effort.FULL;
        effort = forks > 0 ? effort.withForks(forks) : effort;
        Report report = Report.empty();
        Map<String, String> here = report.surroundings();
        here.put("begun", Instant.now().toString());
        here.put("cpu", Surroundings.cpu());
        here.put("effort", effort.text());
        here.put("jdk", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        here.put("kernel", System.getProperty("os.version"));
        here.put("loadBefore", Surroundings.load());
        Map<String, List<String>> values = new TreeMap<>();
        parameters.forEach((name, list) -> values.put(name, Arrays.asList(list.split(","))));
        new Measurer(effort, values, spec.commandLine().getErr()).measure(suites, only, figures -> {
            report.figures().addAll(figures);
            try {
                here.put("loadAfter", Surroundings.load());
                write(report, before);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return report;
    }

    private void write(Report report, Report before) throws IOException {
        ReportFile.write(out.resolve("report.json"), ReportFile.json(report));
        ReportFile.write(out.resolve("report.html"), Page.of(report, before));
    }

    private Set<Suite> suites() {
        if (suiteNames.isEmpty()) {
            return EnumSet.allOf(Suite.class);
        }
        Set<Suite> chosen = EnumSet.noneOf(Suite.class);
        for (String name : suiteNames) {
            chosen.add(Arrays.stream(Suite.values()).filter(suite -> suite.id().equals(name.toLowerCase(Locale.ROOT)))
                    .findFirst().orElseThrow(() -> new ParameterException(spec.commandLine(), "no such suite: " + name
                            + "; there are " + String.join(", ", Arrays.stream(Suite.values()).map(Suite::id).toList()))));
        }
        return chosen;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    public static void main(String[] arguments) {
        System.exit(ScriptMain.of(new BenchReport()).execute(arguments));
    }
}
