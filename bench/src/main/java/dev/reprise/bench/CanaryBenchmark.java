package dev.reprise.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Allocates on purpose, once in 512 operations, which is 0.03 to 0.05 bytes per operation: the allocation test must
 * notice that little, and a test of that test says whether it does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
public class CanaryBenchmark {

    private static final int SELDOM = 512;

    private long count;
    private Object kept;

    @Benchmark
    public Object seldomAllocate() {
        if (++count % SELDOM == 0) {
            kept = new Object();
        }
        return kept;
    }
}
