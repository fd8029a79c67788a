package dev.reprise.chardev.guest;

/** Registers and bits of the 16550A, by the names of the TL16C550C data sheet (SLLS177, "principles of operation"). */
final class UartBits {

    /** Receiver buffer (read), transmitter holding (write); divisor low with DLAB. */
    static final int RBR_THR_DLL = 0;
    /** Interrupt enable; divisor high with DLAB. */
    static final int IER_DLM = 1;
    /** Interrupt identification (read), FIFO control (write). */
    static final int IIR_FCR = 2;
    static final int LCR = 3;
    static final int MCR = 4;
    static final int LSR = 5;
    static final int MSR = 6;
    static final int SCR = 7;

    static final int IER_RECEIVED = 0x01;
    static final int IER_TRANSMIT = 0x02;
    static final int IER_LINE = 0x04;
    static final int IER_MODEM = 0x08;
    static final int IER_MASK = 0x0f;

    static final int IIR_MODEM = 0x00;
    static final int IIR_NONE = 0x01;
    static final int IIR_TRANSMIT = 0x02;
    static final int IIR_RECEIVED = 0x04;
    static final int IIR_LINE = 0x06;
    static final int IIR_TIMEOUT = 0x0c;
    static final int IIR_FIFOS = 0xc0;

    static final int FCR_ENABLE = 0x01;
    static final int FCR_RESET_RECEIVER = 0x02;
    static final int FCR_RESET_TRANSMITTER = 0x04;
    /** Bits that stay: trigger level, DMA mode, enable. */
    static final int FCR_STICKY = 0xc9;

    static final int LCR_WORD_MASK = 0x03;
    static final int LCR_TWO_STOP_BITS = 0x04;
    static final int LCR_PARITY = 0x08;
    static final int LCR_EVEN_PARITY = 0x10;
    static final int LCR_BREAK = 0x40;
    static final int LCR_DLAB = 0x80;

    static final int MCR_DTR = 0x01;
    static final int MCR_RTS = 0x02;
    static final int MCR_OUT1 = 0x04;
    static final int MCR_OUT2 = 0x08;
    static final int MCR_LOOP = 0x10;
    static final int MCR_MASK = 0x1f;

    static final int LSR_DATA_READY = 0x01;
    static final int LSR_OVERRUN = 0x02;
    static final int LSR_PARITY = 0x04;
    static final int LSR_FRAMING = 0x08;
    static final int LSR_BREAK = 0x10;
    static final int LSR_THR_EMPTY = 0x20;
    static final int LSR_TRANSMITTER_EMPTY = 0x40;
    static final int LSR_FIFO_ERROR = 0x80;
    /** What belongs to one character of the FIFO. */
    static final int LSR_CHARACTER = LSR_PARITY | LSR_FRAMING | LSR_BREAK;

    static final int MSR_DELTA_CTS = 0x01;
    static final int MSR_DELTA_DSR = 0x02;
    static final int MSR_TRAILING_RI = 0x04;
    static final int MSR_DELTA_DCD = 0x08;
    static final int MSR_DELTAS = 0x0f;
    static final int MSR_CTS = 0x10;
    static final int MSR_DSR = 0x20;
    static final int MSR_RI = 0x40;
    static final int MSR_DCD = 0x80;

    private static final int[] TRIGGER_LEVELS = {1, 4, 8, 14};

    private UartBits() {}

    /** Characters in the FIFO at which "received data available" is raised. */
    static int triggerLevel(int fcr) {
        return TRIGGER_LEVELS[fcr >>> 6 & 3];
    }
}
