package dev.reprise.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every benchmark once, for a moment, in this JVM: so that none of them rots. Nothing is concluded from the times. */
class EveryBenchmarkRunsTest {

    private static final long ITERATION_MS = 3;

    @TestFactory
    Stream<DynamicTest> shouldRunWithEveryCombinationOfItsParameters() {
        return Benchmarks.all().stream().map(method -> dynamicTest(Benchmarks.name(method),
                () -> assertFalse(Benchmarks.run(method, ITERATION_MS, 1, Map.of(), false).isEmpty())));
    }
}
