package dev.reprise.chardev.guest;

import static dev.reprise.chardev.guest.UartBits.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interrupts of the 16550A: what raises each, what clears it, which is shown first. */
class UartInterruptsTest {

    private UartBench bench = UartBench.withFifos(3);

    private int iir() {
        return bench.get(IIR_FCR) & 0x0f;
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,4", "2,8", "3,14"})
    void shouldRaiseReceivedDataAtTheTriggerLevel(int trigger, int level) {
        bench = UartBench.withFifos(trigger);
        bench.put(IER_DLM, IER_RECEIVED);
        for (int i = 1; i < level; i++) {
            bench.receive("x");
            assertFalse(bench.interrupt, "with " + i);
        }
        bench.receive("x");
        assertTrue(bench.interrupt);
        assertEquals(IIR_RECEIVED, iir());
        bench.get(RBR_THR_DLL);
        assertFalse(bench.interrupt, "below the level");
    }

    @Test
    void shouldRaiseReceivedDataForOneCharacterWithoutFifo() {
        bench.put(IIR_FCR, 0);
        bench.put(IER_DLM, IER_RECEIVED);
        bench.receive("ab");
        assertEquals(IIR_RECEIVED, bench.get(IIR_FCR), "no FIFO bits");
        assertEquals('a', bench.get(RBR_THR_DLL));
        assertTrue(bench.interrupt, "the next one has come");
        assertEquals('b', bench.get(RBR_THR_DLL));
        assertFalse(bench.interrupt);
    }

    @ParameterizedTest
    @CsvSource({
        "0x03,  2,  347220", // 8N1 at 115,200: 10 bits
        "0x03, 24, 4166664", // 8N1 at 9,600
        "0x00,  2,  243052", // 5N1: 7 bits
        "0x1f,  2,  416664", // 8E2: 12 bits
    })
    void shouldRaiseTheTimeoutFourCharacterTimesAfterTheLastCharacter(String lcr, int divisor, long timeoutNs) {
        bench.put(LCR, LCR_DLAB);
        bench.put(RBR_THR_DLL, divisor);
        bench.put(LCR, Integer.decode(lcr));
        bench.put(IER_DLM, IER_RECEIVED);
        bench.receive("ab");
        long due = bench.timer.dueNs;
        assertEquals(timeoutNs, due, 4, "four character times");
        bench.advanceNs(due - 1);
        assertFalse(bench.interrupt);
        bench.advanceNs(1);
        assertTrue(bench.interrupt);
        assertEquals(IIR_TIMEOUT, iir());
        bench.get(RBR_THR_DLL);
        assertFalse(bench.interrupt, "a read clears it");
        assertEquals(2 * due, bench.timer.dueNs, "and starts the time anew");
        bench.get(RBR_THR_DLL);
        assertEquals(StubTimer.NEVER, bench.timer.dueNs, "nothing is left to be read");
    }

    @Test
    void shouldTakeADivisorOfZeroAsTheLongest() {
        bench.put(LCR, LCR_DLAB);
        bench.put(RBR_THR_DLL, 0);
        bench.put(IER_DLM, 0);
        bench.put(LCR, 3);
        bench.receive("a");
        assertEquals(4 * (10L * 16 * 65536 * 1_000_000_000 / UartBench.CLOCK_HZ), bench.timer.dueNs);
    }

    @Test
    void shouldNotTimeOutWithoutFifo() {
        bench.put(IIR_FCR, 0);
        bench.receive("a");
        assertEquals(StubTimer.NEVER, bench.timer.dueNs);
    }

    @Test
    void shouldRaiseTransmitterEmptyWhenItIsEnabledAndClearItByReadingIir() {
        bench.put(IER_DLM, IER_TRANSMIT);
        assertEquals(IIR_TRANSMIT, iir());
        assertFalse(bench.interrupt);
        assertEquals(IIR_NONE, iir());
        bench.put(IER_DLM, IER_TRANSMIT);
        assertFalse(bench.interrupt, "no edge of the enable");
        bench.put(IER_DLM, 0);
        bench.put(IER_DLM, IER_TRANSMIT);
        assertTrue(bench.interrupt, "an edge of the enable raises it again");
    }

    @Test
    void shouldRaiseTransmitterEmptyAgainAfterEachCharacter() {
        bench.put(IER_DLM, IER_TRANSMIT);
        iir();
        bench.write("a");
        assertTrue(bench.interrupt);
        assertEquals(IIR_TRANSMIT, iir());
        assertFalse(bench.interrupt);
    }

    @Test
    void shouldRaiseTransmitterEmptyOnlyWhenTheBackendHasTakenAll() {
        bench.put(IER_DLM, IER_TRANSMIT);
        iir();
        bench.line.room = 0;
        bench.write("ab");
        assertFalse(bench.interrupt);
        bench.receiveRoom(1);
        assertFalse(bench.interrupt);
        bench.receiveRoom(1);
        assertTrue(bench.interrupt);
        assertEquals("ab", bench.sent());
    }

    @Test
    void shouldRaiseTransmitterEmptyWhenItsFifoIsReset() {
        bench.put(IER_DLM, IER_TRANSMIT);
        iir();
        bench.put(IIR_FCR, FCR_ENABLE | FCR_RESET_TRANSMITTER);
        assertEquals(IIR_TRANSMIT, iir());
    }

    @Test
    void shouldRaiseLineStatusForABreakAndClearItByReadingLsr() {
        bench.put(IER_DLM, IER_LINE);
        bench.receiveBreak();
        assertEquals(IIR_LINE, iir());
        bench.get(LSR);
        assertFalse(bench.interrupt);
        assertEquals(IIR_NONE, iir());
    }

    @Test
    void shouldRaiseLineStatusForAnOverrun() {
        bench.put(IER_DLM, IER_LINE);
        bench.put(MCR, MCR_LOOP);
        bench.write("0123456789abcdef");
        assertFalse(bench.interrupt);
        bench.write("X");
        assertEquals(IIR_LINE, iir());
    }

    @Test
    void shouldRaiseModemStatusForADeltaAndClearItByReadingMsr() {
        bench.put(IER_DLM, IER_MODEM);
        bench.put(MCR, MCR_LOOP);
        assertTrue(bench.interrupt);
        assertEquals(IIR_MODEM, iir());
        bench.get(MSR);
        assertFalse(bench.interrupt);
    }

    @Test
    void shouldShowThePendingInterruptsByPriority() {
        bench.put(MCR, MCR_LOOP);
        bench.write("0123456789abcdefX");
        bench.advanceNs(1_000_000_000);
        bench.put(IER_DLM, IER_MASK);
        assertEquals(IIR_LINE, iir());
        bench.get(LSR);
        assertEquals(IIR_TIMEOUT, iir());
        bench.get(RBR_THR_DLL);
        assertEquals(IIR_RECEIVED, iir());
        bench.readAll();
        assertEquals(IIR_TRANSMIT, iir());
        assertEquals(IIR_MODEM, iir());
        bench.get(MSR);
        assertEquals(IIR_NONE, iir());
        assertFalse(bench.interrupt);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "4", "8"})
    void shouldKeepQuietAboutWhatIsNotEnabled(int enabled) {
        bench.put(MCR, MCR_LOOP);
        bench.write("0123456789abcdefX");
        bench.put(IER_DLM, enabled);
        int expected = enabled == 1 ? IIR_RECEIVED : enabled == 2 ? IIR_TRANSMIT : enabled == 4 ? IIR_LINE : IIR_MODEM;
        assertEquals(expected, iir());
        bench.put(IER_DLM, 0);
        assertEquals(IIR_NONE, iir());
        assertFalse(bench.interrupt);
    }

    @Test
    void shouldNotDisableInterruptsByLoopbackOrOut2() {
        bench.put(MCR, 0);
        bench.put(IER_DLM, IER_TRANSMIT);
        assertTrue(bench.interrupt);
    }
}
