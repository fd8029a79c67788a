package dev.reprise.machine.lockstep;

import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** State in memory: a few kilobytes, without RAM. */
final class StateBytes implements StateSink {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 13);
    private final ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void putLong(long value) {
        out.write(word.putLong(0, value).array(), 0, Long.BYTES);
    }

    @Override
    public void putInt(int value) {
        out.write(word.putInt(0, value).array(), 0, Integer.BYTES);
    }

    @Override
    public void putByte(int value) {
        out.write(value);
    }

    @Override
    public void putBytes(byte[] bytes, int offset, int length) {
        out.write(bytes, offset, length);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** The other direction. */
    static StateSource source(byte[] bytes) {
        return StateSource.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }
}
