package dev.reprise.bench.engine;

import dev.reprise.bench.Folders;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
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
 * What the guest thread pays for one question or output, with recording off, in record and in replay: the same guest
 * code three times, with a boundary at every 64th. An invocation is a run of its own; opening and closing the session is
 * not measured. A burst fits into the ring, so the guest never waits; a flood is longer than the ring by far, so it goes
 * as fast as the journaler or the reader.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionBenchmark {

    private static final int BURST = 6_000;
    private static final int FLOOD = 100_000;
    /** For journaler and reader to come to rest before a burst. */
    private static final long SETTLE_NS = 2_000_000;
    private static final int PER_BOUNDARY = 64;
    private static final int UNITS_PER_EVENT = 1_000;

    @Param({"OFF", "RECORD", "REPLAY"})
    public dev.reprise.engine.Mode mode;

    @Param({"ASK", "ASK_BYTES", "CLOCK", "OUTPUT_BYTE", "OUTPUT_LINE"})
    public Question question;

    private Path folder;
    private Path recording;
    private Session session;
    private Question.Asker asker;
    private CountingGuest guest;

    /** A session of {@link CountingGuest}; digests and forces are left out, which have benchmarks of their own. */
    static SessionConfig config() {
        return SessionConfig.of("bench").device("console", "text").host(new FixedHost()).digestEvery(0).durability(0);
    }

    @Setup
    public void recordForTheReplays() throws IOException {
        folder = Files.createTempDirectory("reprise-bench");
        recording = folder.resolve("recording");
        if (mode == dev.reprise.engine.Mode.REPLAY) {
            try (Session recorder = Sessions.record(recording, config())) {
                begin(recorder);
                run(FLOOD);
                recorder.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 0);
                recorder.boundary(guest);
            }
        }
    }

    @TearDown
    public void removeFolder() throws IOException {
        Folders.remove(folder);
    }

    @Setup(Level.Invocation)
    public void open() {
        begin(switch (mode) {
            case OFF -> Sessions.off(config());
            case RECORD -> Sessions.record(recording, config(), true);
            case REPLAY -> Sessions.replay(recording, config());
        });
        // With recording off there is nobody to wait for; but a thread that has slept finds its caches cold.
        LockSupport.parkNanos(SETTLE_NS);
    }

    @TearDown(Level.Invocation)
    public void close() {
        session.close();
    }

    private void begin(Session begun) {
        session = begun;
        asker = new Question.Asker(begun);
        guest = new CountingGuest();
        session.boundary(guest);
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public long burst() {
        return run(BURST);
    }

    @Benchmark
    @OperationsPerInvocation(FLOOD)
    public long flood() {
        return run(FLOOD);
    }

    private long run(int events) {
        for (int i = 1; i <= events; i++) {
            guest.advance(UNITS_PER_EVENT);
            question.ask(asker);
            if (i % PER_BOUNDARY == 0 && !session.boundary(guest)) {
                throw new IllegalStateException("the run ended at " + guest.position());
            }
        }
        return guest.position();
    }
}
