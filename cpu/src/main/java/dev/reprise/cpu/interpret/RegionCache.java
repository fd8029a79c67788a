package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PageTracker;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionPlan;
import java.util.Arrays;

/**
 * The translated regions that are installed, by memory page, those of two pages under both. A region goes when a byte that it was made from is stored
 * to; when there are too many, all go, and with them their classes.
 */
final class RegionCache {
    private static final RegionCode[] NONE = {};
    private static final int WORDS_OF_PAGE = PhysicalBus.PAGE_BYTES / 128;

    private final PhysicalBus bus;
    private final int maxRegions;
    private final RegionCode[][] byPage;
    /** How often new regions of the page were dropped by a store: such pages have to be hotter. */
    private final byte[] spoilt;
    /** The next region's number when that last happened. */
    private final int[] spoiltAt;
    private int count;
    private long installed;
    private long installedOfTwoPages;
    private long dropped;
    private long flushes;

    RegionCache(PhysicalBus bus, int maxRegions) {
        this.bus = bus;
        this.maxRegions = maxRegions;
        byPage = new RegionCode[bus.pageLimit()][];
        Arrays.fill(byPage, NONE);
        spoilt = new byte[byPage.length];
        spoiltAt = new int[byPage.length];
    }

    int maxRegions() {
        return maxRegions;
    }

    /** Whether there is no room for another one: then {@link BlockCache#dropRegions} first. */
    boolean isFull() {
        return count >= maxRegions;
    }

    void add(RegionCode code) {
        RegionCode kept = code.withoutCopy();
        append(code.plan().page(), kept);
        if (code.plan().secondPage() >= 0) {
            append(code.plan().secondPage(), kept);
            installedOfTwoPages++;
        }
        count++;
        code.region().order = (int) installed++;
    }

    private void append(int page, RegionCode code) {
        RegionCode[] before = byPage[page];
        byPage[page] = Arrays.copyOf(before, before.length + 1);
        byPage[page][before.length] = code;
    }

    /** Where warm regions of a page alone are entered, a bit for each halfword. */
    long[] enteredPlaces(int page) {
        long[] entered = new long[RegionPlan.WORDS_OF_OTHERS];
        for (RegionCode code : byPage[page]) {
            if (code.plan().tier() == RegionPlan.Tier.WARM && code.plan().secondPage() < 0) {
                for (int offset : code.entries()) {
                    entered[offset >> 7] |= 1L << (offset >> 1);
                }
            }
        }
        return entered;
    }

    boolean isStillTrue(RegionCode code) {
        RegionPlan plan = code.plan();
        if (Page.holds(bus.page(plan.page()), plan.code(), 0)
                && (plan.secondPage() < 0 || Page.holds(bus.page(plan.secondPage()), plan.code(), Page.BYTES))) {
            return true;
        }
        return code.isMadeFrom(bytes(plan.page(), plan.secondPage()));
    }

    /** A copy of a page, or of two. */
    byte[] bytes(int page, int secondPage) {
        byte[] first = Page.toBytes(bus.page(page));
        if (secondPage < 0) {
            return first;
        }
        byte[] both = Arrays.copyOf(first, 2 * PhysicalBus.PAGE_BYTES);
        System.arraycopy(Page.toBytes(bus.page(secondPage)), 0, both, PhysicalBus.PAGE_BYTES, PhysicalBus.PAGE_BYTES);
        return both;
    }

    /** The newest region with an entry there, a hot one if there is one, or null. */
    RegionCode enteredAt(int page, int offset) {
        RegionCode[] codes = byPage[page];
        RegionCode found = null;
        for (int i = codes.length - 1; i >= 0 && (found == null || !found.region().isHot); i--) {
            if (entry(codes[i], codes[i].offset(page, offset)) >= 0 && (found == null || codes[i].region().isHot)) {
                found = codes[i];
            }
        }
        return found;
    }

    static int entry(RegionCode code, int offset) {
        return Arrays.binarySearch(code.entries(), offset);
    }

    /** The regions of a page that were made from these bytes; they are forgotten. */
    RegionCode[] takeMadeFrom(int page, int offset, int length) {
        RegionCode[] taken = NONE;
        for (RegionCode code : byPage[page]) {
            if (code.covers(page, offset, length)) {
                taken = Arrays.copyOf(taken, taken.length + 1);
                taken[taken.length - 1] = code;
            }
        }
        for (RegionCode code : taken) {
            remove(code);
        }
        if (length < PhysicalBus.PAGE_BYTES) {
            spoil(page, taken);
        }
        return taken;
    }

    /** Other code that is written over a whole page spoils it once, not once for each region that was there; a reset never. */
    private void spoil(int page, RegionCode[] taken) {
        for (RegionCode code : taken) {
            if (code.region().order - spoiltAt[page] >= 0) {
                spoilt[page] = (byte) Math.min(spoilt[page] + 1, 10);
                spoiltAt[page] = (int) installed;
                return;
            }
        }
    }

    /** What a region was made from; it is forgotten. */
    RegionCode take(Region region) {
        for (RegionCode code : byPage[region.page]) {
            if (code.region() == region) {
                remove(code);
                return code;
            }
        }
        throw new IllegalStateException("a region that is not installed: page=" + region.page);
    }

    private void remove(RegionCode code) {
        unlist(code.plan().page(), code);
        if (code.plan().secondPage() >= 0) {
            unlist(code.plan().secondPage(), code);
        }
        count--;
        dropped++;
    }

    private void unlist(int page, RegionCode gone) {
        RegionCode[] kept = new RegionCode[byPage[page].length - 1];
        int at = 0;
        for (RegionCode code : byPage[page]) {
            if (code != gone) {
                kept[at++] = code;
            }
        }
        byPage[page] = kept;
    }

    /** The lines of a page that regions were made from. */
    long lines(int page) {
        long lines = 0;
        for (RegionCode code : byPage[page]) {
            lines |= lines(code, page);
        }
        return lines;
    }

    private static long lines(RegionCode code, int page) {
        long lines = 0;
        long[] covered = code.covered();
        int from = code.offset(page, 0) >> 7;
        // 32 halfwords a line of 64 bytes: two lines a word.
        for (int word = 0; word < WORDS_OF_PAGE; word++) {
            lines |= (covered[from + word] & 0xffff_ffffL) != 0 ? 1L << 2 * word : 0;
            lines |= covered[from + word] >>> 32 != 0 ? 1L << 2 * word + 1 : 0;
        }
        return lines;
    }

    /** Marks what a region was made from as code. */
    void mark(RegionCode code, PageTracker tracker) {
        mark(code, code.plan().page(), tracker);
        if (code.plan().secondPage() >= 0) {
            mark(code, code.plan().secondPage(), tracker);
        }
    }

    private static void mark(RegionCode code, int page, PageTracker tracker) {
        for (long rest = lines(code, page); rest != 0; rest &= rest - 1) {
            tracker.markCode(page, Long.numberOfTrailingZeros(rest) << 6, 64);
        }
    }

    /** How often code of the page was spoilt, 0 to 10. */
    int spoilt(int page) {
        return spoilt[page];
    }

    void flush() {
        if (count > 0) {
            Arrays.fill(byPage, NONE);
            dropped += count;
            count = 0;
            flushes++;
        }
    }

    int count() {
        return count;
    }

    long installed() {
        return installed;
    }

    long installedOfTwoPages() {
        return installedOfTwoPages;
    }

    long dropped() {
        return dropped;
    }

    long flushes() {
        return flushes;
    }
}
