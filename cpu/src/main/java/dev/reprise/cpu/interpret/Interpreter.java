package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;
import static dev.reprise.cpu.interpret.PackedCode.LOAD;
import static dev.reprise.cpu.interpret.PackedCode.LOAD_UNSIGNED;
import static dev.reprise.cpu.interpret.PackedCode.STORE;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import dev.reprise.cpu.isa.IntegerUnit;
import dev.reprise.cpu.mmu.DataTlb;
import dev.reprise.cpu.mmu.Mmu;

/**
 * The hot loop. It executes whole blocks, counts steps per block, and leaves to {@link SlowPath} every instruction that
 * misses the TLB or is not plain computation. {@link #execute} must stay below 8,000 bytes of bytecode: HotSpot never
 * compiles a larger method.
 */
final class Interpreter {
    /** Why {@link #execute} stopped: an instruction is not its own. */
    private static final int HANDED_OVER = 1;
    /** There is no hint where the next block is. */
    private static final int LOST = 2;
    /** The block has lost its patience. */
    private static final int IMPATIENT = 3;
    /** There are fewer steps left than a block may have. */
    private static final int SHORT = 4;
    /** Two times 32: what is written for x0 goes to the one behind the last. */
    private static final int REGISTERS = 64;
    private static final int MAX_BUDGET = 1 << 30;

    private final CpuState state;
    private final Mmu mmu;
    private final BlockCache blocks;
    private final SlowPath slowPath;
    private final BlockStore store;

    Interpreter(CpuState state, Mmu mmu, BlockCache blocks, SlowPath slowPath) {
        this.state = state;
        this.mmu = mmu;
        this.blocks = blocks;
        this.slowPath = slowPath;
        store = blocks.store;
    }

    /**
     * Executes at least one step, and at most up to {@code limitStep}: exactly that far unless something happened that
     * the caller must look at. The caller has seen to it that no interrupt is due.
     *
     * @param first the valid block at the current pc
     * @return the block that control has come to, if nothing happened but that it has lost its patience; otherwise null
     */
    Block run(Block first, long limitStep) {
        CpuState s = state;
        boolean floatDirty = (s.mstatus & Csr.MSTATUS_FS) == Csr.MSTATUS_FS;
        int left = (int) Math.min(limitStep - s.step, MAX_BUDGET);
        long end = s.step + left;
        MEMORY.putLong(store.memory, BlockStore.RUN_GENERATION, mmu.fetch.generation());
        MEMORY.putLong(store.memory, BlockStore.RUN_READS, mmu.data.reads);
        MEMORY.putLong(store.memory, BlockStore.RUN_WRITES, mmu.data.writes);
        MEMORY.putLong(store.memory, BlockStore.RUN_MASK, mmu.data.mask);
        MEMORY.putInt(store.memory, BlockStore.RUN_LEFT, left);
        int at = begin(first.at, left);
        int place = at + BlockStore.HEAD;
        // How many instructions of which block there are before a place: there may be many that are handed over.
        int countedIn = -1;
        int countedTo = 0;
        int counted = 0;
        for (;;) {
            int reason = execute(s.x, store.memory, at, place);
            long[] code = store.memory;
            place = (int) MEMORY.getLong(code, BlockStore.RUN_PLACE);
            at = (int) MEMORY.getLong(code, BlockStore.RUN_BLOCK);
            left = MEMORY.getInt(code, BlockStore.RUN_LEFT);
            if (reason == HANDED_OVER) {
                int unit = MEMORY.getInt(code, place);
                if (!executeRare(unit, place, floatDirty)) {
                    Block block = store.owner(at);
                    boolean isFurther = at == countedIn && place >= countedTo;
                    counted = isFurther ? counted + store.count(countedTo, place) : store.count(at + BlockStore.HEAD, place);
                    countedIn = at;
                    countedTo = place;
                    int number = counted;
                    long pc = MEMORY.getLong(code, at);
                    s.pc = pc + BlockStore.offsetOf(block, number);
                    s.step = end - left + number;
                    if (!slowPath.execute(PackedCode.unpack(code, place), pc + BlockStore.offsetBehind(block, number))) {
                        return null;
                    }
                }
                place += PackedCode.UNIT_BYTES * PackedCode.units(unit);
                continue;
            }
            s.pc = MEMORY.getLong(code, BlockStore.RUN_PC);
            s.step = end - left;
            if (left == 0) {
                return null;
            }
            if (reason == LOST) {
                int epoch = store.epoch;
                Block following = blocks.find(s.pc, mmu);
                if (following == null) {
                    slowPath.takeFault();
                    return null;
                }
                if (mmu.attention) {
                    return null;
                }
                if (store.epoch == epoch) {
                    store.follow(at, place, following);
                }
                at = following.at;
            }
            if (reason == IMPATIENT || !store.visit(at, 1)) {
                return store.owner(at);
            }
            at = begin(at, left);
            place = at + BlockStore.HEAD;
            countedIn = -1;
        }
    }

    /** Sees to it that a block is not longer than the steps that are left; where it is then. */
    private int begin(int block, int left) {
        return store.length(block) > left ? store.cut(block, left) : block;
    }

    /**
     * The loop itself. It calls nothing, and knows of little: what it looks at then stays in the host's registers. With the calls
     * for what is rare in it the JVM's compiler kept nearly all of that on the stack, and went there a dozen times for each
     * instruction of the guest's. So the pc is read from the block's head when it is needed, and what is looked at once in a block
     * is with the blocks ({@link BlockStore#RUN_GENERATION} and what follows); there it also says where it stopped.
     *
     * @param at the block in the store
     * @param i where to begin, an instruction in it
     * @return why it stopped
     */
    private static int execute(long[] x, long[] code, long at, long i) {
        if (x.length != REGISTERS || code.length == 0) {
            throw new IllegalStateException("accesses are not checked one by one: registers=" + x.length + " code="
                    + code.length);
        }
        for (;;) {
            long w;
            long target;
            long taken;
            long next;
            int length;
            leave:
            {
                onward:
                {
                    for (;; i += PackedCode.UNIT_BYTES) {
                        w = MEMORY.getInt(code, i);
                        long a = MEMORY.getLong(x, w >>> 9 & 0xf8);
                        int op = (int) w & PackedCode.OPS - 1;
                        branch:
                        {
                            switch (op) {
                                case Op.ADDI -> set(x, w, a + (w >> 17));
                                case Op.ADDIW -> set(x, w, (int) (a + (w >> 17)));
                                case Op.SLLI -> set(x, w, a << (w >> 17));
                                case Op.SRLI -> set(x, w, a >>> (w >> 17));
                                case Op.SRAI -> set(x, w, a >> (w >> 17));
                                case Op.ANDI -> set(x, w, a & w >> 17);
                                case Op.ORI -> set(x, w, a | w >> 17);
                                case Op.XORI -> set(x, w, a ^ w >> 17);
                                case Op.SLTI -> set(x, w, a < w >> 17 ? 1 : 0);
                                case Op.SLTIU -> set(x, w, Long.compareUnsigned(a, w >> 17) < 0 ? 1 : 0);
                                case Op.SLLIW -> set(x, w, (int) a << (w >> 17));
                                case Op.SRLIW -> set(x, w, (int) a >>> (w >> 17));
                                case Op.SRAIW -> set(x, w, (int) a >> (w >> 17));
                                case Op.LUI -> set(x, w, w & ~0xfffL);
                                case Op.AUIPC -> {
                                    i += PackedCode.UNIT_BYTES;
                                    set(x, w, MEMORY.getLong(code, at) + MEMORY.getInt(code, i));
                                }
                                case Op.ADD -> set(x, w, a + second(x, w));
                                case Op.SUB -> set(x, w, a - second(x, w));
                                case Op.ADDW -> set(x, w, (int) (a + second(x, w)));
                                case Op.SUBW -> set(x, w, (int) (a - second(x, w)));
                                case Op.AND -> set(x, w, a & second(x, w));
                                case Op.OR -> set(x, w, a | second(x, w));
                                case Op.XOR -> set(x, w, a ^ second(x, w));
                                case Op.SLL -> set(x, w, a << second(x, w));
                                case Op.SRL -> set(x, w, a >>> second(x, w));
                                case Op.SRA -> set(x, w, a >> second(x, w));
                                case Op.SLT -> set(x, w, a < second(x, w) ? 1 : 0);
                                case Op.SLTU -> set(x, w, Long.compareUnsigned(a, second(x, w)) < 0 ? 1 : 0);
                                case Op.SLLW -> set(x, w, (int) a << second(x, w));
                                case Op.SRLW -> set(x, w, (int) a >>> second(x, w));
                                case Op.SRAW -> set(x, w, (int) a >> second(x, w));
                                case Op.MUL -> set(x, w, a * second(x, w));
                                case Op.MULW -> set(x, w, (int) (a * second(x, w)));
                                case PackedCode.NOTHING -> {
                                }
                                case LOAD, LOAD + 1, LOAD + 2, LOAD + 3, LOAD_UNSIGNED, LOAD_UNSIGNED + 1, LOAD_UNSIGNED + 2 -> {
                                    long va = a + (w >> 17);
                                    long entry = entry(code, BlockStore.RUN_READS, va);
                                    if (MEMORY.getLong(entry) != tag(w, va)) {
                                        return stop(code, i, at, 0, HANDED_OVER);
                                    }
                                    long unused = -8L << (w & 3);
                                    // All ones if it extends a sign.
                                    long signed = ~(w << 61 >> 63);
                                    set(x, w, read(entry, va) << unused >> unused & (-1L >>> unused | signed));
                                }
                                case STORE, STORE + 1, STORE + 2, STORE + 3 -> {
                                    long va = a + (w >> 17);
                                    long entry = entry(code, BlockStore.RUN_WRITES, va);
                                    if (MEMORY.getLong(entry) != tag(w, va)) {
                                        return stop(code, i, at, 0, HANDED_OVER);
                                    }
                                    put(entry, va, inDestination(x, w), -1L >>> 64 - (8L << (w & 3)));
                                }
                                case Op.BEQ -> {
                                    if (a == inDestination(x, w)) {
                                        break branch;
                                    }
                                    i += PackedCode.UNIT_BYTES;
                                }
                                case Op.BNE -> {
                                    if (a != inDestination(x, w)) {
                                        break branch;
                                    }
                                    i += PackedCode.UNIT_BYTES;
                                }
                                case Op.BLT -> {
                                    if (a < inDestination(x, w)) {
                                        break branch;
                                    }
                                    i += PackedCode.UNIT_BYTES;
                                }
                                case Op.BGE -> {
                                    if (a >= inDestination(x, w)) {
                                        break branch;
                                    }
                                    i += PackedCode.UNIT_BYTES;
                                }
                                case Op.BLTU -> {
                                    if (Long.compareUnsigned(a, inDestination(x, w)) < 0) {
                                        break branch;
                                    }
                                    i += PackedCode.UNIT_BYTES;
                                }
                                case Op.BGEU -> {
                                    if (Long.compareUnsigned(a, inDestination(x, w)) >= 0) {
                                        break branch;
                                    }
                                    i += PackedCode.UNIT_BYTES;
                                }
                                case PackedCode.J -> {
                                    target = MEMORY.getLong(code, at) + (w >> 7 << 1);
                                    break onward;
                                }
                                case PackedCode.CALL -> {
                                    target = MEMORY.getLong(code, at) + (w >> 7 << 1);
                                    MEMORY.putLong(x, 8, MEMORY.getLong(code, at) + bytes(code, at));
                                    break onward;
                                }
                                case Op.JAL -> {
                                    target = MEMORY.getLong(code, at) + MEMORY.getInt(code, i + PackedCode.UNIT_BYTES);
                                    set(x, w, MEMORY.getLong(code, at) + bytes(code, at));
                                    break onward;
                                }
                                case PackedCode.JR -> {
                                    target = a + (w >> 17) & ~1;
                                    break onward;
                                }
                                case Op.JALR -> {
                                    target = a + (w >> 17) & ~1;
                                    set(x, w, MEMORY.getLong(code, at) + bytes(code, at));
                                    break onward;
                                }
                                case PackedCode.END -> {
                                    target = MEMORY.getLong(code, at) + bytes(code, at);
                                    break onward;
                                }
                                default -> {
                                    return stop(code, i, at, 0, HANDED_OVER);
                                }
                            }
                            continue;
                        }
                        target = MEMORY.getLong(code, at) + (w >> 17);
                        taken = i + PackedCode.UNIT_BYTES;
                        int count = MEMORY.getInt(code, taken);
                        length = count >>> PackedCode.COUNT_SHIFT;
                        next = (long) (count & PackedCode.TAKEN) << BlockStore.HINT_SHIFT;
                        break leave;
                    }
                }
                length = (MEMORY.getInt(code, at + BlockStore.SHAPE) >>> BlockStore.LENGTH_SHIFT) + 1;
                taken = BlockStore.ONWARD;
                next = (long) MEMORY.getInt(code, at + BlockStore.NEXT) << BlockStore.HINT_SHIFT;
            }
            int left = MEMORY.getInt(code, BlockStore.RUN_LEFT) - length;
            MEMORY.putInt(code, BlockStore.RUN_LEFT, left);
            if (MEMORY.getLong(code, next) != target
                    || MEMORY.getLong(code, next + BlockStore.GENERATION) != MEMORY.getLong(code, BlockStore.RUN_GENERATION)) {
                return stop(code, taken, at, target, LOST);
            }
            at = next;
            if (left < BlockStore.MAX_LENGTH) {
                return stop(code, 0, at, target, SHORT);
            }
            int patience = MEMORY.getInt(code, at + BlockStore.PATIENCE) - 1;
            MEMORY.putInt(code, at + BlockStore.PATIENCE, patience);
            if (patience < 0) {
                return stop(code, 0, at, target, IMPATIENT);
            }
            i = at + BlockStore.HEAD;
        }
    }

    /** What an entry has to hold for an access of this size. */
    private static long tag(long w, long va) {
        return va & ~(-1L << (w & 3) & 0xfff);
    }

    /** The doubleword of an address, what is before it shifted out. */
    private static long read(long entry, long va) {
        return MEMORY.getLong(MEMORY.getLong(entry + DataTlb.ADDEND) + (va & -8)) >>> (va << 3);
    }

    /** The entry of one of the TLB's tables for an address. */
    private static long entry(long[] code, int table, long va) {
        return DataTlb.entry(MEMORY.getLong(code, table), MEMORY.getLong(code, BlockStore.RUN_MASK), va);
    }

    /** How many bytes the instructions of a block are. */
    private static int bytes(long[] code, long block) {
        return ((MEMORY.getInt(code, block + BlockStore.SHAPE) >>> BlockStore.HALFWORDS_SHIFT
                & BlockStore.MOST_HALFWORDS - 1) + 1) * 2;
    }

    private static void set(long[] x, long w, long value) {
        MEMORY.putLong(x, w >>> 4 & 0xf8, value);
    }

    /** The second source. */
    private static long second(long[] x, long w) {
        return MEMORY.getLong(x, w >>> 14 & 0xf8);
    }

    /** The second source of a store or branch: they have it where others have their destination. */
    private static long inDestination(long[] x, long w) {
        return MEMORY.getLong(x, w >>> 4 & 0xf8);
    }

    private static int stop(long[] code, long place, long block, long pc, int reason) {
        MEMORY.putLong(code, BlockStore.RUN_PLACE, place);
        MEMORY.putLong(code, BlockStore.RUN_BLOCK, block);
        MEMORY.putLong(code, BlockStore.RUN_PC, pc);
        return reason;
    }

    /** Executes what is no more than computation but rare; false, and nothing done, if it is something else. */
    private boolean executeRare(int unit, long place, boolean floatDirty) {
        if (PackedCode.op(unit) != PackedCode.WIDE) {
            return false;
        }
        long w = PackedCode.unpack(store.memory, place);
        int op = Predecoded.op(w);
        long[] x = state.x;
        long a = x[Predecoded.rs1(w)];
        if (op >= Op.MULH && op <= Op.BSETI) {
            x[Predecoded.rd(w)] = IntegerUnit.compute(op, a, x[Predecoded.rs2(w)] + Predecoded.imm(w));
            return true;
        }
        return op == Op.FENCE || floatDirty && executeFloat(w, op, a + Predecoded.imm(w));
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
        DataTlb tlb = mmu.data;
        boolean isDouble = op == Op.FLD || op == Op.FSD;
        long tag = va & (DataTlb.PAGE_MASK | (isDouble ? 7 : 3));
        if (op == Op.FLD || op == Op.FLW) {
            long entry = DataTlb.entry(tlb.reads, tlb.mask, va);
            if (MEMORY.getLong(entry) != tag) {
                return false;
            }
            state.f[Predecoded.rd(w)] = read(entry, va) | (isDouble ? 0 : -1L << 32);
            return true;
        }
        if (op == Op.FSD || op == Op.FSW) {
            long entry = DataTlb.entry(tlb.writes, tlb.mask, va);
            if (MEMORY.getLong(entry) != tag) {
                return false;
            }
            put(entry, va, state.f[Predecoded.rs2(w)], isDouble ? -1 : 0xffff_ffffL);
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
        long shift = (va & 7) << 3;
        long there = MEMORY.getLong(at);
        MEMORY.putLong(at, there ^ ((there >>> shift ^ value) & mask) << shift);
    }
}
