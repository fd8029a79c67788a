package dev.reprise.bench.cpu;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.cpu.interpret.Execution;
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

/** Instructions of one class in steady state, on both executors. Operations are steps, so operations per microsecond are MIPS. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InstructionBenchmark {

    private static final int STEPS = 20_000;
    /** More than any program here takes to make its tables and to touch every page that it touches. */
    private static final int WARM_STEPS = 300_000;

    @Param({"integer", "multiply", "divide", "branchesTaken", "branchesNotTaken", "calls", "indirectCalls", "loads",
        "stores", "loadsMissing", "storesMissing", "loadsPaged", "storesPaged", "loadsPagedMissing",
        "storesPagedMissing", "atomics", "compressed", "singleAdd", "doubleAdd", "doubleMultiply", "doubleFused",
        "doubleDivide", "traps", "csr", "mmio"})
    public String program;

    @Param({"interpreter", "translator"})
    public String executor;

    private BareMachine machine;

    @Setup
    public void load() {
        // Eager: what there is to translate is translated before the measurement, on this thread.
        machine = new BareMachine(Programs.of(program),
                "translator".equals(executor) ? Execution.EAGER : Execution.INTERPRETED);
        machine.run(WARM_STEPS);
    }

    @Benchmark
    @AllocatesNothing
    @OperationsPerInvocation(STEPS)
    public long run() {
        return machine.run(STEPS);
    }
}
