package dev.reprise.bench.journal;

import dev.reprise.bench.engine.PageCacheFiles;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.LogCheck;
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

/** All of a log of 48 MB in the page cache: an operation is a megabyte (10^6 bytes) of log, so this is MB per second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class VerifyBenchmark {

    private static final int MEGABYTES = 48;
    private static final int PAYLOAD_BYTES = 40;

    @Param({"false", "true"})
    public boolean compress;

    private PageCacheFiles files;

    @Setup
    public void write() throws IOException {
        files = new PageCacheFiles();
        Event event = Event.slot();
        byte[] payload = new byte[PAYLOAD_BYTES];
        try (JournalWriter writer = new JournalWriter(files, RepriseLog.MANIFEST, compress)) {
            for (long i = 1; writer.logBytes() < MEGABYTES * 1_000_000L; i++) {
                payload[(int) (i % 40)] += (byte) (i >> 3);
                writer.append(event.set(EventKind.EMBEDDER_INPUT, 1, i * 4_000, 7, 1).payload(payload, 0, PAYLOAD_BYTES));
            }
            writer.seal();
        }
    }

    @TearDown
    public void remove() throws IOException {
        files.close();
    }

    @Benchmark
    @OperationsPerInvocation(MEGABYTES)
    public LogCheck.Report verify() throws IOException {
        LogCheck.Report report = LogCheck.check(files, RepriseLog.MANIFEST);
        if (report.verdict() != LogCheck.Verdict.TORN || report.logBytes() < MEGABYTES * 1_000_000L) {
            throw new IllegalStateException("not what was written: " + report);
        }
        return report;
    }
}
