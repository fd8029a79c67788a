package dev.reprise.bench.journal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * Payloads of 40 bytes from the publishing thread into the page cache, or onto the disk where the log's name says
 * durable, all of them and nothing less: the engine's journal beside Chronicle Queue and Aeron Archive. Begun anew for
 * each iteration, so that no log grows for long.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(jvmArgsAppend = {
    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
    "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED", "-Dchronicle.analytics.disable=true"
})
public class PersistBenchmark {

    static final int BATCH = 1 << 18;

    @Param({"reprise", "reprise-compressed", "reprise-durable", "chronicle", "archive", "archive-durable"})
    public String log;

    private final byte[] payload = new byte[EventLog.PAYLOAD_BYTES];
    private EventLog events;

    @Setup(Level.Iteration)
    public void open() throws IOException {
        events = EventLog.of(log);
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        events.close();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void persist() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            payload[0]++;
            payload[9] ^= (byte) i;
            events.publish(payload);
        }
        events.await();
    }
}
