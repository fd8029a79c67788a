package dev.reprise.bench.journal;

import dev.reprise.bench.Folders;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.DiskFiles;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.Recovery;
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
 * Opening after a crash at the worst moment: a segment is nearly full, and nothing of it was forced. What lies before
 * it is not read, so this is what the longest recording costs too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RecoverBenchmark {

    private static final int PAYLOAD_BYTES = 40;

    /** Bytes of log before the crash; a segment is 64 MiB. */
    @Param({"66000000"})
    public long logBytes;

    @Param({"false", "true"})
    public boolean compress;

    private Path folder;

    @Setup(Level.Invocation)
    public void crash() throws IOException {
        folder = Files.createTempDirectory("reprise-bench");
        Event event = Event.slot();
        byte[] payload = new byte[PAYLOAD_BYTES];
        try (JournalWriter writer = new JournalWriter(new DiskFiles(folder), RepriseLog.MANIFEST, compress)) {
            for (long i = 1; writer.logBytes() < logBytes; i++) {
                payload[(int) (i % 40)] += (byte) (i >> 3);
                writer.append(event.set(EventKind.EMBEDDER_INPUT, 1, i * 4_000, 7, 1).payload(payload, 0, PAYLOAD_BYTES));
            }
        }
    }

    @TearDown(Level.Invocation)
    public void remove() throws IOException {
        Folders.remove(folder);
    }

    @Benchmark
    public Recovery.Result recover() throws IOException {
        return Recovery.recover(new DiskFiles(folder), RepriseLog.MANIFEST, false);
    }
}
