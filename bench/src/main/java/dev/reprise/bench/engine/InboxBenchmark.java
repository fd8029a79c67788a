package dev.reprise.bench.engine;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.ring.InboxRing;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.Poison;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An input from a backend to the guest, on one thread: what either side pays, without a hand-off between cores. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InboxBenchmark {

    private final Poison poison = new Poison();
    private final InboxRing inbox = new InboxRing(1024, poison);
    private final InputPort port = new InputPort(inbox, poison, 1);
    private final InboxRing.Handler onInput = this::onInput;
    private final byte[] key = {'x'};
    private long taken;

    private void onInput(Event input) {
        taken += input.length() + input.a();
    }

    /** What every boundary of every run pays. */
    @Benchmark
    @AllocatesNothing
    public int pollEmpty() {
        return inbox.poll(onInput);
    }

    /** A field event: a key, a line, a pad. */
    @Benchmark
    @AllocatesNothing
    public long publishAndPoll() {
        port.publish(1, 0);
        inbox.poll(onInput);
        return taken;
    }

    /** A console byte within its credit. */
    @Benchmark
    @AllocatesNothing
    public long creditedByte() {
        port.grant(1);
        port.publishBytes(key, 0, 1);
        inbox.poll(onInput);
        return taken;
    }
}
