package dev.reprise.machine.board;

/** Where things stand on the board: addresses and interrupt numbers of QEMU's {@code virt}, so that guests find them. */
public final class MemoryMap {

    public static final long ROM_BASE = 0x1000L;
    public static final int ROM_BYTES = 0xf000;
    public static final long TEST_BASE = 0x10_0000L;
    public static final int TEST_BYTES = 0x1000;
    public static final long RTC_BASE = 0x10_1000L;
    public static final int RTC_BYTES = 0x1000;
    public static final long CLINT_BASE = 0x0200_0000L;
    public static final int CLINT_BYTES = 0x1_0000;
    public static final long PLIC_BASE = 0x0c00_0000L;
    public static final int PLIC_BYTES = 0x60_0000;
    public static final long UART_BASE = 0x1000_0000L;
    public static final int UART_BYTES = 0x100;
    public static final long VIRTIO_BASE = 0x1000_1000L;
    public static final int VIRTIO_BYTES = 0x1000;
    public static final int VIRTIO_WINDOWS = 8;
    /** Not on QEMU's board, where nothing stands here; see {@link Entropy}. */
    public static final long ENTROPY_BASE = 0x1000_9000L;
    public static final int ENTROPY_BYTES = 4;
    public static final long RAM_BASE = 0x8000_0000L;

    public static final int VIRTIO_FIRST_IRQ = 1;
    public static final int UART_IRQ = 10;
    public static final int RTC_IRQ = 11;
    /** First PLIC source that no device of the board uses; the lines of external interrupt inputs start here. */
    public static final int FIRST_EXTERNAL_IRQ = 44;

    /** Hz of the {@code time} CSR and of mtime. */
    public static final int TIMEBASE_HZ = 10_000_000;
    /** Nanoseconds of guest time per tick of the timebase. */
    public static final int NS_PER_TICK = 100;
    /** Hz of the UART's input clock. */
    public static final int UART_CLOCK_HZ = 3_686_400;

    /** Smallest and largest RAM; the upper bound keeps page numbers in an int with room to spare. */
    public static final long MIN_RAM_BYTES = 1L << 20;
    public static final long MAX_RAM_BYTES = 16L << 30;
    public static final int PAGE_BYTES = 4096;

    private MemoryMap() {}
}
