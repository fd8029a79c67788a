package dev.reprise.bench.cpu;

import dev.reprise.bench.cpu.Assembler.Label;
import dev.reprise.cpu.decode.Op;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Endless programs, each mostly of one class of instructions, in machine mode without translation unless the name says
 * "paged". Each uses the registers as it likes, and none but x0 keeps its meaning in the ABI.
 *
 * <p>What a program computes goes into the next turn of its loop, and its addresses move: otherwise the JVM's compiler
 * takes the work out of a translated loop, and the figure says nothing.
 */
final class Programs {

    /**
     * A program and what is to be known of its figure.
     *
     * @param slow why it is more than five times slower than the integer loop, where it is; empty if it should not be
     */
    record Program(String name, String slow, Supplier<byte[]> code) {}

    /** How often a loop's body is repeated, so that the loop itself costs little. */
    static final int UNROLL = 16;

    static final int MSTATUS = 0x300;
    static final int MTVEC = 0x305;
    static final int MSCRATCH = 0x340;
    static final int MEPC = 0x341;

    private static final Map<String, Program> ALL = new LinkedHashMap<>();

    static {
        add("integer", "", Programs::integer);
        add("multiply", "", Programs::multiply);
        add("divide", "the processor divides 64 bits in 10 to 20 cycles, and each division waits for the one before",
                Programs::divide);
        add("bits", "each operation waits for the one before, and looking for the first or the last bit takes the processor some cycles",
                Programs::bits);
        add("branchesTaken", "", () -> branches(true));
        add("branchesNotTaken", "", () -> branches(false));
        add("branchesMixed", "half of the branches are foretold wrongly, which costs the processor 10 to 15 cycles each",
                Programs::mixedBranches);
        add("calls", "each call notes where its way back begins, and each return looks there and jumps to an address from memory",
                Programs::calls);
        add("indirectCalls", "each call looks for the next region in a table, each return for what the call has noted",
                Programs::indirectCalls);
        add("loads", MemoryPrograms.LOOKS,
                 () -> MemoryPrograms.onePage(false, false));
        add("stores", "", () -> MemoryPrograms.onePage(true, false));
        add("chase", "a load that waits for the one before: its latency of 4 cycles, and the look into the TLB before it",
                MemoryPrograms::chase);
        add("loadsMissing", "each load misses the TLB: the region is left and entered for each, and a cache miss",
                () -> MemoryPrograms.manyPages(false, false));
        add("storesMissing", "each store misses the TLB: the page's clients are asked; the region is left and entered for each",
                () -> MemoryPrograms.manyPages(true, false));
        add("loadsPaged", "", () -> MemoryPrograms.onePage(false, true));
        add("storesPaged", "", () -> MemoryPrograms.onePage(true, true));
        add("loadsPagedMissing", "each load misses the TLB: a walk of three levels, the region left for each, and cache misses",
                () -> MemoryPrograms.manyPages(false, true));
        add("storesPagedMissing", "each store misses the TLB: a walk of three levels, the region left for each, and cache misses",
                () -> MemoryPrograms.manyPages(true, true));
        add("amo", "each looks into the TLB, and waits for the store before it",
                () -> atomics(true));
        add("reserved", "a call for each, with its registers through memory; LR goes through the MMU",
                () -> atomics(false));
        add("compressed", "", Programs::compressed);
        FloatPrograms.addTo(ALL);
        add("csr", "a call for each, with checks of number and privilege; the registers go through memory",
                Programs::csr);
        add("traps", "an exception, a return and two accesses to CSRs in six steps; each of them leaves the loop",
                Programs::traps);
        add("mmio", "a call for each, with pc and step exact for the device, and a look at what it has changed",
                Programs::mmio);
    }

    private Programs() {}

    private static void add(String name, String slow, Supplier<byte[]> code) {
        ALL.put(name, new Program(name, slow, code));
    }

    /** In the order of the tables. */
    static Collection<Program> all() {
        return ALL.values();
    }

    /** The program of that name. */
    static byte[] of(String name) {
        Program program = ALL.get(name);
        if (program == null) {
            throw new IllegalArgumentException("no such program: " + name + " of " + ALL.keySet());
        }
        return program.code().get();
    }

    /** Repeats the body for ever; the assembler holds what comes before. */
    static byte[] loop(Assembler a, Runnable body) {
        return loop(a, body, () -> { });
    }

    /** The same with something done once in a turn. */
    static byte[] loop(Assembler a, Runnable body, Runnable once) {
        Label top = new Label();
        a.place(top).repeat(UNROLL, body);
        once.run();
        return a.jump(0, top).bytes();
    }

    private static byte[] integer() {
        Assembler a = new Assembler().load(5, 1).load(6, 0x9e3779b97f4a7c15L);
        return loop(a, () -> a.op(Op.ADD, 5, 5, 6).op(Op.XOR, 7, 7, 5).immediate(Op.SLLI, 8, 7, 13)
                .op(Op.SUB, 6, 6, 8).immediate(Op.ADDIW, 9, 9, 3).op(Op.XOR, 5, 5, 9));
    }

    private static byte[] multiply() {
        Assembler a = new Assembler().load(5, 0x123456789L).load(6, 0x9e3779b97f4a7c15L);
        return loop(a, () -> a.op(Op.MUL, 5, 5, 6).op(Op.MULHU, 7, 5, 6).op(Op.ADD, 5, 5, 7).op(Op.MULW, 8, 5, 6)
                .op(Op.XOR, 5, 5, 8));
    }

    private static byte[] divide() {
        Assembler a = new Assembler().load(5, 0x7123456789abcdefL).load(6, 0x12345);
        return loop(a, () -> a.op(Op.DIV, 7, 5, 6).op(Op.ADD, 5, 5, 7).op(Op.REMU, 8, 5, 6).op(Op.XOR, 5, 5, 8)
                .op(Op.DIVW, 9, 5, 6).op(Op.ADD, 5, 5, 9));
    }

    private static byte[] bits() {
        Assembler a = new Assembler().load(5, 0x9e3779b97f4a7c15L).load(6, 13);
        return loop(a, () -> a.op(Op.ROL, 5, 5, 6).op(Op.CLZ, 7, 5, 0).op(Op.SH1ADD, 5, 7, 5).op(Op.ANDN, 8, 5, 6)
                .op(Op.CPOP, 9, 8, 0).op(Op.XOR, 5, 8, 9));
    }

    private static byte[] branches(boolean taken) {
        // Two values that nobody can compute beforehand; neither is ever 0 in a lifetime.
        Assembler a = new Assembler().load(5, 0x123456789L).load(6, 0x9e3779b97f4a7c15L);
        return loop(a, () -> {
            Label next = new Label();
            a.op(Op.ADD, 5, 5, 6).op(Op.XOR, 6, 6, 5).branch(taken ? Op.BNE : Op.BEQ, 6, 0, next);
            if (taken) {
                a.immediate(Op.ADDI, 7, 7, 1);
            }
            a.place(next);
        });
    }

    /** Branches on a bit of a generator (Marsaglia, "Xorshift RNGs", 2003), taken as often as not. */
    private static byte[] mixedBranches() {
        Assembler a = new Assembler().load(5, 0x9e3779b97f4a7c15L);
        return loop(a, () -> {
            Label next = new Label();
            a.immediate(Op.SLLI, 6, 5, 13).op(Op.XOR, 5, 5, 6).immediate(Op.SRLI, 6, 5, 7).op(Op.XOR, 5, 5, 6)
                    .branch(Op.BLT, 5, 0, next).immediate(Op.ADDI, 7, 7, 1).place(next);
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

    private static byte[] atomics(boolean amo) {
        Assembler a = new Assembler().load(5, MemoryPrograms.DATA).load(6, 1);
        return loop(a, amo ? () -> a.op(Op.AMOADD_D, 7, 5, 6).op(Op.AMOXOR_W, 8, 5, 7)
                : () -> a.op(Op.LR_D, 8, 5, 0).op(Op.SC_D, 9, 5, 8));
    }

    /** A loop whose body is c.add x10,x11 and c.xor x11,x10 in turn. */
    private static byte[] compressed() {
        int pair = 0x952e | 0x8da9 << 16;
        Assembler a = new Assembler();
        byte[] program = loop(a, () -> a.op(Op.ADD, 10, 10, 11).op(Op.ADD, 10, 10, 11));
        ByteBuffer words = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < program.length - Integer.BYTES; at += Integer.BYTES) {
            words.putInt(at, pair);
        }
        byte[] seeded = new Assembler().load(10, 0x12345).load(11, 0x6789).bytes();
        return ByteBuffer.allocate(seeded.length + program.length).put(seeded).put(program).array();
    }

    private static byte[] csr() {
        Assembler a = new Assembler().load(5, 0x123);
        return loop(a, () -> a.immediate(Op.CSRRW, 5, 5, MSCRATCH).immediate(Op.CSRRS, 6, 5, MSCRATCH));
    }

    private static byte[] traps() {
        Assembler a = new Assembler();
        Label start = new Label();
        Label handler = new Label();
        a.jump(0, start).place(handler).immediate(Op.CSRRS, 5, 0, MEPC).immediate(Op.ADDI, 5, 5, 4).csrWrite(MEPC, 5)
                .op(Op.MRET, 0, 0, 0).place(start).address(6, handler).csrWrite(MTVEC, 6);
        return loop(a, () -> a.op(Op.ECALL, 0, 0, 0));
    }

    private static byte[] mmio() {
        Assembler a = new Assembler().load(5, BareMachine.DEVICE);
        return loop(a, () -> a.immediate(Op.LW, 6, 5, 0).store(Op.SW, 6, 5, 4));
    }
}
