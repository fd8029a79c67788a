package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.mmu.Mmu;
import dev.reprise.cpu.translate.HostCode;
import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionContext;
import dev.reprise.cpu.translate.RegionPlan;
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
    /** Calls within calls, each with frames of the JVM; what is deeper begins anew. */
    private static final int MAX_DEPTH = 100;
    /**
     * A new hot region leaves after some hundred steps until it has been entered often enough for the JVM to compile it as
     * a whole; in a long loop it would be compiled for that loop first, and then once more.
     */
    private static final int SHORT_RUNS = 1_000;
    private static final int SHORT_STEPS = 300;
    /** Beside machine code of our own: how many times more steps are executed before a hot region is made. */
    private static final int SLOWER_TO_HOT = 10;
    /** And how often it is entered before it is asked how many steps it executes each time, and how many it should. */
    private static final int VISITS_OF_HOT = 2_000;
    private static final int STEPS_OF_VISIT = 2_000;

    /**
     * How much patience a block without a region loses when the executor comes to it, mostly from machine code of our own: the way out of
     * that and back takes as long as to interpret some hundred instructions.
     */
    private static final int DETOUR = 64;
    /** Of a block's patience: what it has while a plan of its page is with the translator. */
    private static final int SHARE_WHILE_WAITING = 8;

    private final CpuState state;
    private final Mmu mmu;
    private final BlockCache blocks;
    private final SlowPath slowPath;
    private final Interpreter interpreter;
    private final RegionHost host;
    private final Translator translator;
    private final int patience;
    private final long hotSteps;
    private final long share;
    private final boolean atFirstSight;
    private final boolean hasHostCode;
    /** By page: a plan of it is with the translator, and its region may have what is met meanwhile. */
    private final boolean[] isPlanned;
    private long interpretedSteps;
    private int promoted;
    private final PlanBuilder plans;
    /** Of the run: the fetch context, whether FS is dirty and frm valid, how deep in calls. */
    private long generation;
    private boolean floatReady;
    private int depth;
    private long returns;
    private long callsWithoutReturn;

    TranslatingExecutor(CpuState state, Mmu mmu, BlockCache blocks, SlowPath slowPath, Interpreter interpreter,
            Translator translator, Execution execution) {
        this.state = state;
        this.mmu = mmu;
        this.blocks = blocks;
        this.slowPath = slowPath;
        this.interpreter = interpreter;
        this.translator = translator;
        patience = execution.patience();
        share = execution.share();
        atFirstSight = patience == 0;
        hasHostCode = execution.machineCode() && HostCode.isOpen();
        isPlanned = new boolean[blocks.pageLimit()];
        long few = execution.hotSteps();
        hotSteps = hasHostCode && few < Long.MAX_VALUE / SLOWER_TO_HOT ? few * SLOWER_TO_HOT : few;
        host = new RegionHost(state, slowPath, this);
        plans = new PlanBuilder(blocks, patience, hasHostCode);
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
        context.missed = false;
        generation = mmu.fetch.generation();
        context.generation = generation;
        floatReady = (s.mstatus & Csr.MSTATUS_FS) == Csr.MSTATUS_FS && s.frm <= 4;
        depth = 0;
        int left = (int) Math.min(limitStep - s.step, MAX_BUDGET);
        long end = s.step + left;
        context.end = end;
        for (;;) {
            if (atFirstSight && block.region == null) {
                meet(block);
            }
            if (context.missed || !canEnter(block, left)) {
                if (!context.missed && block.region == null && !blocks.store.visit(block.at, detour(block))) {
                    meet(block);
                }
                context.missed = false;
                s.pc = block.pc;
                long from = end - left;
                s.step = from;
                block = interpreter.run(block, end);
                interpretedSteps += s.step - from;
                if (block == null) {
                    return;
                }
                left = (int) (end - s.step);
                meet(block);
                continue;
            }
            left = enter(block, left);
            if (context.stopped) {
                context.rethrow();
                return;
            }
            long pc = context.pc;
            if (left == 0) {
                s.pc = pc;
                s.step = end;
                return;
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

    private boolean canEnter(Block block, int left) {
        Region region = block.region;
        return region != null && left >= block.regionBudget && (!block.regionHasConditions || accepts(block, region));
    }

    private boolean accepts(Block block, Region region) {
        return (floatReady || !block.regionUsesFloat) && (region.secondPage < 0 || isMapped(block, region));
    }

    /** Runs the region that a block leads into; what is left of the steps. */
    private int enter(Block block, int left) {
        Region region = block.region;
        long base = (block.pc & ~(long) PAGE_OFFSET) - block.regionShift;
        host.base = base;
        if (region.shortRuns > 0) {
            return enterShortly(block, region, base, left);
        }
        int after = region.run(host, base, left, block.regionEntry);
        if (!region.isHot) {
            // Hot regions alone call others, so these steps are this one's own.
            block.heat += left - after;
            // The region may be gone: the guest stores to its own code.
            if (block.heat >= hotSteps && !block.wasPromoted && block.region == region && isWorthIt(block)) {
                promote(block);
            }
        } else if (hasHostCode) {
            region.steps += left - after;
            if (++region.visits == VISITS_OF_HOT) {
                keepIfItStays(block, region);
            }
        }
        return after;
    }

    /**
     * From machine code of our own into a region of the JVM's and back is a detour, so a hot region has to make up for it. One that is
     * left soon is dropped, and no other is made for its block.
     */
    private void keepIfItStays(Block block, Region region) {
        if (region.steps < (long) VISITS_OF_HOT * STEPS_OF_VISIT && block.region == region) {
            blocks.dropRegion(region);
            block.isLeftSoon = true;
        }
        region.visits = 0;
        region.steps = 0;
    }

    private int enterShortly(Block block, Region region, long base, int left) {
        region.shortRuns--;
        int held = Math.max(0, left - Math.max(SHORT_STEPS, block.regionBudget));
        host.end -= held;
        int after = region.run(host, base, left - held, block.regionEntry);
        host.end += held;
        return after + held;
    }

    /**
     * For {@link RegionHost#call}: runs regions from a place on, until control comes to another one or they cannot go on.
     * There are guests with a call for every ten instructions.
     */
    int call(long target, long returnTo, int budget) {
        RegionHost context = host;
        int left = budget;
        long pc = target;
        if (depth < MAX_DEPTH) {
            depth++;
            do {
                Block block = blocks.peek(pc, generation);
                if (block == null || !canEnter(block, left)) {
                    break;
                }
                left = enter(block, left);
                pc = context.pc;
                if (pc == returnTo) {
                    // What the callee missed there is the caller's to do.
                    context.missed = false;
                    depth--;
                    returns++;
                    return left;
                }
            } while (!context.missed && pc != RegionContext.NOWHERE);
            depth--;
        }
        callsWithoutReturn++;
        context.pc = pc;
        return ~left;
    }

    /** Whether the two pages of a region follow each other here; the block's own page is known to be where it is. */
    private boolean isMapped(Block block, Region region) {
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
            isPlanned[code.plan().page()] = false;
            if (code.region() != null) {
                code.region().shortRuns = code.plan().tier() == RegionPlan.Tier.HOT ? SHORT_RUNS : 0;
                blocks.install(code);
            }
        }
    }

    /** In a page where a store has dropped a region it is not worth the haste. */
    private int detour(Block block) {
        return hasHostCode && block.page >= 0 && !blocks.isSpoilt(block.page) ? DETOUR : 1;
    }

    /** The interpreter has come to a block that has lost its patience. */
    private void meet(Block block) {
        if (block.region != null) {
            blocks.store.setPatience(block, 0);
        } else if (block.page < 0 || block.secondPage >= 0) {
            blocks.store.setPatience(block, Integer.MAX_VALUE);
        } else if (block.wasTried) {
            blocks.store.setPatience(block, Integer.MAX_VALUE);
        } else if (isPlanned[block.page] && block.lostAt >= 0) {
            blocks.store.setPatience(block, patience / SHARE_WHILE_WAITING);
        } else if (isHot(block) && translator.isReady()) {
            blocks.store.setPatience(block, Integer.MAX_VALUE);
            block.wasTried = true;
            isPlanned[block.page] = hasHostCode;
            translator.submit(plans.warm(block));
            install();
        } else {
            blocks.store.setPatience(block, patience);
        }
    }

    /** The longer a run has lasted, the more a block must have done: the JVM's best compiler takes the guest's other core. */
    private boolean isWorthIt(Block block) {
        return block.heat - hotSteps >= state.step / share * 2;
    }

    /** Much of the run is spent behind a block: a region is made for it alone, for the JVM's best compiler. */
    private void promote(Block block) {
        if (translator.isReady()) {
            block.wasPromoted = true;
            if (!block.isLeftSoon) {
                promoted++;
                translator.submit(plans.hot(block));
            }
        }
    }

    /** How many calls regions made. */
    long calls() {
        return returns + callsWithoutReturn;
    }

    /** How many of them came back within the region. */
    long returns() {
        return returns;
    }

    /** How many regions were hot. */
    int promoted() {
        return promoted;
    }

    /**
     * Whether the block takes enough of the run to be worth its place in the JVM's code: what is met often but is one
     * of very many runs faster interpreted, because what the JVM makes is some hundred times the size of the guest's. Machine code of
     * our own is three to six times its size, and made in no time: it is enough that the block came back.
     */
    private boolean isHot(Block block) {
        long before = block.lostAt;
        block.lostAt = state.step;
        return atFirstSight
                || before >= 0 && (hasHostCode || state.step - before < (long) patience * block.length * share);
    }
}
