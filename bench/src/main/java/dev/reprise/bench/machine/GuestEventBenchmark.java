package dev.reprise.bench.machine;

import dev.reprise.bench.Folders;
import dev.reprise.bench.cpu.Assembler;
import dev.reprise.bench.cpu.Assembler.Label;
import dev.reprise.bench.cpu.Executors;
import dev.reprise.cpu.decode.Op;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.machine.board.MemoryMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What an event costs the guest thread of the whole machine, executor, device and all: an outcome (a load from the entropy
 * device), accepted output (a store to the UART's transmitter, with a boundary and so an output event for each 64 of them,
 * or for each one), an input (a change of an external interrupt line, applied to the PLIC at a boundary). With recording
 * off and on: the difference is what recording costs. An invocation is a burst that fits into the rings, after a rest, so
 * nobody waits for another thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GuestEventBenchmark {

    private static final int BURST = 1_024;
    private static final long REST_NS = 2_000_000;

    @Param({"outcome", "output", "outputEvent", "input"})
    public String event;

    @Param({"OFF", "RECORD"})
    public dev.reprise.engine.Mode mode;

    @Param({Executors.INTERPRETER, Executors.TRANSLATOR})
    public String executor;

    /** Before the measurement, for the JVM's compilers. */
    @Param("1000")
    public int warmBursts;

    private int perSlice;
    private final byte[] taken = new byte[1 << 16];
    private Path folder;
    private BenchMachine machine;
    private OutputRing ring;
    private int plic;
    private boolean high;

    @Setup
    public void open() throws IOException {
        perSlice = event.equals("outputEvent") ? 1 : 64;
        folder = Files.createTempDirectory("reprise-bench");
        machine = new BenchMachine(BareElf.of(program()), mode, folder.resolve("recording"), Executors.of(executor),
                perSlice + 1);
        ring = machine.session().outputRing(machine.session().deviceId("uart"));
        plic = machine.session().deviceId("plic");
        for (int i = 0; i < warmBursts; i++) {
            prepare();
            burst();
        }
    }

    /** A loop of {@link #perSlice} events and a jump; for inputs, which come from outside, of additions. */
    private byte[] program() {
        Assembler a = new Assembler().load(5, event.equals("outcome") ? MemoryMap.ENTROPY_BASE : MemoryMap.UART_BASE);
        Label top = new Label();
        a.load(6, 'x').place(top).repeat(perSlice, switch (event) {
            case "outcome" -> () -> a.immediate(Op.LW, 7, 5, 0);
            case "output", "outputEvent" -> () -> a.store(Op.SB, 6, 5, 0);
            default -> () -> a.immediate(Op.ADDI, 7, 7, 1);
        });
        return a.jump(0, top).bytes();
    }

    /** The other threads' part: inputs are published, output is taken, the journaler comes to rest. */
    @Setup(Level.Invocation)
    public void prepare() {
        while (ring.take(taken, 0, taken.length, 0) > 0) {
            // All of it.
        }
        if (event.equals("input")) {
            for (int i = 0; i < BURST; i++) {
                high = !high;
                machine.session().publishInterruptLine(plic, 0, high);
            }
        }
        // With recording off there is nobody to wait for; but a thread that has slept finds its caches cold.
        LockSupport.parkNanos(REST_NS);
    }

    @TearDown
    public void close() throws IOException {
        machine.close();
        Folders.remove(folder);
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public long burst() {
        // A boundary takes all the inputs that there are.
        return machine.run(event.equals("input") ? 1 : BURST / perSlice);
    }
}
