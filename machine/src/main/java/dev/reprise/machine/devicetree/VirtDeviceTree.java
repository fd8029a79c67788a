package dev.reprise.machine.devicetree;

import dev.reprise.machine.board.Entropy;
import dev.reprise.machine.board.MemoryMap;
import dev.reprise.machine.board.Plic;
import java.nio.ByteBuffer;

/**
 * The device tree of the board: what QEMU's {@code virt} says of the devices that are here, node for node, so that a
 * guest finds the same names, addresses and interrupts on both. Left out is what is not here (PCI, flash, fw_cfg,
 * performance counters, the platform bus).
 */
public final class VirtDeviceTree {

    /** The instruction set, in the specification's order of names. */
    public static final String ISA = "rv64imafdc_zicntr_zicsr_zifencei_zba_zbb_zbs_sstc";

    private static final int CPU = 1;
    private static final int CPU_INTERRUPTS = 2;
    private static final int PLIC = 3;
    private static final int TEST = 4;

    private static final int MACHINE_SOFTWARE = 3;
    private static final int MACHINE_TIMER = 7;
    private static final int SUPERVISOR_EXTERNAL = 9;
    private static final int MACHINE_EXTERNAL = 11;

    private VirtDeviceTree() {}

    /**
     * What varies from run to run.
     *
     * @param ramBytes size of RAM
     * @param mmuType "riscv,sv39" or "riscv,sv48"
     * @param bootargs the kernel's command line, or null
     * @param initrdStart first byte of the initrd, 0 if there is none
     * @param initrdEnd the byte after its last
     * @param rngSeed entropy for the kernel, or null; it is part of the machine's configuration
     * @param timeriomem whether the board has a timeriomem_rng; a virtio device needs no node of its own
     */
    public record Parameters(
            long ramBytes, String mmuType, String bootargs, long initrdStart, long initrdEnd, byte[] rngSeed,
            boolean timeriomem) {

        /** Without one, as QEMU's board. */
        public Parameters(long ramBytes, String mmuType, String bootargs, long initrdStart, long initrdEnd, byte[] rngSeed) {
            this(ramBytes, mmuType, bootargs, initrdStart, initrdEnd, rngSeed, false);
        }
    }

    public static byte[] build(Parameters p) {
        FdtWriter fdt = new FdtWriter();
        fdt.begin("").cells("#address-cells", 2).cells("#size-cells", 2);
        fdt.strings("compatible", "riscv-virtio").strings("model", "riscv-virtio,qemu");
        chosen(fdt, p);
        power(fdt, "poweroff", "syscon-poweroff", 0x5555);
        power(fdt, "reboot", "syscon-reboot", 0x7777);
        node(fdt, "memory", MemoryMap.RAM_BASE).strings("device_type", "memory");
        fdt.reg(MemoryMap.RAM_BASE, p.ramBytes()).end();
        cpus(fdt, p.mmuType());
        soc(fdt, p.timeriomem());
        return fdt.end().toBytes();
    }

    private static void chosen(FdtWriter fdt, Parameters p) {
        fdt.begin("chosen");
        if (p.initrdStart() != 0) {
            fdt.bytes("linux,initrd-start", address(p.initrdStart()));
            fdt.bytes("linux,initrd-end", address(p.initrdEnd()));
        }
        if (p.rngSeed() != null) {
            fdt.bytes("rng-seed", p.rngSeed());
        }
        if (p.bootargs() != null) {
            fdt.strings("bootargs", p.bootargs());
        }
        fdt.strings("stdout-path", "/soc/serial@" + Long.toHexString(MemoryMap.UART_BASE)).end();
    }

    private static void power(FdtWriter fdt, String name, String compatible, int value) {
        fdt.begin(name).cells("value", value).cells("offset", 0).cells("regmap", TEST);
        fdt.strings("compatible", compatible).end();
    }

    private static void cpus(FdtWriter fdt, String mmuType) {
        fdt.begin("cpus").cells("#address-cells", 1).cells("#size-cells", 0);
        fdt.cells("timebase-frequency", MemoryMap.TIMEBASE_HZ);
        fdt.begin("cpu@0").cells("phandle", CPU).strings("device_type", "cpu").cells("reg", 0);
        fdt.strings("status", "okay").strings("compatible", "riscv").strings("riscv,isa", ISA);
        fdt.strings("mmu-type", mmuType);
        fdt.begin("interrupt-controller").cells("#interrupt-cells", 1).flag("interrupt-controller");
        fdt.strings("compatible", "riscv,cpu-intc").cells("phandle", CPU_INTERRUPTS).end();
        fdt.end();
        fdt.begin("cpu-map").begin("cluster0").begin("core0").cells("cpu", CPU).end().end().end();
        fdt.end();
    }

    private static void soc(FdtWriter fdt, boolean timeriomem) {
        fdt.begin("soc").cells("#address-cells", 2).cells("#size-cells", 2);
        fdt.strings("compatible", "simple-bus").flag("ranges");

        node(fdt, "rtc", MemoryMap.RTC_BASE);
        interrupt(fdt, MemoryMap.RTC_IRQ).reg(MemoryMap.RTC_BASE, MemoryMap.RTC_BYTES);
        fdt.strings("compatible", "google,goldfish-rtc").end();

        node(fdt, "serial", MemoryMap.UART_BASE);
        interrupt(fdt, MemoryMap.UART_IRQ).cells("clock-frequency", MemoryMap.UART_CLOCK_HZ);
        fdt.reg(MemoryMap.UART_BASE, MemoryMap.UART_BYTES).strings("compatible", "ns16550a").end();

        node(fdt, "test", MemoryMap.TEST_BASE).cells("phandle", TEST);
        fdt.reg(MemoryMap.TEST_BASE, MemoryMap.TEST_BYTES);
        fdt.strings("compatible", "sifive,test1", "sifive,test0", "syscon").end();

        // Probed last to first by Linux, as QEMU lists them: the first window becomes the first disk on both.
        for (int i = MemoryMap.VIRTIO_WINDOWS - 1; i >= 0; i--) {
            long base = MemoryMap.VIRTIO_BASE + (long) i * MemoryMap.VIRTIO_BYTES;
            node(fdt, "virtio_mmio", base);
            interrupt(fdt, MemoryMap.VIRTIO_FIRST_IRQ + i).reg(base, MemoryMap.VIRTIO_BYTES);
            fdt.strings("compatible", "virtio,mmio").end();
        }

        if (timeriomem) {
            node(fdt, "rng", MemoryMap.ENTROPY_BASE).cells("period", Entropy.PERIOD_US);
            fdt.reg(MemoryMap.ENTROPY_BASE, MemoryMap.ENTROPY_BYTES).strings("compatible", "timeriomem_rng").end();
        }

        node(fdt, "plic", MemoryMap.PLIC_BASE).cells("phandle", PLIC).cells("riscv,ndev", Plic.SOURCES);
        fdt.reg(MemoryMap.PLIC_BASE, MemoryMap.PLIC_BYTES);
        fdt.cells("interrupts-extended",
                CPU_INTERRUPTS, MACHINE_EXTERNAL, CPU_INTERRUPTS, SUPERVISOR_EXTERNAL);
        fdt.flag("interrupt-controller").strings("compatible", "sifive,plic-1.0.0", "riscv,plic0");
        fdt.cells("#address-cells", 0).cells("#interrupt-cells", 1).end();

        node(fdt, "clint", MemoryMap.CLINT_BASE);
        fdt.cells("interrupts-extended", CPU_INTERRUPTS, MACHINE_SOFTWARE, CPU_INTERRUPTS, MACHINE_TIMER);
        fdt.reg(MemoryMap.CLINT_BASE, MemoryMap.CLINT_BYTES);
        fdt.strings("compatible", "sifive,clint0", "riscv,clint0").end();
        fdt.end();
    }

    private static FdtWriter node(FdtWriter fdt, String name, long address) {
        return fdt.begin(name + "@" + Long.toHexString(address));
    }

    private static FdtWriter interrupt(FdtWriter fdt, int irq) {
        return fdt.cells("interrupts", irq).cells("interrupt-parent", PLIC);
    }

    /** One cell while that is enough, as QEMU; the kernel takes either. */
    private static byte[] address(long value) {
        return value >>> 32 == 0
                ? ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array()
                : ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
