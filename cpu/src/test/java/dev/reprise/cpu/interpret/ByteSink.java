package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.StateSink;
import dev.reprise.cpu.bus.StateSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** State as bytes, in memory. */
final class ByteSink implements StateSink {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteBuffer eight = ByteBuffer.allocate(8);

    @Override
    public void putLong(long value) {
        out.write(eight.putLong(0, value).array(), 0, 8);
    }

    @Override
    public void putInt(int value) {
        out.write(eight.putInt(0, value).array(), 0, 4);
    }

    @Override
    public void putBytes(byte[] bytes, int offset, int length) {
        out.write(bytes, offset, length);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static StateSource source(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new StateSource() {
            @Override
            public long getLong() {
                return in.getLong();
            }

            @Override
            public int getInt() {
                return in.getInt();
            }

            @Override
            public void getBytes(byte[] into, int offset, int length) {
                in.get(into, offset, length);
            }
        };
    }
}
