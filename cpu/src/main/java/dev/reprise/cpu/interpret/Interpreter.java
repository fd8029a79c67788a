package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.fpu.F32;
import dev.reprise.cpu.isa.IntegerUnit;
import dev.reprise.cpu.mmu.DataTlb;
import dev.reprise.cpu.mmu.Mmu;

/**
 * The hot loop. It executes whole blocks, counts steps per block, and leaves to {@link SlowPath} every instruction that
 * misses the TLB or is not plain computation. {@link #run} must stay below 8,000 bytes of bytecode: HotSpot never
 * compiles a larger method.
 */
final class Interpreter {
    private static final int WORD = Page.WORDS - 1;
    private static final long TAG_1 = ~0xfffL;
    private static final long TAG_2 = ~0xfffL | 1;
    private static final long TAG_4 = ~0xfffL | 3;
    private static final long TAG_8 = ~0xfffL | 7;
    private static final int MAX_BUDGET = 1 << 30;

    private final CpuState state;
    private final Mmu mmu;
    private final BlockCache blocks;
    private final SlowPath slowPath;

    Interpreter(CpuState state, Mmu mmu, BlockCache blocks, SlowPath slowPath) {
        this.state = state;
        this.mmu = mmu;
        this.blocks = blocks;
        this.slowPath = slowPath;
    }

    /**
     * Executes at least one step, and at most up to {@code limitStep}: exactly that far unless something happened that
     * the caller must look at. The caller has seen to it that no interrupt is due.
     *
     * @return true if nothing happened but that the block at the current pc has lost its patience
     */
    boolean run(long limitStep) {
        CpuState s = state;
        Block block = blocks.find(s.pc, mmu);
        if (block == null) {
            slowPath.takeFault();
            return false;
        }
        long[] x = s.x;
        long[] f = s.f;
        DataTlb tlb = mmu.data;
        long[] readTag = tlb.readTag;
        long[] writeTag = tlb.writeTag;
        long[][] readPage = tlb.readPage;
        long[][] writePage = tlb.writePage;
        long generation = mmu.fetch.generation();
        boolean floatDirty = (s.mstatus & Csr.MSTATUS_FS) == Csr.MSTATUS_FS;
        int left = (int) Math.min(limitStep - s.step, MAX_BUDGET);
        long end = s.step + left;
        long pc = s.pc;
        for (;;) {
            long[] code = block.code;
            int count = Math.min(code.length, left);
            int i = 0;
            long target;
            int exit;
            leave:
            for (;;) {
                slow:
                {
                    for (; i < count; i++) {
                        long w = code[i];
                        long a = x[(int) w >>> 14 & 31];
                        switch ((int) w & 0xff) {
                            case Op.ADDI -> x[(int) w >>> 8 & 63] = a + (w >> 32);
                            case Op.ADDIW -> x[(int) w >>> 8 & 63] = (int) a + (int) (w >> 32);
                            case Op.SLLI -> x[(int) w >>> 8 & 63] = a << (int) (w >> 32);
                            case Op.SRLI -> x[(int) w >>> 8 & 63] = a >>> (int) (w >> 32);
                            case Op.SRAI -> x[(int) w >>> 8 & 63] = a >> (int) (w >> 32);
                            case Op.ANDI -> x[(int) w >>> 8 & 63] = a & w >> 32;
                            case Op.ORI -> x[(int) w >>> 8 & 63] = a | w >> 32;
                            case Op.XORI -> x[(int) w >>> 8 & 63] = a ^ w >> 32;
                            case Op.SLTI -> x[(int) w >>> 8 & 63] = a < w >> 32 ? 1 : 0;
                            case Op.SLTIU -> x[(int) w >>> 8 & 63] = Long.compareUnsigned(a, w >> 32) < 0 ? 1 : 0;
                            case Op.SLLIW -> x[(int) w >>> 8 & 63] = (int) a << (int) (w >> 32);
                            case Op.SRLIW -> x[(int) w >>> 8 & 63] = (int) a >>> (int) (w >> 32);
                            case Op.SRAIW -> x[(int) w >>> 8 & 63] = (int) a >> (int) (w >> 32);
                            case Op.LUI -> x[(int) w >>> 8 & 63] = w >> 32;
                            case Op.AUIPC -> x[(int) w >>> 8 & 63] = pc + (w >> 32);
                            case Op.ADD -> x[(int) w >>> 8 & 63] = a + x[(int) w >>> 19 & 31];
                            case Op.SUB -> x[(int) w >>> 8 & 63] = a - x[(int) w >>> 19 & 31];
                            case Op.ADDW -> x[(int) w >>> 8 & 63] = (int) a + (int) x[(int) w >>> 19 & 31];
                            case Op.SUBW -> x[(int) w >>> 8 & 63] = (int) a - (int) x[(int) w >>> 19 & 31];
                            case Op.AND -> x[(int) w >>> 8 & 63] = a & x[(int) w >>> 19 & 31];
                            case Op.OR -> x[(int) w >>> 8 & 63] = a | x[(int) w >>> 19 & 31];
                            case Op.XOR -> x[(int) w >>> 8 & 63] = a ^ x[(int) w >>> 19 & 31];
                            case Op.SLL -> x[(int) w >>> 8 & 63] = a << (int) x[(int) w >>> 19 & 31];
                            case Op.SRL -> x[(int) w >>> 8 & 63] = a >>> (int) x[(int) w >>> 19 & 31];
                            case Op.SRA -> x[(int) w >>> 8 & 63] = a >> (int) x[(int) w >>> 19 & 31];
                            case Op.SLT -> x[(int) w >>> 8 & 63] = a < x[(int) w >>> 19 & 31] ? 1 : 0;
                            case Op.SLTU ->
                                x[(int) w >>> 8 & 63] = Long.compareUnsigned(a, x[(int) w >>> 19 & 31]) < 0 ? 1 : 0;
                            case Op.SLLW -> x[(int) w >>> 8 & 63] = (int) a << (int) x[(int) w >>> 19 & 31];
                            case Op.SRLW -> x[(int) w >>> 8 & 63] = (int) a >>> (int) x[(int) w >>> 19 & 31];
                            case Op.SRAW -> x[(int) w >>> 8 & 63] = (int) a >> (int) x[(int) w >>> 19 & 31];
                            case Op.MUL -> x[(int) w >>> 8 & 63] = a * x[(int) w >>> 19 & 31];
                            case Op.MULW -> x[(int) w >>> 8 & 63] = (int) a * (int) x[(int) w >>> 19 & 31];
                            case Op.LD -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_8)) {
                                    break slow;
                                }
                                x[(int) w >>> 8 & 63] = readPage[index][(int) va >>> 3 & WORD];
                            }
                            case Op.LW -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_4)) {
                                    break slow;
                                }
                                x[(int) w >>> 8 & 63] = (int) (readPage[index][(int) va >>> 3 & WORD] >>> ((int) va << 3));
                            }
                            case Op.LWU -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_4)) {
                                    break slow;
                                }
                                x[(int) w >>> 8 & 63] =
                                        readPage[index][(int) va >>> 3 & WORD] >>> ((int) va << 3) & 0xffff_ffffL;
                            }
                            case Op.LHU -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_2)) {
                                    break slow;
                                }
                                x[(int) w >>> 8 & 63] =
                                        readPage[index][(int) va >>> 3 & WORD] >>> ((int) va << 3) & 0xffff;
                            }
                            case Op.LH -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_2)) {
                                    break slow;
                                }
                                x[(int) w >>> 8 & 63] = (short) (readPage[index][(int) va >>> 3 & WORD] >>> ((int) va << 3));
                            }
                            case Op.LBU -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_1)) {
                                    break slow;
                                }
                                x[(int) w >>> 8 & 63] = readPage[index][(int) va >>> 3 & WORD] >>> ((int) va << 3) & 0xff;
                            }
                            case Op.LB -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_1)) {
                                    break slow;
                                }
                                x[(int) w >>> 8 & 63] = (byte) (readPage[index][(int) va >>> 3 & WORD] >>> ((int) va << 3));
                            }
                            case Op.SD -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (writeTag[index] != (va & TAG_8)) {
                                    break slow;
                                }
                                writePage[index][(int) va >>> 3 & WORD] = x[(int) w >>> 19 & 31];
                            }
                            case Op.SW -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (writeTag[index] != (va & TAG_4)) {
                                    break slow;
                                }
                                put(writePage[index], (int) va, x[(int) w >>> 19 & 31], 0xffff_ffffL);
                            }
                            case Op.SH -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (writeTag[index] != (va & TAG_2)) {
                                    break slow;
                                }
                                put(writePage[index], (int) va, x[(int) w >>> 19 & 31], 0xffff);
                            }
                            case Op.SB -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (writeTag[index] != (va & TAG_1)) {
                                    break slow;
                                }
                                put(writePage[index], (int) va, x[(int) w >>> 19 & 31], 0xff);
                            }
                            case Op.BEQ -> {
                                if (a == x[(int) w >>> 19 & 31]) {
                                    target = pc + (w >> 32);
                                    exit = i;
                                    break leave;
                                }
                            }
                            case Op.BNE -> {
                                if (a != x[(int) w >>> 19 & 31]) {
                                    target = pc + (w >> 32);
                                    exit = i;
                                    break leave;
                                }
                            }
                            case Op.BLT -> {
                                if (a < x[(int) w >>> 19 & 31]) {
                                    target = pc + (w >> 32);
                                    exit = i;
                                    break leave;
                                }
                            }
                            case Op.BGE -> {
                                if (a >= x[(int) w >>> 19 & 31]) {
                                    target = pc + (w >> 32);
                                    exit = i;
                                    break leave;
                                }
                            }
                            case Op.BLTU -> {
                                if (Long.compareUnsigned(a, x[(int) w >>> 19 & 31]) < 0) {
                                    target = pc + (w >> 32);
                                    exit = i;
                                    break leave;
                                }
                            }
                            case Op.BGEU -> {
                                if (Long.compareUnsigned(a, x[(int) w >>> 19 & 31]) >= 0) {
                                    target = pc + (w >> 32);
                                    exit = i;
                                    break leave;
                                }
                            }
                            case Op.JAL -> {
                                x[(int) w >>> 8 & 63] = pc + block.offset[i + 1];
                                target = pc + (w >> 32);
                                exit = i;
                                break leave;
                            }
                            case Op.JALR -> {
                                x[(int) w >>> 8 & 63] = pc + block.offset[i + 1];
                                target = a + (w >> 32) & ~1;
                                exit = i;
                                break leave;
                            }
                            case Op.MULH, Op.MULHSU, Op.MULHU, Op.DIV, Op.DIVU, Op.REM, Op.REMU, Op.DIVW, Op.DIVUW,
                                    Op.REMW, Op.REMUW, Op.ADD_UW, Op.SH1ADD, Op.SH2ADD, Op.SH3ADD, Op.SH1ADD_UW,
                                    Op.SH2ADD_UW, Op.SH3ADD_UW, Op.SLLI_UW, Op.ANDN, Op.ORN, Op.XNOR, Op.MAX, Op.MAXU,
                                    Op.MIN, Op.MINU, Op.ROL, Op.ROR, Op.RORI, Op.ROLW, Op.RORW, Op.RORIW, Op.CLZ,
                                    Op.CTZ, Op.CPOP, Op.CLZW, Op.CTZW, Op.CPOPW, Op.SEXT_B, Op.SEXT_H, Op.ZEXT_H,
                                    Op.REV8, Op.ORC_B, Op.BCLR, Op.BEXT, Op.BINV, Op.BSET, Op.BCLRI, Op.BEXTI,
                                    Op.BINVI, Op.BSETI ->
                                // A format has rs2 or an immediate; the other field is 0.
                                x[(int) w >>> 8 & 63] = IntegerUnit.compute((int) w & 0xff, a,
                                        x[(int) w >>> 19 & 31] + (w >> 32));
                            case Op.FENCE -> {
                            }
                            case Op.FLD -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_8) || !floatDirty) {
                                    break slow;
                                }
                                f[(int) w >>> 8 & 31] = readPage[index][(int) va >>> 3 & WORD];
                            }
                            case Op.FSD -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (writeTag[index] != (va & TAG_8) || !floatDirty) {
                                    break slow;
                                }
                                writePage[index][(int) va >>> 3 & WORD] = f[(int) w >>> 19 & 31];
                            }
                            case Op.FLW -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (readTag[index] != (va & TAG_4) || !floatDirty) {
                                    break slow;
                                }
                                f[(int) w >>> 8 & 31] =
                                        F32.box((int) (readPage[index][(int) va >>> 3 & WORD] >>> ((int) va << 3)));
                            }
                            case Op.FSW -> {
                                long va = a + (w >> 32);
                                int index = (int) (va >>> 12) & DataTlb.INDEX_MASK;
                                if (writeTag[index] != (va & TAG_4) || !floatDirty) {
                                    break slow;
                                }
                                put(writePage[index], (int) va, f[(int) w >>> 19 & 31], 0xffff_ffffL);
                            }
                            default -> {
                                int rm = SlowPath.roundingMode(w, s.frm);
                                if (((int) w & 0xff) < Op.FLD || !floatDirty || rm < 0) {
                                    break slow;
                                }
                                SlowPath.compute(s, w, (int) w & 0xff, rm);
                            }
                        }
                    }
                    target = pc + block.offset[count];
                    exit = count;
                    left -= count;
                    if (left == 0) {
                        s.pc = target;
                        s.step = end;
                        return false;
                    }
                    break leave;
                }
                s.pc = pc + block.offset[i];
                s.step = end - left + i;
                if (!slowPath.execute(code[i], pc + block.offset[i + 1])) {
                    return false;
                }
                i++;
            }
            if (exit != count) {
                left -= exit + 1;
                if (left == 0) {
                    s.pc = target;
                    s.step = end;
                    return false;
                }
            }
            pc = target;
            Block following = block.next[exit];
            if (following == null || following.pc != pc || following.generation != generation) {
                s.pc = pc;
                s.step = end - left;
                following = blocks.find(pc, mmu);
                if (following == null) {
                    slowPath.takeFault();
                    return false;
                }
                if (mmu.attention) {
                    return false;
                }
                block.follow(exit, following);
            }
            block = following;
            if (--block.patience < 0) {
                s.pc = pc;
                s.step = end - left;
                return true;
            }
        }
    }

    /** Stores the bits of {@code mask} at an address that is aligned to them. */
    private static void put(long[] page, int address, long value, long mask) {
        int word = address >>> 3 & WORD;
        int shift = address << 3;
        page[word] ^= ((page[word] >>> shift ^ value) & mask) << shift;
    }
}
