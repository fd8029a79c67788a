package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.isa.IntegerUnit;
import dev.reprise.cpu.mmu.DataTlb;
import dev.reprise.cpu.mmu.Mmu;

/**
 * The hot loop. It executes whole blocks, counts steps per block, and leaves to {@link SlowPath} every instruction that
 * misses the TLB or is not plain computation. {@link #run} must stay below 8,000 bytes of bytecode: HotSpot never
 * compiles a larger method.
 */
final class Interpreter {
    /** By operation, of loads and stores: what of an address has to be that of the TLB's entry. */
    private static final long[] TAG = new long[256];
    /** How many bits a load leaves out of a doubleword. */
    private static final int[] UNUSED_BITS = new int[256];
    /** The bits that stay of what a load into an x register has sign-extended, and those that a store writes. */
    private static final long[] MASK = new long[256];
    /** The bits that a load sets in an f register, beside those that it loads. */
    private static final long[] BOX = new long[256];
    private static final int MAX_BUDGET = 1 << 30;

    static {
        access(8, -1, Op.LD, Op.SD, Op.FSD);
        access(4, -1, Op.LW);
        access(2, -1, Op.LH);
        access(1, -1, Op.LB);
        access(4, 0xffff_ffffL, Op.LWU, Op.SW, Op.FSW);
        access(2, 0xffff, Op.LHU, Op.SH);
        access(1, 0xff, Op.LBU, Op.SB);
        access(8, -1, Op.FLD);
        access(4, -1, Op.FLW);
        BOX[Op.FLW] = -1L << 32;
    }

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

    private static void access(int bytes, long mask, int... ops) {
        for (int op : ops) {
            TAG[op] = ~0xfffL | bytes - 1;
            UNUSED_BITS[op] = 64 - 8 * bytes;
            MASK[op] = mask;
        }
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
        // An index masked by the length needs no check, and there are 64 words.
        int last = x.length - 1;
        DataTlb tlb = mmu.data;
        long reads = tlb.reads;
        long writes = tlb.writes;
        long mask = tlb.mask;
        long generation = mmu.fetch.generation();
        boolean floatDirty = (s.mstatus & Csr.MSTATUS_FS) == Csr.MSTATUS_FS;
        int left = (int) Math.min(limitStep - s.step, MAX_BUDGET);
        long end = s.step + left;
        long pc = s.pc;
        for (;;) {
            long[] code = block.code;
            short[] offset = block.offset;
            int count = Math.min(code.length, left);
            int i = 0;
            long w = 0;
            long a = 0;
            long target;
            int exit;
            leave:
            for (;;) {
                slow:
                {
                    jump:
                    {
                        branch:
                        {
                            for (; i < count; i++) {
                                w = code[i];
                                a = x[(int) w >>> 14 & 31 & last];
                                long y = x[(int) w >>> 19 & 31 & last];
                                // A format that computes with an immediate has x0 as its second source, and the other way round.
                                long b = y + (w >> 32);
                                switch ((int) w & 0xff) {
                                    case Op.ADDI, Op.ADD, Op.LUI -> x[(int) w >>> 8 & 63 & last] = a + b;
                                    case Op.ADDIW, Op.ADDW -> x[(int) w >>> 8 & 63 & last] = (int) (a + b);
                                    case Op.SUB -> x[(int) w >>> 8 & 63 & last] = a - b;
                                    case Op.SUBW -> x[(int) w >>> 8 & 63 & last] = (int) (a - b);
                                    case Op.SLLI, Op.SLL -> x[(int) w >>> 8 & 63 & last] = a << (int) b;
                                    case Op.SRLI, Op.SRL -> x[(int) w >>> 8 & 63 & last] = a >>> (int) b;
                                    case Op.SRAI, Op.SRA -> x[(int) w >>> 8 & 63 & last] = a >> (int) b;
                                    case Op.ANDI, Op.AND -> x[(int) w >>> 8 & 63 & last] = a & b;
                                    case Op.ORI, Op.OR -> x[(int) w >>> 8 & 63 & last] = a | b;
                                    case Op.XORI, Op.XOR -> x[(int) w >>> 8 & 63 & last] = a ^ b;
                                    case Op.SLTI, Op.SLT -> x[(int) w >>> 8 & 63 & last] = a < b ? 1 : 0;
                                    case Op.SLTIU, Op.SLTU ->
                                        x[(int) w >>> 8 & 63 & last] = Long.compareUnsigned(a, b) < 0 ? 1 : 0;
                                    case Op.SLLIW, Op.SLLW -> x[(int) w >>> 8 & 63 & last] = (int) a << (int) b;
                                    case Op.SRLIW, Op.SRLW -> x[(int) w >>> 8 & 63 & last] = (int) a >>> (int) b;
                                    case Op.SRAIW, Op.SRAW -> x[(int) w >>> 8 & 63 & last] = (int) a >> (int) b;
                                    case Op.AUIPC -> x[(int) w >>> 8 & 63 & last] = pc + b;
                                    case Op.MUL -> x[(int) w >>> 8 & 63 & last] = a * b;
                                    case Op.MULW -> x[(int) w >>> 8 & 63 & last] = (int) (a * b);
                                    case Op.LD, Op.LW, Op.LWU, Op.LHU, Op.LH, Op.LBU, Op.LB, Op.FLD, Op.FLW -> {
                                        long va = a + b;
                                        int op = (int) w & 0xff;
                                        long entry = DataTlb.entry(reads, mask, va);
                                        if (MEMORY.getLong(entry) != (va & TAG[op])) {
                                            break slow;
                                        }
                                        int unused = UNUSED_BITS[op];
                                        long word = MEMORY.getLong(MEMORY.getLong(entry + DataTlb.ADDEND) + (va & -8));
                                        long value = word >>> ((int) va << 3) << unused >> unused;
                                        if (op < Op.FLD) {
                                            x[(int) w >>> 8 & 63 & last] = value & MASK[op];
                                        } else if (floatDirty) {
                                            f[(int) w >>> 8 & 31] = value | BOX[op];
                                        } else {
                                            break slow;
                                        }
                                    }
                                    case Op.SD, Op.SW, Op.SH, Op.SB -> {
                                        long va = a + (w >> 32);
                                        int op = (int) w & 0xff;
                                        long entry = DataTlb.entry(writes, mask, va);
                                        if (MEMORY.getLong(entry) != (va & TAG[op])) {
                                            break slow;
                                        }
                                        put(entry, va, y, MASK[op]);
                                    }
                                    case Op.BEQ -> {
                                        if (a == y) {
                                            break branch;
                                        }
                                    }
                                    case Op.BNE -> {
                                        if (a != y) {
                                            break branch;
                                        }
                                    }
                                    case Op.BLT -> {
                                        if (a < y) {
                                            break branch;
                                        }
                                    }
                                    case Op.BGE -> {
                                        if (a >= y) {
                                            break branch;
                                        }
                                    }
                                    case Op.BLTU -> {
                                        if (Long.compareUnsigned(a, y) < 0) {
                                            break branch;
                                        }
                                    }
                                    case Op.BGEU -> {
                                        if (Long.compareUnsigned(a, y) >= 0) {
                                            break branch;
                                        }
                                    }
                                    case Op.JAL, Op.JALR -> {
                                        break jump;
                                    }
                                    case Op.MULH, Op.MULHSU, Op.MULHU, Op.DIV, Op.DIVU, Op.REM, Op.REMU, Op.DIVW, Op.DIVUW,
                                            Op.REMW, Op.REMUW, Op.ADD_UW, Op.SH1ADD, Op.SH2ADD, Op.SH3ADD, Op.SH1ADD_UW,
                                            Op.SH2ADD_UW, Op.SH3ADD_UW, Op.SLLI_UW, Op.ANDN, Op.ORN, Op.XNOR, Op.MAX,
                                            Op.MAXU, Op.MIN, Op.MINU, Op.ROL, Op.ROR, Op.RORI, Op.ROLW, Op.RORW, Op.RORIW,
                                            Op.CLZ, Op.CTZ, Op.CPOP, Op.CLZW, Op.CTZW, Op.CPOPW, Op.SEXT_B, Op.SEXT_H,
                                            Op.ZEXT_H, Op.REV8, Op.ORC_B, Op.BCLR, Op.BEXT, Op.BINV, Op.BSET, Op.BCLRI,
                                            Op.BEXTI, Op.BINVI, Op.BSETI ->
                                        x[(int) w >>> 8 & 63 & last] = IntegerUnit.compute((int) w & 0xff, a, b);
                                    case Op.FENCE -> {
                                    }
                                    default -> {
                                        if (!floatDirty || !executeFloat(w, a + (w >> 32))) {
                                            break slow;
                                        }
                                    }
                                }
                            }
                            target = pc + offset[count];
                            exit = count;
                            left -= count;
                            if (left == 0) {
                                s.pc = target;
                                s.step = end;
                                return false;
                            }
                            break leave;
                        }
                        target = pc + (w >> 32);
                        exit = i;
                        break leave;
                    }
                    target = ((int) w & 0xff) == Op.JAL ? pc + (w >> 32) : a + (w >> 32) & ~1;
                    x[(int) w >>> 8 & 63] = pc + offset[i + 1];
                    exit = i;
                    break leave;
                }
                s.pc = pc + offset[i];
                s.step = end - left + i;
                if (!slowPath.execute(code[i], pc + offset[i + 1])) {
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

    /**
     * Executes a floating-point instruction, not a load, while FS is dirty; false, and nothing done, if it is none, or
     * illegal, or a store that misses.
     *
     * @param va where it is a store: its address
     */
    private boolean executeFloat(long w, long va) {
        int op = (int) w & 0xff;
        if (op < Op.FLD) {
            return false;
        }
        if (op == Op.FSD || op == Op.FSW) {
            long entry = DataTlb.entry(mmu.data.writes, mmu.data.mask, va);
            if (MEMORY.getLong(entry) != (va & TAG[op])) {
                return false;
            }
            put(entry, va, state.f[(int) w >>> 19 & 31], MASK[op]);
            return true;
        }
        int rm = SlowPath.roundingMode(w, state.frm);
        if (rm < 0) {
            return false;
        }
        SlowPath.compute(state, w, op, rm);
        return true;
    }

    /** Stores the bits of {@code mask} at an address that is aligned to them, by its entry in the TLB. */
    private static void put(long entry, long va, long value, long mask) {
        long at = MEMORY.getLong(entry + DataTlb.ADDEND) + (va & -8);
        int shift = (int) va << 3;
        long there = MEMORY.getLong(at);
        MEMORY.putLong(at, there ^ ((there >>> shift ^ value) & mask) << shift);
    }
}
