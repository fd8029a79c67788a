package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import dev.reprise.chardev.guest.GuestTimer;
import dev.reprise.chardev.guest.Uart16550;
import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code full=refuse} before a guest that talks and never listens. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusingLinkTest extends RecordedMachine {

    /** A step writes a character, if the transmitter has room for one; what comes stays where it is. */
    private static final class Talker implements Guest {

        private final Uart16550 uart;
        private long steps;
        volatile long unheard;

        Talker(Session session) {
            uart = new Uart16550(session, UartMachine.DEVICE, 3_686_400, level -> { }, new NoTimer());
            uart.start();
        }

        @Override
        public Status runUntil(long limit) {
            for (; steps < limit; steps++) {
                if ((uart.load(5, 1) & 0x20) != 0) {
                    uart.store(0, 1, 'a' + steps % 26);
                }
            }
            unheard = uart.transmitCounters().unheard();
            return Status.RAN;
        }

        @Override
        public long position() {
            return steps;
        }

        @Override
        public void apply(Event input) {
            if (input.kind() != EventKind.CLOCK_ADJUST) {
                uart.apply(input);
            }
        }

        @Override
        public void digest(StateSink sink) {
            sink.putLong(steps);
            uart.write(sink);
        }

        @Override
        public void reset(ResetCause cause) {
            uart.reset();
        }
    }

    /** Without FIFOs a UART has no use for one. */
    private static final class NoTimer implements GuestTimer {
        @Override
        public long nowNs() {
            return 0;
        }

        @Override
        public void armNs(long guestNs) {
            throw new AssertionError("armed for " + guestNs);
        }

        @Override
        public void cancel() { }
    }

    /** Until the guest is told that nobody is there: its characters arrive nowhere, and more and more of them. */
    private static void awaitNobody(Talker guest) {
        long before = guest.unheard;
        while (guest.unheard == before) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void shouldPutOutToLaterPeersThoughAnEarlierOneHasLeftInputThatNobodyReads() throws Exception {
        backend = BackendSpec.parse("tcp:127.0.0.1:0,server,full=refuse").open();
        session = Sessions.record(directory.resolve("r"), config().quantum(1_000));
        backend.start(session, UartMachine.DEVICE);
        Talker guest = new Talker(session);
        machine = new Thread(() -> result = session.run(guest), "guest");
        machine.start();
        for (int visit = 0; visit < 4; visit++) {
            awaitNobody(guest);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                socket.getOutputStream().write(noise(4_000, visit));
                int character = socket.getInputStream().read();
                assertTrue(character >= 'a' && character <= 'z', "visit " + visit + ": " + character);
                while (backend.counters().heldBytes() == 0) {
                    LockSupport.parkNanos(100_000);
                }
                socket.setSoLinger(true, 0);
            }
        }
        session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
        machine.join();
        end();
        try (Session replay = Sessions.replay(directory.resolve("r"), config())) {
            Talker again = new Talker(replay);
            assertEquals(result, replay.run(again));
            assertEquals(guest.unheard, again.unheard);
        }
    }
}
