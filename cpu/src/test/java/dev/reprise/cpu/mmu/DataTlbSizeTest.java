package dev.reprise.cpu.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CpuState;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A TLB of any size leads where the page tables lead now, and a page without a grant is never stored to the fast way. */
class DataTlbSizeTest {
    private static final long SEED = 20261130;
    private static final long RAM = 0x8000_0000L;
    private static final int PAGE_BYTES = PhysicalBus.PAGE_BYTES;
    /** Virtual pages from 0 on, in eight tables of the last level. */
    private static final int MAPPED = 8 * DataTlb.SLOTS;
    private static final int TABLES = 10;
    private static final int FRAMES = 2 * MAPPED;
    /** Valid, readable, writable, executable not, of the user not, accessed, dirty. */
    private static final long LEAF = 0b1100_0111;
    private static final long POINTER = 1;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final CpuState state = new CpuState();
    private final PhysicalBus bus = new PhysicalBus(RAM, 64 << 20);
    private final Mmu mmu = new Mmu(state, bus, (page, offset, length) -> { });
    /** The frame behind each virtual page, and the word that each frame begins with. */
    private final int[] frameOf = new int[MAPPED];
    private final long[] word = new long[FRAMES];

    private static long frame(int number) {
        return RAM + (long) (TABLES + number) * PAGE_BYTES;
    }

    private static long table(int number) {
        return RAM + (long) number * PAGE_BYTES;
    }

    private void map(int page, int frame) {
        frameOf[page] = frame;
        bus.store(table(2 + page / DataTlb.SLOTS) + 8L * (page % DataTlb.SLOTS), 8, frame(frame) >>> 12 << 10 | LEAF);
    }

    @BeforeEach
    void setUp() {
        bus.store(table(0), 8, table(1) >>> 12 << 10 | POINTER);
        for (int i = 0; i < MAPPED / DataTlb.SLOTS; i++) {
            bus.store(table(1) + 8L * i, 8, table(2 + i) >>> 12 << 10 | POINTER);
        }
        for (int page = 0; page < MAPPED; page++) {
            map(page, random.nextInt(FRAMES));
        }
        state.pmpcfg[0] = 0x1f;
        state.pmpaddr[0] = -1L >>> 10;
        state.privilege = CpuState.SUPERVISOR;
        state.satp = 8L << 60 | table(0) >>> 12;
        mmu.protectionChanged();
        mmu.contextChanged();
    }

    /** What the executors do before they ask the slow way: the word's place, or 0. */
    private long fast(long table, long va) {
        long entry = DataTlb.entry(table, mmu.data.mask, va);
        boolean isThere = HostMemory.MEMORY.getLong(entry) == (va & (DataTlb.PAGE_MASK | 7));
        return isThere ? HostMemory.MEMORY.getLong(entry + DataTlb.ADDEND) + va : 0;
    }

    private long load(long va) {
        long place = fast(mmu.data.reads, va);
        if (place != 0) {
            return HostMemory.MEMORY.getLong(place);
        }
        assertTrue(mmu.load(va, 8));
        return mmu.loaded;
    }

    private void store(long va, long value) {
        long place = fast(mmu.data.writes, va);
        if (place != 0) {
            assertTrue(bus.tracker().isGranted(bus.pageAt(mmu.writeAddress(va, 8))), "stored without a grant");
            HostMemory.MEMORY.putLong(place, value);
        } else {
            assertTrue(mmu.store(va, 8, value));
        }
    }

    /** Loads and stores in turn anywhere, with a page mapped elsewhere now and then; the largest mask that was seen. */
    private long go(int accesses, int everyMapping) {
        long largest = 0;
        for (int i = 0; i < accesses; i++) {
            int page = random.nextInt(MAPPED);
            long va = (long) page * PAGE_BYTES;
            if (random.nextBoolean()) {
                assertEquals(word[frameOf[page]], load(va), () -> "at page " + page + ", seed " + SEED);
            } else {
                word[frameOf[page]] = random.nextLong();
                store(va, word[frameOf[page]]);
            }
            if (random.nextInt(everyMapping) == 0) {
                map(random.nextInt(MAPPED), random.nextInt(FRAMES));
            }
            if (random.nextInt(100) == 0) {
                mmu.data.fit();
            }
            if (random.nextInt(5_000) == 0) {
                bus.freezeRam();
            }
            largest = Math.max(largest, mmu.data.mask);
        }
        return largest;
    }

    @Test
    void shouldLeadWhereThePageTablesLeadAtEachSizeAndBecomeSmallWhenAllIsDropped() {
        long small = mmu.data.mask;
        long large = go(400_000, 20);
        assertEquals(16 * (small + 16) - 16, large);
        assertEquals(large, mmu.data.mask);
        // A pointer of the page table is stored to: nothing that was translated holds any more.
        bus.store(table(1), 8, bus.load(table(1), 8));
        assertEquals(small, mmu.data.mask);
        assertEquals(large, go(400_000, 20));
    }

    @Test
    void shouldReadZerosTheFastWayUntilTheirPageIsStoredTo() {
        map(0, 5);
        map(1, 6);
        map(2, 5);
        for (int page = 0; page < 3; page++) {
            assertEquals(0, load((long) page * PAGE_BYTES));
            assertNotEquals(0, fast(mmu.data.reads, (long) page * PAGE_BYTES));
        }
        store(0, 4711);
        for (int again = 0; again < 2; again++) {
            assertEquals(4711, load(0));
            assertEquals(0, load(PAGE_BYTES));
            assertEquals(4711, load(2L * PAGE_BYTES));
        }
        // By a device, past the TLB.
        bus.store(frame(6), 8, 42);
        assertEquals(42, load(PAGE_BYTES));
    }

    @Test
    void shouldReadZerosTheSlowWayOnceAGuestHasMadeTooMuchWorkOfThem() {
        for (int i = 0; i < 400_000; i++) {
            load((long) (i % MAPPED) * PAGE_BYTES);
            mmu.data.fit();
        }
        int fast = 0;
        int fresh = (64 << 20) / PAGE_BYTES - TABLES;
        for (int number = 0; number < fresh; number++) {
            map(0, number);
            assertEquals(0, load(0));
            // Each store goes through a table of 8,192 entries, 2^26 are borne.
            boolean isFast = fast(mmu.data.reads, 0) != 0;
            assertEquals(number < 1 << 13, isFast, "page " + number);
            fast += isFast ? 1 : 0;
            store(0, number + 1L);
            assertEquals(number + 1L, load(0));
        }
        assertEquals(1 << 13, fast);
    }

    @Test
    void shouldBearAWalkThatEmptiesItOnItsOwnWay() {
        // A large page that was read and not yet written: its first store sets D, in an entry that every walk went through.
        int table = MAPPED / DataTlb.SLOTS - 1;
        long first = (long) table * DataTlb.SLOTS * PAGE_BYTES;
        long target = RAM + (32 << 20);
        bus.store(table(1) + 8L * table, 8, target >>> 12 << 10 | LEAF & ~0x80);
        long small = mmu.data.mask;
        for (int i = 0; i < 100_000; i++) {
            assertTrue(mmu.load((long) (i % MAPPED) * PAGE_BYTES, 8));
            mmu.data.fit();
        }
        assertNotEquals(small, mmu.data.mask);
        long va = first + (DataTlb.SLOTS - 1L) * PAGE_BYTES;
        store(va, 4711);
        assertEquals(small, mmu.data.mask);
        assertEquals(4711, load(va));
        assertEquals(4711, bus.load(target + (DataTlb.SLOTS - 1L) * PAGE_BYTES, 8));
        assertEquals(target >>> 12 << 10 | LEAF, bus.load(table(1) + 8L * table, 8));
    }

    @Test
    void shouldStayAsItIsWhilePagesHaveRoom() {
        long small = mmu.data.mask;
        for (int i = 0; i < 1_000_000; i++) {
            load((long) (i % DataTlb.SLOTS) * PAGE_BYTES);
            mmu.data.fit();
        }
        assertEquals(small, mmu.data.mask);
        for (int i = 0; i < 1_000_000; i++) {
            load((long) (i % (2 * DataTlb.SLOTS)) * PAGE_BYTES);
            mmu.data.fit();
        }
        assertNotEquals(small, mmu.data.mask);
    }
}
