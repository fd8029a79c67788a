package dev.reprise.chardev.guest;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A state as bytes. */
final class StateBytes implements StateSink {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static byte[] of(Uart16550 uart) {
        StateBytes sink = new StateBytes();
        uart.write(sink);
        return sink.bytes.toByteArray();
    }

    @Override
    public void putLong(long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            putByte((int) (value >>> 8 * i));
        }
    }

    @Override
    public void putInt(int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            putByte(value >>> 8 * i);
        }
    }

    @Override
    public void putByte(int value) {
        bytes.write(value);
    }

    @Override
    public void putBytes(byte[] from, int offset, int length) {
        bytes.write(from, offset, length);
    }

    static StateSource source(byte[] state) {
        ByteBuffer left = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        return new StateSource() {
            private ByteBuffer need(int count) {
                if (left.remaining() < count) {
                    throw new MalformedStateException("ends early");
                }
                return left;
            }

            @Override
            public long getLong() {
                return need(Long.BYTES).getLong();
            }

            @Override
            public int getInt() {
                return need(Integer.BYTES).getInt();
            }

            @Override
            public int getByte() {
                return need(1).get();
            }

            @Override
            public void getBytes(byte[] into, int offset, int length) {
                need(length).get(into, offset, length);
            }

            @Override
            public long remaining() {
                return left.remaining();
            }
        };
    }
}
