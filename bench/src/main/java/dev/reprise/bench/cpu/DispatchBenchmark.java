package dev.reprise.bench.cpu;

import dev.reprise.bench.AllocatesNothing;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From one instruction, block or region to the next, and into the executor and out of it. Nanoseconds per way. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DispatchBenchmark {

    private static final int WARM_STEPS = 300_000;
    private static final int SLICES = 64;

    @Param({Executors.INTERPRETER, Executors.TRANSLATOR})
    public String executor;

    /** The ways; one for each benchmark that has none of its own. */
    @State(Scope.Thread)
    public static class Ways {

        @Param({"nextInstruction", "nextBlock", "otherPage", "indirect", "indirectOfMany"})
        public String way;

        private BareMachine machine;
        private int steps;

        @Setup
        public void load(DispatchBenchmark benchmark) {
            Rounds rounds = DispatchPrograms.of(way);
            steps = rounds.stepsOfAll();
            machine = new BareMachine(rounds.code(), Executors.of(benchmark.executor));
            machine.run(WARM_STEPS);
        }
    }

    private BareMachine straight;

    @Setup
    public void load() {
        straight = new BareMachine(Programs.of("integer"), Executors.of(executor));
        straight.run(WARM_STEPS);
    }

    /** A way, with the instruction or two that stand there. */
    @Benchmark
    @AllocatesNothing
    @OperationsPerInvocation(Rounds.EVENTS)
    public long go(Ways ways) {
        return ways.machine.run(ways.steps);
    }

    /** A run of one step: what stopping costs, wherever a session wants to look at something. */
    @Benchmark
    @AllocatesNothing
    @OperationsPerInvocation(SLICES)
    public long slice() {
        long pc = 0;
        for (int i = 0; i < SLICES; i++) {
            pc += straight.run(1);
        }
        return pc;
    }
}
