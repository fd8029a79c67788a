package dev.reprise.bench.peer;

import dev.reprise.bench.AllocatesNothing;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One event of 40 bytes from one thread to another that polls, saturated: the engine's rings and their peers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class RingHandOffBenchmark {

    private static final int PAYLOAD_BYTES = 40;
    private static final int SPINS = 100;

    @Param({"journal", "journal-blocks", "disruptor", "agrona", "inbox", "disruptor-multi", "agrona-multi"})
    public String ring;

    private final byte[] payload = new byte[PAYLOAD_BYTES];
    private HandOffRing rings;
    private Thread consumer;
    private volatile boolean closing;
    private long stamp;
    private long expected;

    @Setup
    public void start() {
        rings = HandOffRing.of(ring);
        consumer = new Thread(this::consume, "consumer");
        consumer.setDaemon(true);
        consumer.start();
    }

    private void consume() {
        int idle = 0;
        while (true) {
            boolean last = closing;
            if (rings.poll() > 0) {
                idle = 0;
            } else if (last && rings.poll() == 0) {
                // Twice, because Agrona's rings give nothing where a message did not fit before their end.
                return;
            } else if (++idle < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    @TearDown
    public void stop() throws InterruptedException {
        closing = true;
        consumer.join();
        if (rings.sum() != expected) {
            throw new IllegalStateException("lost or changed events: sum=" + rings.sum() + " expected=" + expected);
        }
    }

    @Benchmark
    @AllocatesNothing(with = {"ring=journal", "ring=journal-blocks", "ring=inbox"})
    public long handOff() {
        payload[PAYLOAD_BYTES - 1] = (byte) ++stamp;
        expected += stamp + (byte) stamp;
        rings.publish(stamp, payload, PAYLOAD_BYTES);
        return stamp;
    }
}
