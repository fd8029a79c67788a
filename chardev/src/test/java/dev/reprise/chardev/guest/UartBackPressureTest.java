package dev.reprise.chardev.guest;

import static dev.reprise.chardev.guest.UartBits.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A backend that does not take what is sent, and a guest that does not take what arrives. */
class UartBackPressureTest {

    private final UartBench bench = UartBench.withFifos(3);

    @Test
    void shouldHoldWhatTheBackendDoesNotTakeAndKeepTheOrder() {
        bench.line.room = 2;
        bench.write("abcdefgh");
        assertEquals("ab", bench.sent());
        assertEquals(0, bench.get(LSR), "neither holding register nor transmitter is empty");
        bench.line.room = 3;
        bench.advanceNs(Uart16550.FIRST_RETRY_NS);
        assertEquals("abcde", bench.sent());
        bench.line.room = 100;
        bench.advanceNs(Uart16550.FIRST_RETRY_NS);
        assertEquals("abcdefgh", bench.sent());
        assertEquals(0x60, bench.get(LSR));
        assertEquals(StubTimer.NEVER, bench.timer.dueNs);
    }

    @Test
    void shouldOfferOnceAndThenAtDoublingIntervals() {
        bench.line.room = 0;
        bench.write("abc");
        assertEquals(1, bench.line.offers, "what waits is not offered again by a write");
        long interval = Uart16550.FIRST_RETRY_NS;
        for (int offers = 2; offers < 14; offers++) {
            assertEquals(bench.timer.nowNs + interval, bench.timer.dueNs);
            bench.advanceNs(interval);
            assertEquals(offers, bench.line.offers);
            interval = Math.min(2 * interval, Uart16550.LAST_RETRY_NS);
        }
    }

    @Test
    void shouldOverwriteTheOldestWhenTheGuestWritesWhileFull() {
        bench.line.room = 0;
        bench.write("0123456789abcdefXY");
        bench.line.room = 100;
        bench.advanceNs(Uart16550.FIRST_RETRY_NS);
        assertEquals("23456789abcdefXY", bench.sent());
    }

    @Test
    void shouldHoldOneCharacterWithoutFifo() {
        bench.put(IIR_FCR, 0);
        bench.line.room = 0;
        bench.write("ab");
        bench.line.room = 100;
        bench.advanceNs(Uart16550.FIRST_RETRY_NS);
        assertEquals("b", bench.sent());
    }

    @Test
    void shouldRunOnWhenTheBackendIsGone() {
        bench.line.closed = true;
        bench.write("nobody");
        assertEquals(0x60, bench.get(LSR));
        assertEquals(StubTimer.NEVER, bench.timer.dueNs);
    }

    @Test
    void shouldGiveUpWhatWaitsWhenTheBackendGoes() {
        bench.line.room = 0;
        bench.write("abc");
        bench.line.closed = true;
        bench.advanceNs(Uart16550.FIRST_RETRY_NS);
        assertEquals(0x60, bench.get(LSR));
    }

    @Test
    void shouldDeliverAMegabyteWithinTheCreditAndLoseNothing() {
        byte[] all = new byte[1 << 20];
        new Random(7).nextBytes(all);
        int published = 0;
        int read = 0;
        int grants = 0;
        while (read < all.length) {
            int count = Math.min(Math.min(128, bench.credit()), all.length - published);
            if (count > 0) {
                bench.receive(Arrays.copyOfRange(all, published, published + count));
                published += count;
            }
            for (int i = 0; i < 100 && (bench.get(LSR) & LSR_DATA_READY) != 0; i++) {
                int before = bench.line.granted;
                assertEquals(all[read++], (byte) bench.get(RBR_THR_DLL));
                grants += bench.line.granted > before ? 1 : 0;
            }
        }
        assertEquals(ReceiveLine.CAPACITY, bench.credit());
        assertTrue(grants <= all.length / 64, "credit comes back in large pieces: grants=" + grants);
    }
}
