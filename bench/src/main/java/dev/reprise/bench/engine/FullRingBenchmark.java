package dev.reprise.bench.engine;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalPoller;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Publishing into the smallest journal ring while its consumer is slow: it takes what is there and pauses, so that the
 * publisher finds the ring full again and again and waits. Not a rate to compare: it shows what waiting allocates.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FullRingBenchmark {

    private static final int FILLED_TWICE = 1 << 14;
    private static final long PAUSE_NS = 20_000;

    /** Bytes of payload: one record, or eight. */
    @Param({"40", "1000"})
    public int bytes;

    private final JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, new Poison());
    private final JournalPoller poller = ring.newPoller();
    private final byte[] payload = new byte[1000];
    private final Thread consumer = new Thread(this::consume, "slow-consumer");
    private volatile boolean closing;
    private long position;

    @Setup
    public void start() {
        consumer.setDaemon(true);
        consumer.start();
        for (int i = 0; i < FILLED_TWICE; i++) {
            publish();
        }
    }

    private void consume() {
        while (!closing) {
            while (poller.next()) {
                // Taken.
            }
            poller.release();
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    @TearDown
    public void stop() throws InterruptedException {
        closing = true;
        consumer.join();
        if (ring.waits() == 0) {
            throw new IllegalStateException("the ring was never full");
        }
    }

    @Benchmark
    @AllocatesNothing
    public long publish() {
        return ring.publish(EventKind.EMBEDDER_INPUT, 1, position++, 7, 1, payload, 0, bytes);
    }
}
