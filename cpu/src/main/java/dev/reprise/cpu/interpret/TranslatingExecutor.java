package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import dev.reprise.cpu.mmu.Mmu;
import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionPlan;
import dev.reprise.cpu.translate.Translator;
import java.util.Arrays;

/**
 * Runs translated regions where there are some, and the interpreter elsewhere; blocks that the interpreter meets often
 * are sent to the {@link Translator}. Where control goes from one to the other is the same block table.
 */
final class TranslatingExecutor implements Executor {
    private static final int MAX_BUDGET = 1 << 30;
    private static final int PAGE_OFFSET = PhysicalBus.PAGE_BYTES - 1;
    /** Most of one plan. */
    private static final int MAX_STARTS = 64;

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
    /** Of the plan that is being made. */
    private final Block[] frontier = new Block[MAX_STARTS];
    private final int[] landings = new int[MAX_STARTS];
    private int planned;
    private int landingCount;

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
            if (region != null && left >= block.regionBudget && (floatReady || !block.regionUsesFloat)) {
                long base = block.pc & ~(long) PAGE_OFFSET;
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
            translator.submit(plan(block, RegionPlan.Tier.WARM));
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
            translator.submit(plan(block, RegionPlan.Tier.HOT));
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

    /**
     * The block and what of its page control was seen to reach from it, short of calls and returns; if it is hot, with
     * them, and with all that is hot in its page.
     */
    private RegionPlan plan(Block first, RegionPlan.Tier tier) {
        boolean isHot = tier == RegionPlan.Tier.HOT;
        planned = 0;
        landingCount = 0;
        add(first, first.page, isHot);
        reachAll(0, isHot);
        if (isHot) {
            for (Block block : blocks.translatedIn(first.page)) {
                int before = planned;
                add(block, first.page, true);
                reachAll(before, true);
            }
        }
        int[] offsets = new int[planned];
        for (int i = 0; i < planned; i++) {
            offsets[i] = frontier[i].startInPage;
            if (i > 0 && frontier[i].region == null) {
                // It is in the plan: give that time to come back.
                frontier[i].patience = patience;
            }
            frontier[i] = null;
        }
        return new RegionPlan(first.page, Page.toBytes(bus.page(first.page)), offsets,
                Arrays.copyOf(landings, landingCount), tier);
    }

    private void reachAll(int from, boolean isHot) {
        for (int at = from; at < planned; at++) {
            Block block = frontier[at];
            for (int exit = 0; exit < block.next.length; exit++) {
                Block next = block.next[exit];
                int op = exit < block.code.length ? Predecoded.op(block.code[exit]) : Op.ADDI;
                boolean links = (op == Op.JAL || op == Op.JALR) && Predecoded.rd(block.code[exit]) != Predecoded.SINK;
                if (links) {
                    int after = block.startInPage + block.offset[exit + 1] & PAGE_OFFSET;
                    addLanding(blocks.startingAt(block.page, after), block.page, isHot);
                }
                if (isHot && (links || op == Op.JALR)) {
                    addLanding(next, block.page, true);
                } else if (!links && op != Op.JALR) {
                    add(next, block.page, isHot);
                }
            }
        }
    }

    private void add(Block block, int page, boolean isHot) {
        boolean wanted = block != null && planned < (isHot ? MAX_STARTS : MAX_STARTS / 2) && block.page == page
                && block.secondPage < 0 && block.generation != Block.DROPPED && (block.region == null || isHot);
        for (int i = 0; i < planned && wanted; i++) {
            wanted = frontier[i] != block;
        }
        if (wanted) {
            frontier[planned++] = block;
        }
    }

    /** A block that a call, an indirect jump or a return comes to. */
    private void addLanding(Block block, int page, boolean isHot) {
        add(block, page, isHot);
        boolean wanted = isHot && block != null && block.page == page && block.secondPage < 0
                && landingCount < MAX_STARTS;
        for (int i = 0; i < landingCount && wanted; i++) {
            wanted = landings[i] != block.startInPage;
        }
        if (wanted) {
            landings[landingCount++] = block.startInPage;
        }
    }
}
