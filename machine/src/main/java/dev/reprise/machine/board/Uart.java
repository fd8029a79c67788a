package dev.reprise.machine.board;

import dev.reprise.chardev.guest.TransmitCounters;
import dev.reprise.chardev.guest.Uart16550;
import dev.reprise.engine.Session;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;

/** Puts the 16550 of the character devices onto the bus: it knows no bus, and the bus knows no session. */
final class Uart implements BoardDevice {

    private final Uart16550 model;

    Uart(Session session, int device, InterruptLine line, TimerSlot timer) {
        model = new Uart16550(session, device, MemoryMap.UART_CLOCK_HZ, line::set, timer);
        timer.onDue(model::timerDue);
    }

    @Override
    public String name() {
        return Board.UART_NAME;
    }

    @Override
    public int revision() {
        return Uart16550.MODEL_REVISION;
    }

    @Override
    public long load(long offset, int size) {
        return model.load(offset, size);
    }

    @Override
    public void store(long offset, int size, long value) {
        model.store(offset, size, value);
    }

    TransmitCounters transmitCounters() {
        return model.transmitCounters();
    }

    void apply(Event input) {
        model.apply(input);
    }

    /** The run begins: backends may publish. */
    void start() {
        model.start();
    }

    @Override
    public void reset() {
        model.reset();
    }

    @Override
    public void save(StateSink sink) {
        model.write(sink);
    }

    @Override
    public void load(StateSource source) {
        model.read(source);
    }
}
