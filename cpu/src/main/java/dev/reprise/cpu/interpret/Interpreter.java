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
 * misses the TLB or is not plain computation. {@link #execute} must stay below 8,000 bytes of bytecode: HotSpot never
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
    /** Why {@link #execute} stopped: an instruction is not its own. */
    private static final int HANDED_OVER = 0;
    /** There is no hint where the next block is. */
    private static final int LOST = 1;
    /** The block has lost its patience. */
    private static final int IMPATIENT = 2;
    /** The block has more instructions than steps are left. */
    private static final int SHORT = 3;
    /** No steps are left. */
    private static final int ENDED = 4;
    /** Two times 32: what is written for x0 goes to the one behind the last. */
    private static final int REGISTERS = 64;
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
    private final BlockStore store;
    /** Of {@link #execute}: the block in the store, its place in the guest, the steps that are left from its start. */
    private long at;
    private long pc;
    private int left;
    /** Where the instruction is that was handed over, or the number of the branch behind which control was lost. */
    private long stoppedAt;

    Interpreter(CpuState state, Mmu mmu, BlockCache blocks, SlowPath slowPath) {
        this.state = state;
        this.mmu = mmu;
        this.blocks = blocks;
        this.slowPath = slowPath;
        store = blocks.store;
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
        DataTlb tlb = mmu.data;
        long generation = mmu.fetch.generation();
        boolean floatDirty = (s.mstatus & Csr.MSTATUS_FS) == Csr.MSTATUS_FS;
        left = (int) Math.min(limitStep - s.step, MAX_BUDGET);
        long end = s.step + left;
        pc = s.pc;
        at = block.at;
        stoppedAt = ready();
        for (;;) {
            switch (execute(s.x, tlb.reads, tlb.writes, tlb.mask, generation)) {
                case HANDED_OVER -> {
                    long w = MEMORY.getLong(stoppedAt);
                    if (!executeRare(w, floatDirty)) {
                        int number = (int) (stoppedAt - at - BlockStore.HEAD) >> 3;
                        s.pc = pc + BlockStore.offsetOf(at, number);
                        s.step = end - left + number;
                        if (!slowPath.execute(w, pc + BlockStore.offsetBehind(at, number))) {
                            return false;
                        }
                    }
                    stoppedAt += 8;
                }
                case LOST -> {
                    s.pc = pc;
                    s.step = end - left;
                    int epoch = store.epoch;
                    Block following = blocks.find(pc, mmu);
                    if (following == null) {
                        slowPath.takeFault();
                        return false;
                    }
                    if (mmu.attention) {
                        return false;
                    }
                    if (store.epoch == epoch) {
                        BlockStore.follow(at, (int) stoppedAt, following);
                    }
                    at = following.at;
                    if (!BlockStore.visit(at)) {
                        return true;
                    }
                    stoppedAt = ready();
                }
                case SHORT -> stoppedAt = ready();
                case IMPATIENT -> {
                    s.pc = pc;
                    s.step = end - left;
                    return true;
                }
                default -> {
                    s.pc = pc;
                    s.step = end;
                    return false;
                }
            }
        }
    }

    /** Sees to it that the block is not longer than the steps that are left; where its first instruction is. */
    private long ready() {
        if (BlockStore.length(at) > left) {
            at = store.cut(at, left);
        }
        return at + BlockStore.HEAD;
    }

    /**
     * The loop itself, from the instruction at {@link #stoppedAt} on, in the block at {@link #at}. It calls nothing, and
     * knows of little: what it looks at then stays in the host's registers. With the calls for what is rare in it the JVM's
     * compiler kept nearly all of that on the stack, and went there a dozen times for each instruction of the guest's.
     *
     * @return why it stopped; {@link #at}, {@link #pc}, {@link #left} and {@link #stoppedAt} say where
     */
    private int execute(long[] x, long reads, long writes, long mask, long generation) {
        if (x.length != REGISTERS) {
            throw new IllegalStateException("registers are not checked one by one: length=" + x.length);
        }
        long at = this.at;
        long pc = this.pc;
        int left = this.left;
        long i = stoppedAt;
        for (;;) {
            long w;
            long a;
            long target;
            int taken;
            long next;
            leave:
            {
                jump:
                {
                    branch:
                    {
                        end:
                        for (;; i += 8) {
                            w = MEMORY.getLong(i);
                            a = MEMORY.getLong(x, (int) w >>> 11 & 0xf8);
                            long y = MEMORY.getLong(x, (int) w >>> 16 & 0xf8);
                            // A format that computes with an immediate has x0 as its second source, and the other way round.
                            long b = y + (w >> 32);
                            int op = (int) w & 0xff;
                            switch (op) {
                                case Op.ADDI, Op.ADD, Op.LUI -> set(x, w, a + b);
                                case Op.ADDIW, Op.ADDW -> set(x, w, (int) (a + b));
                                case Op.SUB -> set(x, w, a - b);
                                case Op.SUBW -> set(x, w, (int) (a - b));
                                case Op.SLLI, Op.SLL -> set(x, w, a << (int) b);
                                case Op.SRLI, Op.SRL -> set(x, w, a >>> (int) b);
                                case Op.SRAI, Op.SRA -> set(x, w, a >> (int) b);
                                case Op.ANDI, Op.AND -> set(x, w, a & b);
                                case Op.ORI, Op.OR -> set(x, w, a | b);
                                case Op.XORI, Op.XOR -> set(x, w, a ^ b);
                                case Op.SLTI, Op.SLT -> set(x, w, a < b ? 1 : 0);
                                case Op.SLTIU, Op.SLTU -> set(x, w, Long.compareUnsigned(a, b) < 0 ? 1 : 0);
                                case Op.SLLIW, Op.SLLW -> set(x, w, (int) a << (int) b);
                                case Op.SRLIW, Op.SRLW -> set(x, w, (int) a >>> (int) b);
                                case Op.SRAIW, Op.SRAW -> set(x, w, (int) a >> (int) b);
                                case Op.AUIPC -> set(x, w, pc + b);
                                case Op.MUL -> set(x, w, a * b);
                                case Op.MULW -> set(x, w, (int) (a * b));
                                case Op.LD, Op.LW, Op.LWU, Op.LHU, Op.LH, Op.LBU, Op.LB -> {
                                    long va = a + b;
                                    long entry = DataTlb.entry(reads, mask, va);
                                    if (MEMORY.getLong(entry) != (va & TAG[op])) {
                                        return stop(i, at, pc, left, HANDED_OVER);
                                    }
                                    int unused = UNUSED_BITS[op];
                                    long word = MEMORY.getLong(MEMORY.getLong(entry + DataTlb.ADDEND) + (va & -8));
                                    set(x, w, word >>> ((int) va << 3) << unused >> unused & MASK[op]);
                                }
                                case Op.SD, Op.SW, Op.SH, Op.SB -> {
                                    long va = a + (w >> 32);
                                    long entry = DataTlb.entry(writes, mask, va);
                                    if (MEMORY.getLong(entry) != (va & TAG[op])) {
                                        return stop(i, at, pc, left, HANDED_OVER);
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
                                case BlockStore.END -> {
                                    break end;
                                }
                                default -> {
                                    return stop(i, at, pc, left, HANDED_OVER);
                                }
                            }
                        }
                        int count = (int) (i - at - BlockStore.HEAD) >> 3;
                        left -= count;
                        target = pc + BlockStore.offsetBehind(at, count - 1);
                        taken = BlockStore.ONWARD;
                        next = MEMORY.getLong(at + BlockStore.NEXT);
                        break leave;
                    }
                    target = pc + (w >> 32);
                    taken = (int) (i - at - BlockStore.HEAD) >> 3;
                    left -= taken + 1;
                    next = MEMORY.getLong(BlockStore.hint(at, taken));
                    break leave;
                }
                int count = (int) (i - at - BlockStore.HEAD + 8) >> 3;
                left -= count;
                target = ((int) w & 0xff) == Op.JAL ? pc + (w >> 32) : a + (w >> 32) & ~1;
                set(x, w, pc + BlockStore.offsetBehind(at, count - 1));
                taken = BlockStore.ONWARD;
                next = MEMORY.getLong(at + BlockStore.NEXT);
            }
            pc = target;
            if (left == 0) {
                return stop(0, at, pc, left, ENDED);
            }
            if (MEMORY.getLong(next) != pc || MEMORY.getLong(next + BlockStore.GENERATION) != generation) {
                return stop(taken, at, pc, left, LOST);
            }
            at = next;
            if (!BlockStore.visit(at)) {
                return stop(0, at, pc, left, IMPATIENT);
            }
            if (BlockStore.length(at) > left) {
                return stop(0, at, pc, left, SHORT);
            }
            i = at + BlockStore.HEAD;
        }
    }

    private static void set(long[] x, long w, long value) {
        MEMORY.putLong(x, (int) w >>> 5 & 0x1f8, value);
    }

    private int stop(long i, long newAt, long newPc, int newLeft, int reason) {
        stoppedAt = i;
        at = newAt;
        pc = newPc;
        left = newLeft;
        return reason;
    }

    /** Executes what is no more than computation but rare; false, and nothing done, if it is something else. */
    private boolean executeRare(long w, boolean floatDirty) {
        int op = (int) w & 0xff;
        long[] x = state.x;
        long a = x[(int) w >>> 14 & 31];
        if (op >= Op.MULH && op <= Op.BSETI) {
            x[(int) w >>> 8 & 63] = IntegerUnit.compute(op, a, x[(int) w >>> 19 & 31] + (w >> 32));
            return true;
        }
        return op == Op.FENCE || floatDirty && executeFloat(w, op, a + (w >> 32));
    }

    /**
     * Executes a floating-point instruction while FS is dirty; false, and nothing done, if it is none, or illegal, or misses.
     *
     * @param va where it is a load or store: its address
     */
    private boolean executeFloat(long w, int op, long va) {
        if (op < Op.FLD) {
            return false;
        }
        if (op == Op.FLD || op == Op.FLW) {
            long entry = DataTlb.entry(mmu.data.reads, mmu.data.mask, va);
            if (MEMORY.getLong(entry) != (va & TAG[op])) {
                return false;
            }
            long word = MEMORY.getLong(MEMORY.getLong(entry + DataTlb.ADDEND) + (va & -8));
            state.f[(int) w >>> 8 & 31] = word >>> ((int) va << 3) | BOX[op];
            return true;
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
