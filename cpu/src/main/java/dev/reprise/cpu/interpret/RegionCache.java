package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PageTracker;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.translate.RegionCode;
import java.util.Arrays;

/**
 * The translated regions that are installed, by memory page. A region goes when a byte that it was made from is stored
 * to; when there are too many, all go, and with them their classes.
 */
final class RegionCache {
    private static final RegionCode[] NONE = {};

    private final PhysicalBus bus;
    private final int maxRegions;
    private final RegionCode[][] byPage;
    /** How often a region of the page was dropped by a store: such pages have to be hotter. */
    private final byte[] spoilt;
    private int count;
    private long installed;
    private long dropped;
    private long flushes;

    RegionCache(PhysicalBus bus, int maxRegions) {
        this.bus = bus;
        this.maxRegions = maxRegions;
        byPage = new RegionCode[bus.pageLimit()][];
        Arrays.fill(byPage, NONE);
        spoilt = new byte[byPage.length];
    }

    /** Whether there is no room for another one: then {@link BlockCache#dropRegions} first. */
    boolean isFull() {
        return count >= maxRegions;
    }

    void add(RegionCode code) {
        int page = code.plan().page();
        RegionCode[] before = byPage[page];
        byPage[page] = Arrays.copyOf(before, before.length + 1);
        byPage[page][before.length] = code.withoutCopy();
        count++;
        installed++;
    }

    boolean isStillTrue(RegionCode code) {
        return code.isMadeFrom(Page.toBytes(bus.page(code.plan().page())));
    }

    /** The newest region with an entry there, or null. */
    RegionCode enteredAt(int page, int offset) {
        RegionCode[] codes = byPage[page];
        for (int i = codes.length - 1; i >= 0; i--) {
            if (entry(codes[i], offset) >= 0) {
                return codes[i];
            }
        }
        return null;
    }

    static int entry(RegionCode code, int offset) {
        return Arrays.binarySearch(code.entries(), offset);
    }

    /** The regions of a page that were made from these bytes; they are forgotten. */
    RegionCode[] takeMadeFrom(int page, int offset, int length) {
        RegionCode[] taken = NONE;
        for (RegionCode code : byPage[page]) {
            if (code.covers(offset, length)) {
                taken = Arrays.copyOf(taken, taken.length + 1);
                taken[taken.length - 1] = code;
            }
        }
        if (taken.length > 0) {
            RegionCode[] kept = new RegionCode[byPage[page].length - taken.length];
            int at = 0;
            for (RegionCode code : byPage[page]) {
                if (!code.covers(offset, length)) {
                    kept[at++] = code;
                }
            }
            byPage[page] = kept;
            count -= taken.length;
            dropped += taken.length;
            spoilt[page] = (byte) Math.min(spoilt[page] + 1, 10);
        }
        return taken;
    }

    /** The lines of a page that regions were made from. */
    long lines(int page) {
        long lines = 0;
        for (RegionCode code : byPage[page]) {
            lines |= lines(code);
        }
        return lines;
    }

    static long lines(RegionCode code) {
        long lines = 0;
        long[] covered = code.covered();
        // 32 halfwords a line of 64 bytes: two lines a word.
        for (int word = 0; word < covered.length; word++) {
            lines |= (covered[word] & 0xffff_ffffL) != 0 ? 1L << 2 * word : 0;
            lines |= covered[word] >>> 32 != 0 ? 1L << 2 * word + 1 : 0;
        }
        return lines;
    }

    /** Marks what a region was made from as code. */
    void mark(RegionCode code, PageTracker tracker) {
        for (long rest = lines(code); rest != 0; rest &= rest - 1) {
            tracker.markCode(code.plan().page(), Long.numberOfTrailingZeros(rest) << 6, 64);
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

    long dropped() {
        return dropped;
    }

    long flushes() {
        return flushes;
    }
}
