package dev.reprise.bench.cpu;

import dev.reprise.bench.cpu.Assembler.Label;
import dev.reprise.cpu.decode.Op;

/** Loads and stores that hit and miss the TLB, and the page tables for those that are paged. */
final class MemoryPrograms {
    /** Why an access that hits takes longer than the integer loop. */
    static final String LOOKS = "each access looks into the TLB: a comparison, two more loads and some arithmetic";

    static final int PAGE = 4096;
    static final long DATA = BareMachine.RAM + (16L << 20);

    /** More pages behind {@link #DATA} than the largest data TLB has entries, 8192. */
    private static final long DATA_END = DATA + (80L << 20);
    private static final int HALF_PAGE = 2048;

    private static final int SATP = 0x180;
    private static final int PMPCFG0 = 0x3a0;
    private static final int PMPADDR0 = 0x3b0;
    private static final int MSTATUS_MPP_SUPERVISOR = 0x800;
    private static final int PMP_NAPOT_RWX = 0x1f;

    private static final int PTE_VALID = 0x01;
    private static final int PTE_LEAF = 0xcf; // D A X W R V
    private static final int PTES = 512;
    private static final long SV39 = 8L << 60;
    private static final long TABLES = BareMachine.RAM + (8L << 20);
    /** Roots of address spaces, all of which share the tables below. */
    private static final long ROOTS = BareMachine.RAM + (12L << 20);

    private MemoryPrograms() {}

    static byte[] onePage(boolean store, boolean paged) {
        Assembler a = paged ? paged() : new Assembler();
        a.load(5, DATA).load(6, 7).load(10, HALF_PAGE).store(Op.SD, 6, 5, 0);
        int[] offset = {0};
        return Programs.loop(a, () -> {
            offset[0] += 24;
            if (store) {
                a.store(Op.SD, 6, 5, offset[0]).store(Op.SW, 6, 5, offset[0] + 8);
            } else {
                a.immediate(Op.LD, 7, 5, offset[0]).op(Op.ADD, 9, 9, 7).immediate(Op.LW, 8, 5, offset[0] + 8)
                        .op(Op.XOR, 9, 9, 8);
            }
            // The other half of the page in the next turn, so that nothing stands still.
        }, () -> a.op(Op.XOR, 5, 5, 10).immediate(Op.ADDI, 6, 6, 1));
    }

    /** Two words that point at each other. */
    static byte[] chase() {
        Assembler a = new Assembler().load(5, DATA).load(6, DATA + HALF_PAGE).store(Op.SD, 6, 5, 0).store(Op.SD, 5, 6, 0);
        return Programs.loop(a, () -> a.immediate(Op.LD, 5, 5, 0));
    }

    /** Each access on the page after the last one's, over more pages than a TLB has entries. */
    static byte[] manyPages(boolean store, boolean paged) {
        Assembler a = paged ? paged() : new Assembler();
        Label top = new Label();
        a.load(5, DATA).load(6, DATA_END).load(8, PAGE).load(9, DATA).place(top);
        if (store) {
            a.store(Op.SD, 8, 5, 0);
        } else {
            a.immediate(Op.LD, 7, 5, 0).op(Op.XOR, 10, 10, 7);
        }
        return a.op(Op.ADD, 5, 5, 8).branch(Op.BLTU, 5, 6, top).op(Op.ADD, 5, 9, 0).jump(0, top).bytes();
    }

    /** A switch of the address space and a load in it, {@code spaces} spaces in turn; a power of two, at most 16. */
    static Rounds contextSwitches(int spaces) {
        Assembler a = new Assembler();
        for (int i = 0; i < spaces; i++) {
            a.load(5, ROOTS + (long) i * PAGE).load(6, pte(TABLES + PAGE, PTE_VALID)).store(Op.SD, 6, 5, rootSlot());
        }
        enterSupervisor(a);
        a.load(5, DATA);
        for (int i = 0; i < spaces; i++) {
            a.load(10 + i, SV39 | ROOTS / PAGE + i);
        }
        int[] turn = {0};
        byte[] code = Programs.loop(a, () -> a.csrWrite(SATP, 10 + turn[0]++ % spaces).immediate(Op.LD, 7, 5, 0));
        return new Rounds(code, 2 * Programs.UNROLL + 1, Programs.UNROLL);
    }

    /** A load that misses the TLB and walks three levels. */
    static Rounds walks() {
        return new Rounds(manyPages(false, true), 4, 1);
    }

    /** A load from where nothing is mapped, the trap, and the return behind it. */
    static Rounds pageFaults() {
        Assembler a = new Assembler();
        Label start = new Label();
        Label handler = new Label();
        a.jump(0, start).place(handler).immediate(Op.CSRRS, 5, 0, Programs.MEPC).immediate(Op.ADDI, 5, 5, 4)
                .csrWrite(Programs.MEPC, 5).op(Op.MRET, 0, 0, 0).place(start);
        a.address(6, handler).csrWrite(Programs.MTVEC, 6);
        enterSupervisor(a);
        a.load(7, BareMachine.RAM + (2L << 30));
        byte[] code = Programs.loop(a, () -> a.immediate(Op.LD, 8, 7, 0));
        return new Rounds(code, 5 * Programs.UNROLL + 1, Programs.UNROLL);
    }

    private static Assembler paged() {
        Assembler a = new Assembler();
        enterSupervisor(a);
        return a;
    }

    private static int rootSlot() {
        return (int) (BareMachine.RAM >> 30) * Long.BYTES;
    }

    /**
     * Goes on in supervisor mode with RAM mapped onto itself by Sv39 pages of 4 KiB, so that a miss is a whole walk. The
     * program makes its tables itself: a root, one table below it, and a table of leaves for every 2 MiB.
     */
    private static void enterSupervisor(Assembler a) {
        Label entry = new Label();
        int pages = (int) (BareMachine.RAM_BYTES / PAGE);
        a.load(5, TABLES).load(6, pte(TABLES + PAGE, PTE_VALID)).store(Op.SD, 6, 5, rootSlot());
        fill(a, TABLES + PAGE, pte(TABLES + 2 * PAGE, PTE_VALID), pages / PTES);
        fill(a, TABLES + 2 * PAGE, pte(BareMachine.RAM, PTE_LEAF), pages);
        a.load(5, -1).csrWrite(PMPADDR0, 5).load(5, PMP_NAPOT_RWX).csrWrite(PMPCFG0, 5);
        a.load(5, SV39 | TABLES / PAGE).csrWrite(SATP, 5).op(Op.SFENCE_VMA, 0, 0, 0);
        a.load(5, MSTATUS_MPP_SUPERVISOR).csrWrite(Programs.MSTATUS, 5).address(5, entry).csrWrite(Programs.MEPC, 5);
        a.op(Op.MRET, 0, 0, 0).place(entry);
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
}
