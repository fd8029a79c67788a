package dev.reprise.machine.board;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A state in memory: write it, then read it from the start. */
final class StateBytes implements StateSink, StateSource {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private ByteBuffer reading;

    static byte[] of(BoardDevice device) {
        StateBytes state = new StateBytes();
        device.save(state);
        return state.written.toByteArray();
    }

    static StateBytes reading(byte[] bytes) {
        StateBytes state = new StateBytes();
        state.reading = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return state;
    }

    @Override
    public void putLong(long value) {
        putInt((int) value);
        putInt((int) (value >>> 32));
    }

    @Override
    public void putInt(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            written.write(value >>> shift);
        }
    }

    @Override
    public void putByte(int value) {
        written.write(value);
    }

    @Override
    public void putBytes(byte[] bytes, int offset, int length) {
        written.write(bytes, offset, length);
    }

    @Override
    public long getLong() {
        need(Long.BYTES);
        return reading.getLong();
    }

    @Override
    public int getInt() {
        need(Integer.BYTES);
        return reading.getInt();
    }

    @Override
    public int getByte() {
        need(1);
        return reading.get();
    }

    @Override
    public void getBytes(byte[] bytes, int offset, int length) {
        need(length);
        reading.get(bytes, offset, length);
    }

    @Override
    public long remaining() {
        return reading.remaining();
    }

    private void need(int bytes) {
        if (reading.remaining() < bytes) {
            throw new MalformedStateException("the state ends too early");
        }
    }
}
