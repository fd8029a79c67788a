package dev.reprise.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.runner.options.WarmupMode;

/** The benchmarks of this module, as JMH's own list has them, and how tests run them: in this JVM, and briefly. */
final class Benchmarks {

    private static final long WARMUP_MS = 80;
    private static final String LIST = "/META-INF/BenchmarkList";

    private Benchmarks() {}

    /** Methods with {@link Benchmark}, in the order of their names. */
    static List<Method> all() {
        TreeSet<String> classes = new TreeSet<>();
        try (BufferedReader list = new BufferedReader(
                new InputStreamReader(Benchmarks.class.getResourceAsStream(LIST), StandardCharsets.UTF_8))) {
            for (String line = list.readLine(); line != null; line = list.readLine()) {
                if (!line.isBlank()) {
                    classes.add(new BenchmarkListEntry(line).getUserClassQName());
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return classes.stream().flatMap(Benchmarks::methods).toList();
    }

    private static Stream<Method> methods(String className) {
        try {
            return Arrays.stream(Class.forName(className).getMethods())
                    .filter(method -> method.isAnnotationPresent(Benchmark.class))
                    .sorted(Comparator.comparing(Method::getName));
        } catch (ClassNotFoundException stale) {
            throw new IllegalStateException("JMH's list names a class that is not there: " + className, stale);
        }
    }

    static List<Method> marked(Class<? extends Annotation> mark) {
        return all().stream().filter(method -> method.isAnnotationPresent(mark)).toList();
    }

    /** As the table in README.md writes it. */
    static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + '.' + method.getName();
    }

    /**
     * Runs it with every combination of its parameters, and fails if one of them does.
     *
     * @param parameters values by name, in place of those declared
     */
    static Collection<RunResult> run(Method method, long iterationMs, int iterations,
            Map<String, List<String>> parameters, boolean allocation) {
        String pattern = "^" + method.getDeclaringClass().getName().replace(".", "\\.") + "\\." + method.getName() + "$";
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(pattern)
                .forks(0)
                .warmupIterations(allocation ? 1 : 0)
                .warmupMode(WarmupMode.INDI)
                .warmupTime(new TimeValue(WARMUP_MS, TimeUnit.MILLISECONDS))
                .measurementIterations(iterations)
                .measurementTime(new TimeValue(iterationMs, TimeUnit.MILLISECONDS))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            options = options.param(parameter.getKey(), parameter.getValue().toArray(String[]::new));
        }
        if (allocation) {
            options = options.addProfiler(GCProfiler.class);
        }
        try {
            return new Runner(options.build()).run();
        } catch (RunnerException failure) {
            throw new AssertionError(name(method) + ": " + failure.getMessage(), failure);
        }
    }
}
