package dev.reprise.bench.machine;

import dev.reprise.bench.Folders;
import dev.reprise.bench.cpu.Executors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same stretch of the same guest run, recorded and replayed: {@link MixedProgram}, which does a little of everything.
 * Each iteration is a machine of its own, which has run for a while before the stretch begins; digests are on.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ModeBenchmark {

    private static final int SLICE = 50_000;

    @Param({"OFF", "RECORD", "REPLAY"})
    public dev.reprise.engine.Mode mode;

    @Param({Executors.INTERPRETER, Executors.TRANSLATOR})
    public String executor;

    /** Of the stretch, and of what is run before it, in slices of 50,000 steps: 50 million each. */
    @Param("1000")
    public int slices;

    private byte[] elf;
    private Path folder;
    private Path recording;
    private BenchMachine machine;

    @Setup
    public void recordForTheReplays() throws IOException {
        elf = MixedProgram.elf();
        folder = Files.createTempDirectory("reprise-bench");
        recording = folder.resolve("recording");
        if (mode == dev.reprise.engine.Mode.REPLAY) {
            try (BenchMachine recorder = open(dev.reprise.engine.Mode.RECORD)) {
                // One boundary more than is replayed, because a replay ends with its log.
                recorder.run(2 * slices + 1);
            }
        }
    }

    private BenchMachine open(dev.reprise.engine.Mode as) {
        return new BenchMachine(elf, as, recording, Executors.of(executor), SLICE);
    }

    @TearDown
    public void removeFolder() throws IOException {
        Folders.remove(folder);
    }

    @Setup(Level.Iteration)
    public void warmUp() {
        machine = open(mode);
        machine.run(slices);
    }

    @TearDown(Level.Iteration)
    public void close() {
        machine.close();
    }

    @Benchmark
    public long stretch() {
        return machine.run(slices);
    }
}
