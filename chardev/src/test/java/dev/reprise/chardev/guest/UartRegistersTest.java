package dev.reprise.chardev.guest;

import static dev.reprise.chardev.guest.UartBits.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.LinkEvent;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts of the TL16C550C data sheet, one test each. */
class UartRegistersTest {

    private final UartBench bench = new UartBench();

    UartRegistersTest() {
        bench.uart.start();
    }

    @ParameterizedTest
    @CsvSource({"1,0x00", "2,0x01", "3,0x00", "4,0x08", "5,0x60", "6,0xb0", "7,0x00", "0,0x00"})
    void shouldShowTheStateOfPowerOn(int register, String value) {
        assertEquals(Integer.decode(value), bench.get(register));
    }

    @ParameterizedTest
    @CsvSource({"1,0x0f", "3,0xff", "4,0x1f", "7,0xff"})
    void shouldKeepTheBitsThatARegisterHas(int register, String mask) {
        bench.put(LCR, 0);
        bench.put(register, 0xff);
        assertEquals(Integer.decode(mask), bench.get(register));
    }

    @Test
    void shouldIgnoreWritesToTheStatusRegisters() {
        bench.put(LSR, 0xff);
        bench.put(MSR, 0xff);
        assertEquals(0x60, bench.get(LSR));
        assertEquals(0xb0, bench.get(MSR));
    }

    @Test
    void shouldReachTheDivisorOnlyThroughTheLatchBit() {
        bench.put(LCR, LCR_DLAB);
        assertEquals(12, bench.get(RBR_THR_DLL));
        bench.put(RBR_THR_DLL, 0x34);
        bench.put(IER_DLM, 0x12);
        assertEquals(0x34, bench.get(RBR_THR_DLL));
        assertEquals(0x12, bench.get(IER_DLM));
        bench.put(LCR, 0);
        assertEquals(0, bench.get(IER_DLM));
        assertEquals(0, bench.get(RBR_THR_DLL));
        assertEquals("", bench.sent());
    }

    @Test
    void shouldTellTheBackendWhatTheLineIsLikeOnceForEachChange() {
        bench.put(LCR, LCR_DLAB | 3);
        bench.put(RBR_THR_DLL, 2);
        bench.put(IER_DLM, 0);
        assertEquals(java.util.List.of(), bench.line.requests, "not before the divisor is whole");
        bench.put(LCR, 3);
        bench.put(LCR, 3);
        bench.put(LCR, 3 | LCR_BREAK);
        bench.put(LCR, 3);
        bench.put(LCR, 0x1e);
        assertEquals(java.util.List.of("1 00c2010000080100", "2 01", "2 00", "1 00c2010002070200"), bench.line.requests,
                "115200 bits a second, 8N1, a BREAK, then 7E2");
    }

    @Test
    void shouldReportAnOverrunWhenTheBackendHasRefusedCharacters() {
        bench.put(IER_DLM, IER_LINE);
        bench.link(dev.reprise.engine.event.LinkEvent.of(dev.reprise.engine.event.LinkEvent.REFUSED, 700));
        assertEquals(IIR_LINE, bench.get(IIR_FCR) & 0x0f);
        assertEquals(LSR_OVERRUN, bench.get(LSR) & LSR_OVERRUN);
        assertEquals(0, bench.get(LSR) & LSR_OVERRUN, "told once");
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "4", "8"})
    void shouldTouchOneByteRegisterWhateverTheSizeOfTheAccess(int size) {
        bench.uart.store(SCR, size, 0x1122_3344_5566_77a5L);
        assertEquals(0xa5, bench.uart.load(SCR, size));
        bench.uart.store(IER_DLM, size, 0xffff_ff05L);
        assertEquals(5, bench.uart.load(IER_DLM, size));
        assertEquals(0, bench.uart.load(LCR, size));
    }

    @Test
    void shouldBeFoundAsA16550AByADriverThatProbesTheFifos() {
        bench.put(IIR_FCR, FCR_ENABLE);
        assertEquals(0xc0, bench.get(IIR_FCR) & 0xc0, "a 16550A says that its FIFOs work");
        bench.put(LCR, 0);
        bench.put(IIR_FCR, FCR_ENABLE | 0x20);
        assertEquals(0, bench.get(IIR_FCR) & 0x20, "no 64 byte FIFO");
        bench.put(IIR_FCR, 0);
        assertEquals(0, bench.get(IIR_FCR) & 0xc0);
        bench.put(IER_DLM, 0xff);
        assertEquals(0x0f, bench.get(IER_DLM), "no sleep mode, no unit enable bit");
    }

    @Test
    void shouldAnswerTheLoopbackProbeOfModemLines() {
        bench.put(MCR, MCR_LOOP | MCR_OUT2 | MCR_RTS);
        assertEquals(MSR_DCD | MSR_CTS, bench.get(MSR) & 0xf0);
    }

    static Stream<Arguments> modemOutputs() {
        return IntStream.range(0, 16).mapToObj(mcr -> Arguments.of(mcr, (mcr & 8) * 16 | (mcr & 4) * 16
                | (mcr & 1) * 32 | (mcr & 2) * 8));
    }

    @ParameterizedTest
    @MethodSource("modemOutputs")
    void shouldConnectTheModemOutputsToTheInputsInLoopback(int mcr, int inputs) {
        bench.put(MCR, MCR_LOOP | mcr);
        assertEquals(inputs, bench.get(MSR) & 0xf0);
    }

    @Test
    void shouldSayWhichModemInputsChangedSinceTheLastRead() {
        bench.put(MCR, MCR_LOOP | MCR_OUT2 | MCR_DTR | MCR_RTS);
        assertEquals(0, bench.get(MSR) & MSR_DELTAS, "the same four levels as before");
        bench.put(MCR, MCR_LOOP | MCR_OUT1);
        assertEquals(MSR_DELTA_DCD | MSR_DELTA_DSR | MSR_DELTA_CTS, bench.get(MSR) & MSR_DELTAS,
                "a rising ring indicator is no delta");
        assertEquals(0, bench.get(MSR) & MSR_DELTAS, "a read clears them");
        bench.put(MCR, MCR_LOOP);
        assertEquals(MSR_TRAILING_RI, bench.get(MSR) & MSR_DELTAS);
    }

    @Test
    void shouldReceiveWhatItSendsInLoopbackAndSendNothing() {
        bench.put(IIR_FCR, FCR_ENABLE);
        bench.put(MCR, MCR_LOOP);
        bench.write("loop");
        assertEquals("loop", bench.readAll());
        assertEquals("", bench.sent());
        assertEquals(LSR_THR_EMPTY | LSR_TRANSMITTER_EMPTY, bench.get(LSR));
    }

    @Test
    void shouldOverrunInLoopbackAndKeepTheOldestSixteen() {
        bench.put(IIR_FCR, FCR_ENABLE);
        bench.put(MCR, MCR_LOOP);
        bench.write("0123456789abcdefX");
        assertEquals(LSR_OVERRUN, bench.get(LSR) & LSR_OVERRUN);
        assertEquals(0, bench.get(LSR) & LSR_OVERRUN, "a read clears it");
        assertEquals("0123456789abcdef", bench.readAll());
    }

    @Test
    void shouldOverrunInLoopbackAndKeepTheNewestWithoutFifo() {
        bench.put(MCR, MCR_LOOP);
        bench.write("ab");
        assertEquals(LSR_OVERRUN | LSR_DATA_READY, bench.get(LSR) & 0x1f);
        assertEquals("b", bench.readAll());
    }

    @Test
    void shouldHoldWhatArrivesDuringLoopbackUntilItEnds() {
        bench.put(MCR, MCR_LOOP);
        bench.receive("held");
        assertEquals("", bench.readAll());
        bench.put(MCR, 0);
        assertEquals("held", bench.readAll());
    }

    @Test
    void shouldTransmitAtOnce() {
        bench.write("Hello");
        assertEquals("Hello", bench.sent());
        assertEquals(0x60, bench.get(LSR));
    }

    @Test
    void shouldForgetTheReceiverBufferOnlyWithFifos() {
        bench.receive("a");
        assertEquals('a', bench.get(RBR_THR_DLL));
        assertEquals('a', bench.get(RBR_THR_DLL), "a 16450 shows its buffer again");
        bench.put(IIR_FCR, FCR_ENABLE);
        assertEquals(0, bench.get(RBR_THR_DLL));
    }

    @Test
    void shouldEmptyBothFifosWhenTheyAreSwitched() {
        bench.put(IIR_FCR, FCR_ENABLE);
        bench.receive("a");
        bench.line.room = 0;
        bench.write("b");
        bench.put(IIR_FCR, 0);
        assertEquals(0x60, bench.get(LSR));
        bench.receiveRoom(9);
        assertEquals("", bench.sent());
    }

    @Test
    void shouldEmptyTheFifoThatTheGuestNames() {
        bench.put(IIR_FCR, FCR_ENABLE | 0xc0);
        bench.receive("abc");
        bench.line.room = 0;
        bench.write("x");
        bench.put(IIR_FCR, FCR_ENABLE | 0xc0 | FCR_RESET_TRANSMITTER);
        assertEquals(0x61, bench.get(LSR));
        bench.put(IIR_FCR, FCR_ENABLE | 0xc0 | FCR_RESET_RECEIVER);
        assertEquals(0x60, bench.get(LSR));
        assertEquals(StubTimer.NEVER, bench.timer.dueNs);
    }

    @Test
    void shouldReportABreakWithItsOwnCharacter() {
        bench.put(IIR_FCR, FCR_ENABLE | 0xc0);
        bench.receive("a");
        bench.receiveBreak();
        bench.receive("b");
        assertEquals(LSR_DATA_READY | LSR_FIFO_ERROR, bench.get(LSR) & 0x9f, "in the FIFO, not at its top");
        assertEquals('a', bench.get(RBR_THR_DLL));
        assertEquals(LSR_DATA_READY | LSR_BREAK | LSR_FIFO_ERROR, bench.get(LSR) & 0x9f);
        assertEquals(LSR_DATA_READY, bench.get(LSR) & 0x9f, "a read of LSR clears the status");
        assertEquals(0, bench.get(RBR_THR_DLL));
        assertEquals(LSR_DATA_READY, bench.get(LSR) & 0x9f);
        assertEquals('b', bench.get(RBR_THR_DLL));
    }

    @Test
    void shouldReportABreakWithoutFifo() {
        bench.receiveBreak();
        assertEquals(LSR_DATA_READY | LSR_BREAK, bench.get(LSR) & 0x9f);
        assertEquals(0, bench.get(RBR_THR_DLL));
        assertEquals(0, bench.get(LSR) & 0x9f);
    }

    @Test
    void shouldMergeABreakThatGoesOn() {
        bench.put(IIR_FCR, FCR_ENABLE);
        bench.receive("a");
        for (int i = 0; i < 1000; i++) {
            bench.receiveBreak();
        }
        assertEquals("a\0", bench.readAll());
    }

    @Test
    void shouldShowTheBreakThatTheGuestSends() {
        assertFalse(bench.uart.breakOut());
        bench.put(LCR, LCR_BREAK);
        assertTrue(bench.uart.breakOut());
    }

    @Test
    void shouldKeepTheModemInputsWhenTheLinkCloses() {
        bench.link(LinkEvent.CLOSED);
        assertFalse(bench.uart.linkOpen());
        assertEquals(0xb0, bench.get(MSR));
        bench.link(LinkEvent.OPENED);
        assertTrue(bench.uart.linkOpen());
    }

    @Test
    void shouldComeBackToPowerOnByResetButKeepTheWire() {
        byte[] powerOn = StateBytes.of(new UartBench().uart);
        bench.put(IIR_FCR, FCR_ENABLE | 0xc0);
        bench.put(IER_DLM, 0x0f);
        bench.put(SCR, 0x55);
        bench.put(LCR, 0x9b);
        bench.put(RBR_THR_DLL, 0x55);
        bench.put(LCR, 0x1b);
        bench.put(MCR, MCR_LOOP);
        bench.line.room = 0;
        bench.write("stuck");
        bench.uart.reset();
        assertFalse(bench.interrupt);
        assertEquals(StubTimer.NEVER, bench.timer.dueNs);
        assertEquals(HexFormat.of().formatHex(powerOn),
                HexFormat.of().formatHex(StateBytes.of(bench.uart)));

        bench.put(MCR, MCR_LOOP);
        bench.receive("wire");
        bench.uart.reset();
        assertEquals("wire", bench.readAll());
    }

    @Test
    void shouldRefuseInputBeyondTheCreditGranted() {
        assertEquals(ReceiveLine.CAPACITY, bench.credit());
        bench.receive(new byte[ReceiveLine.CAPACITY]);
        IllegalStateException refused = assertThrows(IllegalStateException.class,
                () -> bench.receive(new byte[2]));
        assertTrue(refused.getMessage().contains("bytes=2"), refused.getMessage());
    }

    @Test
    void shouldLoseNothingWhateverTheGuestDoesWithItsModes() {
        StringBuilder expected = new StringBuilder();
        StringBuilder read = new StringBuilder();
        for (int round = 0; round < 40; round++) {
            String text = "round " + round + ";";
            expected.append(text);
            assertTrue(bench.credit() >= text.length());
            bench.put(MCR, round % 3 == 0 ? MCR_LOOP : 0);
            bench.receive(text);
            bench.put(MCR, 0);
            if (round % 4 == 0) {
                read.append(bench.readAll());
                bench.put(IIR_FCR, round % 8 == 0 ? FCR_ENABLE | 0x80 : 0);
            }
        }
        assertEquals(expected.toString(), read.append(bench.readAll()).toString());
        assertEquals(ReceiveLine.CAPACITY, bench.credit());
    }
}
