package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.MmioDevice;
import dev.reprise.cpu.bus.PhysicalBus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Run by hand: executes a bare-metal ELF in machine mode until it writes to the test device, and prints the speed of
 * each 100 million steps of this thread's CPU time. Arguments: the ELF.
 */
final class LoopBenchmark {
    private static final long SLICE = 100_000_000L;

    private LoopBenchmark() {
    }

    public static void main(String[] args) throws IOException {
        PhysicalBus bus = new PhysicalBus(PhysicalBus.DEFAULT_RAM_BASE, 128L << 20);
        long entry = loadElf(Files.readAllBytes(Path.of(args[0])), bus);
        Hart hart = new Hart(HartConfig.of(entry), bus, new TestPlatform());
        bus.addDevice(0x100000, 0x1000, new MmioDevice() {
            @Override
            public long load(long offset, int size) {
                return 0;
            }

            @Override
            public void store(long offset, int size, long value) {
                System.out.println("ends at step " + hart.step() + " with " + Long.toHexString(value));
                hart.requestStop();
            }
        });
        bus.addDevice(0x10000000, 0x100, new MmioDevice() {
            @Override
            public long load(long offset, int size) {
                return 0x60;
            }

            @Override
            public void store(long offset, int size, long value) {
                if (offset == 0) {
                    System.out.print((char) value);
                }
            }
        });
        long start = cpuNs();
        StopReason reason;
        do {
            long before = cpuNs();
            long stepBefore = hart.step();
            reason = hart.runUntil(hart.step() + SLICE);
            double seconds = (cpuNs() - before) / 1e9;
            System.out.printf("%6.1f MIPS%n", (hart.step() - stepBefore) / seconds / 1e6);
        } while (reason == StopReason.LIMIT);
        double seconds = (cpuNs() - start) / 1e9;
        System.out.printf("%d steps, %.2f s, %.1f MIPS%n", hart.step(), seconds, hart.step() / seconds / 1e6);
    }

    /** Of this thread alone: other processes and the JVM's compilers do not count. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long loadElf(byte[] elf, PhysicalBus bus) {
        ByteBuffer b = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) b.getLong(32);
        for (int i = 0; i < b.getShort(56); i++) {
            int at = headers + i * b.getShort(54);
            if (b.getInt(at) == 1) {
                bus.write(b.getLong(at + 24), elf, (int) b.getLong(at + 8), (int) b.getLong(at + 32));
            }
        }
        return b.getLong(24);
    }
}
