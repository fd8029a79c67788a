package dev.reprise.cpu.judge;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.judge.SequencePlan.Theme;

/** Items of privileged instructions: returns from traps, waits, fences of translations, edits of page tables. */
final class SystemItems {
    private final SequencePlan plan;
    private final Values values;
    private final VirtualMemory memory;
    /** The mode in which the next item will run, as far as the generator can tell. */
    private int mode;

    SystemItems(SequencePlan plan, VirtualMemory memory) {
        this.plan = plan;
        this.values = plan.values;
        this.memory = memory;
        this.mode = plan.mode;
    }

    int mode() {
        return mode;
    }

    private Item returnTo(int csrOfPc, int status, long clear, long set, int op) {
        int register = plan.free();
        Item item = new Item();
        item.words(Assembler.constant(register, clear));
        item.word(Encoder.encode(Op.CSRRC, 0, register, 0, 0, 0, status));
        item.words(Assembler.constant(register, set));
        item.word(Encoder.encode(Op.CSRRS, 0, register, 0, 0, 0, status));
        PlainItems.addressOf(item, register, 0, 0);
        item.word(Encoder.encode(Op.CSRRW, plan.free(), register, 0, 0, 0, csrOfPc));
        return item.word(Encoder.encode(op, 0, 0, 0, 0, 0, 0));
    }

    /** mret to the next item; in lower modes it traps. */
    Item mret() {
        int target = plan.theme == Theme.MODES ? values.pick(SequencePlan.MACHINE, SequencePlan.MACHINE,
                SequencePlan.SUPERVISOR, SequencePlan.USER) : SequencePlan.MACHINE;
        if (mode != SequencePlan.MACHINE) {
            return new Item().word(Encoder.encode(Op.MRET, 0, 0, 0, 0, 0, 0));
        }
        mode = target;
        long set = (long) target << Csrs.MPP_SHIFT | (values.percent(50) ? Csrs.MSTATUS_MPIE : 0);
        return returnTo(Csrs.MEPC, Csrs.MSTATUS, 3L << Csrs.MPP_SHIFT | Csrs.MSTATUS_MPIE, set, Op.MRET);
    }

    /** sret to the next item, from S or, where the theme allows to leave M, from M; elsewhere it may trap. */
    Item sret() {
        boolean leaves = mode == SequencePlan.SUPERVISOR || mode == SequencePlan.MACHINE && plan.theme == Theme.MODES;
        if (!leaves) {
            return mode == SequencePlan.USER ? new Item().word(Encoder.encode(Op.SRET, 0, 0, 0, 0, 0, 0)) : null;
        }
        boolean supervisor = values.percent(plan.paging != 0 ? 95 : 60);
        mode = supervisor ? SequencePlan.SUPERVISOR : SequencePlan.USER;
        long set = (supervisor ? Csrs.MSTATUS_SPP : 0) | (values.percent(50) ? Csrs.MSTATUS_SPIE : 0);
        return returnTo(Csrs.SEPC, Csrs.SSTATUS, Csrs.MSTATUS_SPP | Csrs.MSTATUS_SPIE, set, Op.SRET);
    }

    /** wfi with an interrupt pending and enabled but masked, so that it ends at once. */
    Item wfi(boolean softwareDelegated) {
        int wfi = Encoder.encode(Op.WFI, 0, 0, 0, 0, 0, 0);
        if (mode == SequencePlan.USER) {
            return plan.mode == SequencePlan.USER ? new Item().word(wfi) : null;
        }
        if (mode == SequencePlan.SUPERVISOR) {
            return softwareDelegated ? new Item().words(csri(Op.CSRRCI, Csrs.SSTATUS, 2), csri(Op.CSRRSI, Csrs.SIE, 2),
                    csri(Op.CSRRSI, Csrs.SIP, 2), wfi) : null;
        }
        return new Item().words(csri(Op.CSRRCI, Csrs.MSTATUS, 8), csri(Op.CSRRSI, Csrs.MIE, 2),
                csri(Op.CSRRSI, Csrs.MIP, 2), wfi);
    }

    private int csri(int op, int csr, int bits) {
        return Encoder.encode(op, 0, bits, 0, 0, 0, csr);
    }

    Item fence() {
        int rs1 = values.percent(40) ? 0 : values.below(32);
        return new Item().word(Encoder.encode(Op.SFENCE_VMA, 0, rs1, values.percent(60) ? 0 : values.below(32), 0, 0, 0));
    }

    /** A store to an entry of the window's page table, and the fence that makes it count. */
    Item editEntry() {
        if (memory == null || mode != SequencePlan.SUPERVISOR) {
            return null;
        }
        int address = plan.free();
        int entry;
        do {
            entry = plan.free();
        } while (entry == address);
        return new Item().words(Assembler.constant(address, memory.randomEntryAddress()))
                .words(Assembler.constant(entry, memory.randomLeaf()))
                .word(Encoder.encode(Op.SD, 0, address, entry, 0, 0, 0))
                .word(Encoder.encode(Op.SFENCE_VMA, 0, 0, 0, 0, 0, 0));
    }

    /** satp with another ASID, or off for an instruction: code stands at its physical address. */
    Item satp() {
        if (memory == null || mode != SequencePlan.SUPERVISOR) {
            return null;
        }
        int register = plan.free();
        Item item = new Item();
        if (values.percent(40)) {
            item.word(Encoder.encode(Op.CSRRW, plan.free(), 0, 0, 0, 0, Csrs.SATP));
        } else if (values.percent(30)) {
            long unsupported = values.pick(1, 5, 7, 11, 15);
            item.words(Assembler.constant(register, unsupported << 60 | 0x1234));
            item.word(Encoder.encode(Op.CSRRW, plan.free(), register, 0, 0, 0, Csrs.SATP));
        }
        item.words(Assembler.constant(register, memory.satp()));
        item.word(Encoder.encode(Op.CSRRW, plan.free(), register, 0, 0, 0, Csrs.SATP));
        return item.word(Encoder.encode(Op.SFENCE_VMA, 0, 0, 0, 0, 0, 0));
    }

    /** Turns MPRV on in a machine-mode body, for the translation of S or U. */
    Item mprv() {
        int register = plan.free();
        long mpp = values.percent(50) ? 1 : 0;
        return new Item().words(Assembler.constant(register, 3L << Csrs.MPP_SHIFT))
                .word(Encoder.encode(Op.CSRRC, 0, register, 0, 0, 0, Csrs.MSTATUS))
                .words(Assembler.constant(register, Csrs.MSTATUS_MPRV | mpp << Csrs.MPP_SHIFT))
                .word(Encoder.encode(Op.CSRRS, 0, register, 0, 0, 0, Csrs.MSTATUS));
    }
}
