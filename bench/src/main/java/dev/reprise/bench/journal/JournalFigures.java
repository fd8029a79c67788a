package dev.reprise.bench.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The journal's figures beside its peers' and beside those of its stages, in forks that take turns: a machine that is
 * busy for a minute is busy for all of them. Prints the median of the forks, the lowest and the highest. Arguments:
 * rounds (default 9), and seconds of each fork (default 3).
 */
public final class JournalFigures {

    /** A group of 64 KiB holds so many events of 40 bytes: what a stage's time is divided by. */
    private static final int EVENTS_PER_GROUP = 1_391;

    private record Case(String name, String include, Map<String, String> parameters, boolean perGroup) {}

    private JournalFigures() {}

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String log : List.of("reprise", "chronicle", "archive", "reprise-compressed", "reprise-durable",
                "archive-durable")) {
            cases.add(new Case("path: " + log, PersistBenchmark.class.getName() + ".persist", Map.of("log", log), false));
        }
        cases.add(new Case("stage: ring", "RingHandOffBenchmark.handOff", Map.of("ring", "journal-blocks"), false));
        cases.add(new Case("stage: bare disruptor", "RingHandOffBenchmark.handOff", Map.of("ring", "disruptor"), false));
        for (String stage : List.of("encode", "checksum", "hash", "write", "compress")) {
            cases.add(new Case("stage: " + stage, "JournalStageBenchmark." + stage, Map.of("level", "1"), true));
        }
        return cases;
    }

    public static void main(String[] args) throws RunnerException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Map<String, double[]> scores = new LinkedHashMap<>();
        List<Case> cases = cases();
        cases.forEach(c -> scores.put(c.name, new double[rounds]));
        for (int round = 0; round < rounds; round++) {
            for (Case c : cases) {
                double score = fork(c, seconds);
                scores.get(c.name)[round] = c.perGroup ? EVENTS_PER_GROUP * 1e6 / score : score;
            }
            System.err.println("round " + (round + 1) + " of " + rounds);
        }
        System.out.printf(Locale.ROOT, "%-26s %10s %10s %10s   (M events of 40 bytes per second, %d forks in turn)%n", "",
                "median", "lowest", "highest", rounds);
        double slowest = Double.MAX_VALUE;
        for (Map.Entry<String, double[]> entry : scores.entrySet()) {
            double[] sorted = entry.getValue().clone();
            Arrays.sort(sorted);
            double median = sorted[sorted.length / 2];
            System.out.printf(Locale.ROOT, "%-26s %10.2f %10.2f %10.2f%n", entry.getKey(), median / 1e6, sorted[0] / 1e6,
                    sorted[sorted.length - 1] / 1e6);
            if (entry.getKey().startsWith("stage") && !entry.getKey().endsWith("compress")
                    && !entry.getKey().endsWith("disruptor")) {
                slowest = Math.min(slowest, median);
            }
        }
        double[] path = scores.get("path: reprise").clone();
        Arrays.sort(path);
        System.out.printf(Locale.ROOT, "the path reaches %.0f%% of its slowest stage alone%n",
                100 * path[path.length / 2] / slowest);
    }

    private static double fork(Case c, int seconds) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder().include(c.include + "$").forks(1)
                // JMH itself is what would be warned of, in every fork.
                .jvmArgsPrepend("--sun-misc-unsafe-memory-access=allow").warmupIterations(2)
                .warmupTime(TimeValue.seconds(1)).measurementIterations(seconds).measurementTime(TimeValue.seconds(1))
                .verbosity(VerboseMode.SILENT).shouldFailOnError(true);
        for (Map.Entry<String, String> parameter : c.parameters.entrySet()) {
            options = options.param(parameter.getKey(), parameter.getValue());
        }
        return new Runner(options.build()).runSingle().getPrimaryResult().getScore();
    }
}
