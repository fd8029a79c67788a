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

/** Instructions of one class in steady state, on both executors. Operations are steps, so operations per microsecond are MIPS. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InstructionBenchmark {

    private static final int STEPS = 20_000;
    /** More than any program here takes to make its tables and to touch every page that it touches. */
    private static final int WARM_STEPS = 300_000;

    @Param({"integer", "multiply", "divide", "bits", "branchesTaken", "branchesNotTaken", "branchesMixed", "calls",
        "indirectCalls", "loads", "stores", "chase", "loadsMissing", "storesMissing", "loadsPaged", "storesPaged",
        "loadsPagedMissing", "storesPagedMissing", "amo", "reserved", "compressed", "singleAdd", "singleMultiply",
        "singleFused", "singleDivide", "singleRoot", "singleConvert", "singleCompare", "singleMemory", "doubleAdd",
        "doubleMultiply", "doubleFused", "doubleDivide", "doubleRoot", "doubleConvert", "doubleCompare", "doubleMemory",
        "widthConvert", "csr", "traps", "mmio"})
    public String program;

    @Param({Executors.INTERPRETER, Executors.TRANSLATOR})
    public String executor;

    private BareMachine machine;

    @Setup
    public void load() {
        machine = new BareMachine(Programs.of(program), Executors.of(executor));
        machine.run(WARM_STEPS);
    }

    @Benchmark
    @AllocatesNothing(with = {"program=integer", "program=indirectCalls", "program=loads", "program=stores",
        "program=loadsPagedMissing", "program=storesMissing", "program=amo", "program=singleAdd", "program=doubleDivide",
        "program=doubleConvert", "program=traps", "program=csr", "program=mmio"})
    @OperationsPerInvocation(STEPS)
    public long run() {
        return machine.run(STEPS);
    }
}
