package dev.reprise.cpu.interpret;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes the instructions of fragments; what is random in one follows from its seed alone. It is long because it is one list: a
 * short method for each of the 28 kinds.
 */
final class FragmentWriter {
    private static final int PAGE = 1 << 12;
    private static final int CODE_END = 12 << 12;
    /** Room for the largest fragment and the jump back. */
    private static final int ROOM = 256;
    private static final int[] LOADS = {Op.LD, Op.LW, Op.LBU, Op.LHU, Op.LWU, Op.LB, Op.LH, Op.LD, Op.FLD, Op.FLW};
    private static final int[] STORES = {Op.SD, Op.SW, Op.SB, Op.SH, Op.SD, Op.FSD, Op.FSW};
    private static final int[] COUNTERS = {Csr.CYCLE, Csr.TIME, Csr.INSTRET, Csr.MCYCLE, Csr.MINSTRET, Csr.MIP, Csr.SIP,
        Csr.SCAUSE, Csr.STVAL, Csr.SEPC, Csr.SSTATUS, Csr.MSTATUS, Csr.MCAUSE, Csr.SATP, Csr.STIMECMP};
    private static final int[] WRITABLE = {Csr.MCYCLE, Csr.MINSTRET, Csr.MCOUNTINHIBIT, Csr.SSCRATCH, Csr.MSCRATCH};
    private static final int[] LEAF_FLAGS = {0xcf, 0x00, 0xc3, 0xcb, 0x0f, 0x4f, 0xc7, 0xc9, 0xef, 0xdf, 0xce, 0xcd};

    private final ProgramCode code;
    private final PagedProgram program;
    private SplittableRandom random;
    private int index;
    private int count;

    FragmentWriter(ProgramCode code, PagedProgram program) {
        this.code = code;
        this.program = program;
    }

    void writeAll(List<Fragment> fragments) {
        if (program.mode() == 3) {
            code.li(5, Csr.MSTATUS_MPRV).i(Op.CSRRC, 0, 5, Csr.MSTATUS);
        }
        count = fragments.size();
        for (index = 0; index < count; index++) {
            code.label("f" + index);
            if (code.at() < CODE_END - ROOM) {
                write(fragments.get(index));
            }
        }
        code.label("f" + count);
        goHome("head");
        code.label("f" + (count + 1));
    }

    private void write(Fragment fragment) {
        random = new SplittableRandom(fragment.seed() * 31L + fragment.what().ordinal());
        switch (fragment.what()) {
            case INTEGER -> integers(1 + below(6));
            case FLOAT -> floats(1 + below(4));
            case FLOAT_STATUS -> floatStatus();
            case MEMORY -> access(PagedProgram.DATA, below(5) == 0 ? PAGE - 1 - below(9) : below(2040), 1 + below(3));
            case WINDOW_MEMORY -> windowMemory();
            case ATOMIC -> atomic();
            case RESERVED_LOOP -> reservedLoop();
            case BRANCH -> code.branch(Op.BEQ + below(6), below(32), below(32), "f" + Math.min(count, index + 1 + below(3)));
            case LOOP -> loopBack("f" + Math.max(0, index - 1 - below(4)));
            case INDIRECT -> indirect();
            case CALL -> call();
            case CSR -> counters();
            case WAIT -> waiting();
            case TRAP -> trap();
            case CODE_EDIT -> codeEdit();
            case CODE_LOOP -> codeLoop();
            case PAGE_EDIT -> pageEdit();
            case PAGE_LOOP -> pageLoop();
            case WINDOW_JUMP -> windowJump();
            case HOME_JUMP -> goHome("f" + (index + 1));
            case SPACE -> space();
            case POINTER_EDIT -> pointerEdit();
            case USER -> user();
            case RETURN -> returnWithoutTrap();
            case PERMISSION -> permission();
            case FENCE -> code.op(new int[] {Op.FENCE, Op.FENCE_I, Op.SFENCE_VMA}[below(3)]);
            case PAGE_END -> pageEnd();
            case ANY_WORD -> code.word(random.nextInt());
        }
    }

    /** Stores to its own page, beside and into itself, and returns. */
    void writeFunctionWithData() {
        random = new SplittableRandom(program.delegation());
        code.label("data function").la(5, "data words").i(Op.LD, 6, 5, 0).i(Op.ADDI, 6, 6, 1).s(Op.SD, 5, 6, 0);
        code.label("data edited").i(Op.ADDI, 7, 7, 1).i(Op.ANDI, 28, 6, 15).branch(Op.BNE, 28, 0, "data back");
        code.la(5, "data edited").i(Op.LW, 6, 5, 0).li(28, 1 << 20).r(Op.ADDW, 6, 6, 28).s(Op.SW, 5, 6, 0);
        code.label("data back").i(Op.JALR, 0, 1, 0).label("data words").word(1).word(0);
    }

    void writeFunction(int number) {
        random = new SplittableRandom(program.start() + number);
        code.label("function" + number);
        integers(2 + below(4));
        if (number == 1) {
            floats(2);
        }
        if (number == 2) {
            access(PagedProgram.DATA, below(2040), 2);
        }
        if (number == 3) {
            code.r(Op.ADD, 29, 1, 0).jump(1, "function0").r(Op.ADD, 1, 29, 0);
        }
        code.i(Op.JALR, 0, 1, 0);
    }

    private int below(int bound) {
        return random.nextInt(bound);
    }

    /** A destination: none of those that hold addresses, and not the link. */
    private int target() {
        int register;
        do {
            register = random.nextInt(32);
        } while (register == PagedProgram.DATA || register == PagedProgram.LEAVES || register == 1
                || register >= PagedProgram.WINDOW && register <= PagedProgram.CODE);
        return register;
    }

    private void integers(int number) {
        for (int i = 0; i < number; i++) {
            int op;
            do {
                op = 1 + below(Op.BSETI);
            } while (op >= Op.LD && op <= Op.JALR);
            switch (below(5)) {
                case 0 -> compressed();
                default -> code.word(any(op, target()));
            }
        }
    }

    private int any(int op, int rd) {
        int rm = below(6) == 0 ? 7 : below(30) == 0 ? 5 + below(2) : below(5);
        int imm = switch (Op.format(op)) {
            case "SH5" -> below(32);
            case "SH6" -> below(64);
            case "U" -> random.nextInt() & 0xffff_f000;
            case "I" -> below(4096) - 2048;
            default -> 0;
        };
        return Encoder.encode(op, rd, below(32), below(32), below(32), rm, imm);
    }

    /** c.addi, c.li, c.mv, c.add, c.slli, c.ld, c.sd. */
    private void compressed() {
        int rd = target();
        rd = rd == 0 || rd == 2 ? 10 : rd;
        int imm = below(32) << 2 | below(2) << 12;
        int small = below(8) << 2 | below(8) << 10 | PagedProgram.DATA - 8 << 7;
        int low = below(6) + 2 << 2;
        code.half(switch (below(7)) {
            case 0 -> 0x0001 | imm | rd << 7;
            case 1 -> 0x4001 | imm | rd << 7;
            case 2 -> 0x8002 | 1 + below(31) << 2 | rd << 7;
            case 3 -> 0x9002 | 1 + below(31) << 2 | rd << 7;
            case 4 -> 0x0002 | imm & 0x7c | 4 | rd << 7;
            case 5 -> 0x6000 | small & ~0x1c | low;
            default -> 0xe000 | small;
        });
    }

    private void floats(int number) {
        for (int i = 0; i < number; i++) {
            int op;
            do {
                op = Op.FLD + below(Op.COUNT - Op.FLD);
            } while (op == Op.FLD || op == Op.FSD || op == Op.FLW || op == Op.FSW);
            int word = any(op, 10 + below(8));
            code.word(word);
        }
    }

    private void floatStatus() {
        switch (below(6)) {
            case 0 -> code.i(Op.CSRRWI, target(), below(8), Csr.FRM);
            case 1 -> code.i(Op.CSRRWI, target(), below(5), Csr.FRM);
            case 2 -> code.i(Op.CSRRW, target(), below(32), Csr.FCSR);
            case 3 -> code.i(Op.CSRRCI, target(), 31, Csr.FFLAGS);
            case 4 -> code.csrr(target(), Csr.FFLAGS);
            default -> code.li(5, Csr.MSTATUS_FS).i(Op.CSRRC, 0, 5, status());
        }
    }

    private int status() {
        return program.mode() == 3 ? Csr.MSTATUS : Csr.SSTATUS;
    }

    private void access(int base, int offset, int number) {
        int from = base;
        if (offset > 2047) {
            code.i(Op.LUI, 7, 0, PAGE).r(Op.ADD, 7, 7, base);
            offset -= PAGE;
            from = 7;
        }
        for (int i = 0; i < number; i++) {
            if (below(2) == 0) {
                int op = LOADS[below(LOADS.length)];
                code.i(op, op == Op.FLD || op == Op.FLW ? below(32) : from == 7 ? 10 + below(8) : target(), from, offset);
            } else {
                code.s(STORES[below(STORES.length)], from, below(32), offset);
            }
        }
    }

    private int windowPage() {
        return below(PagedProgram.WINDOW_END - PagedProgram.WINDOW_PAGE);
    }

    /** x6 = the address of a window. */
    private int window() {
        // The first four show the code: a store there ends most programs.
        int page = 4 + below(12);
        page = page >= 8 && page < 12 && below(8) != 0 ? page - 4 : page;
        code.i(Op.LUI, 6, 0, page << 12).r(Op.ADD, 6, 6, PagedProgram.WINDOW);
        return page;
    }

    private void windowMemory() {
        window();
        // Functions stand in the lower halves of each KiB.
        access(6, below(4) == 0 ? -8 + below(16) : 1024 + 512 + below(500), 1 + below(3));
    }

    private void atomic() {
        int base = PagedProgram.DATA;
        if (below(2) == 0) {
            window();
            code.i(Op.ADDI, 6, 6, 1600);
            base = 6;
        }
        if (below(16) == 0) {
            code.i(Op.ADDI, 6, base, 4);
            base = 6;
        }
        int op;
        do {
            op = Op.LR_W + below(Op.AMOMAXU_D - Op.LR_W + 1);
        } while (op == Op.LR_W || op == Op.LR_D);
        code.r(op, op >= Op.LR_D && base == 6 ? 10 : target(), base, below(32));
    }

    private void reservedLoop() {
        boolean wide = below(2) == 0;
        String again = "again" + index;
        code.i(Op.ADDI, 6, PagedProgram.DATA, 8 * below(32)).li(28, 3);
        code.label(again).r(wide ? Op.LR_D : Op.LR_W, 7, 6, 0).i(Op.ADDI, 7, 7, 1 + below(3));
        switch (below(4)) {
            case 0 -> code.s(Op.SB, 6, 28, 0);
            case 1 -> code.i(Op.LD, 5, 6, 512);
            default -> code.r(Op.ADD, 5, 5, 7);
        }
        code.r(wide ? Op.SC_D : Op.SC_W, 29, 6, 7).i(Op.ADDI, 28, 28, -1).branch(Op.BEQ, 28, 0, again + " done");
        code.branch(Op.BNE, 29, 0, again).label(again + " done");
    }

    /** Goes back with a chance of 3/4 to 31/32. */
    private void loopBack(String to) {
        String out = "out" + index;
        code.r(Op.MUL, PagedProgram.CHANCE, PagedProgram.CHANCE, PagedProgram.FACTOR);
        code.i(Op.ADDI, PagedProgram.CHANCE, PagedProgram.CHANCE, 1013);
        code.i(Op.SRLI, 5, PagedProgram.CHANCE, 64 - 2 - below(4));
        code.branch(Op.BEQ, 5, 0, out);
        if (below(2) == 0) {
            code.branch(Op.BNE, 5, 0, to);
        } else {
            code.jump(0, to);
        }
        code.label(out);
    }

    private void indirect() {
        code.la(5, "f" + Math.min(count, index + 1 + below(2)));
        if (below(2) == 0) {
            code.i(Op.SRLI, 6, PagedProgram.CHANCE, 33).i(Op.ANDI, 6, 6, below(3) == 0 ? 7 : 2).r(Op.ADD, 5, 5, 6);
        }
        code.i(Op.JALR, below(2), 5, below(8) == 0 ? 2 * below(4) + 1 : 0);
    }

    private void call() {
        String to = below(4) == 0 ? "data function" : "function" + below(PagedProgram.FUNCTIONS);
        if (below(2) == 0) {
            code.jump(1, to);
        } else {
            code.la(5, to).i(Op.JALR, 1, 5, 0);
        }
    }

    private void counters() {
        int number = COUNTERS[below(COUNTERS.length)];
        if (program.mode() == 3 && below(4) == 0) {
            code.i(Op.CSRRW, target(), below(32), WRITABLE[below(WRITABLE.length)]);
        } else if (below(6) == 0) {
            code.i(Op.CSRRSI, target(), 2, Csr.SIP);
        } else {
            code.csrr(target(), number);
        }
    }

    private void waiting() {
        if (program.mode() != 0) {
            code.csrr(5, Csr.TIME).i(Op.ADDI, 5, 5, below(6)).csrw(Csr.STIMECMP, 5);
            if (below(3) == 0) {
                code.i(Op.CSRRCI, 0, 2, status());
            }
        }
        code.op(Op.WFI);
        if (program.mode() != 0) {
            code.i(Op.CSRRSI, 0, program.mode() == 3 ? 10 : 2, status());
        }
    }

    private void trap() {
        switch (below(7)) {
            case 0 -> code.op(Op.EBREAK);
            case 1 -> code.op(Op.ECALL);
            case 2 -> code.word(0xffff_ffff);
            case 3 -> code.i(Op.ADDI, 6, PagedProgram.DATA, 1).r(Op.AMOADD_W, 7, 6, 7);
            case 4 -> code.li(6, 0x10).i(Op.SLLI, 6, 6, 24).i(Op.LW, 7, 6, 0);
            case 5 -> code.li(6, 0x10).i(Op.SLLI, 6, 6, 24).s(Op.SD, 6, 7, 4);
            default -> code.csrr(7, 0x8ff);
        }
    }

    /** An instruction that can stand in for another one. */
    private int replacement() {
        return switch (below(8)) {
            case 0 -> Encoder.encode(Op.JAL, 0, 0, 0, 0, 0, 8);
            case 1 -> Encoder.encode(Op.BNE, 0, below(32), below(32), 0, 0, 4);
            case 2 -> 0x0001_0001 | below(32) << 18;
            case 3 -> Encoder.encode(Op.LD, 10, PagedProgram.DATA, 0, 0, 0, 8 * below(16));
            case 4 -> Encoder.encode(Op.ECALL, 0, 0, 0, 0, 0, 0);
            default -> Encoder.encode(Op.ADDI, 10 + below(6), below(32), 0, 0, 0, below(2048));
        };
    }

    private void codeEdit() {
        String where = "edited" + index;
        int distance = below(4);
        boolean before = below(3) == 0;
        if (before) {
            code.label(where).word(replacement()).word(replacement());
        }
        code.la(6, where).li(7, replacement());
        if (below(4) == 0) {
            // Through a window onto the same page; in machine mode that is plain memory.
            code.li(5, PagedProgram.WINDOW_PAGE - PagedProgram.CODE_PAGE << 12).r(Op.ADD, 6, 6, 5);
        }
        code.s(new int[] {Op.SW, Op.SW, Op.SD, Op.SH, Op.SB}[below(5)], 6, 7, below(6) == 0 ? 2 : 0);
        if (below(3) == 0) {
            code.op(Op.FENCE_I);
        }
        for (int i = 0; i < distance; i++) {
            code.i(Op.ADDI, 11 + i, 11 + i, 1);
        }
        if (!before) {
            code.label(where).word(replacement()).word(replacement());
        }
    }

    /** Adds to the immediate of an instruction of the loop that runs. */
    private void codeLoop() {
        String where = "turn" + index;
        code.la(6, where).li(28, 5 + below(40)).label(where).i(Op.ADDI, 10, 10, below(100));
        if (below(2) == 0) {
            code.i(Op.ANDI, 5, 28, 1 + 2 * below(8)).branch(Op.BNE, 5, 0, where + " on");
        }
        code.i(Op.LW, 7, 6, 0).li(5, 1 << 20).r(Op.ADDW, 7, 7, 5).s(Op.SW, 6, 7, 0);
        if (below(3) == 0) {
            code.op(Op.FENCE_I);
        }
        code.label(where + " on").i(Op.ADDI, 28, 28, -1).branch(Op.BLT, 0, 28, where);
    }

    private int leaf() {
        int flags = LEAF_FLAGS[below(LEAF_FLAGS.length)];
        return program.mode() == 0 && below(8) != 0 ? flags | 0x10 : flags;
    }

    /** x6 = the leaf of a page, x7 = another value for it. */
    private void writeLeaf(int page, int to) {
        int table = program.mode() == 0 ? PAGE : below(16) == 0 ? 4 * PAGE : 0;
        code.li(6, table + 8 * page).r(Op.ADD, 6, 6, PagedProgram.LEAVES);
        code.li(7, PagedProgram.entry(to, leaf())).s(below(8) == 0 ? Op.SW : Op.SD, 6, 7, 0);
    }

    private void pageEdit() {
        boolean code8 = below(3) == 0;
        int page = code8 ? 8 + below(8) : PagedProgram.WINDOW_PAGE + windowPage();
        int home = code8 ? page : 8 + (page & 7);
        writeLeaf(page, below(3) == 0 && !code8 ? 8 + below(8) : home);
        if (below(2) == 0) {
            code.op(Op.SFENCE_VMA);
        }
        if (below(2) == 0 && home >= 12) {
            code.li(6, page - PagedProgram.WINDOW_PAGE << 12).r(Op.ADD, 6, 6, PagedProgram.WINDOW);
            access(6, 1536 + below(256), 2);
        }
    }

    private void pageLoop() {
        int page = PagedProgram.WINDOW_PAGE + 5 + 8 * below(2) + below(2);
        String turn = "turn" + index;
        code.li(28, 4 + below(60)).label(turn).i(Op.ANDI, 5, 28, 1 + 2 * below(4)).branch(Op.BNE, 5, 0, turn + " on");
        writeLeaf(page, 8 + (page & 7) - below(2));
        if (below(3) == 0) {
            code.op(Op.SFENCE_VMA);
        }
        code.label(turn + " on").li(6, page - PagedProgram.WINDOW_PAGE << 12).r(Op.ADD, 6, 6, PagedProgram.WINDOW);
        int offset = 8 * below(200) + 1;
        code.i(Op.LD, 7, 6, offset).r(Op.ADD, 10, 10, 7).s(Op.SD, 6, 10, offset + below(8));
        code.i(Op.ADDI, 28, 28, -1).branch(Op.BLT, 0, 28, turn);
    }

    private void windowJump() {
        if (program.mode() != 3) {
            int copy = below(2);
            code.la(5, "f" + (index + 1)).i(Op.SRLI, 6, 5, 12).i(Op.ANDI, 6, 6, 511).li(7, PagedProgram.WINDOW_PAGE);
            // Not if it is there already.
            code.branch(Op.BGEU, 6, 7, "f" + (index + 1));
            code.li(6, PagedProgram.WINDOW_PAGE - PagedProgram.CODE_PAGE + 8 * copy << 12).r(Op.ADD, 5, 5, 6).i(Op.JALR, 0, 5, 0);
        }
    }

    /** To a label in the code pages at RAM's own address, or the user's. */
    private void goHome(String label) {
        int from = code.at();
        // Where the label is lies ahead: its offset in the code pages is the same in every mapping of them.
        code.la(5, label).i(Op.SLLI, 5, 5, 64 - 14).i(Op.SRLI, 5, 5, 64 - 14).r(Op.ADD, 5, 5, PagedProgram.CODE);
        code.i(Op.JALR, 0, 5, 0);
        if (from < PagedProgram.CODE_PAGE << 12) {
            throw new IllegalStateException("not in the code pages: " + from);
        }
    }

    private void space() {
        int root = below(2) == 0 ? PagedProgram.TABLES : PagedProgram.OTHER_TABLES;
        code.li(5, 8 << 16 | below(3)).i(Op.SLLI, 5, 5, 44).li(6, PagedProgram.RAM + (root << 12) >>> 12);
        code.r(Op.OR, 5, 5, 6).csrw(Csr.SATP, 5);
        if (below(2) == 0) {
            code.op(Op.SFENCE_VMA);
        }
        window();
        access(6, 1536, 1);
    }

    /** The large page, which is a pointer, a page or nothing. */
    private void pointerEdit() {
        int user = program.mode() == 0 ? 0x10 : 0;
        long[] entries = {PagedProgram.entry(0, 0xcf | user), 0, PagedProgram.entry(PagedProgram.TABLES + 2 + user / 16, 1),
            PagedProgram.entry(PagedProgram.OTHER_TABLES + 2 + user / 16, 1), PagedProgram.entry(0, 0x0f | user)};
        code.li(6, -PAGE).r(Op.ADD, 6, 6, PagedProgram.LEAVES);
        code.li(7, entries[below(entries.length)]).s(Op.SD, 6, 7, 16);
        if (below(2) == 0) {
            code.op(Op.SFENCE_VMA);
        }
        code.i(Op.BCLRI, 6, PagedProgram.DATA, PagedProgram.USER_BIT).i(Op.BSETI, 6, 6, PagedProgram.USER_BIT + 1);
        access(6, 8 * below(200), 2);
    }

    private void user() {
        if (program.mode() == 0) {
            code.op(Op.ECALL);
            return;
        }
        boolean machine = program.mode() == 3;
        code.la(5, "user" + index).i(Op.SLLI, 5, 5, 64 - 14).i(Op.SRLI, 5, 5, 64 - 14).r(Op.ADD, 5, 5, PagedProgram.CODE);
        code.i(Op.BSETI, 5, 5, PagedProgram.USER_BIT).csrw(machine ? Csr.MEPC : Csr.SEPC, 5);
        code.li(6, machine ? Csr.MSTATUS_MPP : Csr.MSTATUS_SPP).i(Op.CSRRC, 0, 6, status()).op(machine ? Op.MRET : Op.SRET);
        code.label("user" + index);
        integers(1 + below(4));
        if (below(2) == 0) {
            code.la(6, "head").li(5, PagedProgram.DATA_PAGE - PagedProgram.CODE_PAGE << 12).r(Op.ADD, 6, 6, 5).i(Op.LD, 7, 6, 0);
        }
        code.op(Op.ECALL);
    }

    private void returnWithoutTrap() {
        if (program.mode() != 0) {
            boolean machine = program.mode() == 3;
            code.la(5, "f" + (index + 1)).csrw(machine ? Csr.MEPC : Csr.SEPC, 5);
            code.li(6, machine ? Csr.MSTATUS_MPP : Csr.MSTATUS_SPP).i(Op.CSRRS, 0, 6, status()).op(machine ? Op.MRET : Op.SRET);
        }
    }

    private void permission() {
        if (program.mode() == 3) {
            code.li(5, Csr.MSTATUS_MPP).i(Op.CSRRC, 0, 5, Csr.MSTATUS).li(5, below(2) * 0x800 | Csr.MSTATUS_MPRV);
            code.i(Op.CSRRS, 0, 5, Csr.MSTATUS);
            window();
            access(6, 1536 + below(400), 2);
            code.li(5, Csr.MSTATUS_MPRV).i(Op.CSRRC, 0, 5, Csr.MSTATUS);
        } else if (program.mode() == 1) {
            code.li(5, below(2) == 0 ? Csr.MSTATUS_SUM : Csr.MSTATUS_MXR);
            code.i(below(2) == 0 ? Op.CSRRS : Op.CSRRC, 0, 5, Csr.SSTATUS);
            code.i(Op.BSETI, 6, PagedProgram.DATA, PagedProgram.USER_BIT);
            access(6, below(2000), 2);
        }
    }

    private void pageEnd() {
        int end = (code.at() + 8 & -PAGE) + PAGE - 2 * (1 + below(6));
        if (end > code.at() + 8 && end < CODE_END - 2 * PAGE) {
            code.jump(0, "end" + index).goTo(end).label("end" + index);
        }
    }
}
