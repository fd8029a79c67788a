package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.translate.Translator;
import java.util.Random;

/**
 * A hart with a page of random code that runs for ever: whatever traps, and wherever it jumps to, a handler in machine
 * mode brings it back into the page. The code stores into its own page, into data and, when paging is on, into its page
 * table, all without fences, and waits and takes timer interrupts.
 *
 * <pre>
 *   RAM: 0x0000 handler | 0x1000 code | 0x2000 code | 0x3000, 0x4000 data | 0x5000 root | 0x6000 level 1 | 0x7000 level 0
 *   paging: identity; slots 8 to 11 of level 0 are windows whose entries the code changes
 * </pre>
 */
final class RandomGuest {
    static final long RAM = PhysicalBus.DEFAULT_RAM_BASE;
    private static final int RAM_BYTES = 64 << 10;
    private static final long CODE = RAM + 0x1000;
    private static final int CODE_WORDS = 2048;
    private static final long DATA = RAM + 0x3000;
    private static final long LEVEL0 = RAM + 0x7000;
    private static final int[] CSRS = {Csr.FFLAGS, Csr.FRM, Csr.FCSR, Csr.MSCRATCH, Csr.SSCRATCH, Csr.MCYCLE,
        Csr.MINSTRET, Csr.CYCLE, Csr.TIME, Csr.INSTRET, Csr.MIP, Csr.SIP, Csr.MCAUSE, Csr.MTVAL, Csr.STVAL, Csr.SCAUSE,
        Csr.MISA, Csr.MHARTID, Csr.SSTATUS, Csr.MCOUNTINHIBIT, Csr.STIMECMP, 0x7c0};

    final PhysicalBus bus = new PhysicalBus(RAM, RAM_BYTES);
    final TestPlatform platform = new TestPlatform();
    final Hart hart;
    private final Random random;
    private final boolean paging;
    private final boolean userMode;
    private boolean raised;

    RandomGuest(long seed, boolean paging) {
        this(seed, paging, 1 << 12, 1 << 10);
    }

    RandomGuest(long seed, boolean paging, int maxBlocks, int maxPages) {
        this(seed, paging, maxBlocks, maxPages, Executions.underTest());
    }

    RandomGuest(long seed, boolean paging, Execution execution) {
        this(seed, paging, 1 << 12, 1 << 10, execution);
    }

    RandomGuest(long seed, boolean paging, int maxBlocks, int maxPages, Execution execution) {
        this(seed, paging, maxBlocks, maxPages, execution, null);
    }

    /** @param translator null for the usual one */
    RandomGuest(long seed, boolean paging, int maxBlocks, int maxPages, Execution execution, Translator translator) {
        random = new Random(seed);
        this.paging = paging;
        userMode = paging && random.nextInt(3) == 0;
        HartConfig config = HartConfig.of(CODE).with(execution);
        hart = translator == null ? new Hart(config, bus, platform, maxBlocks, maxPages)
                : new Hart(config, bus, platform, maxBlocks, maxPages, translator);
        platform.deadlineStep = 50 + random.nextInt(200);
        platform.onDeadline = () -> {
            raised = !raised;
            hart.setInterruptLine(7, raised);
            platform.deadlineStep = hart.step() + (raised ? 3 : 50 + random.nextInt(300));
        };
        writeHandler();
        Asm code = new Asm(bus, CODE);
        for (int i = 0; i < CODE_WORDS; i++) {
            code.word(instruction(i));
        }
        for (int i = 0; i < 1024; i++) {
            bus.store(DATA + 8 * i, 8, random.nextLong() >> random.nextInt(64));
        }
        for (int i = 1; i < 32; i++) {
            hart.setX(i, random.nextLong() >> random.nextInt(64));
            hart.setF(i, random.nextLong());
        }
        hart.setCsr(Csr.MTVEC, RAM);
        hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_FS | Csr.MSTATUS_MIE | Csr.MSTATUS_MPIE | Csr.MSTATUS_SUM);
        hart.setCsr(Csr.MENVCFG, 1L << 63);
        hart.setCsr(Csr.MCOUNTEREN, -1);
        hart.setCsr(Csr.SCOUNTEREN, -1);
        hart.setCsr(Csr.STIMECMP, 10);
        hart.setCsr(Csr.MIE, Csr.MTIP | (random.nextBoolean() ? Csr.STIP : 0));
        hart.setCsr(Csr.PMPADDR0, -1);
        hart.setCsr(Csr.PMPCFG0, 0x1f);
        if (paging) {
            writePageTable();
        }
        setBases();
        if (paging) {
            // The first trap of machine mode leads into the paged mode that its handler chooses.
            bus.store(CODE, 4, Encoder.encode(Op.EBREAK, 0, 0, 0, 0, 0, 0));
        }
    }

    /** x8 code, x9 data, x18 page table, x20 to x23 entries for it, x24 and x25 windows. */
    private void setBases() {
        hart.setX(8, CODE);
        hart.setX(9, DATA);
        hart.setX(18, LEVEL0 + 64);
        hart.setX(24, RAM + 0x8000);
        hart.setX(25, RAM + 0x9000);
    }

    private void writeHandler() {
        // The code page is a page behind; the return address keeps its low bits; x8, x9 and the entries are set again.
        Asm asm = new Asm(bus, RAM);
        asm.i(Op.AUIPC, 8, 0, 0x1000).csr(Op.CSRRS, 31, Csr.MEPC, 0).i(Op.ADDI, 31, 31, 4);
        asm.i(Op.SLLI, 31, 31, 51).i(Op.SRLI, 31, 31, 51).r(Op.ADD, 31, 31, 8).i(Op.ANDI, 31, 31, -4);
        asm.csr(Op.CSRRW, 0, Csr.MEPC, 31).csr(Op.CSRRS, 31, Csr.TIME, 0).i(Op.ADDI, 31, 31, 13);
        asm.csr(Op.CSRRW, 0, Csr.STIMECMP, 31);
        asm.i(Op.LUI, 9, 0, 0x2000).r(Op.ADD, 9, 9, 8);
        asm.i(Op.LUI, 18, 0, 0x6000).r(Op.ADD, 18, 18, 8).i(Op.ADDI, 18, 18, 64);
        for (int i = 0; i < 4; i++) {
            asm.i(Op.LD, 20 + i, 18, 512 + 8 * i);
        }
        asm.i(Op.LUI, 24, 0, 0x7000).r(Op.ADD, 24, 24, 8).i(Op.LUI, 25, 0, 0x8000).r(Op.ADD, 25, 25, 8);
        if (paging) {
            asm.li(31, 0x1800).csr(Op.CSRRC, 0, Csr.MSTATUS, 31).li(31, userMode ? 0 : 0x800).csr(Op.CSRRS, 0, Csr.MSTATUS, 31);
        } else {
            asm.li(31, 0x1800).csr(Op.CSRRS, 0, Csr.MSTATUS, 31);
        }
        asm.li(31, 0x6080).csr(Op.CSRRS, 0, Csr.MSTATUS, 31).op(Op.MRET);
    }

    private void writePageTable() {
        bus.store(RAM + 0x5000 + 8 * (RAM >>> 30 & 511), 8, RAM + 0x6000 >>> 2 | 1);
        bus.store(RAM + 0x6000 + 8 * (RAM >>> 21 & 511), 8, LEVEL0 >>> 2 | 1);
        for (int page = 0; page < 8; page++) {
            bus.store(LEVEL0 + 8 * page, 8, entry(page, 0x0f, userMode));
        }
        for (int window = 8; window < 12; window++) {
            bus.store(LEVEL0 + 8 * window, 8, entry(1 + random.nextInt(4), 0xcf, userMode));
        }
        int[] flags = {0x0f, 0xc3, 0xcf, 0x00};
        for (int i = 0; i < 4; i++) {
            bus.store(LEVEL0 + 64 + 512 + 8 * i, 8, entry(1 + random.nextInt(4), flags[i], random.nextInt(8) != 0 ? userMode : !userMode));
        }
        hart.setCsr(Csr.SATP, 8L << 60 | RAM + 0x5000 >>> 12);
    }

    private long entry(int page, int flags, boolean user) {
        return RAM + ((long) page << 12) >>> 2 | flags | (user ? 16 : 0);
    }

    private int instruction(int index) {
        int choice = random.nextInt(100);
        if (choice < 8) {
            return jump(index);
        }
        if (choice < 30) {
            return memory();
        }
        if (choice < 33) {
            int op = Op.CSRRW + random.nextInt(6);
            return Encoder.encode(op, register(), random.nextInt(32), 0, 0, 0, CSRS[random.nextInt(CSRS.length)]);
        }
        if (choice < 36) {
            int[] rare = {Op.ECALL, Op.EBREAK, Op.WFI, Op.SFENCE_VMA, Op.FENCE, Op.FENCE_I, Op.SRET};
            return Encoder.encode(rare[random.nextInt(rare.length)], 0, 0, 0, 0, 0, 0);
        }
        if (choice < 37) {
            return random.nextInt();
        }
        int op;
        do {
            op = 1 + random.nextInt(Op.COUNT - 1);
        } while (op >= Op.LD && op <= Op.JALR || op >= Op.LR_W && op <= Op.CSRRCI || op >= Op.FLD && op <= Op.FSD
                || op >= Op.FLW && op <= Op.FSW);
        return encodeAny(op);
    }

    private int encodeAny(int op) {
        int rm = random.nextInt(6) == 0 ? 7 : random.nextInt(5);
        int imm = switch (Op.format(op)) {
            case "SH5" -> random.nextInt(32);
            case "SH6" -> random.nextInt(64);
            case "U" -> random.nextInt() & 0xffff_f000;
            case "I" -> random.nextInt(4096) - 2048;
            default -> 0;
        };
        return Encoder.encode(op, register(), random.nextInt(32), random.nextInt(32), random.nextInt(32), rm, imm);
    }

    /** A destination; the registers that hold addresses are left alone mostly. */
    private int register() {
        int register;
        do {
            register = random.nextInt(32);
        } while ((register == 8 || register == 9 || register >= 18 && register <= 25) && random.nextInt(50) != 0);
        return register;
    }

    private int jump(int index) {
        int target = Math.max(0, Math.min(CODE_WORDS - 1, index + random.nextInt(80) - 30));
        int distance = 4 * (target - index);
        int kind = random.nextInt(10);
        if (kind == 0) {
            return Encoder.encode(Op.JALR, random.nextInt(32), 8, 0, 0, 0, 4 * random.nextInt(512));
        }
        if (kind == 1) {
            return Encoder.encode(Op.JAL, random.nextInt(2), 0, 0, 0, 0, distance);
        }
        if (kind == 2) {
            // Into a window: code at a second virtual address.
            return Encoder.encode(Op.JALR, 1, 24 + random.nextInt(2), 0, 0, 0, 4 * random.nextInt(512));
        }
        return Encoder.encode(Op.BEQ + random.nextInt(6), 0, random.nextInt(32), random.nextInt(32), 0, 0, distance);
    }

    private int memory() {
        int kind = random.nextInt(20);
        if (kind == 0 && paging) {
            // A page-table entry of a window.
            return Encoder.encode(Op.SD, 0, 18, 20 + random.nextInt(4), 0, 0, 8 * random.nextInt(4));
        }
        int[] bases = {8, 9, 9, 9, 24, 25, random.nextInt(32)};
        int base = bases[random.nextInt(bases.length)];
        if (kind < 4) {
            int op = Op.LR_W + random.nextInt(Op.AMOMAXU_D - Op.LR_W + 1);
            return Encoder.encode(op, register(), base, random.nextInt(32), 0, 0, 0);
        }
        int imm = random.nextInt(2048) & (random.nextInt(5) == 0 ? -1 : -8);
        if (random.nextInt(5) == 0) {
            imm = -1 - random.nextInt(16);
        }
        int[] ops = {Op.LD, Op.LW, Op.LBU, Op.LHU, Op.LWU, Op.LB, Op.LH, Op.SD, Op.SW, Op.SB, Op.SH, Op.SD, Op.SW, Op.SB,
            Op.FLD, Op.FSD, Op.FLW, Op.FSW};
        int op = ops[random.nextInt(ops.length)];
        boolean store = op >= Op.SD && op <= Op.SH || op == Op.FSD || op == Op.FSW;
        return store ? Encoder.encode(op, 0, base, random.nextInt(32), 0, 0, imm)
                : Encoder.encode(op, op >= Op.FLD ? random.nextInt(32) : register(), base, 0, 0, 0, imm);
    }

    /** Runs to a step; a hart that idles for ever is woken by its line, at a step that only its state decides. */
    void runTo(long step) {
        while (hart.step() < step) {
            if (hart.runUntil(step) == StopReason.IDLE) {
                hart.setInterruptLine(7, true);
                raised = true;
                platform.deadlineStep = hart.step() + 3;
            }
        }
    }

    /** Everything that a guest can see. */
    byte[] state() {
        ByteSink sink = new ByteSink();
        hart.saveState(sink);
        bus.digestRam(sink);
        sink.putLong(platform.skippedTicks);
        return sink.bytes();
    }

    /** The first register that two guests differ in, for messages. */
    String difference(RandomGuest other) {
        StringBuilder text = new StringBuilder();
        if (hart.pc() != other.hart.pc()) {
            text.append("pc ").append(Long.toHexString(hart.pc())).append(' ').append(Long.toHexString(other.hart.pc()));
        }
        for (int i = 1; i < 32; i++) {
            if (hart.x(i) != other.hart.x(i)) {
                text.append(" x").append(i).append(' ').append(Long.toHexString(hart.x(i))).append(' ')
                        .append(Long.toHexString(other.hart.x(i)));
            }
            if (hart.f(i) != other.hart.f(i)) {
                text.append(" f").append(i);
            }
        }
        return text.toString();
    }
}
