package dev.reprise.machine.board;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.cpu.bus.MmioDevice;

/**
 * A virtio-mmio window with nothing plugged in (virtio 1.2, section 4.2.2): magic, version 1 and vendor as in QEMU,
 * device id 0, which tells a driver to leave it alone. It has no state.
 */
public final class EmptyVirtioWindow implements MmioDevice {

    private static final int MAGIC = 0x7472_6976;
    private static final int LEGACY_VERSION = 1;
    private static final int VENDOR = 0x554d_4551;

    @Override
    public long load(long offset, int size) {
        check(offset, size);
        if (size == Long.BYTES) {
            return word(offset) | word(offset + 4) << 32;
        }
        return word(offset);
    }

    /** As QEMU: a narrower load gets the register at its offset, and only multiples of four have one. */
    private static long word(long offset) {
        return switch ((int) offset) {
            case 0x00 -> MAGIC;
            case 0x04 -> LEGACY_VERSION;
            case 0x0c -> VENDOR;
            default -> 0;
        };
    }

    @Override
    public void store(long offset, int size, long value) {
        check(offset, size);
    }

    private static void check(long offset, int size) {
        if ((offset & (size - 1)) != 0) {
            throw BusFault.INSTANCE;
        }
    }
}
