package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.translate.Translator;
import java.util.Random;

/**
 * A hart that runs random functions for ever: they call one another directly and by address, themselves to any depth, and
 * short ones that return by x5; they jump through tables, go on in other functions instead of returning, give up and go
 * back to the beginning, trap, store to their own code, and are interrupted. Registers are saved on a stack that crosses
 * pages, and pointers move over the ends of pages.
 */
final class CallGuest {
    private static final long RAM = PhysicalBus.DEFAULT_RAM_BASE;
    private static final int RAM_BYTES = 1 << 20;
    private static final int HANDLER = 0;
    private static final int START = 0x1000;
    private static final int FUNCTIONS = 0x2000;
    private static final int DATA = 0x10ff0;
    private static final int STACK = 0x40040;
    private static final int COUNT = 14;
    private static final int SP = 2;
    private static final int GP = 3;
    private static final int DEPTH = 14;
    /** What functions compute with: a0 to a3, t1, t2, s1. */
    private static final int[] FREE = {10, 11, 12, 13, 6, 7, 9};
    private static final int[] COMPUTE = {Op.ADD, Op.SUB, Op.XOR, Op.SLL, Op.SRAW, Op.MUL, Op.SLTU, Op.ADDW, Op.SH2ADD};
    private static final int[] LOADS = {Op.LD, Op.LW, Op.LWU, Op.LH, Op.LBU};
    private static final int[] STORES = {Op.SD, Op.SW, Op.SH, Op.SB};

    final PhysicalBus bus = new PhysicalBus(RAM, RAM_BYTES);
    final TestPlatform platform = new TestPlatform();
    final Hart hart;
    private final Random random;
    private final ProgramCode code = new ProgramCode(0x10000);
    private int labels;
    private boolean raised;

    /** @param translator null for the usual one */
    CallGuest(long seed, Execution execution, Translator translator) {
        random = new Random(seed);
        HartConfig config = HartConfig.of(RAM + START).with(execution);
        hart = translator == null ? new Hart(config, bus, platform) : new Hart(config, bus, platform, translator);
        write();
        bus.write(RAM, code.finish(), 0, 0x10000);
        hart.setCsr(Csr.MTVEC, RAM + HANDLER);
        hart.setCsr(Csr.MIE, 1 << 7);
        hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_FS | 1 << 3);
        platform.deadlineStep = 500 + random.nextInt(2_000);
        platform.onDeadline = () -> {
            raised = !raised;
            hart.setInterruptLine(7, raised);
            platform.deadlineStep = hart.step() + (raised ? 3 : 200 + random.nextInt(3_000));
        };
    }

    byte[] state() {
        ByteSink sink = new ByteSink();
        hart.saveState(sink);
        bus.digestRam(sink);
        return sink.bytes();
    }

    private void write() {
        code.goTo(HANDLER).i(Op.CSRRW, 5, 5, Csr.MSCRATCH).csrr(5, Csr.MCAUSE).branch(Op.BLT, 5, 0, "interrupted")
                .csrr(5, Csr.MEPC).i(Op.ADDI, 5, 5, 4).csrw(Csr.MEPC, 5)
                .label("interrupted").i(Op.CSRRW, 5, 5, Csr.MSCRATCH).op(Op.MRET);
        code.goTo(START).li(10, 1).li(9, 77).la(5, "data of code").i(Op.LD, GP, 5, 0)
                .label("begin").la(5, "data of code").i(Op.LD, SP, 5, 8).i(Op.ADDI, 10, 10, 1);
        for (int i = 0; i < 4; i++) {
            code.li(DEPTH, random.nextInt(i == 0 ? 160 : 8)).jump(1, "f" + random.nextInt(COUNT / 2));
        }
        code.jump(0, "begin").goTo(code.at() + 7 & ~7).label("data of code");
        code.put(code.at(), RAM + DATA).put(code.at() + 8, RAM + STACK).goTo(FUNCTIONS);
        for (int number = 0; number < COUNT; number++) {
            if (random.nextInt(3) == 0) {
                code.goTo((code.at() | 0xfff) + 1 - 4 * random.nextInt(12));
            }
            function(number);
        }
        code.label("saved").r(Op.XOR, 6, 6, 10).i(Op.ADDI, 7, 7, 3).i(Op.JALR, 0, 5, 0);
    }

    private void function(int number) {
        code.label("f" + number).i(Op.ADDI, SP, SP, -48).s(Op.SD, SP, 1, 40).s(Op.SD, SP, 8, 32).s(Op.SD, SP, 9, 24);
        for (int items = 3 + random.nextInt(6); items > 0; items--) {
            item(number);
        }
        code.i(Op.LD, 1, SP, 40).i(Op.LD, 8, SP, 32).i(Op.LD, 9, SP, 24).i(Op.ADDI, SP, SP, 48);
        if (number + 1 < COUNT && random.nextInt(4) == 0) {
            code.jump(0, "f" + (number + 1));
        } else {
            code.i(Op.JALR, 0, 1, 0);
        }
    }

    private void item(int number) {
        int callee = number + 1 + random.nextInt(Math.max(1, Math.min(3, COUNT - number - 1)));
        boolean mayCall = callee < COUNT;
        switch (random.nextInt(12)) {
            case 0, 1 -> accesses();
            case 2 -> loop();
            case 3 -> {
                if (mayCall) {
                    code.jump(1, "f" + callee);
                }
            }
            case 4 -> {
                if (mayCall) {
                    code.la(6, "f" + callee).i(Op.JALR, 1, 6, 0);
                }
            }
            case 5 -> choice();
            case 6 -> {
                String skip = label();
                code.branch(Op.BGE, 0, DEPTH, skip).i(Op.ADDI, DEPTH, DEPTH, -1).jump(1, "f" + number).label(skip);
            }
            case 7 -> code.jump(5, "saved");
            case 8 -> rare();
            case 9 -> {
                String skip = label();
                // Nobody returns any more.
                code.i(Op.ANDI, 6, 10, 127).i(Op.ADDI, 6, 6, -5).branch(Op.BNE, 6, 0, skip).la(6, "begin")
                        .i(Op.JALR, 0, 6, 0).label(skip);
            }
            default -> compute();
        }
        compute();
    }

    private void rare() {
        switch (random.nextInt(5)) {
            case 0 -> code.op(Op.ECALL);
            case 1 -> code.csrr(free(), Csr.MINSTRET);
            case 2 -> code.r(Op.AMOADD_D, free(), aligned(), free());
            case 3 -> code.r(Op.FMV_D_X, 1, free(), 0).word(0x0210_f0d3);
            default -> {
                String patch = label();
                // addi s1, s1, 1 becomes addi s1, s1, 3, and again 1.
                code.la(6, patch).i(Op.LWU, 7, 6, 0).li(5, 1 << 21).r(Op.XOR, 7, 7, 5).s(Op.SW, 6, 7, 0)
                        .label(patch).i(Op.ADDI, 9, 9, 1);
            }
        }
    }

    /** Leaves an address of eight aligned bytes in t1. */
    private int aligned() {
        code.i(Op.ADDI, 6, GP, 8 * random.nextInt(16));
        return 6;
    }

    private void accesses() {
        boolean onStack = random.nextBoolean();
        for (int n = 1 + random.nextInt(6); n > 0; n--) {
            boolean store = random.nextBoolean();
            int op = store ? STORES[random.nextInt(STORES.length)] : LOADS[random.nextInt(LOADS.length)];
            int size = op == Op.LD || op == Op.SD ? 8 : op == Op.LH || op == Op.SH ? 2 : op == Op.LBU || op == Op.SB ? 1 : 4;
            int offset = size * random.nextInt((onStack ? 24 : 100) / size) + (random.nextInt(12) == 0 ? 1 : 0);
            int base = onStack ? SP : GP;
            if (store) {
                code.s(op, base, free(), offset);
            } else {
                code.i(op, free(), base, offset);
            }
        }
    }

    private void loop() {
        String again = label();
        int step = 1 << random.nextInt(4);
        code.li(8, 1 + random.nextInt(12)).i(Op.ADDI, 15, GP, 8 * random.nextInt(4)).label(again);
        compute();
        code.i(LOADS[LOADS.length - 1], 11, 15, 0).s(Op.SB, 15, 10, 1).i(Op.ADDI, 15, 15, step);
        if (random.nextBoolean()) {
            code.jump(5, "saved");
        }
        code.i(Op.ADDI, 8, 8, -1).branch(Op.BNE, 8, 0, again);
    }

    /** A table of four ways, each of two instructions. */
    private void choice() {
        String table = label();
        String end = label();
        code.i(Op.ANDI, 6, 10, 3).i(Op.SLLI, 6, 6, 3).la(7, table).r(Op.ADD, 7, 7, 6).i(Op.JALR, 0, 7, 0).label(table);
        for (int way = 0; way < 4; way++) {
            compute();
            code.jump(0, end);
        }
        code.label(end);
    }

    private void compute() {
        code.r(COMPUTE[random.nextInt(COMPUTE.length)], free(), free(), free());
    }

    private int free() {
        return FREE[random.nextInt(FREE.length)];
    }

    private String label() {
        return "l" + labels++;
    }
}
