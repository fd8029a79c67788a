package dev.reprise.chardev.guest;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.LinkEvent;
import java.nio.charset.StandardCharsets;

/** A UART on a bench: its pins in the hands of a test. */
final class UartBench {

    static final long CLOCK_HZ = 3_686_400;

    final StubLine line = new StubLine();
    final StubTimer timer = new StubTimer();
    boolean interrupt;
    int interruptChanges;
    final Uart16550 uart = new Uart16550(line.session, StubLine.DEVICE, CLOCK_HZ, this::onInterrupt, timer);

    private final Event event = new Event(Event.SLOT_PAYLOAD_BYTES);
    private int published;

    private void onInterrupt(boolean level) {
        interrupt = level;
        interruptChanges++;
    }

    /** A bench whose FIFOs are on at that trigger level (0 to 3). */
    static UartBench withFifos(int trigger) {
        UartBench bench = new UartBench();
        bench.uart.start();
        bench.put(UartBits.IIR_FCR, trigger << 6 | UartBits.FCR_ENABLE);
        return bench;
    }

    int get(int register) {
        return (int) uart.load(register, 1);
    }

    void put(int register, int value) {
        uart.store(register, 1, value);
    }

    /** Bytes that the credit still allows. */
    int credit() {
        return line.granted - published;
    }

    void receive(byte... bytes) {
        published += bytes.length;
        uart.apply(event.set(EventKind.CHAR_INPUT, StubLine.DEVICE, 0, 0, 0).payload(bytes, 0, bytes.length));
    }

    void receive(String text) {
        receive(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void receiveBreak() {
        link(LinkEvent.BREAK);
    }

    void receiveRoom(int bytes) {
        line.room = bytes;
        link(LinkEvent.WRITABLE);
    }

    void link(int change) {
        uart.apply(event.set(EventKind.CHAR_LINK, StubLine.DEVICE, 0, change, 0));
    }

    /** Reads characters while LSR says that there are some. */
    String readAll() {
        StringBuilder text = new StringBuilder();
        while ((get(UartBits.LSR) & UartBits.LSR_DATA_READY) != 0) {
            text.append((char) get(UartBits.RBR_THR_DLL));
        }
        return text.toString();
    }

    void write(String text) {
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            put(UartBits.RBR_THR_DLL, b);
        }
    }

    String sent() {
        return line.sent.toString(StandardCharsets.ISO_8859_1);
    }

    void advanceNs(long ns) {
        timer.advanceTo(timer.nowNs + ns, uart);
    }
}
