package dev.reprise.engine.character;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Requests to a character device that are no data: what a serial line has beside its bytes. Part of the log's format. */
public final class CharControl {

    /** Line parameters; argument: {@link #PARAMETER_BYTES} as {@link #putParameters} writes them; no answer. */
    public static final int SET_PARAMETERS = 1;
    /** Holds the line in BREAK, or ends that; argument: one byte, 1 or 0; no answer. */
    public static final int SET_BREAK = 2;
    /** The modem's outputs; argument: one byte, {@link #DTR} and {@link #RTS}; no answer. */
    public static final int SET_MODEM = 3;
    /** The modem's inputs; answer: one byte, {@link #CTS}, {@link #DSR}, {@link #RI} and {@link #DCD}. */
    public static final int GET_MODEM = 4;
    /** Requests from here to {@link #MAX_REQUEST} are the embedder's. */
    public static final int FIRST_EMBEDDER_REQUEST = 64;
    public static final int MAX_REQUEST = 65_535;

    /** The longest argument, and the longest answer, of any request. */
    public static final int MAX_BYTES = 4096;

    public static final int PARITY_NONE = 0;
    public static final int PARITY_ODD = 1;
    public static final int PARITY_EVEN = 2;

    public static final int DTR = 0x01;
    public static final int RTS = 0x02;
    public static final int CTS = 0x10;
    public static final int DSR = 0x20;
    public static final int RI = 0x40;
    public static final int DCD = 0x80;

    /** Speed u32 LE in bits per second, parity u8, data bits u8, stop bits u8, 0. */
    public static final int PARAMETER_BYTES = 8;

    private static final VarHandle INT_LE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private CharControl() {}

    /**
     * @param parity one of {@code PARITY_}
     * @param dataBits 5 to 8
     * @param stopBits 1 or 2
     */
    public static void putParameters(byte[] into, int bitsPerSecond, int parity, int dataBits, int stopBits) {
        if (bitsPerSecond < 0 || parity < PARITY_NONE || parity > PARITY_EVEN || dataBits < 5 || dataBits > 8
                || stopBits < 1 || stopBits > 2) {
            throw new IllegalArgumentException("no line parameters: bitsPerSecond=" + bitsPerSecond + " parity=" + parity
                    + " dataBits=" + dataBits + " stopBits=" + stopBits);
        }
        INT_LE.set(into, 0, bitsPerSecond);
        into[4] = (byte) parity;
        into[5] = (byte) dataBits;
        into[6] = (byte) stopBits;
        into[7] = 0;
    }

    public static int bitsPerSecond(byte[] parameters) {
        return (int) INT_LE.get(parameters, 0);
    }

    public static int parity(byte[] parameters) {
        return parameters[4];
    }

    public static int dataBits(byte[] parameters) {
        return parameters[5];
    }

    public static int stopBits(byte[] parameters) {
        return parameters[6];
    }
}
