package dev.reprise.cpu.translate;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.mmu.DataTlb;
import java.lang.foreign.MemorySegment;

/**
 * What a region works on, and what it asks for. The guest thread's own.
 *
 * <p>A call names its instruction with {@link #packed}; {@code left} is the budget before the basic block in which it
 * stands, so that pc and step are exact for whatever is called. A call that sets {@link #stopped} has completed its step
 * (by a trap, or with a consequence that the hart must look at), and pc and step are those of the next one.
 */
public abstract class RegionContext {
    private static final int OFFSET_BITS = 13;
    private static final int INDEX_BITS = 8;
    private static final int LONG_BIT = 1 << OFFSET_BITS + INDEX_BITS;

    /** In {@link #pc} after a region that stopped: no place to go on, nor to come back to. */
    public static final long NOWHERE = 1;

    /** Most instructions of a basic block. */
    static final int MAX_INDEX = (1 << INDEX_BITS) - 1;

    public final CpuState state;
    /** The x registers, for machine code. */
    final MemorySegment registers;
    /** The f registers, for machine code. */
    final MemorySegment floats;
    /** The fast tables of the current data TLB. */
    public long reads;
    public long writes;
    /** Which bits of an address lead to an entry of them. */
    public long tlbMask;
    /** Virtual address of the (first) page of the region that runs. */
    public long base;
    /** The step at which the budget is used up. */
    public long end;
    /** Where to go on after a region, or {@link #NOWHERE}. */
    public long pc;
    /** Of the fetch context that regions run in. */
    public long generation;
    /** The last call completed its step, and everything must be looked at again. */
    public boolean stopped;
    /** A region was left before an access that misses: it is at {@link #pc}, and has to be interpreted. */
    public boolean missed;

    protected RegionContext(CpuState state) {
        this.state = state;
        registers = MemorySegment.ofArray(state.x);
        floats = MemorySegment.ofArray(state.f);
    }

    /** Takes the tables of a data TLB. */
    public final void use(DataTlb tlb) {
        reads = tlb.reads;
        writes = tlb.writes;
        tlbMask = tlb.mask;
    }

    /** An instruction that is no computation, jump, load or store, on the registers in the arrays of {@link #state}. */
    public abstract void execute(long word, int left, int packed);

    /**
     * Runs what a region calls, with all registers in the arrays of {@link #state}; {@link #base} is not kept.
     *
     * @param target where the call goes
     * @param returnTo where it is to come back to
     * @param left steps that may be executed
     * @return what is left of the steps, if it came back: then the region goes on behind the call, with the registers as
     *     they are in the arrays now. Otherwise -1 minus what is left: then it leaves at once, and {@link #pc} is where to
     *     go on, unless stopped
     */
    public abstract int call(long target, long returnTo, int left);

    /**
     * Names an instruction.
     *
     * @param length in bytes, 2 or 4
     * @param index in its basic block, 0 to {@link #MAX_INDEX}
     * @param offset from the start of the region's (first) page, bytes
     */
    static int packed(int length, int index, int offset) {
        return (length == 4 ? LONG_BIT : 0) | index << OFFSET_BITS | offset;
    }

    /** The number in its basic block. */
    static int index(int packed) {
        return packed >>> OFFSET_BITS & MAX_INDEX;
    }

    /** From the start of the region's (first) page, bytes. */
    static int offset(int packed) {
        return packed & (1 << OFFSET_BITS) - 1;
    }

    /** Sets pc and step to those of the named instruction. */
    protected final void locate(int left, int packed) {
        state.pc = base + offset(packed);
        state.step = end - left + index(packed);
    }

    /** The address behind the named instruction. */
    protected final long nextPc(int packed) {
        return base + offset(packed) + ((packed & LONG_BIT) != 0 ? 4 : 2);
    }
}
