package dev.reprise.bench.engine;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.journal.JournalReader;
import dev.reprise.engine.journal.JournalWriter;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.TearDown;

/** The reader thread's work per event: read from the page cache, check, decompress, decode. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JournalReadBenchmark {

    private static final int EVENTS = 200_000;

    @Param({"false", "true"})
    public boolean compress;

    private final Event into = Event.slot();
    private PageCacheFiles files;

    @Setup
    public void write() throws IOException {
        files = new PageCacheFiles();
        Event event = SampleEvents.of("payload40");
        try (JournalWriter writer = new JournalWriter(files, JournalAppendBenchmark.MANIFEST, compress,
                JournalAppendBenchmark.SEGMENT_BYTES)) {
            for (int i = 0; i < EVENTS; i++) {
                writer.append(SampleEvents.next(event));
            }
            writer.seal();
        }
    }

    @TearDown
    public void remove() throws IOException {
        files.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long readAll() throws IOException {
        try (JournalReader reader = new JournalReader(files, JournalAppendBenchmark.MANIFEST)) {
            while (reader.next(into)) {
                // Its checks are what is measured.
            }
            if (reader.events() != EVENTS) {
                throw new IllegalStateException("read " + reader.events() + " events: " + reader.finding());
            }
            return reader.lastPosition();
        }
    }
}
