package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.mmu.Mmu;
import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.Translator;

/**
 * Runs translated regions where there are some, and the interpreter elsewhere; blocks that the interpreter meets often
 * are sent to the {@link Translator}. Where control goes from one to the other is the same block table.
 */
final class TranslatingExecutor implements Executor {
    private static final int MAX_BUDGET = 1 << 30;
    private static final int PAGE_OFFSET = PhysicalBus.PAGE_BYTES - 1;
    /** A region of two pages that so often could not be entered is given up. */
    private static final int MAX_REFUSALS = 1_000;

    private final CpuState state;
    private final Mmu mmu;
    private final BlockCache blocks;
    private final SlowPath slowPath;
    private final Interpreter interpreter;
    private final RegionHost host;
    private final Translator translator;
    private final PhysicalBus bus;
    private final int patience;
    private final long hotSteps;
    private final long share;
    private final boolean atFirstSight;
    private long interpretedSteps;
    private int promoted;
    private final PlanBuilder plans;

    TranslatingExecutor(CpuState state, Mmu mmu, BlockCache blocks, SlowPath slowPath, Interpreter interpreter,
            Translator translator, PhysicalBus bus, Execution execution) {
        this.state = state;
        this.mmu = mmu;
        this.blocks = blocks;
        this.slowPath = slowPath;
        this.interpreter = interpreter;
        this.translator = translator;
        this.bus = bus;
        patience = execution.patience();
        hotSteps = execution.hotSteps();
        share = execution.share();
        atFirstSight = patience == 0;
        host = new RegionHost(state, mmu, slowPath);
        plans = new PlanBuilder(blocks, patience);
    }

    /** How many steps were interpreted. */
    long interpretedSteps() {
        return interpretedSteps;
    }

    @Override
    public void run(long limitStep) {
        if (translator.hasFinished()) {
            install();
        }
        CpuState s = state;
        RegionHost context = host;
        BlockCache cache = blocks;
        Block block = cache.find(s.pc, mmu);
        if (block == null) {
            slowPath.takeFault();
            return;
        }
        context.use(mmu.data);
        context.stopped = false;
        long generation = mmu.fetch.generation();
        boolean floatReady = (s.mstatus & Csr.MSTATUS_FS) == Csr.MSTATUS_FS && s.frm <= 4;
        int left = (int) Math.min(limitStep - s.step, MAX_BUDGET);
        long end = s.step + left;
        context.end = end;
        for (;;) {
            if (atFirstSight && block.region == null) {
                meet(block);
            }
            Region region = block.region;
            long pc;
            if (region != null && left >= block.regionBudget && (floatReady || !block.regionUsesFloat)
                    && (region.secondPage < 0 || isMapped(block, region, generation))) {
                long base = (block.pc & ~(long) PAGE_OFFSET) - block.regionShift;
                context.base = base;
                int before = left;
                left = region.run(context, base, left, block.regionEntry);
                region.steps += before - left;
                if (context.stopped) {
                    return;
                }
                pc = context.pc;
                if (region.steps >= hotSteps) {
                    promote(block, region);
                }
                if (left == 0) {
                    s.pc = pc;
                    s.step = end;
                    return;
                }
            } else {
                s.pc = block.pc;
                long from = end - left;
                s.step = from;
                boolean met = interpreter.run(end);
                interpretedSteps += s.step - from;
                if (!met) {
                    return;
                }
                pc = s.pc;
                left = (int) (end - s.step);
                meet(cache.peek(pc, generation));
            }
            block = cache.peek(pc, generation);
            if (block == null) {
                s.pc = pc;
                s.step = end - left;
                block = cache.find(pc, mmu);
                if (block == null) {
                    slowPath.takeFault();
                    return;
                }
                if (mmu.attention) {
                    return;
                }
            }
        }
    }

    /** Whether the two pages of a region follow each other here; the block's own page is known to be where it is. */
    private boolean isMapped(Block block, Region region, long generation) {
        long base = (block.pc & ~(long) PAGE_OFFSET) - block.regionShift;
        if (region.generation == generation && region.base == base) {
            return true;
        }
        boolean entersFirst = block.regionShift == 0;
        int other = mmu.cachedFetchPage(entersFirst ? base + PhysicalBus.PAGE_BYTES : base);
        if (other == (entersFirst ? region.secondPage : region.page)) {
            region.generation = generation;
            region.base = base;
            return true;
        }
        if (++region.refusals > MAX_REFUSALS) {
            blocks.dropRegion(region);
        }
        return false;
    }

    private void install() {
        for (RegionCode code = translator.poll(); code != null; code = translator.poll()) {
            if (code.region() != null) {
                blocks.install(code);
            }
        }
    }

    /** The interpreter has come to a block that has lost its patience. */
    private void meet(Block block) {
        if (block == null) {
            return;
        }
        if (block.region != null) {
            block.patience = 0;
        } else if (block.page < 0 || block.secondPage >= 0) {
            block.patience = Integer.MAX_VALUE;
        } else if (block.wasTried) {
            block.patience = Integer.MAX_VALUE;
        } else if (isHot(block) && translator.isReady()) {
            block.patience = Integer.MAX_VALUE;
            block.wasTried = true;
            translator.submit(plans.warm(block));
            install();
        } else {
            block.patience = patience;
        }
    }

    /** Much of the run is spent in a region: it is made anew, of all that is around it, for the JVM's best compiler. */
    private void promote(Block block, Region region) {
        if (translator.isReady()) {
            region.steps = Long.MIN_VALUE;
            promoted++;
            translator.submit(plans.hot(block));
        }
    }

    /** How many regions were hot. */
    int promoted() {
        return promoted;
    }

    /**
     * Whether the block takes enough of the run to be worth its place in the JVM's code: what is met often but is one
     * of very many runs faster interpreted, because translated code is some hundred times the size of the guest's.
     */
    private boolean isHot(Block block) {
        long before = block.lostAt;
        block.lostAt = state.step;
        return atFirstSight || before >= 0 && state.step - before < (long) patience * block.code.length * share;
    }
}
