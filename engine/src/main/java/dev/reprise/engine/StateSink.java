package dev.reprise.engine;

/** Takes the canonical bytes of a state: for a digest, or for a save. Integers are little-endian. */
public interface StateSink {

    void putLong(long value);

    void putInt(int value);

    void putByte(int value);

    void putBytes(byte[] bytes, int offset, int length);
}
