package dev.reprise.engine;

import java.nio.ByteBuffer;

/**
 * Gives back what a {@link StateSink} took, in the same order.
 *
 * <p>Every method throws {@link MalformedStateException} when the bytes end too early.
 */
public interface StateSource {

    /**
     * What a buffer holds from its position to its limit, in its byte order. Reading moves its position.
     */
    static StateSource of(ByteBuffer buffer) {
        return new BufferSource(buffer);
    }

    long getLong();

    int getInt();

    int getByte();

    void getBytes(byte[] bytes, int offset, int length);

    /** Bytes that are left. */
    long remaining();
}
