package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.bus.Platform;
import dev.reprise.cpu.bus.StateSink;
import dev.reprise.cpu.bus.StateSource;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.csr.CsrFile;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Disassembler;
import dev.reprise.cpu.mmu.Mmu;
import dev.reprise.cpu.translate.Translator;
import dev.reprise.cpu.trap.TrapListener;
import dev.reprise.cpu.trap.Traps;
import java.util.List;

/**
 * One RV64GC hart (with Zba, Zbb, Zbs, Zicntr, Sstc; machine, supervisor and user mode). Owned by the guest thread.
 *
 * <p>At each step, in this order: deadlines that are due; then an interrupt entry if one is pending and enabled; else,
 * if the hart waits, a wake if one is pending at all; else one instruction, which retires or traps. Each of these is one
 * step, except that a hart which waits in vain makes none. Where a run is stopped changes nothing that a guest can see.
 */
public final class Hart {
    /** Raised with every change that a guest can see; part of a recording's manifest. */
    public static final int MODEL_REVISION = 2;
    private static final int MAX_BLOCKS = 1 << 17;
    private static final int MAX_CODE_PAGES = 1 << 14;

    private final HartConfig config;
    private final PhysicalBus bus;
    private final Platform platform;
    private final CpuState state = new CpuState();
    private final BlockCache blocks;
    private final Mmu mmu;
    private final CsrFile csrs;
    private final Executor executor;
    /** Null if nothing is translated. */
    private final RegionCache regions;
    private final Translator translator;
    private boolean stopRequested;
    /** The step at which time reaches stimecmp, or wraps below it again; meaningful unless {@link #timerStale}. */
    private long timerStep;
    private boolean timerStale = true;
    private long firstStep;

    public Hart(HartConfig config, PhysicalBus bus, Platform platform) {
        this(config, bus, platform, MAX_BLOCKS, MAX_CODE_PAGES);
    }

    /** With a translator of one's own, for tests that plant a bug in it. */
    public Hart(HartConfig config, PhysicalBus bus, Platform platform, Translator translator) {
        this(config, bus, platform, MAX_BLOCKS, MAX_CODE_PAGES, translator);
    }

    /** With bounds for what is kept of predecoded code, for tests. */
    Hart(HartConfig config, PhysicalBus bus, Platform platform, int maxBlocks, int maxCodePages) {
        this(config, bus, platform, maxBlocks, maxCodePages, translator(config.execution().possible()));
    }

    private static Translator translator(Execution execution) {
        return execution.translated()
                ? new Translator(execution.maxInstructions(), execution.callsInVain(), execution.machineCode(),
                        execution.inBackground()) : null;
    }

    /** With a translator of one's own, null for none. */
    Hart(HartConfig config, PhysicalBus bus, Platform platform, int maxBlocks, int maxCodePages, Translator translator) {
        this.translator = translator;
        this.config = config;
        this.bus = bus;
        this.platform = platform;
        Execution execution = config.execution().possible();
        boolean translated = execution.translated();
        regions = translated ? new RegionCache(bus, execution.maxRegions()) : null;
        blocks = new BlockCache(bus, maxBlocks, maxCodePages, translated ? execution.patience() : Integer.MAX_VALUE, regions);
        mmu = new Mmu(state, bus, blocks);
        csrs = new CsrFile(state, platform, config.hartId(), config.paging());
        SlowPath slowPath = new SlowPath(state, csrs, mmu, bus);
        Interpreter interpreter = new Interpreter(state, mmu, blocks, slowPath);
        executor = translated
                ? new TranslatingExecutor(state, mmu, blocks, slowPath, interpreter, translator, execution)
                : new InterpretingExecutor(state, mmu, blocks, slowPath, interpreter);
        reset();
    }

    /**
     * The 64-bit step count: exact whenever the guest's code calls out (device access, {@link Platform}), also in the
     * middle of a block.
     */
    public long step() {
        return state.step;
    }

    /** Sets the step count, before a run or with a loaded state; the guest's own counters keep their values. */
    public void setStep(long step) {
        long difference = state.step - step;
        state.cycleBias += (state.mcountinhibit & 1) == 0 ? difference : 0;
        state.instretBias += (state.mcountinhibit & 4) == 0 ? difference : 0;
        state.step = step;
        firstStep = step;
        state.notRetired = 0;
        timerStale = true;
    }

    /**
     * Runs until {@code limitStep} is reached, exactly, or until one of the other reasons. A request to stop that
     * comes while the hart waits in vain takes effect at once.
     */
    public StopReason runUntil(long limitStep) {
        CpuState s = state;
        while (s.step < limitStep) {
            if (timerStale || s.changed != 0) {
                refreshTimer();
            }
            passDeadlines();
            int interrupt = Traps.pendingInterrupt(s);
            if (interrupt != Traps.NONE) {
                Traps.enterInterrupt(s, interrupt);
                mmu.contextChanged();
                finishStepWithoutInstruction();
            } else if (!s.waiting) {
                mmu.attention = false;
                mmu.data.fit();
                long limit = Math.min(limitStep, Math.min(timerStep, platform.nextDeadlineStep()));
                executor.run(stopRequested ? s.step + 1 : Math.max(limit, s.step + 1));
            } else if ((s.mip() & s.mie) != 0) {
                s.waiting = false;
                finishStepWithoutInstruction();
            } else if (stopRequested) {
                stopRequested = false;
                return StopReason.STOP_REQUESTED;
            } else if (!platform.skipIdle(s.step, wakingTicks())) {
                return StopReason.IDLE;
            } else {
                timerStale = true;
                continue;
            }
            if (stopRequested) {
                stopRequested = false;
                return StopReason.STOP_REQUESTED;
            }
        }
        return StopReason.LIMIT;
    }

    /**
     * Counts a step for a hart that waits, after {@link #runUntil} has returned IDLE: the platform has served a deadline
     * that woke nobody, and what comes next must be stamped after it. Retires nothing.
     */
    public void idleStep() {
        if (!state.waiting) {
            throw new IllegalStateException("the hart does not wait: step=" + state.step);
        }
        finishStepWithoutInstruction();
        timerStale = true;
    }

    /** When stimecmp will wake a waiting hart; -1 if it will not, so that nobody skips time for it in vain. */
    private long wakingTicks() {
        boolean wakes = state.timerEnabled() && !state.timerPending && (state.mie & Csr.STIP) != 0;
        return wakes ? state.stimecmp : -1;
    }

    private void finishStepWithoutInstruction() {
        state.stepDidNotRetire();
        state.step++;
        state.changed = 0;
    }

    private void passDeadlines() {
        CpuState s = state;
        if (s.step >= platform.nextDeadlineStep()) {
            platform.onDeadline(s.step);
            if (timerStale) {
                refreshTimer();
            }
        }
        if (s.step >= timerStep) {
            refreshTimer();
        }
    }

    /** stimecmp, its enable or the time function changed. */
    private void refreshTimer() {
        CpuState s = state;
        timerStale = false;
        s.changed &= ~CpuState.CHANGED_TIMER;
        s.timerPending = s.timerEnabled() && Long.compareUnsigned(platform.timeTicks(s.step), s.stimecmp) >= 0;
        timerStep = !s.timerEnabled() ? Long.MAX_VALUE
                : s.timerPending ? platform.firstStepOfWrap(s.step) : platform.firstStepAtOrAfter(s.stimecmp, s.step);
    }

    /** Names who is told of each trap; null for nobody. */
    public void trapListener(TrapListener listener) {
        state.trapListener = listener;
    }

    /** Makes {@link #runUntil} return after the step that is being executed. Guest thread only. */
    public void requestStop() {
        stopRequested = true;
        // A device access has it looked at anyway; a store to a watched word of RAM has not.
        mmu.attention = true;
    }

    /**
     * Sets the level of an interrupt line, from a device access, {@link Platform#onDeadline} or between runs; it counts
     * from the next step on.
     *
     * @param mipBit SSIP 1, MSIP 3, STIP 5, MTIP 7, SEIP 9, MEIP 11
     */
    public void setInterruptLine(int mipBit, boolean level) {
        long bit = 1L << mipBit;
        state.lines = level ? state.lines | bit : state.lines & ~bit;
        mmu.attention = true;
    }

    /** The platform's time function changed: deadlines are computed again before the next step. */
    public void timeChanged() {
        timerStale = true;
        mmu.attention = true;
    }

    /** Puts the hart into its reset state. The step count, RAM and the levels of the interrupt lines stay. */
    public void reset() {
        state.reset(config.resetPc());
        afterLoad();
    }

    private void afterLoad() {
        state.changed = 0;
        timerStale = true;
        mmu.protectionChanged();
        mmu.contextChanged();
    }

    /** Puts everything about the hart that its guest can see, in a fixed order; RAM is the bus's. */
    public void saveState(StateSink sink) {
        HartState.save(state, sink);
    }

    /**
     * Takes back what {@link #saveState} put.
     *
     * @throws IllegalArgumentException if it cannot be the state of a hart
     */
    public void loadState(StateSource source) {
        HartState.load(state, source);
        firstStep = state.step;
        state.notRetired = 0;
        afterLoad();
    }

    /** What two harts differ in: a line each, {@code name: this one's value and the other's}. */
    public List<String> differences(Hart other) {
        return HartState.differences(state, other.state);
    }

    /**
     * The pc and the instruction there, for reports. It is fetched as if it were executed, so the page table's A bits may
     * be set: not for a hart whose state still matters.
     */
    public String describeInstruction() {
        String where = "pc 0x" + Long.toHexString(state.pc) + ": ";
        long address = mmu.fetchAddress(state.pc, 2);
        if (address == -1) {
            return where + "no instruction can be fetched";
        }
        int word = (int) Page.get(bus.page(bus.pageAt(address)), (int) address & Page.BYTES - 1, 2);
        if (Decoder.lengthOf(word) == 4) {
            address = mmu.fetchAddress(state.pc + 2, 2);
            if (address == -1) {
                return where + "the second half of the instruction cannot be fetched";
            }
            word |= (int) Page.get(bus.page(bus.pageAt(address)), (int) address & Page.BYTES - 1, 2) << 16;
        }
        return where + Disassembler.disassemble(state.pc, word);
    }

    /** Drops every cached translation and block; the state does not change. */
    public void flushCaches() {
        blocks.flush();
        mmu.flush();
    }

    public long pc() {
        return state.pc;
    }

    public void setPc(long pc) {
        state.pc = pc & ~1;
    }

    /** @param register 0 to 31 */
    public long x(int register) {
        return state.x[register & 31];
    }

    /** @param register 1 to 31; x0 stays 0 */
    public void setX(int register, long value) {
        if ((register & 31) != 0) {
            state.x[register & 31] = value;
        }
    }

    /** The 64 bits of an f register; singles are NaN-boxed. */
    public long f(int register) {
        return state.f[register & 31];
    }

    public void setF(int register, long bits) {
        state.f[register & 31] = bits;
    }

    /** 0 user, 1 supervisor, 3 machine. */
    public int privilege() {
        return state.privilege;
    }

    /** Whether the hart waits for an interrupt. */
    public boolean waiting() {
        return state.waiting;
    }

    /** The value of a CSR; 0 if there is none of that number or the hart could not read it in its mode. */
    public long csr(int number) {
        return csrs.read(number) ? csrs.value : 0;
    }

    /** Writes a CSR as machine mode would; without effect if there is none of that number. */
    public void setCsr(int number, long value) {
        if (csrs.read(number)) {
            csrs.write(number, value);
            afterLoad();
        }
    }

    /** Instructions retired since this object was made or the step was last set; what the guest writes does not count. */
    public long instructionsRetired() {
        return state.step - firstStep - state.notRetired;
    }

    /** How many translated regions are installed now; 0 with the interpreter alone. */
    public int cachedRegions() {
        return regions == null ? 0 : regions.count();
    }

    /** How many regions were ever installed. */
    public long regionsInstalled() {
        return regions == null ? 0 : regions.installed();
    }

    /** How many of them were made from two pages. */
    public long regionsOfTwoPages() {
        return regions == null ? 0 : regions.installedOfTwoPages();
    }

    /** How many of them are gone, because their code was changed or there were too many. */
    public long regionsDropped() {
        return regions == null ? 0 : regions.dropped();
    }

    /** How many regions were made anew because much of the run was spent in them. */
    public long regionsPromoted() {
        return executor instanceof TranslatingExecutor translating ? translating.promoted() : 0;
    }

    /** How many calls hot regions made; 0 with the interpreter alone. */
    public long callsInRegions() {
        return executor instanceof TranslatingExecutor translating ? translating.calls() : 0;
    }

    /** How many of them came back to the region that made them, which then went on. */
    public long returnsInRegions() {
        return executor instanceof TranslatingExecutor translating ? translating.returns() : 0;
    }

    /** Steps that the interpreter executed since this object was made; with the interpreter alone it does not count. */
    public long stepsInterpreted() {
        return executor instanceof TranslatingExecutor translating ? translating.interpretedSteps() : 0;
    }

    /** The translator's own defect, if it met one; the interpreter ran that code. */
    public Throwable translationFailure() {
        return translator == null ? null : translator.lastFailure();
    }

    /** How many predecoded blocks are kept now. */
    public int cachedBlocks() {
        return blocks.blockCount();
    }
}
