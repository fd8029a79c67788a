package dev.reprise.chardev.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A character costs no allocation, in either direction, recorded or not. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UartAllocationTest {

    private static final int CHARACTERS = 2_000_000;
    private static final com.sun.management.ThreadMXBean MEASURED =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingPerCharacter() {
        Session session = Sessions.off(UartMachine.config());
        Transfers guest = new Transfers(session);
        session.run(guest);
        session.close();
        assertTrue(guest.allocatedBytes < CHARACTERS / 100, "allocated " + guest.allocatedBytes + " bytes");
    }

    /** From a backend's port by inbox, journal and UART to the backend's ring, byte for byte; and what the journaler does. */
    @Test
    void shouldAllocateNothingPerCharacterThatIsRecorded(@TempDir Path directory) throws InterruptedException {
        Session session = Sessions.record(directory.resolve("r"), UartMachine.config().digestEvery(0));
        InputPort port = session.inputPort(UartMachine.DEVICE);
        OutputRing ring = session.outputRing(UartMachine.DEVICE);
        Thread backend = new Thread(() -> takeAll(ring), "backend");
        backend.start();
        Recorded guest = new Recorded(session);
        byte[] sent = new byte[Event.SLOT_PAYLOAD_BYTES];
        Arrays.fill(sent, (byte) 'a');
        transfer(session, guest, port, ring, sent, 400_000);
        Thread journaler = Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("journaler")).findAny()
                .orElseThrow();
        long[] threads = {Thread.currentThread().getId(), backend.getId(), journaler.getId()};
        // Once for what the measuring itself allocates.
        allocatedBy(threads);
        long[] before = allocatedBy(threads);
        transfer(session, guest, port, ring, sent, CHARACTERS);
        long[] after = allocatedBy(threads);
        session.close();
        backend.join();
        for (int i = 0; i < threads.length; i++) {
            assertTrue(after[i] - before[i] < CHARACTERS / 100, "guest, backend and journaler: " + Arrays.toString(before) + " to "
                    + Arrays.toString(after));
        }
        assertEquals(guest.received, ring.consumedBytes(), "every one came back");
    }

    private static long[] allocatedBy(long[] threads) {
        long[] bytes = new long[threads.length];
        for (int i = 0; i < threads.length; i++) {
            bytes[i] = MEASURED.getThreadAllocatedBytes(threads[i]);
        }
        return bytes;
    }

    private static void takeAll(OutputRing ring) {
        byte[] into = new byte[4096];
        while (ring.take(into, 0, into.length, 1_000_000) >= 0) {
            Thread.onSpinWait();
        }
    }

    private static void transfer(Session session, Recorded guest, InputPort port, OutputRing ring, byte[] sent, int characters) {
        long end = guest.received + characters;
        while (guest.received < end) {
            int count = port.publishBytes(sent, 0, sent.length);
            guest.steps += sent.length;
            session.boundary(guest);
            guest.echo();
            while (guest.received - ring.consumedBytes() > OutputRing.DEFAULT_BYTES / 2) {
                session.boundary(guest);
                Thread.onSpinWait();
            }
            assertTrue(count >= 0);
        }
        session.boundary(guest);
    }

    /** A guest whose loop is the test's. */
    private static final class Recorded implements Guest {

        private final StubTimer timer = new StubTimer();
        private final Uart16550 uart;
        private long steps;
        private long received;

        Recorded(Session session) {
            uart = new Uart16550(session, UartMachine.DEVICE, UartBench.CLOCK_HZ, level -> { }, timer);
            session.boundary(this);
            uart.store(UartBits.IIR_FCR, 1, 0xc1);
            uart.start();
        }

        private void echo() {
            while ((uart.load(UartBits.LSR, 1) & UartBits.LSR_DATA_READY) != 0) {
                uart.store(UartBits.RBR_THR_DLL, 1, uart.load(UartBits.RBR_THR_DLL, 1));
                received++;
            }
        }

        @Override
        public Status runUntil(long limit) {
            throw new IllegalStateException("the test owns the loop");
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
    }

    /** Receives and sends characters; all within one call of the session. */
    private static final class Transfers implements Guest {

        private final Session session;
        private final StubTimer timer = new StubTimer();
        private final Uart16550 uart;
        private final Event input = new Event(Event.SLOT_PAYLOAD_BYTES);
        private final byte[] bytes = new byte[64];
        private long allocatedBytes;
        private long steps;

        Transfers(Session session) {
            this.session = session;
            uart = new Uart16550(session, UartMachine.DEVICE, UartBench.CLOCK_HZ, level -> { }, timer);
            uart.store(UartBits.IIR_FCR, 1, 0x81);
            uart.store(UartBits.IER_DLM, 1, UartBits.IER_MASK);
            uart.start();
        }

        @Override
        public Status runUntil(long limit) {
            transfer(200_000);
            long id = Thread.currentThread().getId();
            long before = MEASURED.getThreadAllocatedBytes(id);
            transfer(CHARACTERS);
            allocatedBytes = MEASURED.getThreadAllocatedBytes(id) - before;
            steps++;
            session.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 0);
            return Status.STOPPED;
        }

        private void transfer(int characters) {
            for (int done = 0; done < characters; done += bytes.length) {
                uart.apply(input.set(EventKind.CHAR_INPUT, UartMachine.DEVICE, steps, 0, 0)
                        .payload(bytes, 0, bytes.length));
                while ((uart.load(UartBits.LSR, 1) & UartBits.LSR_DATA_READY) != 0) {
                    uart.store(UartBits.RBR_THR_DLL, 1, uart.load(UartBits.RBR_THR_DLL, 1));
                    uart.load(UartBits.IIR_FCR, 1);
                }
                timer.advanceTo(timer.nowNs + 10_000_000, uart);
            }
        }

        @Override
        public long position() {
            return steps;
        }

        @Override
        public void apply(Event event) {
            throw new IllegalStateException("no input comes from outside");
        }

        @Override
        public void digest(StateSink sink) {
            uart.write(sink);
        }

        @Override
        public void reset(ResetCause cause) {
            uart.reset();
        }
    }
}
