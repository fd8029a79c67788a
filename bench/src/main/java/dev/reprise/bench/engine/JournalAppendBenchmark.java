package dev.reprise.bench.engine;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.JournalWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** The journaler's work per event, on one thread: encode, and every 64 KiB compress, link, checksum and write. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JournalAppendBenchmark {

    static final long SEGMENT_BYTES = 64L << 20;
    static final byte[] MANIFEST = "{\"guest\":\"bench\"}".getBytes(StandardCharsets.US_ASCII);

    @Param({"memory", "page-cache"})
    public String files;

    @Param({"false", "true"})
    public boolean compress;

    private FileLayer layer;
    private JournalWriter writer;
    private final Event event = SampleEvents.of("payload40");

    @Setup
    public void open() throws IOException {
        layer = files.equals("memory") ? new DiscardFiles() : new PageCacheFiles();
        writer = new JournalWriter(layer, MANIFEST, compress, SEGMENT_BYTES);
    }

    @TearDown
    public void close() throws IOException {
        writer.close();
        if (layer instanceof PageCacheFiles onDisk) {
            onDisk.close();
        }
    }

    @Benchmark
    @AllocatesNothing
    public long append() throws IOException {
        writer.append(SampleEvents.next(event));
        return writer.events();
    }
}
