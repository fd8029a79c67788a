package dev.reprise.cpu.bus;

/** Takes the canonical state of the CPU and of RAM, in a fixed order, for digests and snapshots. */
public interface StateSink {
    void putLong(long value);

    void putInt(int value);

    void putBytes(byte[] bytes, int offset, int length);
}
