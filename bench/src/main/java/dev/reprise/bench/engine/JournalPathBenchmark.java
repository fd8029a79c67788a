package dev.reprise.bench.engine;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.Journaler;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.io.IOException;
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
 * The whole path, from the guest thread through the ring and the journaler's thread into the page cache. The ring is
 * full nearly all the time, so the rate is that of the path and not of the publisher.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class JournalPathBenchmark {

    @Param({"false", "true"})
    public boolean compress;

    private static final long STEPS = 4_000;

    private final byte[] payload = SampleEvents.payload();
    private final Poison poison = new Poison();
    private PageCacheFiles files;
    private JournalRing ring;
    private Journaler journaler;
    private long position;

    @Setup
    public void open() throws IOException {
        files = new PageCacheFiles();
        ring = new JournalRing(JournalRing.DEFAULT_BYTES, poison);
        journaler = new Journaler(new JournalWriter(files, JournalAppendBenchmark.MANIFEST, compress,
                JournalAppendBenchmark.SEGMENT_BYTES), ring, poison, 0);
        journaler.start();
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        journaler.close();
        files.close();
        if (journaler.writer().sealedEvents() != position / STEPS) {
            throw new IllegalStateException("lost events: " + journaler.writer().sealedEvents() + " written of "
                    + position / STEPS);
        }
    }

    @Benchmark
    @AllocatesNothing
    public long publish() {
        position += STEPS;
        payload[0]++;
        return ring.publish(EventKind.EMBEDDER_INPUT, 1, position, 7, 1, payload, 0, SampleEvents.PAYLOAD_BYTES);
    }
}
