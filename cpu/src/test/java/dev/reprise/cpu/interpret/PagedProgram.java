package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A program that runs its fragments in a loop for ever, under page tables that it edits. Page faults are repaired by a
 * handler that returns to the instruction; other exceptions are skipped; what is lost begins anew.
 *
 * <pre>
 *   page of RAM                                       virtual page (Sv39), counted from RAM's own address
 *    0  machine's trap handler, start                 0 to 63 as physical, supervisor's
 *    1  supervisor's trap handler                     64 to 79 windows onto 8 to 15, twice
 *    2  what handlers save                            512 to 591 all of these again, user's
 *    8 to 11 code, 12 function with data              1024 to 1535 one large page over RAM
 *   13, 14 data, 15 functions
 *   16 to 19 tables of a space: root, middle, leaves, user's leaves; 20 to 23 of another
 *   64 to 79 plain memory, where there is no paging
 * </pre>
 *
 * @param mode of its fragments: 0 user, 1 supervisor, 3 machine
 * @param start offset of its code in page 8, even, 0 to 4094
 * @param delegation 0 to 255: which traps go to the supervisor's handler
 */
record PagedProgram(int mode, int start, int delegation, List<Fragment> fragments) {
    static final long RAM = PhysicalBus.DEFAULT_RAM_BASE;
    static final int RAM_PAGES = 96;
    static final int CODE_PAGE = 8;
    static final int DATA_PAGE = 13;
    static final int FUNCTION_PAGE = 15;
    static final int TABLES = 16;
    static final int OTHER_TABLES = 20;
    static final int WINDOW_PAGE = 64;
    static final int WINDOW_END = 80;
    static final int USER_BIT = 21;
    static final int FUNCTIONS = 4;
    /** Registers that hold addresses and the random sequence; operations do not write them. */
    static final int DATA = 8;
    static final int LEAVES = 9;
    static final int WINDOW = 18;
    static final int CHANCE = 19;
    static final int FACTOR = 20;
    static final int CODE = 21;

    private static final int VALID = 1;
    private static final int ALL = 0xcf;
    private static final int USER = 0x10;

    /** The bytes of RAM; deterministic. */
    byte[] image() {
        ProgramCode code = new ProgramCode(RAM_PAGES << 12);
        new TrapHandlers(code, this).write();
        code.goTo(0x800).label("boot");
        writeStart(code);
        FragmentWriter writer = new FragmentWriter(code, this);
        code.goTo(CODE_PAGE << 12 | start);
        writeHead(code);
        writer.writeAll(fragments);
        code.goTo(12 << 12);
        writer.writeFunctionWithData();
        for (int i = 0; i < FUNCTIONS; i++) {
            code.goTo(FUNCTION_PAGE << 12 | i << 10 | 2 * i);
            writer.writeFunction(i);
        }
        SplittableRandom random = new SplittableRandom(delegation);
        for (int at = DATA_PAGE << 12; at < DATA_PAGE + 2 << 12; at += 8) {
            code.put(at, random.nextLong() >> random.nextInt(64));
        }
        writeTables(code, TABLES, 0);
        writeTables(code, OTHER_TABLES, 1);
        return code.finish();
    }

    boolean paged() {
        return mode != 3;
    }

    private void writeStart(ProgramCode code) {
        code.la(5, "machine trap").csrw(Csr.MTVEC, 5).la(5, "supervisor trap").csrw(Csr.STVEC, 5);
        code.li(5, -1).csrw(Csr.PMPADDR0, 5).csrw(Csr.MCOUNTEREN, 5).csrw(Csr.SCOUNTEREN, 5);
        code.li(5, 0x1f).csrw(Csr.PMPCFG0, 5).li(5, 1).i(Op.SLLI, 5, 5, 63).csrw(Csr.MENVCFG, 5);
        long traps = mode == 3 ? 0 : (delegation & 1) * (1L << 13 | 1L << 15) | (delegation >> 1 & 1) * (1L << 12)
                | (delegation >> 2 & 1) * (1L << 3 | 1L << 2) | (delegation >> 3 & 1) * (1L << 8);
        code.li(5, traps).csrw(Csr.MEDELEG, 5);
        code.li(5, (delegation >> 4 & 1) * Csr.STIP | (delegation >> 5 & 1) * (Csr.SEIP | Csr.SSIP)).csrw(Csr.MIDELEG, 5);
        code.csrr(5, Csr.TIME).i(Op.ADDI, 5, 5, 60).csrw(Csr.STIMECMP, 5);
        code.li(5, Csr.MTIP | Csr.MEIP | Csr.SEIP | Csr.MSIP | Csr.SSIP | Csr.STIP).csrw(Csr.MIE, 5);
        code.li(5, 8).i(Op.SLLI, 5, 5, 60).li(6, RAM + (TABLES << 12) >>> 12).r(Op.OR, 5, 5, 6).csrw(Csr.SATP, 5);
        long status = Csr.MSTATUS_FS | Csr.MSTATUS_MPIE | Csr.MSTATUS_SPIE | Csr.MSTATUS_SIE | Csr.MSTATUS_SUM;
        code.li(5, status).csrw(Csr.MSTATUS, 5);
        code.li(31, 1).i(Op.SLLI, 31, 31, 31).i(Op.LUI, 5, 0, DATA_PAGE << 12).r(Op.ADD, 31, 31, 5);
        for (int i = 0; i < 32; i++) {
            code.i(Op.FLD, i, 31, 8 * i);
        }
        for (int i = 1; i < 31; i++) {
            code.i(Op.LD, i, 31, 256 + 8 * i);
        }
        code.jump(0, "machine anew");
    }

    /** Sets the registers of addresses, wherever the code is mapped. */
    private void writeHead(ProgramCode code) {
        code.label("head").i(Op.AUIPC, CODE, 0, 0).i(Op.SRLI, CODE, CODE, USER_BIT).i(Op.SLLI, CODE, CODE, USER_BIT);
        base(code, DATA, DATA_PAGE);
        base(code, LEAVES, TABLES + 2);
        base(code, WINDOW, WINDOW_PAGE);
        base(code, CODE, CODE_PAGE);
        code.li(FACTOR, 0x5851_f42d);
    }

    private static void base(ProgramCode code, int register, int page) {
        code.i(Op.LUI, FACTOR, 0, page << 12).r(Op.ADD, register, CODE, FACTOR);
    }

    private void writeTables(ProgramCode code, int first, int shift) {
        int root = first << 12;
        int middle = first + 1 << 12;
        code.put(root + 8 * (int) (RAM >>> 30 & 511), entry(first + 1, VALID));
        code.put(middle, entry(first + 2, VALID)).put(middle + 8, entry(first + 3, VALID)).put(middle + 16, entry(0, ALL));
        for (int page = 0; page < WINDOW_END; page++) {
            int home = page < WINDOW_PAGE ? page : 8 + (page + shift & 7);
            code.put((first + 2 << 12) + 8 * page, entry(home, ALL));
            code.put((first + 3 << 12) + 8 * page, entry(home, ALL | USER));
        }
    }

    static long entry(int page, int flags) {
        return RAM + ((long) page << 12) >>> 2 | flags;
    }

    /** As {@link #image} sees it. */
    String describe() {
        return "mode " + mode + " start " + start + " delegation " + delegation + " " + fragments;
    }

    /** The program of a seed. */
    static PagedProgram ofSeed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Fragment[] drawn = new Fragment[1 + random.nextInt(40)];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = new Fragment(Fragment.MIX.get(random.nextInt(Fragment.MIX.size())), random.nextInt(Fragment.SEEDS));
        }
        int[] modes = {0, 1, 1, 3};
        return new PagedProgram(modes[random.nextInt(4)], 2 * random.nextInt(2048), random.nextInt(256), List.of(drawn));
    }
}
