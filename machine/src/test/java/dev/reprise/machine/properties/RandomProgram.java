package dev.reprise.machine.properties;

import static dev.reprise.machine.fixture.Assembler.*;

import dev.reprise.cpu.decode.Op;
import dev.reprise.machine.board.MemoryMap;
import dev.reprise.machine.fixture.Assembler;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.properties.Piece.What;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A program that runs its pieces in a loop for ever, with a trap handler in machine mode that counts causes, serves
 * timer, software and external interrupts, echoes what it reads, and goes on behind an exception.
 *
 * <p>Typed {@code q}, {@code r} and {@code f} power off with pass, reset, and power off with a code.
 *
 * <pre>
 *   physical            what
 *   RAM                 the program
 *   RAM + 1 MiB         the handler's words: saved registers, counts by cause
 *   RAM + 1 MiB + 4K    data, 8 KiB
 *   RAM + 2 MiB         page tables: root, middle, two leaf tables
 *   virtual             Sv39: RAM at its own address (supervisor) and 1 GiB above (user), devices at theirs, and a
 *                       window of eight pages onto the data at 4 GiB, whose tables the program edits
 * </pre>
 */
record RandomProgram(List<Piece> pieces) {

    static final long HANDLER = MemoryMap.RAM_BASE + (1 << 20);
    static final int EXCEPTION_COUNTS = 256;
    static final int INTERRUPT_COUNTS = 512;
    static final long DATA = HANDLER + 0x1000;
    static final long ROOT = MemoryMap.RAM_BASE + (2 << 20);
    static final long MIDDLE = ROOT + 0x1000;
    static final long LEAF = ROOT + 0x2000;
    static final long OTHER_LEAF = ROOT + 0x3000;
    static final int WINDOW_PAGES = 8;

    private static final int MAX_SEEDED_PIECES = 40;

    private static final int MSTATUS = 0x300;
    private static final int MIE = 0x304;
    private static final int MTVEC = 0x305;
    private static final int MSCRATCH = 0x340;
    private static final int MEPC = 0x341;
    private static final int MCAUSE = 0x342;
    private static final int MTVAL = 0x343;
    private static final int PMPCFG0 = 0x3a0;
    private static final int PMPADDR0 = 0x3b0;
    private static final int SATP = 0x180;
    private static final int MCOUNTEREN = 0x306;
    private static final int MENVCFG = 0x30a;
    private static final int STIMECMP = 0x14d;
    private static final int TIME = 0xc01;

    private static final int PTE_V = 1;
    private static final int PTE_RWX = 0xe;
    private static final int PTE_U = 0x10;
    private static final int PTE_AD = 0xc0;

    /** The program of a seed, of up to 40 pieces. */
    static RandomProgram ofSeed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        What[] kinds = What.values();
        List<Piece> pieces = new ArrayList<>();
        for (int left = random.nextInt(MAX_SEEDED_PIECES + 1); left > 0; left--) {
            pieces.add(new Piece(kinds[random.nextInt(kinds.length)], random.nextInt(Piece.OPERANDS),
                    random.nextInt(Piece.OPERANDS)));
        }
        return new RandomProgram(pieces);
    }

    byte[] toElf() {
        Assembler a = new Assembler(Programs.BASE);
        a.la(T0, "trap").csrw(MTVEC, T0);
        // The handler stands before the body, within reach of short branches.
        a.jump("setup");
        handler(a);
        a.label("setup");
        setup(a);
        a.label("head");
        PieceWriter writer = new PieceWriter(a);
        for (int i = 0; i < pieces.size(); i++) {
            a.label("piece" + i);
            writer.write(pieces.get(i), i);
        }
        a.label("piece" + pieces.size());
        a.jump("head");
        return Programs.elf(a.toBytes());
    }

    private static void setup(Assembler a) {
        a.address(T0, HANDLER).csrw(MSCRATCH, T0);
        a.li(T0, -1).op(Op.SRLI, T0, T0, 0, 10).csrw(PMPADDR0, T0).li(T0, 0x1f).csrw(PMPCFG0, T0);
        a.li(T0, 1).op(Op.SLLI, T0, T0, 0, 63).csrw(MENVCFG, T0).li(T0, 90).csrw(STIMECMP, T0);
        a.li(T0, 7).csrw(MCOUNTEREN, T0).csrw(0x106, T0);
        tables(a);
        // Floating point on; interrupts of timer, software and outside.
        a.li(T0, 0x2000).op(Op.CSRRS, ZERO, T0, 0, MSTATUS);
        a.address(T0, MemoryMap.UART_BASE).li(T1, 1).store(Op.SB, T1, T0, 2).store(Op.SB, T1, T0, 1);
        a.address(T0, MemoryMap.PLIC_BASE).li(T1, 3).store(Op.SW, T1, T0, 4 * MemoryMap.UART_IRQ);
        for (int line = 0; line < 4; line++) {
            a.store(Op.SW, T1, T0, 4 * (MemoryMap.FIRST_EXTERNAL_IRQ + line));
        }
        a.li(T1, 0x2000).add(T0, T0, T1).li(T1, 1 << MemoryMap.UART_IRQ).store(Op.SW, T1, T0, 0);
        a.address(T0, MemoryMap.CLINT_BASE + 0x4000).li(T1, 100).store(Op.SD, T1, T0, 0);
        a.li(T0, 1 << 11 | 1 << 7 | 1 << 5 | 1 << 3 | 1 << 1).csrw(MIE, T0);
        a.li(T0, 8).op(Op.CSRRS, ZERO, T0, 0, MSTATUS);
    }

    private static void tables(Assembler a) {
        a.address(T0, ROOT);
        entry(a, 0, 0, PTE_V | PTE_RWX | PTE_AD);
        entry(a, 2, MemoryMap.RAM_BASE, PTE_V | PTE_RWX | PTE_AD);
        entry(a, 3, MemoryMap.RAM_BASE, PTE_V | PTE_RWX | PTE_AD | PTE_U);
        entry(a, 4, MIDDLE, PTE_V);
        a.address(T0, MIDDLE);
        entry(a, 0, LEAF, PTE_V);
        a.address(T0, LEAF);
        for (int page = 0; page < WINDOW_PAGES; page++) {
            entry(a, page, DATA + 0x1000L * (page & 1), PTE_V | PTE_RWX | PTE_AD | (page & 2) * 8);
        }
        a.address(T0, OTHER_LEAF);
        for (int page = 0; page < WINDOW_PAGES; page++) {
            entry(a, page, DATA + 0x1000L * (~page & 1), PTE_V | PTE_RWX | (page & 2) * 8);
        }
        a.li(T0, 8).op(Op.SLLI, T0, T0, 0, 60).address(T1, ROOT >>> 12).op(Op.OR, T0, T0, T1, 0).csrw(SATP, T0);
    }

    /** Writes an entry of the table at t0. */
    private static void entry(Assembler a, int index, long target, int flags) {
        a.address(T1, target >>> 12 << 10 | flags).store(Op.SD, T1, T0, 8 * index);
    }

    private static void handler(Assembler a) {
        a.label("trap").op(Op.CSRRW, T0, T0, 0, MSCRATCH);
        a.store(Op.SD, T1, T0, 8).store(Op.SD, T2, T0, 16).store(Op.SD, A0, T0, 24);
        a.op(Op.CSRRW, T1, T0, 0, MSCRATCH).store(Op.SD, T1, T0, 0);
        a.csrr(T1, MCAUSE).op(Op.ANDI, T2, T1, 0, 31).op(Op.SH3ADD, T2, T2, T0, 0);
        a.branch(Op.BGE, T1, ZERO, "exception");
        count(a, INTERRUPT_COUNTS);
        a.op(Op.ANDI, T1, T1, 0, 31);
        a.li(T2, 7).branch(Op.BEQ, T1, T2, "timer").li(T2, 11).branch(Op.BEQ, T1, T2, "external");
        a.li(T2, 3).branch(Op.BEQ, T1, T2, "software").li(T2, 5).branch(Op.BEQ, T1, T2, "own timer");
        // Another one is not asked for again.
        a.li(T2, 1).op(Op.SLL, T2, T2, T1, 0).op(Op.CSRRC, ZERO, T2, 0, MIE).jump("restore");

        a.label("timer").address(T1, MemoryMap.CLINT_BASE + 0xbff8).load(Op.LD, T2, T1, 0).addi(T2, T2, 37);
        a.address(T1, MemoryMap.CLINT_BASE + 0x4000).store(Op.SD, T2, T1, 0).jump("restore");
        a.label("own timer").csrr(T1, TIME).addi(T1, T1, 53).csrw(STIMECMP, T1).jump("restore");
        a.label("software").address(T1, MemoryMap.CLINT_BASE).store(Op.SW, ZERO, T1, 0).jump("restore");

        a.label("external").address(T1, MemoryMap.PLIC_BASE + 0x200004).load(Op.LWU, T2, T1, 0);
        a.store(Op.SD, T2, T0, 32).address(A0, MemoryMap.UART_BASE);
        a.label("next").load(Op.LBU, T1, A0, 5).op(Op.ANDI, T1, T1, 0, 1).branch(Op.BEQ, T1, ZERO, "received");
        a.load(Op.LBU, T1, A0, 0).store(Op.SB, T1, A0, 0);
        a.li(T2, 'q').branch(Op.BEQ, T1, T2, "quit").li(T2, 'r').branch(Op.BEQ, T1, T2, "restart");
        a.li(T2, 'f').branch(Op.BEQ, T1, T2, "fail").jump("next");
        a.label("received").load(Op.LBU, T1, A0, 2).load(Op.LD, T2, T0, 32);
        a.li(T1, MemoryMap.FIRST_EXTERNAL_IRQ).branch(Op.BLT, T2, T1, "complete");
        // A line that stays high would come again for ever: no more of them until a piece wants them.
        a.address(T1, MemoryMap.PLIC_BASE + 0x2004).store(Op.SW, ZERO, T1, 0);
        a.label("complete").address(T1, MemoryMap.PLIC_BASE + 0x200004).store(Op.SW, T2, T1, 0).jump("restore");
        a.label("quit").li(T2, 0x5555).jump("power");
        a.label("restart").li(T2, 0x7777).jump("power");
        a.label("fail").li(T2, 7 << 16 | 0x3333);
        a.label("power").address(T1, MemoryMap.TEST_BASE).store(Op.SW, T2, T1, 0).jump("next");

        a.label("exception");
        count(a, EXCEPTION_COUNTS);
        a.csrr(T2, MTVAL).store(Op.SD, T2, T0, 40);
        // A fetch that failed has no next instruction: begin anew.
        a.li(T2, 12).branch(Op.BEQ, T1, T2, "anew").li(T2, 2).branch(Op.BLTU, T1, T2, "anew");
        a.csrr(T2, MEPC).addi(T2, T2, 4).csrw(MEPC, T2);
        // A call of a lower mode asks to be back in machine mode.
        a.li(T2, 8).branch(Op.BLT, T1, T2, "restore").li(T2, 11).branch(Op.BLT, T2, T1, "restore");
        // In user mode the program stands a GiB higher; machine mode goes on where it is linked.
        a.csrr(T2, MEPC).op(Op.BCLRI, T2, T2, 0, 30).csrw(MEPC, T2).jump("machine");
        a.label("anew").la(T2, "resume").csrw(MEPC, T2);
        a.label("machine").li(T2, 0x1800).op(Op.CSRRS, ZERO, T2, 0, MSTATUS);
        a.label("restore").load(Op.LD, T1, T0, 8).load(Op.LD, T2, T0, 16).load(Op.LD, A0, T0, 24);
        a.load(Op.LD, T0, T0, 0).mret();
        a.label("resume").jump("head");
    }

    /** Adds one to the count at t2 + {@code table}. */
    private static void count(Assembler a, int table) {
        a.load(Op.LD, A0, T2, table).addi(A0, A0, 1).store(Op.SD, A0, T2, table);
    }
}
