package dev.reprise.engine;

import java.nio.ByteBuffer;

/** State in a buffer, see {@link StateSource#of}. */
record BufferSource(ByteBuffer in) implements StateSource {

    private ByteBuffer need(int bytes) {
        if (in.remaining() < bytes) {
            throw new MalformedStateException("the state ends too early: wanted " + bytes + " bytes of " + in.remaining());
        }
        return in;
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
    public void getBytes(byte[] bytes, int offset, int length) {
        need(length).get(bytes, offset, length);
    }

    @Override
    public long remaining() {
        return in.remaining();
    }
}
