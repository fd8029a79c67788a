package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import dev.reprise.cpu.translate.RegionPlan;
import java.util.Arrays;

/**
 * Chooses what goes into a region: what control was seen to reach from a block. A warm region is of one page, and ends at
 * calls and indirect jumps; a hot one goes on behind calls, at the places where indirect jumps were seen to come to, and in
 * the page before or behind if control was seen to go there. A warm region that becomes machine code of our own takes in what
 * else of its page was seen, because one of a whole page costs little more than a small one, and what was not seen as well
 * ({@link RegionPlan#others}); but not where there may be data among the code.
 */
final class PlanBuilder {
    private static final int PAGE_BYTES = PhysicalBus.PAGE_BYTES;
    private static final int MAX_STARTS = 120;
    private static final int MAX_WARM_STARTS = 32;
    /** Of a page: about a block for each four instructions. */
    private static final int MAX_STARTS_OF_PAGE = 512;
    private static final int NONE = -1;

    private final BlockCache blocks;
    private final BlockStore store;
    private final int patience;
    private final boolean byPages;
    private final Block[] frontier = new Block[MAX_STARTS_OF_PAGE];
    private int most;
    private int planned;
    /** Its number, which blocks that are in it have. */
    private int plan;
    private boolean isHot;
    private int page;
    private int secondPage;
    private long generation;

    /**
     * @param patience how often what is in a plan is interpreted before it is looked at again
     * @param byPages whether a warm region may be as large as its page
     */
    PlanBuilder(BlockCache blocks, int patience, boolean byPages) {
        this.blocks = blocks;
        store = blocks.store;
        this.patience = patience;
        this.byPages = byPages;
    }

    RegionPlan warm(Block first) {
        begin(first, false);
        if (byPages && !blocks.isSpoilt(page)) {
            most = MAX_STARTS_OF_PAGE;
            blocks.forEachIn(page, this::add);
        }
        return plan(RegionPlan.Tier.WARM);
    }

    RegionPlan hot(Block first) {
        begin(first, true);
        return plan(RegionPlan.Tier.HOT);
    }

    private void begin(Block first, boolean hot) {
        isHot = hot;
        most = hot ? MAX_STARTS : MAX_WARM_STARTS;
        planned = 0;
        plan++;
        page = first.page;
        secondPage = NONE;
        generation = first.generation;
        add(first);
        reachAll(0);
    }

    private RegionPlan plan(RegionPlan.Tier tier) {
        int[] starts = new int[planned];
        int[] landings = new int[planned];
        int landingCount = 0;
        for (int i = 0; i < planned; i++) {
            starts[i] = offset(frontier[i]);
            if (isHot && frontier[i].isLanding) {
                landings[landingCount++] = starts[i];
            }
            if (i > 0 && frontier[i].region == null) {
                // It is in the plan: give that time to come back.
                store.setPatience(frontier[i], patience);
            }
        }
        Arrays.fill(frontier, null);
        return new RegionPlan(page, secondPage, blocks.bytes(page, secondPage), starts,
                Arrays.copyOf(landings, landingCount), tier, blocks.enteredPlaces(page));
    }

    private int offset(Block block) {
        return block.page == page ? block.startInPage : PAGE_BYTES + block.startInPage;
    }

    private void reachAll(int from) {
        for (int at = from; at < planned; at++) {
            Block block = frontier[at];
            for (Block next : store.taken(block)) {
                reach(block, next);
            }
            long word = block.lastWord;
            Block onward = store.onward(block);
            if (Predecoded.isCall(word)) {
                int after = block.startInPage + BlockStore.bytes(block);
                if (after < PAGE_BYTES) {
                    add(blocks.startingAt(block.page, after));
                }
            } else if (Predecoded.op(word) != Op.JALR) {
                reach(block, onward);
            } else if (isHot && Predecoded.isIndirectJump(word)) {
                widen(block, onward);
                addLandings(page);
                if (secondPage != NONE) {
                    addLandings(secondPage);
                }
            }
        }
    }

    private void reach(Block from, Block next) {
        widen(from, next);
        add(next);
    }

    /** Takes in the page that control went on to, if it lies before or behind the first and no other is in yet. */
    private void widen(Block from, Block next) {
        if (!isHot || secondPage != NONE || next == null || from.page != page || from.generation != generation
                || next.generation != generation) {
            return;
        }
        long pages = (next.pc >> 12) - (from.pc >> 12);
        if (next.secondPage != NONE && next.page == page && next.secondPage != page) {
            secondPage = next.secondPage;
        } else if (next.page != page && pages == 1) {
            secondPage = next.page;
        } else if (next.page != page && pages == -1) {
            secondPage = page;
            page = next.page;
        }
    }

    private void addLandings(int inPage) {
        for (Block landing : blocks.landingsIn(inPage)) {
            add(landing);
        }
    }

    private void add(Block block) {
        boolean wanted = planned < most && fits(block)
                && (block.region == null || isHot);
        if (wanted && block.plan != plan) {
            block.plan = plan;
            frontier[planned++] = block;
        }
    }

    private boolean fits(Block block) {
        if (block == null || block.generation == BlockStore.DROPPED) {
            return false;
        }
        return block.secondPage == NONE ? block.page == page || block.page == secondPage
                : block.page == page && block.secondPage == secondPage;
    }
}
