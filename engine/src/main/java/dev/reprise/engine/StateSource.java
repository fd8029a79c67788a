package dev.reprise.engine;

/**
 * Gives back what a {@link StateSink} took, in the same order.
 *
 * <p>Every method throws {@link MalformedStateException} when the bytes end too early.
 */
public interface StateSource {

    long getLong();

    int getInt();

    int getByte();

    void getBytes(byte[] bytes, int offset, int length);

    /** Bytes that are left. */
    long remaining();
}
