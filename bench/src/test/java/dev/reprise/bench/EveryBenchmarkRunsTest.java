package dev.reprise.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every benchmark once, for a moment, in this JVM: so that none of them rots. Nothing is concluded from the times. */
class EveryBenchmarkRunsTest {

    private static final long ITERATION_MS = 3;
    /** Where an iteration is not a time but a piece of work, it is a small one. */
    private static final Map<String, List<String>> SMALL = Map.of("slices", List.of("10"), "warmBursts", List.of("2"));

    @TestFactory
    Stream<DynamicTest> shouldRunWithEveryCombinationOfItsParameters() {
        return Benchmarks.all().stream().map(method -> dynamicTest(Benchmarks.name(method),
                () -> assertFalse(Benchmarks.run(method, ITERATION_MS, 1, SMALL, false).isEmpty())));
    }
}
