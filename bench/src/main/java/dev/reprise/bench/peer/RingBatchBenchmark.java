package dev.reprise.bench.peer;

import dev.reprise.bench.AllocatesNothing;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Publishing and polling on one thread, 64 events at a time: the instructions alone, without a cache line that moves. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class RingBatchBenchmark {

    private static final int BATCH = 64;
    private static final int PAYLOAD_BYTES = 40;

    @Param({"journal", "disruptor", "agrona", "inbox", "disruptor-multi", "agrona-multi"})
    public String ring;

    private final byte[] payload = new byte[PAYLOAD_BYTES];
    private HandOffRing rings;
    private long stamp;

    @Setup
    public void make() {
        rings = HandOffRing.of(ring);
    }

    @Benchmark
    @AllocatesNothing(with = {"ring=journal", "ring=inbox"})
    @OperationsPerInvocation(BATCH)
    public long publishAndPoll() {
        for (int i = 0; i < BATCH; i++) {
            rings.publish(++stamp, payload, PAYLOAD_BYTES);
        }
        int polled = 0;
        while (polled < BATCH) {
            polled += rings.poll();
        }
        return rings.sum();
    }
}
