package dev.reprise.bench.cpu;

import dev.reprise.bench.cpu.Assembler.Label;
import dev.reprise.cpu.decode.Op;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Endless programs, each mostly of one class of instructions, in machine mode without translation unless the name says
 * "paged". Each uses the registers as it likes, and none but x0 keeps its meaning in the ABI.
 */
final class Programs {

    /** How often a loop's body is repeated, so that the loop itself costs little. */
    private static final int UNROLL = 16;

    private static final int SATP = 0x180;
    private static final int MSTATUS = 0x300;
    private static final int MTVEC = 0x305;
    private static final int MSCRATCH = 0x340;
    private static final int MEPC = 0x341;
    private static final int PMPCFG0 = 0x3a0;
    private static final int PMPADDR0 = 0x3b0;

    private static final int MSTATUS_FS_DIRTY = 0x6000;
    private static final int MSTATUS_MPP_SUPERVISOR = 0x800;
    private static final int PMP_NAPOT_RWX = 0x1f;

    private static final int PTE_VALID = 0x01;
    private static final int PTE_LEAF = 0xcf; // D A X W R V
    private static final int PTES = 512;
    private static final int PAGE = 4096;
    private static final long SV39 = 8L << 60;

    private static final long TABLES = BareMachine.RAM + (8L << 20);
    private static final long DATA = BareMachine.RAM + (16L << 20);
    private static final long DATA_END = DATA + (32L << 20);

    private static final Map<String, Supplier<byte[]>> ALL = new TreeMap<>();

    static {
        ALL.put("integer", Programs::integer);
        ALL.put("multiply", Programs::multiply);
        ALL.put("divide", Programs::divide);
        ALL.put("branchesTaken", () -> branches(true));
        ALL.put("branchesNotTaken", () -> branches(false));
        ALL.put("calls", Programs::calls);
        ALL.put("indirectCalls", Programs::indirectCalls);
        ALL.put("loads", () -> onePage(false, false));
        ALL.put("stores", () -> onePage(true, false));
        ALL.put("loadsMissing", () -> manyPages(false, false));
        ALL.put("storesMissing", () -> manyPages(true, false));
        ALL.put("loadsPaged", () -> onePage(false, true));
        ALL.put("storesPaged", () -> onePage(true, true));
        ALL.put("loadsPagedMissing", () -> manyPages(false, true));
        ALL.put("storesPagedMissing", () -> manyPages(true, true));
        ALL.put("atomics", Programs::atomics);
        ALL.put("compressed", Programs::compressed);
        ALL.put("singleAdd", () -> floating(Op.FADD_S, false));
        ALL.put("doubleAdd", () -> floating(Op.FADD_D, true));
        ALL.put("doubleMultiply", () -> floating(Op.FMUL_D, true));
        ALL.put("doubleFused", () -> floating(Op.FMADD_D, true));
        ALL.put("doubleDivide", () -> floating(Op.FDIV_D, true));
        ALL.put("traps", Programs::traps);
        ALL.put("csr", Programs::csr);
        ALL.put("mmio", Programs::mmio);
    }

    private Programs() {}

    /** The program of that name. */
    static byte[] of(String name) {
        Supplier<byte[]> program = ALL.get(name);
        if (program == null) {
            throw new IllegalArgumentException("no such program: " + name + " of " + ALL.keySet());
        }
        return program.get();
    }

    private static byte[] loop(Assembler a, Runnable body) {
        Label top = new Label();
        return a.place(top).repeat(UNROLL, body).jump(0, top).bytes();
    }

    private static byte[] integer() {
        Assembler a = new Assembler().load(5, 1).load(6, 0x9e3779b97f4a7c15L);
        return loop(a, () -> a.op(Op.ADD, 5, 5, 6).op(Op.XOR, 7, 7, 5).immediate(Op.SLLI, 8, 7, 13)
                .op(Op.SUB, 6, 6, 8).immediate(Op.ADDIW, 9, 9, 3).op(Op.AND, 10, 9, 5));
    }

    private static byte[] multiply() {
        Assembler a = new Assembler().load(5, 0x123456789L).load(6, 0x9e3779b97f4a7c15L);
        return loop(a, () -> a.op(Op.MUL, 7, 5, 6).op(Op.MULHU, 8, 7, 6).op(Op.MULW, 9, 8, 5));
    }

    private static byte[] divide() {
        Assembler a = new Assembler().load(5, 0x7123456789abcdefL).load(6, 0x12345);
        return loop(a, () -> a.op(Op.DIV, 7, 5, 6).op(Op.REMU, 8, 5, 6).op(Op.DIVW, 9, 5, 6));
    }

    private static byte[] branches(boolean taken) {
        Assembler a = new Assembler().load(5, 1);
        return loop(a, () -> {
            Label next = new Label();
            a.immediate(Op.ADDI, 6, 6, 1).branch(taken ? Op.BNE : Op.BEQ, 5, 0, next);
            if (taken) {
                a.immediate(Op.ADDI, 7, 7, 1);
            }
            a.place(next);
        });
    }

    private static byte[] calls() {
        Assembler a = new Assembler();
        Label start = new Label();
        Label callee = new Label();
        a.jump(0, start).place(callee).immediate(Op.ADDI, 5, 5, 1).immediate(Op.JALR, 0, 1, 0).place(start);
        return loop(a, () -> a.jump(1, callee));
    }

    private static byte[] indirectCalls() {
        Assembler a = new Assembler();
        Label start = new Label();
        Label[] callees = {new Label(), new Label(), new Label(), new Label()};
        a.jump(0, start);
        for (Label callee : callees) {
            a.place(callee).immediate(Op.ADDI, 5, 5, 1).immediate(Op.JALR, 0, 1, 0);
        }
        a.place(start);
        for (int i = 0; i < callees.length; i++) {
            a.address(10 + i, callees[i]);
        }
        int[] turn = {0};
        return loop(a, () -> a.immediate(Op.JALR, 1, 10 + turn[0]++ % callees.length, 0));
    }

    private static byte[] onePage(boolean store, boolean paged) {
        Assembler a = paged ? paged() : new Assembler();
        a.load(5, DATA).load(6, 7).store(Op.SD, 6, 5, 0);
        int[] offset = {0};
        return loop(a, () -> {
            offset[0] += 24;
            if (store) {
                a.store(Op.SD, 6, 5, offset[0]).store(Op.SW, 6, 5, offset[0] + 8);
            } else {
                a.immediate(Op.LD, 7, 5, offset[0]).immediate(Op.LW, 8, 5, offset[0] + 8);
            }
        });
    }

    /** Each access on the page after the last one's, over more pages than a TLB has entries. */
    private static byte[] manyPages(boolean store, boolean paged) {
        Assembler a = paged ? paged() : new Assembler();
        Label top = new Label();
        a.load(5, DATA).load(6, DATA_END).load(8, PAGE).load(9, DATA).place(top);
        if (store) {
            a.store(Op.SD, 8, 5, 0);
        } else {
            a.immediate(Op.LD, 7, 5, 0);
        }
        return a.op(Op.ADD, 5, 5, 8).branch(Op.BLTU, 5, 6, top).op(Op.ADD, 5, 9, 0).jump(0, top).bytes();
    }

    /**
     * Begins a program in supervisor mode with RAM mapped onto itself by Sv39 pages of 4 KiB, so that a miss is a whole
     * walk. It makes its tables itself: a root, one table below it, and a table of leaves for every 2 MiB.
     */
    private static Assembler paged() {
        Assembler a = new Assembler();
        Label entry = new Label();
        int pages = (int) (BareMachine.RAM_BYTES / PAGE);
        a.load(5, TABLES).load(6, pte(TABLES + PAGE, PTE_VALID)).store(Op.SD, 6, 5, (int) (BareMachine.RAM >> 30) * 8);
        fill(a, TABLES + PAGE, pte(TABLES + 2 * PAGE, PTE_VALID), pages / PTES);
        fill(a, TABLES + 2 * PAGE, pte(BareMachine.RAM, PTE_LEAF), pages);
        a.load(5, -1).csrWrite(PMPADDR0, 5).load(5, PMP_NAPOT_RWX).csrWrite(PMPCFG0, 5);
        a.load(5, SV39 | TABLES / PAGE).csrWrite(SATP, 5).op(Op.SFENCE_VMA, 0, 0, 0);
        a.load(5, MSTATUS_MPP_SUPERVISOR).csrWrite(MSTATUS, 5).address(5, entry).csrWrite(MEPC, 5);
        return a.op(Op.MRET, 0, 0, 0).place(entry);
    }

    private static long pte(long address, int flags) {
        return address / PAGE << 10 | flags;
    }

    /** Writes entries for consecutive pages. */
    private static void fill(Assembler a, long table, long first, int count) {
        Label top = new Label();
        a.load(5, table).load(6, first).load(7, count).load(8, 1 << 10);
        a.place(top).store(Op.SD, 6, 5, 0).op(Op.ADD, 6, 6, 8).immediate(Op.ADDI, 5, 5, 8)
                .immediate(Op.ADDI, 7, 7, -1).branch(Op.BNE, 7, 0, top);
    }

    private static byte[] atomics() {
        Assembler a = new Assembler().load(5, DATA).load(6, 1);
        return loop(a, () -> a.op(Op.AMOADD_D, 7, 5, 6).op(Op.LR_D, 8, 5, 0).op(Op.SC_D, 9, 5, 8));
    }

    /** A loop whose body is c.add x10,x11 and c.addi x12,1 in turn. */
    private static byte[] compressed() {
        int pair = 0x952e | 0x0605 << 16;
        Assembler a = new Assembler();
        byte[] program = loop(a, () -> a.op(Op.ADD, 10, 10, 11).op(Op.ADD, 10, 10, 11));
        ByteBuffer words = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < program.length - Integer.BYTES; at += Integer.BYTES) {
            words.putInt(at, pair);
        }
        return program;
    }

    private static byte[] floating(int op, boolean doubles) {
        Assembler a = new Assembler().load(5, MSTATUS_FS_DIRTY).csrWrite(MSTATUS, 5);
        a.load(5, doubles ? Double.doubleToRawLongBits(1.000000119) : Float.floatToRawIntBits(1.000001f));
        a.load(6, doubles ? Double.doubleToRawLongBits(0.3) : Float.floatToRawIntBits(0.3f));
        a.op(doubles ? Op.FMV_D_X : Op.FMV_W_X, 1, 5, 0).op(doubles ? Op.FMV_D_X : Op.FMV_W_X, 2, 6, 0);
        return loop(a, () -> a.op(op, 3, 1, 2, 1, 0).op(op, 4, 3, 1, 2, 0));
    }

    private static byte[] traps() {
        Assembler a = new Assembler();
        Label start = new Label();
        Label handler = new Label();
        a.jump(0, start).place(handler).immediate(Op.CSRRS, 5, 0, MEPC).immediate(Op.ADDI, 5, 5, 4).csrWrite(MEPC, 5)
                .op(Op.MRET, 0, 0, 0).place(start).address(6, handler).csrWrite(MTVEC, 6);
        return loop(a, () -> a.op(Op.ECALL, 0, 0, 0));
    }

    private static byte[] csr() {
        Assembler a = new Assembler().load(5, 0x123);
        return loop(a, () -> a.immediate(Op.CSRRW, 6, 5, MSCRATCH).immediate(Op.CSRRS, 7, 0, MSCRATCH));
    }

    private static byte[] mmio() {
        Assembler a = new Assembler().load(5, BareMachine.DEVICE);
        return loop(a, () -> a.immediate(Op.LW, 6, 5, 0).store(Op.SW, 6, 5, 4));
    }
}
