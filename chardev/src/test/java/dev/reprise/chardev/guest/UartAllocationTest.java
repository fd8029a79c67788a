package dev.reprise.chardev.guest;

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
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A character costs no allocation, in either direction. */
class UartAllocationTest {

    private static final int CHARACTERS = 2_000_000;

    @Test
    void shouldAllocateNothingPerCharacter() {
        Session session = Sessions.off(UartMachine.config());
        Transfers guest = new Transfers(session);
        session.run(guest);
        session.close();
        assertTrue(guest.allocatedBytes < CHARACTERS / 100, "allocated " + guest.allocatedBytes + " bytes");
    }

    /** Receives and sends characters; all within one call of the session. */
    private static final class Transfers implements Guest {

        private final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
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
            long before = threads.getThreadAllocatedBytes(id);
            transfer(CHARACTERS);
            allocatedBytes = threads.getThreadAllocatedBytes(id) - before;
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
