package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PageTracker;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.mmu.CodeListener;
import dev.reprise.cpu.mmu.Mmu;
import dev.reprise.cpu.translate.HostCode;
import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds, makes and drops blocks. By virtual address there is a direct-mapped table, whose entries are valid for one
 * generation of the fetch context; behind it, per memory page, every block that starts there. When there are too many
 * blocks or code pages, all are dropped.
 */
final class BlockCache implements CodeListener {
    private static final int TABLE_BITS = 16;
    /** 2^64 / golden ratio: spreads code that is larger than the table. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final int PAGE_CHAINS = 128;

    private final PhysicalBus bus;
    private final PageTracker tracker;
    private final int maxBlocks;
    private final int maxPages;
    private final int patience;
    /** Null if nothing is translated. */
    private final RegionCache regions;
    private final HostCode hostCode;
    private final BlockDecoder decoder = new BlockDecoder();
    final BlockStore store = new BlockStore();
    /** One instruction that may not be kept; used until the next one. Never valid for a second look: it has no generation. */
    private Block scratch;
    private final Block[] table = new Block[1 << TABLE_BITS];
    private final CodePage[] codePages;
    private int[] usedPages = new int[64];
    private int usedPageCount;
    private int blockCount;

    /** The blocks that start in one page, and those that end in it after starting in the page before. */
    private static final class CodePage {
        final Block[] chains = new Block[PAGE_CHAINS];
        Block[] straddlers = new Block[0];
    }

    /**
     * @param patience how often a block is interpreted before it is handed to the executor
     * @param regions translated code that is entered at blocks, or null
     */
    BlockCache(PhysicalBus bus, int maxBlocks, int maxPages, int patience, RegionCache regions) {
        this.bus = bus;
        this.maxBlocks = maxBlocks;
        this.maxPages = maxPages;
        this.patience = patience;
        this.regions = regions;
        hostCode = new HostCode(regions == null ? 0 : regions.maxRegions());
        makeScratch();
        tracker = bus.tracker();
        codePages = new CodePage[bus.pageLimit()];
    }

    /** The valid block at {@code pc}, or null if the fetch faults: then the fault is in the MMU's fields. */
    Block find(long pc, Mmu mmu) {
        int index = index(pc);
        Block block = table[index];
        long generation = mmu.fetch.generation();
        if (block != null && block.pc == pc && block.generation == generation) {
            return block;
        }
        block = lookUp(pc, mmu);
        // A walk for the second page may have set an A bit and so changed the generation: take it as it is now.
        if (block != null && !mmu.fetchIsPartial) {
            place(block, pc, mmu.fetch.generation());
            table[index] = block;
        }
        return block;
    }

    private void place(Block block, long pc, long generation) {
        block.pc = pc;
        block.generation = generation;
        store.place(block);
    }

    /** Made with room for any instruction. */
    private void makeScratch() {
        scratch = new Block(-1, 0, -1);
        store.add(scratch, new long[] {Op.ILLEGAL}, 1, 0);
    }

    private static int index(long pc) {
        return (int) (pc * SPREAD >>> 64 - TABLE_BITS);
    }

    /** The valid block at {@code pc} in the table, or null: then {@link #find} may still have one. */
    Block peek(long pc, long generation) {
        Block block = table[index(pc)];
        return block != null && block.pc == pc && block.generation == generation ? block : null;
    }

    private Block lookUp(long pc, Mmu mmu) {
        long address = mmu.fetchAddress(pc, 2);
        if (address == -1) {
            return null;
        }
        int page = bus.pageAt(address);
        int start = (int) address & PhysicalBus.PAGE_BYTES - 1;
        if (mmu.fetchIsPartial) {
            return decodePartial(pc, bus.page(page), start, mmu);
        }
        int halfword = (int) Page.get(bus.page(page), start, 2);
        if (start + 2 == PhysicalBus.PAGE_BYTES && Decoder.lengthOf(halfword) == 4) {
            return lookUpStraddler(pc, page, start, halfword, mmu);
        }
        Block block = inPage(page, start, -1);
        if (block == null) {
            decoder.decode(bus.page(page), start, BlockStore.MAX_LENGTH);
            block = add(page, start, -1);
        }
        return block;
    }

    private Block lookUpStraddler(long pc, int page, int start, int halfword, Mmu mmu) {
        long address = mmu.fetchAddress(pc + 2, 2);
        if (address == -1) {
            return null;
        }
        int secondPage = bus.pageAt(address);
        int word = halfword | (int) Page.get(bus.page(secondPage), 0, 2) << 16;
        if (mmu.fetchIsPartial) {
            decoder.decodeOne(word);
            return setScratch(pc);
        }
        Block block = inPage(page, start, secondPage);
        if (block == null) {
            decoder.decodeOne(word);
            block = add(page, start, secondPage);
        }
        return block;
    }

    /** Protection that differs within the page is asked for each instruction anew, so nothing is kept. */
    private Block decodePartial(long pc, long memory, int start, Mmu mmu) {
        int halfword = (int) Page.get(memory, start, 2);
        if (Decoder.lengthOf(halfword) == 4) {
            long second = mmu.fetchAddress(pc + 2, 2);
            if (second == -1) {
                return null;
            }
            int upper = (int) Page.get(bus.page(bus.pageAt(second)), (int) second & PhysicalBus.PAGE_BYTES - 1, 2);
            decoder.decodeOne(halfword | upper << 16);
            mmu.fetchIsPartial = true;
        } else {
            decoder.decode(memory, start, 1);
        }
        return setScratch(pc);
    }

    /** The executor has executed the scratch block when it asks for the next, so that one serves for all; it is another one then. */
    private Block setScratch(long pc) {
        decoder.copyOne(store, scratch);
        place(scratch, pc, BlockStore.DROPPED);
        store.setPatience(scratch, Integer.MAX_VALUE);
        return scratch;
    }

    /** The block that starts there, wholly in its page, or null. */
    Block startingAt(int page, int start) {
        return inPage(page, start, -1);
    }

    /** The blocks of a page that indirect jumps were seen to come to. */
    List<Block> landingsIn(int page) {
        List<Block> found = new ArrayList<>();
        forEachIn(page, block -> {
            if (block.isLanding) {
                found.add(block);
            }
        });
        return found;
    }

    /** What starts in a page. */
    void forEachIn(int page, Consumer<Block> action) {
        if (codePages[page] != null) {
            for (Block chain : codePages[page].chains) {
                for (Block block = chain; block != null; block = block.chain) {
                    action.accept(block);
                }
            }
        }
    }

    private Block inPage(int page, int start, int secondPage) {
        CodePage codePage = codePages[page];
        Block block = codePage == null ? null : codePage.chains[start >> 1 & PAGE_CHAINS - 1];
        while (block != null && (block.startInPage != start || block.secondPage != secondPage)) {
            block = block.chain;
        }
        return block;
    }

    /** Makes a block of what was decoded. */
    private Block add(int page, int start, int secondPage) {
        CodePage first = codePage(page);
        CodePage second = secondPage < 0 ? null : codePage(secondPage);
        if (blockCount >= maxBlocks || usedPageCount > maxPages || store.isFull()) {
            flush();
            // Not asked again: a block across a page's end needs two pages, even where one is the bound.
            first = codePage(page);
            second = secondPage < 0 ? null : codePage(secondPage);
        }
        Block block = decoder.toBlock(store, page, start, secondPage);
        blockCount++;
        setOut(block);
        int chain = block.startInPage >> 1 & PAGE_CHAINS - 1;
        block.chain = first.chains[chain];
        first.chains[chain] = block;
        if (second != null) {
            second.straddlers = Arrays.copyOf(second.straddlers, second.straddlers.length + 1);
            second.straddlers[second.straddlers.length - 1] = block;
            tracker.markCode(block.page, block.startInPage, 2);
            tracker.markCode(block.secondPage, 0, 2);
        } else {
            tracker.markCode(block.page, block.startInPage, BlockStore.bytes(block));
        }
        return block;
    }

    /** The state of a block that is new, or whose region is gone. */
    private void setOut(Block block) {
        block.region = null;
        block.lostAt = -1;
        block.wasTried = false;
        block.wasPromoted = false;
        block.heat = 0;
        RegionCode code = regions == null || block.secondPage >= 0 ? null : regions.enteredAt(block.page, block.startInPage);
        if (code != null) {
            lead(block, code);
        } else {
            store.setPatience(block, regions == null ? patience : patience << regions.spoilt(block.page));
        }
    }

    private void lead(Block block, RegionCode code) {
        int offset = code.offset(block.page, block.startInPage);
        int entry = RegionCache.entry(code, offset);
        block.region = code.region();
        block.regionShift = offset - block.startInPage;
        block.regionEntry = entry;
        block.regionBudget = code.budgets()[entry];
        block.regionUsesFloat = code.usesFloat();
        block.regionHasConditions = code.usesFloat() || code.plan().secondPage() >= 0;
        store.setPatience(block, 0);
    }

    /** Makes the blocks at a region's entries lead into it, if memory still holds what it was made from. */
    boolean install(RegionCode code) {
        int page = code.plan().page();
        int secondPage = code.plan().secondPage();
        if (codePages[page] == null || secondPage >= 0 && codePages[secondPage] == null || !regions.isStillTrue(code)) {
            return false;
        }
        code.region().page = page;
        code.region().secondPage = secondPage;
        if (regions.isFull()) {
            dropRegions();
        }
        if (!code.region().place(hostCode)) {
            if (!hostCode.hasMemory()) {
                return false;
            }
            dropRegions();
            if (!code.region().place(hostCode)) {
                return false;
            }
        }
        code.region().isHot = code.plan().tier() == RegionPlan.Tier.HOT;
        if (code.region().isHot) {
            // Where warm regions led to its entry they lead no more.
            hostCode.forgetWays();
        }
        regions.add(code);
        regions.mark(code, tracker);
        for (int offset : code.entries()) {
            Block block = atEntry(code, offset);
            if (block != null && (block.region == null || !block.region.isHot || code.region().isHot)) {
                lead(block, code);
            }
        }
        return true;
    }

    /** More than any number of a memory page. */
    int pageLimit() {
        return codePages.length;
    }

    /** Whether a region of the page was dropped by a store: there may be data among its code. */
    boolean isSpoilt(int page) {
        return regions.spoilt(page) > 0;
    }

    /** Where regions of a page are entered, a bit for each halfword; null if one was dropped by a store: there may be data among the code. */
    long[] enteredPlaces(int page) {
        return isSpoilt(page) ? null : regions.enteredPlaces(page);
    }

    /** Drops every region; blocks stay. */
    void dropRegions() {
        regions.flush();
        hostCode.clear();
        for (int i = 0; i < usedPageCount; i++) {
            for (Block chain : codePages[usedPages[i]].chains) {
                for (Block block = chain; block != null; block = block.chain) {
                    setOut(block);
                }
            }
        }
    }

    private void dropRegions(int page, int offset, int length) {
        for (RegionCode code : regions.takeMadeFrom(page, offset, length)) {
            unlead(code);
        }
    }

    /** Drops a region; what it was made from stays. */
    void dropRegion(Region region) {
        unlead(regions.take(region));
    }

    private void unlead(RegionCode code) {
        code.region().forget();
        for (int entry : code.entries()) {
            Block block = atEntry(code, entry);
            if (block != null && block.region == code.region()) {
                setOut(block);
            }
        }
    }

    private Block atEntry(RegionCode code, int offset) {
        return inPage(code.pageAt(offset), offset & PhysicalBus.PAGE_BYTES - 1, -1);
    }

    /** A copy of a page, or of two that follow each other. */
    byte[] bytes(int page, int secondPage) {
        return regions.bytes(page, secondPage);
    }

    private CodePage codePage(int page) {
        CodePage codePage = codePages[page];
        if (codePage == null) {
            codePage = new CodePage();
            codePages[page] = codePage;
            if (usedPageCount == usedPages.length) {
                usedPages = Arrays.copyOf(usedPages, 2 * usedPageCount);
            }
            usedPages[usedPageCount++] = page;
        }
        return codePage;
    }

    @Override
    public void codeStored(int page, int offset, int length) {
        CodePage codePage = codePages[page];
        if (codePage == null) {
            tracker.setCodeLines(page, 0);
            return;
        }
        long lines = 0;
        if (regions != null) {
            dropRegions(page, offset, length);
            lines = regions.lines(page);
        }
        for (int i = 0; i < PAGE_CHAINS; i++) {
            Block kept = null;
            Block following;
            for (Block block = codePage.chains[i]; block != null; block = following) {
                following = block.chain;
                int bytes = block.secondPage < 0 ? BlockStore.bytes(block) : 2;
                if (overlaps(block.startInPage, bytes, offset, length)) {
                    drop(block);
                } else {
                    block.chain = kept;
                    kept = block;
                    lines |= PageTracker.lineMask(block.startInPage, bytes);
                }
            }
            codePage.chains[i] = kept;
        }
        boolean dropStraddlers = offset < 2;
        for (Block block : codePage.straddlers) {
            if (dropStraddlers) {
                unchain(block);
                drop(block);
            } else {
                lines |= 1;
            }
        }
        if (dropStraddlers && codePage.straddlers.length > 0) {
            codePage.straddlers = new Block[0];
        }
        tracker.setCodeLines(page, lines);
    }

    private static boolean overlaps(int start, int bytes, int offset, int length) {
        return start < offset + length && offset < start + bytes;
    }

    private void unchain(Block dropped) {
        CodePage codePage = codePages[dropped.page];
        int chain = dropped.startInPage >> 1 & PAGE_CHAINS - 1;
        if (codePage == null) {
            return;
        }
        Block kept = null;
        Block following;
        for (Block block = codePage.chains[chain]; block != null; block = following) {
            following = block.chain;
            if (block != dropped) {
                block.chain = kept;
                kept = block;
            }
        }
        codePage.chains[chain] = kept;
    }

    private void drop(Block block) {
        block.generation = BlockStore.DROPPED;
        block.region = null;
        store.remove(block);
        blockCount--;
        if (block.secondPage >= 0) {
            removeStraddler(block);
        }
    }

    private void removeStraddler(Block block) {
        CodePage second = codePages[block.secondPage];
        if (second == null) {
            return;
        }
        int at = 0;
        Block[] kept = new Block[second.straddlers.length];
        for (Block straddler : second.straddlers) {
            if (straddler != block) {
                kept[at++] = straddler;
            }
        }
        second.straddlers = Arrays.copyOf(kept, at);
    }

    /** Drops every block. */
    void flush() {
        Arrays.fill(table, null);
        for (int i = 0; i < usedPageCount; i++) {
            int page = usedPages[i];
            for (Block chain : codePages[page].chains) {
                for (Block block = chain; block != null; block = block.chain) {
                    block.generation = BlockStore.DROPPED;
                    block.region = null;
                }
            }
            codePages[page] = null;
            tracker.setCodeLines(page, 0);
        }
        usedPageCount = 0;
        blockCount = 0;
        store.clear();
        makeScratch();
        if (regions != null) {
            regions.flush();
            hostCode.clear();
        }
    }

    int blockCount() {
        return blockCount;
    }

    int pageCount() {
        return usedPageCount;
    }
}
