package dev.reprise.cpu.bus;

/**
 * A register window on the bus. Called by the guest thread only, at the step that {@code Hart.step()} names, once per
 * guest access; an access is always aligned to its size and inside the window.
 */
public interface MmioDevice {
    /**
     * @param offset bytes from the start of the window
     * @param size 1, 2, 4 or 8 bytes
     * @return the value in the low {@code size} bytes; higher bits are ignored
     * @throws BusFault the guest gets an access fault
     */
    long load(long offset, int size);

    /**
     * @param offset bytes from the start of the window
     * @param size 1, 2, 4 or 8 bytes
     * @param value the value in the low {@code size} bytes; higher bits are unspecified
     * @throws BusFault the guest gets an access fault
     */
    void store(long offset, int size, long value);
}
