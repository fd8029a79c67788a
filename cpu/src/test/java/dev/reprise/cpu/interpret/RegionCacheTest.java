package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionContext;
import dev.reprise.cpu.translate.RegionPlan;
import org.junit.jupiter.api.Test;

class RegionCacheTest {
    private static final int PAGE_BYTES = PhysicalBus.PAGE_BYTES;
    private static final long RAM = 0x8000_0000L;

    private final PhysicalBus bus = new PhysicalBus(RAM, 4 * PAGE_BYTES);
    private final RegionCache regions = new RegionCache(bus, 100);

    /** A region that was made from the eight bytes at some offsets, of page 1 and, from 4,096 on, of page 2. */
    private RegionCode code(int... offsets) {
        boolean both = offsets[offsets.length - 1] >= PAGE_BYTES;
        long[] covered = new long[both ? 64 : 32];
        for (int offset : offsets) {
            covered[offset >> 7] |= 0xfL << (offset >> 1 & 63);
        }
        RegionPlan plan = new RegionPlan(1, both ? 2 : -1, regions.bytes(1, both ? 2 : -1), new int[] {offsets[0]}, new int[0],
                RegionPlan.Tier.WARM, new long[RegionPlan.WORDS_OF_OTHERS]);
        return new RegionCode(plan, new Region() {
            @Override
            public int run(RegionContext context, long base, int left, int entry) {
                return left;
            }
        }, new int[] {offsets[0]}, new int[] {1}, covered, false, 1, 1);
    }

    private void store(int page, int offset) {
        bus.store(RAM + (long) page * PAGE_BYTES + offset, 1, 1);
    }

    @Test
    void shouldKnowWhetherWhatARegionWasMadeFromHasChanged() {
        RegionCode one = code(64, 4088);
        RegionCode two = code(64, PAGE_BYTES + 4088);
        assertTrue(regions.isStillTrue(one));
        assertTrue(regions.isStillTrue(two));
        store(1, 72);
        store(2, 4087);
        assertTrue(regions.isStillTrue(one), "it was not made from that");
        assertTrue(regions.isStillTrue(two), "it was not made from that");
        store(2, 4095);
        assertTrue(regions.isStillTrue(one));
        assertFalse(regions.isStillTrue(two));
        store(1, 4095);
        assertFalse(regions.isStillTrue(one));
    }

    @Test
    void shouldCountAPageSpoiltOnceForAllThatOtherCodeIsWrittenOver() {
        for (int offset = 0; offset < 512; offset += 128) {
            regions.add(code(offset));
        }
        for (int offset = 0; offset < 512; offset += 8) {
            regions.takeMadeFrom(1, offset, 8);
        }
        assertEquals(0, regions.count());
        assertEquals(1, regions.spoilt(1));
        regions.add(code(0));
        regions.takeMadeFrom(1, 0, 8);
        assertEquals(2, regions.spoilt(1), "new code was spoilt again");
        regions.add(code(0));
        regions.takeMadeFrom(1, 0, PAGE_BYTES);
        assertEquals(2, regions.spoilt(1), "a reset is no sign of data among the code");
        assertEquals(0, regions.count());
    }
}
