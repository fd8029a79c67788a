package dev.reprise.bench.chardev;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.bench.Folders;
import dev.reprise.chardev.guest.GuestTimer;
import dev.reprise.chardev.guest.Uart16550;
import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * A UART at full speed: a slot of 128 bytes is published within the credit, journaled and applied at a boundary, read from
 * the receiver's register byte by byte, and written back byte by byte, behind one output event. The operation is the byte;
 * an input event carries 128 of them, so its time is 128 times the figure, and bytes per second are 10^9 by the figure.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CharacterPathBenchmark {

    private static final int SLOT = Event.SLOT_PAYLOAD_BYTES;
    private static final int DATA = 0;
    private static final int FIFO_CONTROL = 2;
    private static final int LINE_STATUS = 5;
    private static final long CLOCK_HZ = 3_686_400;
    private static final long TAKE_NS = 1_000_000;

    @Param({"OFF", "RECORD"})
    public dev.reprise.engine.Mode mode;

    private final byte[] sent = new byte[SLOT];
    private Path folder;
    private Session session;
    private InputPort port;
    private OutputRing ring;
    private Thread backend;
    private Machine guest;
    private long put;

    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("reprise-bench");
        SessionConfig config = SessionConfig.of("bench").device("uart", "16550").digestEvery(0).durability(0);
        session = mode == dev.reprise.engine.Mode.OFF ? Sessions.off(config)
                : Sessions.record(folder.resolve("recording"), config);
        port = session.inputPort(1);
        ring = session.outputRing(1);
        guest = new Machine(session);
        backend = new Thread(this::takeAll, "backend");
        backend.setDaemon(true);
        backend.start();
        session.boundary(guest);
        guest.uart.start();
        guest.uart.store(FIFO_CONTROL, 1, 0xc1);
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
    @OperationsPerInvocation(SLOT)
    @AllocatesNothing
    public long echoedByte() {
        for (int done = 0; done < SLOT; ) {
            done += port.publishBytes(sent, done, SLOT - done);
        }
        guest.steps += SLOT;
        session.boundary(guest);
        for (int i = 0; i < SLOT; i++) {
            if ((guest.uart.load(LINE_STATUS, 1) & 1) == 0) {
                throw new IllegalStateException("nothing received after " + put);
            }
            guest.uart.store(DATA, 1, guest.uart.load(DATA, 1) + 1);
        }
        put += SLOT;
        // A guest would see the refusal; here the figure is that of accepted bytes.
        while (put - ring.consumedBytes() > OutputRing.DEFAULT_BYTES / 2) {
            session.boundary(guest);
            Thread.onSpinWait();
        }
        return put;
    }

    private static final class Machine implements Guest, GuestTimer {

        private final Session session;
        private final Uart16550 uart;
        private long steps;

        Machine(Session session) {
            this.session = session;
            uart = new Uart16550(session, 1, CLOCK_HZ, level -> { }, this);
        }

        @Override
        public Status runUntil(long limit) {
            throw new IllegalStateException("the benchmark owns the loop");
        }

        @Override
        public long position() {
            return steps;
        }

        @Override
        public void apply(Event input) {
            uart.apply(input);
        }

        @Override
        public void digest(StateSink sink) {
            uart.write(sink);
        }

        @Override
        public void reset(ResetCause cause) {
            uart.reset();
        }

        @Override
        public long nowNs() {
            return session.clock().ns(steps);
        }

        @Override
        public void armNs(long guestNs) {
            // The character timeout is not looked at: every byte is read at once.
        }

        @Override
        public void cancel() { }
    }
}
