package dev.reprise.chardev.guest;

import static dev.reprise.chardev.guest.UartBits.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.LinkEvent;
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
        bench.receiveRoom(3);
        assertEquals("abcde", bench.sent());
        bench.receiveRoom(100);
        assertEquals("abcdefgh", bench.sent());
        assertEquals(0x60, bench.get(LSR));
        assertEquals(StubTimer.NEVER, bench.timer.dueNs);
    }

    @Test
    void shouldOfferOnceForEachTimeThatThereIsRoom() {
        bench.line.room = 0;
        bench.write("abc");
        assertEquals(1, bench.line.offers, "what waits is not offered again by a write");
        bench.advanceNs(1_000_000_000);
        assertEquals(1, bench.line.offers, "nor by time");
        bench.receiveRoom(0);
        assertEquals(2, bench.line.offers);
        bench.receiveRoom(3);
        assertEquals("abc", bench.sent());
        assertEquals(3, bench.line.offers);
        bench.receiveRoom(3);
        assertEquals(3, bench.line.offers, "nothing waits");
    }

    @Test
    void shouldOverwriteTheOldestWhenTheGuestWritesWhileFull() {
        bench.line.room = 0;
        bench.write("0123456789abcdefXY");
        bench.receiveRoom(100);
        assertEquals("23456789abcdefXY", bench.sent());
    }

    @Test
    void shouldHoldOneCharacterWithoutFifo() {
        bench.put(IIR_FCR, 0);
        bench.line.room = 0;
        bench.write("ab");
        bench.receiveRoom(100);
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
    void shouldAskABackendThatIsGoneOnceAndAgainWhenItIsBack() {
        bench.line.closed = true;
        bench.write("nobody");
        assertEquals(1, bench.line.offers, "one outcome in the log, not one for each character");
        bench.link(LinkEvent.CLOSED);
        bench.write("nobody");
        assertEquals(1, bench.line.offers);
        bench.line.closed = false;
        bench.link(LinkEvent.OPENED);
        bench.write("somebody");
        assertEquals("somebody", bench.sent());
        assertEquals(new TransmitCounters(12, 0, 0), bench.uart.transmitCounters());
    }

    @Test
    void shouldCountWhatNobodyHasHeardAndWhatTheGuestHasThrownAway() {
        bench.line.room = 0;
        bench.write("0123456789abcdefXY");
        assertEquals(new TransmitCounters(0, 2, 16), bench.uart.transmitCounters(), "two were written over");
        bench.put(IIR_FCR, FCR_ENABLE | FCR_RESET_TRANSMITTER);
        assertEquals(new TransmitCounters(0, 18, 0), bench.uart.transmitCounters());
        bench.write("abc");
        bench.uart.reset();
        assertEquals(new TransmitCounters(0, 21, 0), bench.uart.transmitCounters());
        bench.line.closed = true;
        bench.write("nobody");
        assertEquals(new TransmitCounters(6, 21, 0), bench.uart.transmitCounters());
        bench.put(MCR, MCR_LOOP);
        bench.write("to itself");
        assertEquals(new TransmitCounters(6, 21, 0), bench.uart.transmitCounters(), "nothing of it was for the host");
    }

    @Test
    void shouldHaveTheSameStateWhateverItHasCounted() {
        UartBench other = UartBench.withFifos(3);
        bench.line.room = 0;
        bench.write("lost");
        bench.put(IIR_FCR, 3 << 6 | FCR_ENABLE | FCR_RESET_TRANSMITTER);
        bench.line.room = 100;
        bench.write("x");
        other.write("x");
        assertArrayEquals(StateBytes.of(other.uart), StateBytes.of(bench.uart));
    }

    @Test
    void shouldGiveUpWhatWaitsWhenTheBackendGoes() {
        bench.line.room = 0;
        bench.write("abc");
        bench.line.closed = true;
        bench.receiveRoom(0);
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
