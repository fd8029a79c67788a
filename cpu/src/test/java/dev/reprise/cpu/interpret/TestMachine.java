package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.mmu.PagingMode;

/** A hart with 1 MiB of RAM whose programs the tests write; a trap in machine mode goes to {@link #HANDLER}. */
final class TestMachine {
    static final long RAM = PhysicalBus.DEFAULT_RAM_BASE;
    static final long CODE = RAM + 0x1000;
    static final long HANDLER = RAM + 0x8000;
    static final long DATA = RAM + 0x10000;
    static final long ROOT = RAM + 0x20000;
    static final long NEXT = RAM + 0x21000;
    static final long LEAVES = RAM + 0x22000;
    /** A virtual page that is not RAM's own address; the tests map it. */
    static final long WINDOW = 0x4000_0000L;
    static final int VALID_RWX = 0xcf;

    final PhysicalBus bus = new PhysicalBus(RAM, 1 << 20);
    final TestPlatform platform = new TestPlatform();
    final Hart hart;

    TestMachine() {
        this(PagingMode.SV48);
    }

    TestMachine(PagingMode paging) {
        this(paging, Executions.underTest());
    }

    TestMachine(PagingMode paging, Execution execution) {
        hart = new Hart(new HartConfig(0, CODE, paging, execution), bus, platform);
        hart.setCsr(Csr.MTVEC, HANDLER);
        new Asm(bus, HANDLER).jump(0);
    }

    Asm code() {
        return new Asm(bus, CODE);
    }

    /** Executes so many steps. */
    StopReason step(long count) {
        return hart.runUntil(hart.step() + count);
    }

    /** Opens all of memory to the lower modes. */
    TestMachine permitAll() {
        hart.setCsr(Csr.PMPADDR0, -1);
        hart.setCsr(Csr.PMPCFG0, 0x1f);
        return this;
    }

    /** Sv39 with a gigabyte page over RAM, and 4 KiB slots for WINDOW. Does not change the mode. */
    TestMachine tables() {
        permitAll();
        entry(ROOT, RAM >>> 30, RAM, VALID_RWX);
        entry(ROOT, WINDOW >>> 30, NEXT, 1);
        entry(NEXT, 0, LEAVES, 1);
        hart.setCsr(Csr.SATP, 8L << 60 | ROOT >>> 12);
        return this;
    }

    void entry(long table, long slot, long target, int flags) {
        bus.store(table + 8 * slot, 8, target >>> 2 | flags);
    }

    long entryAt(long table, int slot) {
        return bus.load(table + 8L * slot, 8);
    }

    /** The mode of the next instruction, through MRET's fields: 0, 1 or 3; code at the current pc follows. */
    TestMachine mode(int privilege) {
        long pc = hart.pc();
        long scratch = RAM + 0xf000;
        new Asm(bus, scratch).op(dev.reprise.cpu.decode.Op.MRET);
        long status = hart.csr(Csr.MSTATUS) & ~Csr.MSTATUS_MPP | (long) privilege << Csr.MPP_SHIFT;
        hart.setCsr(Csr.MSTATUS, status);
        hart.setCsr(Csr.MEPC, pc);
        hart.setPc(scratch);
        step(1);
        return this;
    }

    /** Runs until a trap to machine mode has been entered, at most some steps; its cause. */
    long runToTrap() {
        for (int i = 0; i < 100 && hart.pc() != HANDLER; i++) {
            step(1);
        }
        if (hart.pc() != HANDLER) {
            throw new AssertionError("no trap: pc=" + Long.toHexString(hart.pc()));
        }
        return hart.csr(Csr.MCAUSE);
    }

    byte[] state() {
        ByteSink sink = new ByteSink();
        hart.saveState(sink);
        bus.digestRam(sink);
        return sink.bytes();
    }
}
