package dev.reprise.chardev.guest;

import static dev.reprise.chardev.guest.UartBits.*;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.character.CharControl;

/** The line control register and the divisor: how long a character takes, and which register stands where. */
final class LineFormat {

    private static final int RESET_DIVISOR = 12;
    private static final int CLOCKS_PER_BIT = 16;
    private static final long NS_PER_SECOND = 1_000_000_000;

    private final long clockHz;
    private int control;
    private int divisor;

    /** @param clockHz the clock that the divisor divides, at least 1 */
    LineFormat(long clockHz) {
        if (clockHz < 1) {
            throw new IllegalArgumentException("clock must be at least 1 Hz: clockHz=" + clockHz);
        }
        this.clockHz = clockHz;
    }

    void reset() {
        control = 0;
        divisor = RESET_DIVISOR;
    }

    int control() {
        return control;
    }

    void control(int value) {
        control = value;
    }

    /** Whether the divisor stands where data and interrupt enable are else. */
    boolean latched() {
        return (control & LCR_DLAB) != 0;
    }

    int divisorLow() {
        return divisor & 0xff;
    }

    int divisorHigh() {
        return divisor >>> 8;
    }

    void divisorLow(int value) {
        divisor = divisor & 0xff00 | value;
    }

    void divisorHigh(int value) {
        divisor = divisor & 0xff | value << 8;
    }

    /** Speed of the line, rounded down. */
    int bitsPerSecond() {
        return (int) Math.min(Integer.MAX_VALUE, clockHz / CLOCKS_PER_BIT / (divisor == 0 ? 0x10000 : divisor));
    }

    /** One of {@link CharControl}'s. */
    int parity() {
        return (control & LCR_PARITY) == 0 ? CharControl.PARITY_NONE
                : (control & LCR_EVEN_PARITY) == 0 ? CharControl.PARITY_ODD : CharControl.PARITY_EVEN;
    }

    int dataBits() {
        return 5 + (control & LCR_WORD_MASK);
    }

    int stopBits() {
        return (control & LCR_TWO_STOP_BITS) != 0 ? 2 : 1;
    }

    /** The time that one character takes on the line, in nanoseconds; a divisor of 0 counts as 65,536. */
    long characterNs() {
        int bits = 1 + 5 + (control & LCR_WORD_MASK) + ((control & LCR_PARITY) != 0 ? 1 : 0)
                + ((control & LCR_TWO_STOP_BITS) != 0 ? 2 : 1);
        long clocks = (long) bits * CLOCKS_PER_BIT * (divisor == 0 ? 0x10000 : divisor);
        return clocks * NS_PER_SECOND / clockHz;
    }

    /** Order: LCR, divisor. */
    void write(StateSink sink) {
        sink.putByte(control);
        sink.putInt(divisor);
    }

    void read(StateSource source) {
        control = source.getByte() & 0xff;
        divisor = source.getInt();
        if ((divisor & ~0xffff) != 0) {
            throw new MalformedStateException("uart: divisor=" + divisor);
        }
    }
}
