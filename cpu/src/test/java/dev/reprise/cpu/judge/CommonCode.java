package dev.reprise.cpu.judge;

import dev.reprise.cpu.decode.Op;

/**
 * The machine-mode program around the bodies: the prologue, the trap handler and the epilogue, once per image, and the
 * stub and restore code of each slot, which differ in the two registers that the body leaves alone.
 */
final class CommonCode {
    private static final int T0 = 5;
    private static final int T1 = 6;
    private static final int T2 = 7;
    private static final int S1 = 9;
    private static final int A0 = 10;
    private static final int S2 = 18;
    private static final int T3 = 28;
    private static final int T4 = 29;
    private static final int T5 = 30;
    private static final int T6 = 31;
    private static final long CLINT = 0x0200_0000L;
    private static final long PLIC = 0x0c00_0000L;
    private static final long UART = 0x1000_0000L;
    private static final int UART_IRQ = 10;

    private CommonCode() {
    }

    /** Writes the common code and returns the handler's address. */
    static long write(byte[] image, Slot first) {
        Assembler asm = new Assembler(image);
        for (int pass = 0; pass < 2; pass++) {
            asm.at(Slot.RAM);
            asm.la(A0, first.state());
            prologue(asm);
            handler(asm);
            epilogue(asm);
            if (asm.pc() > Slot.RAM + Slot.PROGRESS) {
                throw new IllegalStateException("common code is too long");
            }
        }
        return asm.address("handler");
    }

    private static void prologue(Assembler asm) {
        asm.label("prologue");
        asm.op(Op.ADDI, S1, A0, 0, 0);
        asm.op(Op.ADDI, S2, A0, 0, 2047);
        asm.op(Op.ADDI, S2, S2, 0, 1);
        asm.li(T0, 3L << Csrs.FS_SHIFT);
        asm.csrw(Csrs.MSTATUS, T0);
        asm.csrw(Csrs.PMPCFG0, 0);
        asm.csrw(Csrs.MENVCFG, 0);
        asm.csrw(Csrs.MIP, 0);
        for (int i = 0; i < Csrs.INIT.length; i++) {
            asm.load(Op.LD, T0, S2, Slot.CSRINIT - Slot.HIGH + 8 * i);
            asm.csrw(Csrs.INIT[i], T0);
        }
        for (int f = 0; f < 32; f++) {
            asm.load(Op.FLD, f, S2, Slot.FINIT - Slot.HIGH + 8 * f);
        }
        interruptLines(asm);
        asm.op(Op.SFENCE_VMA, 0, 0, 0, 0);
        asm.op(Op.FENCE_I, 0, 0, 0, 0);
        asm.load(Op.LD, T0, S1, Slot.RESTORE);
        asm.op(Op.JALR, 0, T0, 0, 0);
    }

    /**
     * Timer and software interrupts by the CLINT, external ones by the UART's empty transmitter and the PLIC, where
     * the request of an earlier sequence is claimed first.
     */
    private static void interruptLines(Assembler asm) {
        asm.li(T1, CLINT);
        asm.load(Op.LD, T0, S1, Slot.MSIP);
        asm.store(Op.SW, T0, T1, 0);
        asm.li(T1, CLINT + 0x4000);
        asm.load(Op.LD, T0, S1, Slot.MTIMECMP);
        asm.store(Op.SD, T0, T1, 0);
        asm.li(T1, UART);
        asm.store(Op.SB, 0, T1, 1);
        asm.li(T2, PLIC);
        asm.li(T0, 1);
        asm.store(Op.SW, T0, T2, 4 * UART_IRQ);
        asm.li(T2, PLIC + 0x2000);
        asm.li(T0, 1L << UART_IRQ);
        asm.store(Op.SW, T0, T2, 0);
        asm.li(T3, PLIC + 0x20_0000);
        asm.load(Op.LW, T0, T3, 4);
        asm.store(Op.SW, T0, T3, 4);
        asm.load(Op.LD, T0, S1, Slot.PLIC_ENABLE_M);
        asm.store(Op.SW, T0, T2, 0);
        asm.load(Op.LD, T0, S1, Slot.PLIC_ENABLE_S);
        asm.store(Op.SW, T0, T2, 0x80);
        asm.load(Op.LD, T0, S1, Slot.UART_IER);
        asm.store(Op.SB, T0, T1, 1);
    }

    /** Entered from a slot's stub with a0 = its state; all x registers are saved, mstatus is in entry 0. */
    private static void handler(Assembler asm) {
        asm.label("handler");
        asm.op(Op.ADDI, S1, A0, 0, 0);
        asm.op(Op.ADDI, S2, A0, 0, 2047);
        asm.op(Op.ADDI, S2, S2, 0, 1);
        asm.load(Op.LD, T0, S1, Slot.COUNT);
        asm.op(Op.SLLI, T2, T0, 0, 6);
        asm.op(Op.ADD, T2, T2, S1, 0);
        int[] logged = {Csrs.MCAUSE, Csrs.MEPC, Csrs.MTVAL, Csrs.MSTATUS, Csrs.SCAUSE, Csrs.SEPC, Csrs.STVAL, Csrs.MIP};
        for (int i = 0; i < logged.length; i++) {
            if (logged[i] == Csrs.MSTATUS) {
                asm.load(Op.LD, T1, S1, Slot.SAVE);
            } else {
                asm.csrr(T1, logged[i]);
            }
            asm.store(Op.SD, T1, T2, Slot.LOG + 8 * i);
        }
        asm.op(Op.ADDI, T0, T0, 0, 1);
        asm.store(Op.SD, T0, S1, Slot.COUNT);
        asm.op(Op.SLTIU, T1, T0, 0, Slot.LOG_ENTRIES);
        asm.branch(Op.BEQ, T1, 0, "finish");
        asm.csrr(T3, Csrs.MCAUSE);
        asm.csrr(T4, Csrs.MEPC);
        asm.branch(Op.BLT, T3, 0, "interrupt");
        asm.op(Op.ADDI, T6, T3, 0, -9);
        asm.branch(Op.BNE, T6, 0, "fromBody");
        asm.load(Op.LD, T5, S1, Slot.SHANDLER);
        asm.op(Op.ANDI, T6, T4, 0, ~0x78);
        asm.branch(Op.BEQ, T6, T5, "fromS");
        asm.label("fromBody");
        behind(asm, "M", T4, Csrs.MEPC);
        asm.label("resume");
        asm.load(Op.LD, T0, S1, Slot.RESTORE);
        asm.op(Op.JALR, 0, T0, 0, 0);
        asm.label("interrupt");
        clearEnable(asm);
        asm.jump("resume");
        asm.label("fromS");
        asm.op(Op.ADDI, T4, T4, 0, 4);
        asm.csrw(Csrs.MEPC, T4);
        asm.csrr(T3, Csrs.SCAUSE);
        asm.branch(Op.BLT, T3, 0, "interrupt");
        asm.csrr(T4, Csrs.SEPC);
        behind(asm, "S", T4, Csrs.SEPC);
        asm.jump("resume");
    }

    /** Moves an exception's pc behind its instruction, or ends the sequence when the pc is not in the body. */
    private static void behind(Assembler asm, String name, int pc, int csr) {
        asm.load(Op.LD, T5, S1, Slot.START);
        asm.branch(Op.BLTU, pc, T5, "finish");
        asm.load(Op.LD, T5, S1, Slot.END);
        asm.branch(Op.BGEU, pc, T5, "finish");
        asm.load(Op.LHU, T6, pc, 0);
        asm.op(Op.ANDI, T6, T6, 0, 3);
        asm.op(Op.ADDI, T6, T6, 0, -3);
        asm.op(Op.ADDI, pc, pc, 0, 2);
        asm.branch(Op.BNE, T6, 0, "short" + name);
        asm.op(Op.ADDI, pc, pc, 0, 2);
        asm.label("short" + name);
        asm.csrw(csr, pc);
    }

    /** An interrupt is taken once: its enable bit goes. */
    private static void clearEnable(Assembler asm) {
        asm.op(Op.ANDI, T3, T3, 0, 63);
        asm.li(T5, 1);
        asm.op(Op.SLL, T5, T5, T3, 0);
        asm.op(Op.CSRRC, 0, T5, 0, Csrs.MIE);
    }

    private static void epilogue(Assembler asm) {
        asm.label("finish");
        asm.li(T0, 3L << Csrs.FS_SHIFT);
        asm.op(Op.CSRRS, 0, T0, 0, Csrs.MSTATUS);
        for (int f = 0; f < 32; f++) {
            asm.store(Op.FSD, f, S2, Slot.FDUMP - Slot.HIGH + 8 * f);
        }
        for (int i = 0; i < Csrs.DUMP.length; i++) {
            asm.csrr(T0, Csrs.DUMP[i]);
            asm.store(Op.SD, T0, S2, Slot.CSRDUMP - Slot.HIGH + 8 * i);
        }
        asm.la(T1, Slot.RAM + Slot.PROGRESS);
        asm.load(Op.LD, T0, T1, 0);
        asm.op(Op.ADDI, T0, T0, 0, 1);
        asm.store(Op.SD, T0, T1, 0);
        asm.load(Op.LD, A0, S1, Slot.NEXT);
        asm.branch(Op.BEQ, A0, 0, "done");
        asm.la(T0, asm.address("prologue"));
        asm.op(Op.JALR, 0, T0, 0, 0);
        asm.label("done");
        asm.csrw(Csrs.MSTATUS, 0);
        asm.csrw(Csrs.MIE, 0);
        asm.li(T0, Slot.DONE_MAGIC);
        asm.store(Op.SD, T0, T1, Slot.DONE - Slot.PROGRESS);
        asm.label("sleep");
        asm.op(Op.WFI, 0, 0, 0, 0);
        asm.jump("sleep");
    }

    /** The stub and the restore code of a slot; p and q are the registers that its body never writes. */
    static void writeSlot(byte[] image, Slot slot, long handler, int p, int q, long mtvec, long stvec) {
        Assembler asm = new Assembler(image);
        for (int pass = 0; pass < 2; pass++) {
            asm.at(slot.address());
            stubs(asm, slot, p, q);
            for (int r = 1; r < 32; r++) {
                if (r != p && r != q) {
                    asm.store(Op.SD, r, q, 8 * r);
                }
            }
            asm.op(Op.ADDI, A0, q, 0, 0);
            asm.la(T0, handler);
            asm.op(Op.JALR, 0, T0, 0, 0);
        }
        asm.at(slot.restore());
        asm.la(q, slot.state());
        for (int r = 1; r < 32; r++) {
            if (r != p && r != q) {
                asm.load(Op.LD, r, q, 8 * r);
            }
        }
        asm.load(Op.LD, p, q, Slot.SAVE);
        asm.csrw(Csrs.MSTATUS, p);
        asm.la(p, mtvec);
        asm.la(q, stvec);
        asm.op(Op.MRET, 0, 0, 0, 0);
        supervisorHandler(asm, slot);
    }

    /** One entry per vector; the entry that was taken is stored, so that a wrong one shows. */
    private static void stubs(Assembler asm, Slot slot, int p, int q) {
        for (int vector = 0; vector < 16; vector++) {
            asm.jump("vector" + vector);
        }
        for (int vector = 0; vector < 12; vector++) {
            asm.label("vector" + vector);
            asm.op(Op.CSRRW, p, 0, 0, Csrs.MSTATUS);
            asm.la(q, slot.state());
            asm.store(Op.SD, p, q, Slot.SAVE);
            asm.op(Op.ADDI, p, 0, 0, vector);
            asm.store(Op.SD, p, q, Slot.VECTOR);
            asm.jump("save");
        }
        asm.label("save");
    }

    /** As for M, each vector has code of its own, which the logged mepc tells apart. */
    private static void supervisorHandler(Assembler asm, Slot slot) {
        for (int vector = 0; vector < 16; vector++) {
            asm.at(slot.shandler() + 4 * vector);
            asm.op(Op.JAL, 0, 0, 0, Slot.SHANDLER_CODE - 4 * vector + 8 * vector);
            asm.at(slot.shandler() + Slot.SHANDLER_CODE + 8 * vector);
            asm.op(Op.ECALL, 0, 0, 0, 0);
            asm.op(Op.SRET, 0, 0, 0, 0);
        }
    }
}
