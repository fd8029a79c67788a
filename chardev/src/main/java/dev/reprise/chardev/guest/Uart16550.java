package dev.reprise.chardev.guest;

import static dev.reprise.chardev.guest.UartBits.*;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.Session;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.character.CharFrontEnd;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.LinkEvent;

/**
 * A 16550A: eight byte registers, plain reads and writes at an offset. Guest thread only; what it needs of the outside
 * it asks the {@link Session} for.
 *
 * <p>Source: TL16C550C data sheet (SLLS177); where that leaves a choice, what QEMU's serial device lets a guest see:
 * accesses wider than a byte touch the register at their offset alone and read zeros above it, a transmitter that is
 * written while full overwrites its oldest character, a character timeout is reported before received data, and the
 * modem inputs show a connected peer whatever the backend does. Known differences: a BREAK is reported with its own
 * character and not with the one that happens to be at the top; in loopback the modem inputs have deltas, as the data
 * sheet says.
 *
 * <p><b>Transmit.</b> A character is offered to the backend at once. While the backend does not take it, it stays in
 * the FIFO and LSR says so, until an input says that there is room again ({@link LinkEvent#WRITABLE}); each offer that
 * is not taken whole is an outcome of the log. A backend that is gone is not asked again before its link opens:
 * characters leave and arrive nowhere, as on a cable without another end, and are counted.
 *
 * <p><b>Receive.</b> A backend publishes within the credit granted here; what has arrived waits in a queue in front of
 * the FIFO (see {@link ReceiveLine}) and fills it up to its trigger level, so that the level keeps its meaning and a
 * guest that resets its FIFO loses little. Nothing else is ever lost silently: an overrun comes from loopback, or from a
 * backend that was told to refuse what nobody has room for ({@link LinkEvent#REFUSED}).
 *
 * <p><b>Line.</b> Speed, format and BREAK of the line are told to the backend when they change, as control requests; what
 * it answers is recorded, and no register shows it.
 */
public final class Uart16550 {

    /** Raised by every change that a guest can see; part of the manifest. */
    public static final int MODEL_REVISION = 2;

    /** Bytes of address space. */
    public static final int LENGTH = 8;

    private static final int FLAG_OVERRUN = 1;
    private static final int FLAG_TIMEOUT = 2;
    private static final int FLAG_TRANSMIT = 4;
    private static final int FLAG_LINK_OPEN = 8;
    private static final int FLAGS = 15;

    private final Session session;
    private final int device;
    private final LineAnnouncer announcer;
    private final InterruptLine interruptLine;
    private final ReceiveTimeout timeout;

    // State, in the order of write().
    private int ier;
    private int fcr;
    private int scr;
    private int rbr;
    private boolean overrun;
    private boolean transmitPending;
    private boolean linkOpen = true;
    private final LineFormat format;
    private final ModemLines modem = new ModemLines();
    private final ReceiveFifo received = new ReceiveFifo();
    private final TransmitFifo transmit = new TransmitFifo();
    private final ReceiveLine line = new ReceiveLine();

    // Follows from the state.
    private boolean interruptLevel;

    /**
     * @param device the session's number of this device
     * @param clockHz the clock that the divisor divides, at least 1; 3,686,400 on the virt board
     */
    public Uart16550(Session session, int device, long clockHz, InterruptLine interruptLine, GuestTimer timer) {
        this.session = session;
        this.device = device;
        format = new LineFormat(clockHz);
        announcer = new LineAnnouncer(CharFrontEnd.of(session, device));
        this.interruptLine = interruptLine;
        timeout = new ReceiveTimeout(timer);
        reset();
    }

    /**
     * Grants the backend what there is room for. Called once per session, when the state stands as the run begins with
     * it: after construction, or after {@link #read}. Who makes a live session from a state that was read also publishes
     * {@link LinkEvent#WRITABLE} to the device: characters may wait for a backend that has refused nothing yet.
     */
    public void start() {
        session.grant(device, line.outstandingCredit());
    }

    /**
     * Back to the state of power-on. What has arrived and was not in the FIFO yet is on the wire, not in the chip: it
     * stays, and so do the credit and what is known of the link.
     */
    public void reset() {
        ier = 0;
        fcr = 0;
        scr = 0;
        rbr = 0;
        format.reset();
        announcer.reset();
        modem.reset();
        overrun = false;
        clearReceiver();
        clearTransmitter();
        transmitPending = false;
        fill();
        settle();
    }

    /**
     * Reads the register at {@code offset} (its low three bits count).
     *
     * @param size bytes of the access, 1 to 8: of no effect, the register is in the low byte
     * @return 0 to 255
     */
    public long load(long offset, int size) {
        switch ((int) offset & LENGTH - 1) {
            case RBR_THR_DLL:
                return format.latched() ? format.divisorLow() : readCharacter();
            case IER_DLM:
                return format.latched() ? format.divisorHigh() : ier;
            case IIR_FCR:
                return readIdentification();
            case LCR:
                return format.control();
            case MCR:
                return modem.control();
            case LSR:
                return readLineStatus();
            case MSR:
                return readModemStatus();
            default:
                return scr;
        }
    }

    /**
     * Writes the register at {@code offset} (its low three bits count).
     *
     * @param size bytes of the access, 1 to 8: of no effect
     * @param value of which the low byte counts
     */
    public void store(long offset, int size, long value) {
        int v = (int) value & 0xff;
        switch ((int) offset & LENGTH - 1) {
            case RBR_THR_DLL:
                if (format.latched()) {
                    format.divisorLow(v);
                } else {
                    writeCharacter((byte) v);
                }
                break;
            case IER_DLM:
                if (format.latched()) {
                    format.divisorHigh(v);
                } else {
                    writeInterruptEnable(v & IER_MASK);
                }
                break;
            case IIR_FCR:
                writeFifoControl(v);
                break;
            case LCR:
                format.control(v);
                announcer.lineChanged(format);
                break;
            case MCR:
                modem.control(v);
                fill();
                settle();
                break;
            case LSR, MSR:
                // Read-only for software (the data sheet: "writing is not recommended"); QEMU ignores it too.
                break;
            default:
                scr = v;
                break;
        }
    }

    /**
     * Applies what a backend has published.
     *
     * @throws IllegalStateException if there are more characters than credit was granted for: the log or the backend
     *     breaks its contract
     */
    public void apply(Event input) {
        switch (input.kind()) {
            case CHAR_INPUT:
                if (input.length() > line.outstandingCredit()) {
                    throw new IllegalStateException("more characters than the credit granted: bytes=" + input.length()
                            + " credit=" + line.outstandingCredit() + " device=" + device);
                }
                line.put(input.payload(), 0, input.length());
                break;
            case CHAR_LINK:
                applyLink(LinkEvent.change(input.a()));
                break;
            default:
                throw new IllegalArgumentException("not an input of a character device: " + input);
        }
        fill();
        settle();
    }

    /** The board's call when the deadline of the {@link GuestTimer} is due. */
    public void timerDue() {
        timeout.due();
        settle();
    }

    /** Whether the guest holds the line in the BREAK state (LCR bit 6). */
    public boolean breakOut() {
        return (format.control() & LCR_BREAK) != 0;
    }

    /** Whether the peer is there, as the last link event said; no register shows it. */
    public boolean linkOpen() {
        return linkOpen;
    }

    /** What no backend has accepted; no state. */
    public TransmitCounters transmitCounters() {
        return transmit.counters();
    }

    /** Writes the whole state, canonical: for the digest and for a save. The order is that of the fields. */
    public void write(StateSink sink) {
        sink.putByte(ier);
        sink.putByte(fcr);
        sink.putByte(scr);
        sink.putByte(rbr);
        sink.putByte((overrun ? FLAG_OVERRUN : 0) | (timeout.pending() ? FLAG_TIMEOUT : 0)
                | (transmitPending ? FLAG_TRANSMIT : 0) | (linkOpen ? FLAG_LINK_OPEN : 0));
        sink.putLong(timeout.atNs());
        format.write(sink);
        modem.write(sink);
        received.write(sink);
        transmit.write(sink);
        line.write(sink);
        announcer.write(sink);
    }

    /**
     * Takes over a state that {@link #write} wrote; drives the interrupt line and the timer by it.
     *
     * @throws MalformedStateException if no run can be in that state; this model is then in no defined state
     */
    public void read(StateSource source) {
        ier = field(source, IER_MASK, "ier");
        fcr = field(source, FCR_STICKY, "fcr");
        scr = field(source, 0xff, "scr");
        rbr = field(source, 0xff, "rbr");
        int flags = field(source, FLAGS, "flags");
        overrun = (flags & FLAG_OVERRUN) != 0;
        transmitPending = (flags & FLAG_TRANSMIT) != 0;
        linkOpen = (flags & FLAG_LINK_OPEN) != 0;
        long timeoutAtNs = source.getLong();
        format.read(source);
        modem.read(source);
        received.read(source);
        transmit.read(source, fifos() ? TransmitFifo.CAPACITY : 1);
        line.read(source);
        announcer.read(source);
        check(received.size() <= (fifos() ? ReceiveFifo.CAPACITY : 1), "received", received.size());
        check(ReceiveTimeout.canBe(timeoutAtNs, fifos() && !received.isEmpty()), "timeoutAtNs", timeoutAtNs);
        check(!canFill(), "characters that stay outside an empty fifo", received.size());

        timeout.restore(timeoutAtNs, (flags & FLAG_TIMEOUT) != 0);
        interruptLevel = pendingInterrupt() != IIR_NONE;
        interruptLine.set(interruptLevel);
        timeout.arm();
    }

    private static int field(StateSource source, int mask, String name) {
        int value = source.getByte() & 0xff;
        check((value & ~mask) == 0, name, value);
        return value;
    }

    private static void check(boolean condition, String name, long value) {
        if (!condition) {
            throw new MalformedStateException("uart: " + name + "=" + value);
        }
    }

    // ---- Receiver.

    private int readCharacter() {
        if (!received.isEmpty()) {
            rbr = received.pop();
        } else if (fifos()) {
            rbr = 0;
        }
        int character = rbr;
        timeout.clear();
        fill();
        if (!received.isEmpty()) {
            startTimeout();
        }
        settle();
        return character;
    }

    /** Moves what waits on the line into the FIFO, up to the trigger level; gives the credit back. */
    private void fill() {
        if (!canFill()) {
            return;
        }
        do {
            int next = line.take();
            if (next == ReceiveLine.BREAK) {
                received.push(0, LSR_BREAK);
            } else {
                received.push(next, 0);
            }
        } while (canFill());
        startTimeout();
        int credit = line.settleCredit();
        if (credit > 0) {
            session.grant(device, credit);
        }
    }

    private boolean canFill() {
        return !line.isEmpty() && !modem.loopback() && received.size() < (fifos() ? triggerLevel(fcr) : 1);
    }

    private void startTimeout() {
        if (fifos()) {
            timeout.start(format.characterNs());
        }
    }

    private void clearReceiver() {
        received.clear();
        timeout.clear();
    }

    private void applyLink(int change) {
        if (change == LinkEvent.BREAK) {
            line.putBreak();
        } else if (change == LinkEvent.OPENED || change == LinkEvent.CLOSED) {
            // The modem inputs stay: a pipe that ends must not hang up the guest's terminal.
            linkOpen = change == LinkEvent.OPENED;
            if (linkOpen) {
                transmit.linkOpened();
            }
        } else if (change == LinkEvent.REFUSED) {
            // Characters have gone by, as on a line whose receiver is full.
            overrun = true;
        } else if (change == LinkEvent.WRITABLE && !transmit.isEmpty()) {
            send();
        }
    }

    // ---- Transmitter.

    private void writeCharacter(byte character) {
        // What waits is not offered again before there is room: only a character that finds nothing waiting is.
        boolean waiting = !transmit.isEmpty();
        transmit.push(character, fifos() ? TransmitFifo.CAPACITY : 1);
        transmitPending = false;
        if (!waiting) {
            send();
        }
        settle();
    }

    /** Offers what waits, once. */
    private void send() {
        if (modem.loopback()) {
            loopBack();
        } else {
            transmit.offer(session, device);
        }
        if (transmit.isEmpty()) {
            transmitPending = true;
        }
    }

    private void loopBack() {
        int capacity = fifos() ? ReceiveFifo.CAPACITY : 1;
        for (int i = 0; i < transmit.size(); i++) {
            if (received.size() >= capacity) {
                overrun = true;
                if (fifos()) {
                    // The FIFO's content stands; the character that finds no room is the one that is lost.
                    continue;
                }
                received.clear();
            }
            received.push(transmit.bytes()[i], 0);
        }
        transmit.clear();
        startTimeout();
    }

    private void clearTransmitter() {
        transmit.discard();
        transmitPending = true;
    }

    // ---- Control and status.

    private void writeInterruptEnable(int value) {
        // A rising edge of the enable with an empty transmitter raises it again, even if IIR had been read.
        if (((ier ^ value) & IER_TRANSMIT) != 0) {
            transmitPending = (value & IER_TRANSMIT) != 0 && transmit.isEmpty();
        }
        ier = value;
        settle();
    }

    private void writeFifoControl(int value) {
        boolean changesMode = ((value ^ fcr) & FCR_ENABLE) != 0;
        if (changesMode || (value & FCR_RESET_RECEIVER) != 0) {
            clearReceiver();
        }
        if (changesMode || (value & FCR_RESET_TRANSMITTER) != 0) {
            clearTransmitter();
        }
        fcr = value & FCR_STICKY;
        fill();
        settle();
    }

    private int readIdentification() {
        int pending = pendingInterrupt();
        if (pending == IIR_TRANSMIT) {
            transmitPending = false;
            settle();
        }
        return pending | (fifos() ? IIR_FIFOS : 0);
    }

    private int readLineStatus() {
        int status = (received.isEmpty() ? 0 : LSR_DATA_READY)
                | (overrun ? LSR_OVERRUN : 0)
                | received.topStatus()
                | (transmit.isEmpty() ? LSR_THR_EMPTY | LSR_TRANSMITTER_EMPTY : 0)
                | (fifos() && received.anyStatus() ? LSR_FIFO_ERROR : 0);
        if ((status & (LSR_OVERRUN | LSR_CHARACTER)) != 0) {
            overrun = false;
            received.clearTopStatus();
            settle();
        }
        return status;
    }

    private int readModemStatus() {
        boolean changed = modem.changed();
        int status = modem.readStatus();
        if (changed) {
            settle();
        }
        return status;
    }

    /** The identification of the pending interrupt of the highest priority, {@link UartBits#IIR_NONE} if none. */
    private int pendingInterrupt() {
        if ((ier & IER_LINE) != 0 && (overrun || received.topStatus() != 0)) {
            return IIR_LINE;
        }
        if ((ier & IER_RECEIVED) != 0) {
            if (timeout.pending()) {
                return IIR_TIMEOUT;
            }
            if (received.size() >= (fifos() ? triggerLevel(fcr) : 1)) {
                return IIR_RECEIVED;
            }
        }
        if ((ier & IER_TRANSMIT) != 0 && transmitPending) {
            return IIR_TRANSMIT;
        }
        return (ier & IER_MODEM) != 0 && modem.changed() ? IIR_MODEM : IIR_NONE;
    }

    private boolean fifos() {
        return (fcr & FCR_ENABLE) != 0;
    }

    /** Brings the interrupt line and the timer to what the state says: the end of every change. */
    private void settle() {
        boolean level = pendingInterrupt() != IIR_NONE;
        if (level != interruptLevel) {
            interruptLevel = level;
            interruptLine.set(level);
        }
        timeout.arm();
    }
}
