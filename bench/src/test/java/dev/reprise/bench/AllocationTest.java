package dev.reprise.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jmh.results.RunResult;

/**
 * What is marked {@link AllocatesNothing} allocates nothing. JMH's profiler counts the allocations of the whole JVM,
 * some kilobytes per iteration of its own and of the test framework's included. So the least of some iterations is
 * looked at, because what an operation allocates is in every one of them; and what seems to be beyond the limit is run
 * again for longer, which thins out all but that.
 */
class AllocationTest {

    private static final double LIMIT_BYTES_PER_OPERATION = 0.01;
    private static final long SHORT_MS = 80;
    private static final long LONGEST_MS = 4_000;
    private static final int ITERATIONS = 2;
    private static final int ATTEMPTS = 6;
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    @TestFactory
    Stream<DynamicTest> shouldAllocateNothingPerOperation() {
        return Benchmarks.marked(AllocatesNothing.class).stream().map(method -> dynamicTest(Benchmarks.name(method),
                () -> assertEquals(List.of(), beyondTheLimit(method, ATTEMPTS))));
    }

    @Test
    void shouldNoticeWhatAllocatesOnceInFiveHundredOperations() throws NoSuchMethodException {
        Method canary = CanaryBenchmark.class.getMethod("seldomAllocate");
        assertNotEquals(List.of(), beyondTheLimit(canary, 1));
    }

    private static List<String> beyondTheLimit(Method method, int attempts) {
        AllocatesNothing mark = method.getAnnotation(AllocatesNothing.class);
        List<String> beyond = new ArrayList<>();
        for (RunResult run : Benchmarks.run(method, SHORT_MS, ITERATIONS, held(mark), true)) {
            if (least(run) < LIMIT_BYTES_PER_OPERATION) {
                continue;
            }
            double bytes = leastWithMoreTime(method, run, attempts);
            if (!(bytes < LIMIT_BYTES_PER_OPERATION)) {
                beyond.add(parameters(run) + ": " + bytes + " B/op");
            }
        }
        return beyond;
    }

    private static double leastWithMoreTime(Method method, RunResult run, int attempts) {
        double bytes = least(run);
        // So long that what is not the operations' would come to half of the limit; on a busy machine that may not
        // be enough at once.
        long ms = (long) (SHORT_MS * (1 + 2 * bytes / LIMIT_BYTES_PER_OPERATION));
        for (int i = 0; i < attempts && !(bytes < LIMIT_BYTES_PER_OPERATION); i++) {
            for (RunResult again : Benchmarks.run(method, Math.min(ms, LONGEST_MS), 1, parameters(run), true)) {
                bytes = Math.min(bytes, least(again));
            }
            ms *= 2;
        }
        return bytes;
    }

    private static double least(RunResult run) {
        return run.getSecondaryResults().get(ALLOCATION).getStatistics().getMin();
    }

    private static Map<String, List<String>> held(AllocatesNothing mark) {
        Map<String, List<String>> held = new TreeMap<>();
        for (String pair : mark == null ? new String[0] : mark.with()) {
            String[] nameAndValue = pair.split("=", 2);
            held.computeIfAbsent(nameAndValue[0], name -> new ArrayList<>()).add(nameAndValue[1]);
        }
        return held;
    }

    private static Map<String, List<String>> parameters(RunResult run) {
        Map<String, List<String>> parameters = new TreeMap<>();
        for (String name : run.getParams().getParamsKeys()) {
            parameters.put(name, List.of(run.getParams().getParam(name)));
        }
        return parameters;
    }
}
