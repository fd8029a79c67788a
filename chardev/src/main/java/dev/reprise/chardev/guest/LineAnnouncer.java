package dev.reprise.chardev.guest;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharControl;
import dev.reprise.engine.character.CharFrontEnd;

/**
 * Tells the back end what the line is like, once for each change that a guest has made whole: at a write of LCR that
 * leaves the divisor out of sight. What was told last is state, because it decides what is asked next. Guest thread only.
 */
final class LineAnnouncer {

    private static final byte[] NONE = new byte[0];

    private final CharFrontEnd front;
    private final CharAnswer answer = new CharAnswer();
    private final byte[] argument = new byte[CharControl.PARAMETER_BYTES];
    /** Bits 0 to 15 the divisor, 16 to 23 LCR without DLAB and BREAK; -1 before the first. */
    private int toldFormat = -1;
    private boolean toldBreak;

    LineAnnouncer(CharFrontEnd front) {
        this.front = front;
    }

    /** Power-on: the next format is told whatever it is. */
    void reset() {
        toldFormat = -1;
        toldBreak = false;
    }

    void lineChanged(LineFormat format) {
        if (format.latched()) {
            return;
        }
        int now = format.divisorHigh() << 8 | format.divisorLow()
                | (format.control() & ~(UartBits.LCR_DLAB | UartBits.LCR_BREAK)) << 16;
        if (now != toldFormat) {
            toldFormat = now;
            CharControl.putParameters(argument, format.bitsPerSecond(), format.parity(), format.dataBits(),
                    format.stopBits());
            front.control(CharControl.SET_PARAMETERS, argument, argument.length, NONE, answer);
        }
        boolean breakNow = (format.control() & UartBits.LCR_BREAK) != 0;
        if (breakNow != toldBreak) {
            toldBreak = breakNow;
            argument[0] = (byte) (breakNow ? 1 : 0);
            front.control(CharControl.SET_BREAK, argument, 1, NONE, answer);
        }
    }

    /** Order: format, BREAK. */
    void write(StateSink sink) {
        sink.putInt(toldFormat);
        sink.putByte(toldBreak ? 1 : 0);
    }

    void read(StateSource source) {
        toldFormat = source.getInt();
        int flag = source.getByte() & 0xff;
        if (toldFormat < -1 || toldFormat > 0xff_ffff || flag > 1) {
            throw new MalformedStateException("uart line: told=" + toldFormat + " break=" + flag);
        }
        toldBreak = flag == 1;
    }
}
