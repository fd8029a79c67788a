package dev.reprise.engine.snapshot;

import dev.reprise.engine.EngineAssert;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import java.util.Arrays;

/** A state in memory: written as a sink, read again from the start as a source. Little-endian. Single-threaded. */
public final class StateBuffer implements StateSink, StateSource {

    private byte[] bytes = new byte[1 << 12];
    private int written;
    private int read;

    public StateBuffer() {}

    /** A state to be read; the array is not copied. */
    public StateBuffer(byte[] state) {
        bytes = state;
        written = state.length;
    }

    /** What was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, written);
    }

    /** Reads from the start again. */
    public StateBuffer rewind() {
        read = 0;
        return this;
    }

    @Override
    public void putLong(long value) {
        room(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[written++] = (byte) (value >>> (8 * i));
        }
    }

    @Override
    public void putInt(int value) {
        room(Integer.BYTES);
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[written++] = (byte) (value >>> (8 * i));
        }
    }

    @Override
    public void putByte(int value) {
        room(1);
        bytes[written++] = (byte) value;
    }

    @Override
    public void putBytes(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, bytes, written, length);
        written += length;
    }

    private void room(int count) {
        if (bytes.length - written < count) {
            long wanted = Math.max((long) written + count, Math.min(2L * bytes.length, Integer.MAX_VALUE - 8));
            EngineAssert.that(wanted <= Integer.MAX_VALUE - 8, "state is larger than an array", wanted);
            bytes = Arrays.copyOf(bytes, (int) wanted);
        }
    }

    @Override
    public long getLong() {
        need(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value |= (bytes[read++] & 0xffL) << (8 * i);
        }
        return value;
    }

    @Override
    public int getInt() {
        need(Integer.BYTES);
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value |= (bytes[read++] & 0xff) << (8 * i);
        }
        return value;
    }

    @Override
    public int getByte() {
        need(1);
        return bytes[read++] & 0xff;
    }

    @Override
    public void getBytes(byte[] into, int offset, int length) {
        need(length);
        System.arraycopy(bytes, read, into, offset, length);
        read += length;
    }

    private void need(int count) {
        if (count < 0 || written - read < count) {
            throw new MalformedStateException("the state ends at byte " + written + "; wanted " + count + " from "
                    + read);
        }
    }

    @Override
    public long remaining() {
        return written - read;
    }
}
