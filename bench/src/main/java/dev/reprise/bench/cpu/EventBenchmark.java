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

/**
 * What is more than an instruction, per event: with the few instructions that bring it about and come back from it, as
 * {@link EventPrograms} has them. A bare hart, so a device's own work and the engine's are not in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventBenchmark {

    /** More than any program here takes to make its tables. */
    private static final int WARM_STEPS = 300_000;

    @Param({"trap", "pageFault", "walk", "timerInterrupt", "wfi", "contextSwitch", "contextSwitchOfMany", "mmioLoad",
        "mmioStore", "csrRead", "codeStore"})
    public String event;

    @Param({Executors.INTERPRETER, Executors.TRANSLATOR})
    public String executor;

    private BareMachine machine;
    private int steps;

    @Setup
    public void load() {
        Rounds rounds = EventPrograms.of(event);
        steps = rounds.stepsOfAll();
        machine = new BareMachine(rounds.code(), Executors.of(executor));
        machine.run(WARM_STEPS);
    }

    @Benchmark
    @AllocatesNothing
    @OperationsPerInvocation(Rounds.EVENTS)
    public long handle() {
        return machine.run(steps);
    }
}
