package dev.reprise.bench.engine;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.bench.Folders;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
 * A console byte all the way: accepted, entered in the ledger, released at a boundary every 64 bytes behind its output
 * event, taken by a backend's thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OutputBenchmark {

    private static final int PER_BOUNDARY = 64;
    private static final long TAKE_NS = 1_000_000;

    @Param({"OFF", "RECORD"})
    public dev.reprise.engine.Mode mode;

    private final CountingGuest guest = new CountingGuest();
    private Path folder;
    private Session session;
    private OutputRing ring;
    private Thread backend;
    private long put;

    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("reprise-bench");
        session = mode == dev.reprise.engine.Mode.OFF ? Sessions.off(SessionBenchmark.config())
                : Sessions.record(folder.resolve("recording"), SessionBenchmark.config());
        ring = session.outputRing(1);
        backend = new Thread(this::takeAll, "backend");
        backend.setDaemon(true);
        backend.start();
        session.boundary(guest);
    }

    private void takeAll() {
        byte[] into = new byte[4096];
        while (ring.take(into, 0, into.length, TAKE_NS) >= 0) {
            Thread.onSpinWait();
        }
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        session.close();
        backend.join();
        Folders.remove(folder);
    }

    @Benchmark
    @AllocatesNothing
    public long outputByte() {
        guest.advance(100);
        if (session.output(1, (byte) put) != 1) {
            throw new IllegalStateException("refused after " + put);
        }
        if (++put % PER_BOUNDARY == 0) {
            session.boundary(guest);
            // A guest would see the refusal; here the figure is that of accepted bytes.
            while (put - ring.consumedBytes() > OutputRing.DEFAULT_BYTES / 2) {
                Thread.onSpinWait();
            }
        }
        return put;
    }
}
