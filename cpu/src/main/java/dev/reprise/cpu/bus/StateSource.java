package dev.reprise.cpu.bus;

/** Gives back, in the same order, what was put into a {@link StateSink}. */
public interface StateSource {
    long getLong();

    int getInt();

    void getBytes(byte[] bytes, int offset, int length);
}
