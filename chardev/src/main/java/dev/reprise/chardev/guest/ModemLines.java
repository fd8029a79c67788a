package dev.reprise.chardev.guest;

import static dev.reprise.chardev.guest.UartBits.*;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * The modem's outputs (MCR) and inputs (MSR). A connected peer holds the inputs as they are; in loopback they are the
 * four outputs. Guest thread only.
 */
final class ModemLines {

    private int control;
    private int deltas;

    void reset() {
        control = MCR_OUT2;
        deltas = 0;
    }

    int control() {
        return control;
    }

    boolean loopback() {
        return (control & MCR_LOOP) != 0;
    }

    /** Writes MCR; a change of an input that this makes is noted. */
    void control(int value) {
        int before = inputs();
        control = value & MCR_MASK;
        int after = inputs();
        deltas |= (before ^ after) >>> 4 & (MSR_DELTA_CTS | MSR_DELTA_DSR | MSR_DELTA_DCD);
        if ((before & ~after & MSR_RI) != 0) {
            deltas |= MSR_TRAILING_RI;
        }
    }

    private int inputs() {
        if (!loopback()) {
            return MSR_DCD | MSR_DSR | MSR_CTS;
        }
        return ((control & MCR_OUT2) != 0 ? MSR_DCD : 0) | ((control & MCR_OUT1) != 0 ? MSR_RI : 0)
                | ((control & MCR_DTR) != 0 ? MSR_DSR : 0) | ((control & MCR_RTS) != 0 ? MSR_CTS : 0);
    }

    /** Whether an input has changed since the last read of MSR. */
    boolean changed() {
        return deltas != 0;
    }

    /** Reads MSR, which clears what it says of changes. */
    int readStatus() {
        int status = inputs() | deltas;
        deltas = 0;
        return status;
    }

    /** Order: MCR, deltas. */
    void write(StateSink sink) {
        sink.putByte(control);
        sink.putByte(deltas);
    }

    void read(StateSource source) {
        control = source.getByte() & 0xff;
        deltas = source.getByte() & 0xff;
        if ((control & ~MCR_MASK) != 0 || (deltas & ~MSR_DELTAS) != 0) {
            throw new MalformedStateException("uart modem lines: mcr=" + control + " deltas=" + deltas);
        }
    }
}
