package dev.reprise.bench.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/** Runs benchmarks by JMH, with its allocation profiler, and takes their figures down. */
final class Measurer {

    private static final double CONFIDENCE = 0.999;
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private final Effort effort;
    private final Map<String, List<String>> parameters;
    private final PrintWriter messages;

    /** @param parameters values in place of those declared, by name */
    Measurer(Effort effort, Map<String, List<String>> parameters, PrintWriter messages) {
        this.effort = effort;
        this.parameters = parameters;
        this.messages = messages;
    }

    /**
     * Runs what the suites name, one benchmark after the other.
     *
     * @param only part of a benchmark's name, or null
     * @param each told after each benchmark, so that a run that is ended early leaves something
     * @throws RunnerException if a benchmark fails
     */
    void measure(Collection<Suite> suites, String only, Consumer<List<Figure>> each) throws RunnerException {
        List<BenchmarkListEntry> entries = new ArrayList<>();
        int all = 0;
        for (Suite suite : suites) {
            for (BenchmarkListEntry entry : BenchmarkList.defaultList().find(new Progress(messages, 0, 0),
                    suite.patterns(), List.of())) {
                if (only == null || entry.getUsername().contains(only)) {
                    entries.add(entry);
                    all += combinations(entry);
                }
            }
        }
        Progress progress = new Progress(messages, all, effort.seconds());
        progress.begin();
        for (BenchmarkListEntry entry : entries) {
            each.accept(figures(run(entry, progress)));
        }
    }

    private int combinations(BenchmarkListEntry entry) {
        int product = 1;
        if (entry.getParams().hasValue()) {
            for (Map.Entry<String, String[]> declared : entry.getParams().get().entrySet()) {
                List<String> given = parameters.get(declared.getKey());
                product *= given == null ? declared.getValue().length : given.size();
            }
        }
        return product;
    }

    private Collection<RunResult> run(BenchmarkListEntry entry, OutputFormat progress) throws RunnerException {
        boolean timed = entry.getMode() != Mode.SingleShotTime;
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + entry.getUsername().replace(".", "\\.") + "$")
                .forks(effort.forks())
                .warmupIterations(timed ? effort.warmUps() : Math.min(1, effort.warmUps()))
                .warmupTime(TimeValue.milliseconds(effort.warmUpMs()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.iterationMs()))
                // JMH itself is what would be warned of, in every fork.
                .jvmArgsPrepend("--sun-misc-unsafe-memory-access=allow")
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            options = options.param(parameter.getKey(), parameter.getValue().toArray(String[]::new));
        }
        return new Runner(options.build(), progress).run();
    }

    private static List<Figure> figures(Collection<RunResult> runs) {
        List<Figure> figures = new ArrayList<>();
        for (RunResult run : runs) {
            Result<?> allocation = run.getSecondaryResults().get(ALLOCATION);
            double bytes = allocation == null ? -1 : Math.max(0, allocation.getScore());
            String name = name(run.getParams().getBenchmark());
            figures.add(figure(name, run, run.getPrimaryResult(), bytes));
            run.getSecondaryResults().forEach((counter, result) -> {
                if (!counter.startsWith("gc.")) {
                    figures.add(figure(name + ":" + counter, run, result, -1));
                }
            });
        }
        return figures;
    }

    private static Figure figure(String name, RunResult run, Result<?> result, double bytes) {
        Statistics statistics = result.getStatistics();
        double error = statistics.getMeanErrorAt(CONFIDENCE);
        double score = result.getScore();
        boolean known = Double.isFinite(error);
        return new Figure(name, parameters(run.getParams()), result.getScoreUnit(), score,
                known ? score - error : Math.min(score, statistics.getMin()),
                known ? score + error : Math.max(score, statistics.getMax()), (int) statistics.getN(), bytes);
    }

    /** As the table in README.md writes it: class and method. */
    static String name(String qualified) {
        int method = qualified.lastIndexOf('.');
        return qualified.substring(qualified.lastIndexOf('.', method - 1) + 1);
    }

    static SortedMap<String, String> parameters(BenchmarkParams params) {
        SortedMap<String, String> parameters = new TreeMap<>();
        for (String name : params.getParamsKeys()) {
            parameters.put(name, params.getParam(name));
        }
        return parameters;
    }
}
