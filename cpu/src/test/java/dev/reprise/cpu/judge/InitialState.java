package dev.reprise.cpu.judge;

import dev.reprise.cpu.judge.SequencePlan.Theme;
import dev.reprise.cpu.judge.VirtualMemory.Store;
import java.util.List;

/** The state in which a body starts: registers, CSRs, PMP entries, data and page tables, written into the image. */
final class InitialState {
    private static final long NEVER = -1L;
    private static final long DELEGABLE_INTERRUPTS = 0x222;

    private final SequencePlan plan;
    private final Values values;
    private final Store store;
    private final KnownDifferences known;
    private final List<Item> items;
    private final long start;

    InitialState(SequencePlan plan, Store store, KnownDifferences known) {
        this.plan = plan;
        this.values = plan.values;
        this.store = store;
        this.known = known;
        VirtualMemory memory = plan.paging == 0 ? null : new VirtualMemory(plan, store);
        long mideleg = interrupts() || values.percent(30) ? values.bits() & DELEGABLE_INTERRUPTS : 0;
        start = start();
        data();
        BodyGenerator generator = new BodyGenerator(plan, memory, known, (mideleg & 2) != 0 && !interrupts());
        registers(generator.plain());
        csrs(mideleg, memory == null ? 0 : memory.satp());
        interruptLines();
        poke(Slot.START, start);
        poke(Slot.SHANDLER, plan.slot.shandler() + Slot.SHANDLER_CODE);
        poke(Slot.RESTORE, plan.slot.restore());
        items = generator.generate();
    }

    List<Item> items() {
        return items;
    }

    private boolean interrupts() {
        return plan.theme == Theme.INTERRUPT || plan.theme == Theme.MODES;
    }

    private void poke(int offset, long value) {
        store.poke(plan.slot.state() + offset, value);
    }

    private void csr(int number, long value) {
        poke(Slot.CSRINIT + 8 * Csrs.initIndex(number), known.writable(number, value));
    }

    /** Some bodies cross into their second page. */
    private long start() {
        return plan.slot.body() + (values.percent(40) ? Slot.PAGE - 2 * values.below(400) : 2 * values.below(100));
    }

    private void data() {
        for (int offset = 0; offset < Slot.DATA_PAGES * Slot.PAGE; offset += 8) {
            long value = values.percent(60) ? values.floating()
                    : values.percent(50) ? values.integer() : values.floating() << 32 | values.floating() & 0xffff_ffffL;
            store.poke(plan.slot.data() + offset, value);
        }
    }

    private void registers(PlainItems plain) {
        for (int r = 1; r < 32; r++) {
            poke(8 * r, plan.pointers.contains(r) ? plain.pointerAddress(values.percent(70)) : values.integer());
        }
        for (int f = 0; f < 32; f++) {
            poke(Slot.FINIT + 8 * f, values.floating());
        }
        poke(Slot.SAVE, mstatus());
    }

    private long mstatus() {
        long fs = values.percent(5) ? 0 : plan.dirty ? 3 : 1 + values.below(3);
        long value = (long) plan.mode << Csrs.MPP_SHIFT | fs << Csrs.FS_SHIFT;
        long random = values.longBits();
        value |= random & (Csrs.MSTATUS_SUM | Csrs.MSTATUS_MXR | Csrs.MSTATUS_SPP | Csrs.MSTATUS_SPIE
                | Csrs.MSTATUS_SIE | Csrs.MSTATUS_MPIE);
        for (long bit : new long[] {Csrs.MSTATUS_TVM, Csrs.MSTATUS_TW, Csrs.MSTATUS_TSR}) {
            value |= values.percent(10) ? bit : 0;
        }
        if (plan.paging != 0 && plan.mode == SequencePlan.SUPERVISOR) {
            value &= ~Csrs.MSTATUS_TVM;
        }
        return value;
    }

    private void csrs(long mideleg, long satp) {
        boolean low = plan.mode != SequencePlan.MACHINE || interrupts();
        csr(Csrs.MENVCFG, (plan.timer ? Csrs.MENVCFG_STCE : 0) | values.below(2));
        csr(Csrs.SENVCFG, values.below(2));
        csr(Csrs.STIMECMP, NEVER);
        csr(Csrs.MEDELEG, values.percent(40) ? 0 : values.bits() & 0xb1ff & ~(low ? 1 << 9 : 0));
        csr(Csrs.MIDELEG, mideleg);
        csr(Csrs.MIE, interrupts() ? values.bits() & 0xaaa : values.percent(20) ? values.bits() & 0xaaa : 0);
        csr(Csrs.MIP, interrupts() ? values.bits() & DELEGABLE_INTERRUPTS : 0);
        csr(Csrs.MCOUNTEREN, values.bits() & 0xffff_ffffL);
        csr(Csrs.SCOUNTEREN, values.bits() & 0xffff_ffffL);
        for (int number : new int[] {Csrs.MSCRATCH, Csrs.SSCRATCH, Csrs.SEPC, Csrs.SCAUSE, Csrs.STVAL, Csrs.MTVAL,
            Csrs.MCAUSE}) {
            csr(number, values.longBits());
        }
        csr(Csrs.MTVEC, plan.slot.address() + (values.percent(40) ? 1 : 0));
        csr(Csrs.STVEC, plan.slot.shandler() + (values.percent(40) ? 1 : 0));
        csr(Csrs.SATP, satp);
        csr(Csrs.FCSR, values.below(5) << 5 | values.below(32));
        csr(Csrs.MEPC, start);
        memoryProtection();
    }

    private void memoryProtection() {
        Slot slot = plan.slot;
        if (plan.theme != Theme.PMP) {
            csr(Csrs.PMPADDR0, NEVER >>> 10);
            csr(Csrs.PMPCFG0, 0x1f);
            return;
        }
        long config = 0;
        csr(Csrs.PMPADDR0, slot.address() >>> 2);
        csr(Csrs.PMPADDR0 + 1, slot.state() >>> 2);
        config |= (0x8L | 5) << 8;
        for (int entry = 2; entry < 7; entry++) {
            long base = slot.data() + values.below(Slot.DATA_PAGES) * (long) Slot.PAGE;
            int kind = values.below(4);
            long address = base + (values.percent(40) ? values.below(Slot.PAGE) & ~7 : 0);
            if (kind == 3) {
                // 8 KiB at the last data page would reach the page tables, and the handlers with them.
                boolean last = address >= slot.data() + (Slot.DATA_PAGES - 1) * (long) Slot.PAGE;
                int size = values.percent(60) ? 12 + (last ? 0 : values.below(2)) : 3 + values.below(9);
                csr(Csrs.PMPADDR0 + entry, (address & -(1L << size) | (1L << size - 1) - 1) >>> 2);
            } else {
                csr(Csrs.PMPADDR0 + entry, address >>> 2);
            }
            config |= (long) (kind << 3 | values.pick(0, 1, 3, 4, 5, 7)) << 8 * entry;
        }
        csr(Csrs.PMPADDR0 + 7, NEVER >>> 10);
        config |= plan.paging != 0 || values.percent(80) ? 0x1fL << 56 : 0;
        csr(Csrs.PMPCFG0, config);
    }

    private void interruptLines() {
        boolean on = interrupts();
        poke(Slot.MSIP, on ? values.below(2) : 0);
        poke(Slot.MTIMECMP, on && values.percent(30) ? 0 : NEVER);
        poke(Slot.UART_IER, on && values.percent(40) ? 2 : 0);
        poke(Slot.PLIC_ENABLE_M, on ? values.below(2) << 10 : 0);
        poke(Slot.PLIC_ENABLE_S, on ? values.below(2) << 10 : 0);
    }
}
