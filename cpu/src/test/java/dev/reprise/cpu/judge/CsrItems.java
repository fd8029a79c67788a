package dev.reprise.cpu.judge;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.judge.SequencePlan.Theme;

/**
 * Items that access a CSR: any of the 4,096 numbers, the known ones more often, with values that keep the program in
 * hand (mtvec and stvec are put back, satp and PMP entries stay where they would pull the ground away).
 */
final class CsrItems {
    private static final int[] MACHINE = {Csrs.MSTATUS, Csrs.MSTATUS, Csrs.MSTATUS, Csrs.MISA, Csrs.MEDELEG, Csrs.MIDELEG,
        Csrs.MIE, Csrs.MIE, Csrs.MTVEC, Csrs.MCOUNTEREN, Csrs.MENVCFG, Csrs.MCOUNTINHIBIT, Csrs.MSCRATCH, Csrs.MEPC,
        Csrs.MCAUSE, Csrs.MTVAL, Csrs.MIP, Csrs.MIP, Csrs.PMPCFG0, Csrs.PMPCFG2, Csrs.PMPADDR0, Csrs.PMPADDR0 + 3,
        Csrs.PMPADDR0 + 15, 0xb00, 0xb02, 0xf11, 0xf12, 0xf13, 0xf14, 0xf15};
    private static final int[] SUPERVISOR = {Csrs.SSTATUS, Csrs.SSTATUS, Csrs.SIE, Csrs.STVEC, Csrs.SCOUNTEREN,
        Csrs.SENVCFG, Csrs.SSCRATCH, Csrs.SEPC, Csrs.SCAUSE, Csrs.STVAL, Csrs.SIP, Csrs.SIP, Csrs.STIMECMP, Csrs.SATP};
    private static final int[] USER = {Csrs.FFLAGS, Csrs.FRM, Csrs.FCSR, 0xc00, 0xc01, 0xc02};
    private static final int[] READ_WRITE_OPS = {Op.CSRRW, Op.CSRRS, Op.CSRRC, Op.CSRRWI, Op.CSRRSI, Op.CSRRCI};

    private final SequencePlan plan;
    private final Values values;
    private final KnownDifferences known;

    CsrItems(SequencePlan plan, KnownDifferences known) {
        this.plan = plan;
        this.values = plan.values;
        this.known = known;
    }

    /** Reads or writes fflags, frm or fcsr; an frm of 5 to 7 makes dynamic rounding illegal. */
    Item rounding() {
        int register = plan.free();
        int mode = values.percent(92) ? values.below(5) : values.below(8);
        return switch (values.below(4)) {
            case 0 -> new Item().word(Encoder.encode(Op.CSRRWI, plan.free(), mode, 0, 0, 0, Csrs.FRM));
            case 1 -> new Item().word(Encoder.encode(Op.CSRRWI, plan.free(), values.below(32), 0, 0, 0, Csrs.FFLAGS));
            case 2 -> new Item().word(Encoder.encode(Op.CSRRS, plan.free(), 0, 0, 0, 0, Csrs.FCSR));
            default -> new Item().words(Assembler.constant(register, mode << 5 | values.below(32)))
                    .word(Encoder.encode(Op.CSRRW, plan.free(), register, 0, 0, 0, Csrs.FCSR));
        };
    }

    /** One access in this mode, by this operation or, for 0, any; null when the choice does not fit the sequence. */
    Item access(int mode, int wantedOp) {
        int csr = chooseCsr(mode);
        int op = wantedOp == 0 ? values.pick(READ_WRITE_OPS) : wantedOp;
        boolean immediate = op >= Op.CSRRWI;
        int value5 = values.below(32);
        long value = immediate ? value5 : valueFor(csr);
        boolean writes = op == Op.CSRRW || op == Op.CSRRWI || !immediate || value5 != 0;
        boolean readOnlyForm = (op == Op.CSRRS || op == Op.CSRRC) && values.percent(30);
        if (immediate && known.writable(csr, value5) != value5 && op != Op.CSRRCI) {
            return null;
        }
        if (known.isAvoided(csr) || writes && !readOnlyForm && !permits(mode, csr, value, op)) {
            return null;
        }
        int rd = values.percent(15) ? 0 : plan.free();
        int register = plan.free();
        Item item = new Item();
        if (immediate) {
            item.word(Encoder.encode(op, rd, value5, 0, 0, 0, csr));
        } else if (readOnlyForm) {
            item.word(Encoder.encode(op, rd, 0, 0, 0, 0, csr));
        } else {
            item.words(Assembler.constant(register, value)).word(Encoder.encode(op, rd, register, 0, 0, 0, csr));
        }
        if (known.isVolatile(csr)) {
            item.word(Encoder.encode(Op.ADDI, rd, 0, 0, 0, 0, 0));
        }
        if (csr == Csrs.MTVEC || csr == Csrs.STVEC) {
            item.word(Encoder.encode(Op.CSRRW, plan.free(), csr == Csrs.MTVEC ? plan.p : plan.q, 0, 0, 0, csr));
        }
        if (csr == Csrs.SATP && mode == SequencePlan.MACHINE && !plan.mprv) {
            item.word(Encoder.encode(Op.CSRRW, plan.free(), 0, 0, 0, 0, csr));
        }
        return item;
    }

    private int chooseCsr(int mode) {
        int choice = values.below(100);
        if (choice < 15) {
            return values.below(4096);
        } else if (mode == SequencePlan.MACHINE && choice < 65) {
            return values.pick(MACHINE);
        } else if (mode != SequencePlan.USER && choice < 85 || choice < 30) {
            return values.pick(SUPERVISOR);
        }
        return choice < 90 ? values.pick(MACHINE) : values.pick(USER);
    }

    private long valueFor(int csr) {
        long value = values.percent(40) ? values.integer() : 1L << values.below(64) | 1L << values.below(24);
        value = known.writable(csr, value);
        switch (csr) {
            case Csrs.MSTATUS, Csrs.SSTATUS -> {
                if (values.percent(85)) {
                    value |= 3L << Csrs.FS_SHIFT;
                } else if (plan.dirty) {
                    value &= ~(3L << Csrs.FS_SHIFT);
                }
                if (known.rule("mpp-not-2")) {
                    value |= (value & 2L << Csrs.MPP_SHIFT) >> 1;
                }
            }
            case Csrs.STIMECMP -> value |= 1L << 62;
            case Csrs.MENVCFG -> value = plan.timer ? value | Csrs.MENVCFG_STCE : value & ~Csrs.MENVCFG_STCE;
            case Csrs.SATP -> {
                value = value & (1L << 60) - 1 | (long) values.below(16) << 60;
                if (known.rule("satp-no-sv57") && value >>> 60 == 10) {
                    value = 0;
                }
            }
            default -> {
                if (csr >= Csrs.PMPCFG0 && csr < Csrs.PMPADDR0 && known.rule("pmp-unlocked")) {
                    value &= 0x7f7f_7f7f_7f7f_7f7fL;
                }
            }
        }
        return value;
    }

    /** Whether the program survives this write. */
    private boolean permits(int mode, int csr, long value, int op) {
        boolean clears = op == Op.CSRRC || op == Op.CSRRCI;
        boolean sets = op == Op.CSRRS || op == Op.CSRRSI;
        boolean machine = mode == SequencePlan.MACHINE;
        if (value == 0 && (op == Op.CSRRS || op == Op.CSRRC)) {
            // The rule csrrs-not-0.
            return false;
        }
        boolean leavesMachine = plan.theme == Theme.MODES || plan.mprv;
        if (csr >= Csrs.PMPCFG0 && csr < Csrs.PMPADDR0 + 64) {
            return !machine || !leavesMachine && !plan.allowsMprv();
        }
        return switch (csr) {
            case Csrs.MSTATUS -> !machine || !plan.mprv && (!clears || (value >>> Csrs.MPP_SHIFT & 3) != 1)
                    && (plan.allowsMprv() || (value & Csrs.MSTATUS_MPRV) == 0);
            case Csrs.MEDELEG -> !machine || !leavesMachine || clears || (value & 1 << 9) == 0;
            case Csrs.SATP -> mode == SequencePlan.USER && plan.mode == SequencePlan.USER || machine && !plan.mprv && !sets && !clears;
            case Csrs.STIMECMP -> !clears && op != Op.CSRRWI && (plan.timer || plan.mode != SequencePlan.MACHINE);
            case Csrs.MENVCFG -> !plan.timer || !clears && op != Op.CSRRWI;
            default -> true;
        };
    }
}
