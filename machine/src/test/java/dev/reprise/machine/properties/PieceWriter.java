package dev.reprise.machine.properties;

import static dev.reprise.machine.fixture.Assembler.*;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.machine.board.MemoryMap;
import dev.reprise.machine.fixture.Assembler;

/** Writes the instructions of pieces. Registers hold whatever they hold; an address that is needed is made there. */
final class PieceWriter {

    private static final int[] INTEGER_OPS = {
        Op.ADD, Op.SUB, Op.ADDW, Op.SUBW, Op.AND, Op.OR, Op.XOR, Op.SLL, Op.SRL, Op.SRA, Op.SLT, Op.SLTU, Op.MUL,
        Op.MULH, Op.MULHSU, Op.MULHU, Op.DIV, Op.DIVU, Op.REM, Op.REMU, Op.MULW, Op.DIVW, Op.REMUW, Op.SH1ADD, Op.ANDN, Op.XNOR,
        Op.MAX, Op.MINU, Op.ROL, Op.RORW, Op.CLZ, Op.CTZW, Op.CPOP, Op.SEXT_B, Op.ZEXT_H, Op.REV8, Op.ORC_B, Op.BCLR,
        Op.BEXT, Op.BINV, Op.BSET, Op.ADDI, Op.XORI, Op.SLTI, Op.ADDIW
    };
    private static final int[] FLOAT_OPS = {
        Op.FADD_D, Op.FSUB_D, Op.FMUL_D, Op.FDIV_D, Op.FSQRT_D, Op.FMADD_D, Op.FNMSUB_D, Op.FMIN_D, Op.FSGNJX_D,
        Op.FEQ_D, Op.FCLASS_D, Op.FCVT_L_D, Op.FCVT_D_L, Op.FCVT_S_D, Op.FCVT_D_S, Op.FADD_S, Op.FMUL_S, Op.FDIV_S,
        Op.FSQRT_S, Op.FMADD_S, Op.FLT_S, Op.FCVT_S_W, Op.FMV_X_D, Op.FMV_D_X, Op.FMV_W_X
    };
    private static final int[] LOADS = {Op.LB, Op.LBU, Op.LH, Op.LHU, Op.LW, Op.LWU, Op.LD, Op.FLW, Op.FLD};
    private static final int[] STORES = {Op.SB, Op.SH, Op.SW, Op.SD, Op.FSW, Op.FSD};
    private static final int[] ATOMICS = {
        Op.AMOSWAP_W, Op.AMOADD_D, Op.AMOXOR_W, Op.AMOAND_D, Op.AMOMIN_W, Op.AMOMAXU_D, Op.AMOMINU_D, Op.AMOSWAP_D
    };
    private static final int[] BRANCHES = {Op.BEQ, Op.BNE, Op.BLT, Op.BGE, Op.BLTU, Op.BGEU};
    private static final int[] COUNTERS = {0xc00, 0xc01, 0xc02, 0xb00, 0xb02, 0x300, 0x342, 0x344, 0xc00};
    private static final int MSTATUS = 0x300;
    private static final int MIE = 0x304;
    private static final int MIP = 0x344;
    private static final int MEPC = 0x341;
    private static final int TIME = 0xc01;
    private static final int STIMECMP = 0x14d;
    private static final int MACHINE_TIMER = 1 << 7;
    private static final int SUPERVISOR_TIMER = 1 << 5;
    private static final int SATP = 0x180;
    private static final int MPP = 0x1800;
    private static final int MPP_SUPERVISOR = 0x800;
    private static final int MPRV = 0x20000;
    private static final int USER_ALIAS_SHIFT = 30;

    private final Assembler a;

    PieceWriter(Assembler a) {
        this.a = a;
    }

    void write(Piece p, int index) {
        switch (p.what()) {
            case INTEGER -> integer(p);
            case FLOAT -> floating(p);
            case MEMORY -> {
                a.address(T0, RandomProgram.DATA + p.a());
                access(p, T0);
            }
            case ATOMIC -> atomic(p);
            case BRANCH -> a.branch(BRANCHES[p.a() % BRANCHES.length], register(p.a() >> 3), register(p.b()),
                    "piece" + (index + 1));
            case CSR -> csr(p);
            case UART -> uart(p);
            case PRINT -> print(p, index);
            case WALL_CLOCK -> a.address(T0, MemoryMap.RTC_BASE).load(Op.LWU, register(p.a()), T0, 0)
                    .load(Op.LW, register(p.b()), T0, 4);
            case INTERRUPTS -> interrupts(p);
            case WAIT -> waiting(p);
            case TRAP -> trap(p);
            case CODE_EDIT -> codeEdit(p, index);
            case PAGE_EDIT -> pageEdit(p);
            case PAGED_MEMORY -> pagedMemory(p);
            case SUPERVISOR -> lowerMode(p, index, true);
            case USER -> lowerMode(p, index, false);
        }
    }

    private static int register(int random) {
        return random & 31;
    }

    private void integer(Piece p) {
        int op = INTEGER_OPS[p.a() % INTEGER_OPS.length];
        int imm = (p.b() << 20) >> 20;
        a.op(op, register(p.b() >> 2), register(p.a() >> 4), register(p.b() >> 7), imm);
    }

    private void floating(Piece p) {
        int op = FLOAT_OPS[p.a() % FLOAT_OPS.length];
        a.data(Encoder.encode(op, register(p.b()), register(p.a() >> 3), register(p.b() >> 4), register(p.a() >> 6), 0,
                0));
    }

    /** A load and a store at the address in a register, with a small offset. */
    private void access(Piece p, int base) {
        a.load(LOADS[p.b() % LOADS.length], register(p.a() >> 5) | 1, base, p.b() & 7);
        a.store(STORES[p.b() % STORES.length], register(p.b() >> 6), base, p.a() & 7);
    }

    private void atomic(Piece p) {
        a.address(T0, RandomProgram.DATA + (p.a() & ~7));
        if ((p.b() & 3) == 0) {
            a.op(Op.LR_D, T1, T0, 0, 0);
            if ((p.b() & 4) != 0) {
                a.store(Op.SB, T1, T0, p.b() >> 3 & 63);
            }
            a.op(Op.SC_D, register(p.b() >> 3), T0, register(p.a()), 0);
        } else {
            a.op(ATOMICS[p.b() % ATOMICS.length], register(p.b() >> 3), T0, register(p.a()), 0);
        }
    }

    private void csr(Piece p) {
        switch (p.b() & 7) {
            case 0 -> a.op(Op.CSRRW, register(p.a()), register(p.a() >> 5), 0, 0xb00);
            case 1 -> a.op(Op.CSRRW, register(p.a()), register(p.a() >> 5), 0, 0xb02);
            case 2 -> a.op(Op.CSRRW, register(p.a()), register(p.a() >> 5), 0, 0x003);
            case 3 -> a.li(T0, 2).op(Op.CSRRS, ZERO, T0, 0, MIP);
            default -> a.csrr(register(p.a()), COUNTERS[p.a() % COUNTERS.length]);
        }
    }

    private void uart(Piece p) {
        a.address(T0, MemoryMap.UART_BASE);
        switch (p.b() & 15) {
            // Received data, line status and all interrupts; loopback only for a moment.
            case 0, 1 -> a.li(T1, p.a() & 15 | 1).store(Op.SB, T1, T0, 1);
            case 2 -> a.li(T1, p.a() & 0xc0 | 1).store(Op.SB, T1, T0, 2);
            case 3 -> a.li(T1, 0x10 | p.a() & 15).store(Op.SB, T1, T0, 4).store(Op.SB, T1, T0, 0)
                    .load(Op.LBU, T2, T0, 0).store(Op.SB, ZERO, T0, 4);
            case 4 -> a.store(Op.SB, register(p.a()), T0, 7).load(Op.LBU, T1, T0, 7);
            case 5, 6, 7 -> a.store(Op.SB, register(p.a()), T0, 0);
            default -> a.load(Op.LBU, register(p.a()) | 1, T0, 1 + p.b() % 6);
        }
    }

    private void print(Piece p, int index) {
        a.address(T0, MemoryMap.UART_BASE).li(T1, 1 + (p.a() & 31)).li(T2, 0x20 + (p.b() & 63));
        a.label("print" + index).store(Op.SB, T2, T0, 0).addi(T2, T2, 1).addi(T1, T1, -1);
        a.branch(Op.BNE, T1, ZERO, "print" + index);
    }

    private void interrupts(Piece p) {
        switch (p.b() % 6) {
            case 0 -> a.address(T0, MemoryMap.CLINT_BASE + 0xbff8).load(Op.LD, T1, T0, 0).addi(T1, T1, p.a() & 255)
                    .address(T0, MemoryMap.CLINT_BASE + 0x4000).store(Op.SD, T1, T0, 0);
            case 1 -> a.address(T0, MemoryMap.CLINT_BASE).li(T1, 1).store(Op.SW, T1, T0, 0);
            case 2 -> a.address(T0, MemoryMap.PLIC_BASE + 0x2004).li(T1, 0xf << 12).store(Op.SW, T1, T0, 0);
            case 3 -> a.li(T0, 2).op(Op.CSRRS, ZERO, T0, 0, MIE);
            case 4 -> a.csrr(T0, TIME).addi(T0, T0, p.a() & 127).csrw(STIMECMP, T0).li(T0, SUPERVISOR_TIMER)
                    .op(Op.CSRRS, ZERO, T0, 0, MIE);
            default -> a.li(T0, MACHINE_TIMER).op(Op.CSRRS, ZERO, T0, 0, MIE);
        }
    }

    /** Waits; sometimes with timers masked, whose deadlines then wake nobody. */
    private void waiting(Piece p) {
        switch (p.a() & 7) {
            case 0 -> a.li(T0, MACHINE_TIMER).op(Op.CSRRC, ZERO, T0, 0, MIE);
            case 1 -> a.li(T0, MACHINE_TIMER | SUPERVISOR_TIMER).op(Op.CSRRC, ZERO, T0, 0, MIE);
            default -> {
                // With whatever is enabled.
            }
        }
        a.wfi();
    }

    private void trap(Piece p) {
        switch (p.a() & 7) {
            case 0 -> a.data(0);
            case 1 -> a.op(Op.EBREAK, 0, 0, 0, 0);
            case 2 -> a.op(Op.ECALL, 0, 0, 0, 0);
            case 3 -> a.address(T0, 0x7000_0000L).load(Op.LW, T1, T0, 0);
            case 4 -> a.address(T0, 0x7000_0000L).store(Op.SW, T1, T0, 0);
            case 5 -> a.address(T0, RandomProgram.DATA + 1).op(Op.AMOADD_W, T1, T0, T1, 0);
            case 6 -> {
                // Begins the loop anew, so few programs have one.
                if ((p.b() & 15) == 0) {
                    a.address(T0, 0x7000_0000L).op(Op.JALR, T1, T0, 0, 0);
                }
            }
            default -> a.csrr(T0, 0x8ff);
        }
    }

    /** Puts one instruction over another that stands a few words further on. */
    private void codeEdit(Piece p, int index) {
        int word = Encoder.encode(Op.ADDI, register(p.a()), register(p.b()), 0, 0, 0, p.a() & 1023);
        a.la(T0, "edited" + index).li(T1, word).store(Op.SW, T1, T0, 0);
        if ((p.b() & 1) != 0) {
            a.op(Op.FENCE_I, 0, 0, 0, 0);
        }
        a.label("edited" + index).op(Op.ADDI, register(p.b() >> 1), register(p.b() >> 5), 0, p.b() & 1023);
    }

    private void pageEdit(Piece p) {
        switch (p.b() & 7) {
            case 0 -> a.address(T0, RandomProgram.MIDDLE)
                    .address(T1, ((p.a() & 1) == 0 ? RandomProgram.LEAF : RandomProgram.OTHER_LEAF) >>> 12 << 10 | 1)
                    .store(Op.SD, T1, T0, 0);
            case 1 -> a.li(T0, p.a() & 1).op(Op.SLLI, T0, T0, 0, 63).address(T1, RandomProgram.ROOT >>> 12)
                    .op(Op.OR, T0, T0, T1, 0).csrw(SATP, T0);
            default -> {
                // Flips the page behind an entry, or one of V, R, W, U, A and D.
                int bit = new int[] {10, 10, 10, 0, 1, 2, 4, 6, 7}[p.a() % 9];
                a.address(T0, RandomProgram.LEAF + 8L * (p.a() >> 4 & RandomProgram.WINDOW_PAGES - 1));
                a.load(Op.LD, T1, T0, 0).li(T2, 1 << bit).op(Op.XOR, T1, T1, T2, 0).store(Op.SD, T1, T0, 0);
            }
        }
        if ((p.b() & 8) != 0) {
            a.op(Op.SFENCE_VMA, 0, 0, 0, 0);
        }
    }

    private void windowAddress(Piece p) {
        a.li(T0, 1).op(Op.SLLI, T0, T0, 0, 32);
        a.li(T1, p.a() & 0x7ff | (p.b() & RandomProgram.WINDOW_PAGES - 1) << 12).add(T0, T0, T1);
    }

    private void pagedMemory(Piece p) {
        windowAddress(p);
        a.li(T1, MPP).op(Op.CSRRC, ZERO, T1, 0, MSTATUS);
        a.li(T1, MPRV | ((p.b() & 16) != 0 ? MPP_SUPERVISOR : 0)).op(Op.CSRRS, ZERO, T1, 0, MSTATUS);
        access(p, T0);
        a.li(T1, MPRV).op(Op.CSRRC, ZERO, T1, 0, MSTATUS);
        a.li(T1, MPP).op(Op.CSRRS, ZERO, T1, 0, MSTATUS);
    }

    /** Sv39 on, a few instructions in the lower mode, and back by a call. */
    private void lowerMode(Piece p, int index, boolean supervisor) {
        a.li(T0, 8).op(Op.SLLI, T0, T0, 0, 60).address(T1, RandomProgram.ROOT >>> 12).op(Op.OR, T0, T0, T1, 0);
        a.csrw(SATP, T0);
        a.la(T0, "lower" + index);
        if (!supervisor) {
            a.li(T1, 1).op(Op.SLLI, T1, T1, 0, USER_ALIAS_SHIFT).add(T0, T0, T1);
        }
        a.csrw(MEPC, T0).li(T1, MPP).op(Op.CSRRC, ZERO, T1, 0, MSTATUS);
        if (supervisor) {
            a.li(T1, MPP_SUPERVISOR).op(Op.CSRRS, ZERO, T1, 0, MSTATUS);
        }
        a.mret();
        a.label("lower" + index);
        windowAddress(p);
        access(p, T0);
        integer(p);
        a.csrr(T2, TIME);
        if ((p.b() & 32) != 0) {
            // Not for this mode: a trap within it.
            a.csrr(T2, MSTATUS);
        }
        if (supervisor && (p.b() & 64) != 0) {
            a.op(Op.SFENCE_VMA, 0, 0, 0, 0);
        }
        if ((p.b() & 128) != 0) {
            a.wfi();
        }
        a.op(Op.ECALL, 0, 0, 0, 0);
    }
}
