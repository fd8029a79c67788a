package dev.reprise.cpu.bus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PhysicalBusTest {
    private static final long RAM = PhysicalBus.DEFAULT_RAM_BASE;
    private final PhysicalBus bus = new PhysicalBus(RAM, 64 << 10);

    private static final class Bytes implements StateSink {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        @Override
        public void putLong(long value) {
            out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
        }

        @Override
        public void putInt(int value) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
        }

        @Override
        public void putBytes(byte[] bytes, int offset, int length) {
            out.write(bytes, offset, length);
        }
    }

    private static byte[] digest(PhysicalBus bus) {
        Bytes bytes = new Bytes();
        bus.digestRam(bytes);
        return bytes.out.toByteArray();
    }

    @Property(tries = 50)
    void shouldKeepADigestEqualToOneComputedFromNothing(@ForAll long seed) {
        PhysicalBus incremental = new PhysicalBus(RAM, 64 << 10);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int size = 1 << random.nextInt(4);
            long offset = random.nextInt((64 << 10) / size) * (long) size;
            incremental.store(RAM + offset, size, random.nextInt(3) == 0 ? 0 : random.nextLong());
            if (random.nextInt(20) == 0) {
                digest(incremental);
            }
        }
        PhysicalBus fresh = new PhysicalBus(RAM, 64 << 10);
        byte[] all = new byte[64 << 10];
        incremental.read(RAM, all, 0, all.length);
        fresh.write(RAM, all, 0, all.length);
        assertArrayEquals(digest(fresh), digest(incremental));
    }

    @Test
    void shouldHashAPageOfZerosAsOneThatWasNeverTouched() {
        byte[] before = digest(bus);
        bus.store(RAM + 0x1008, 8, 5);
        assertNotEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(digest(bus)));
        bus.store(RAM + 0x1008, 8, 0);
        assertArrayEquals(before, digest(bus));
    }

    @Test
    void shouldChangeTheHashOfAPageWithEachOfItsBits() {
        long[] page = new Random(1).longs(Page.WORDS).toArray();
        long[] hash = new long[2];
        long[] other = new long[2];
        RamDigest.hash(page, 0, hash, 0);
        for (int bit = 0; bit < 4096 * 8; bit++) {
            page[bit >> 6] ^= 1L << bit;
            RamDigest.hash(page, 0, other, 0);
            assertFalse(Arrays.equals(hash, other), "bit " + bit);
            page[bit >> 6] ^= 1L << bit;
        }
    }

    @Test
    void shouldReadAndWriteBytesOfAPageAtAnyAlignment() {
        byte[] bytes = new byte[Page.BYTES];
        new Random(2).nextBytes(bytes);
        bus.store(RAM, 1, 0);
        long page = bus.page(0);
        Page.copyIn(bytes, 0, page, 0, Page.BYTES);
        for (int size = 1; size <= 8; size *= 2) {
            for (int offset = 0; offset + size <= 64; offset++) {
                long value = 0x8182_8384_8586_8788L * (offset + 1);
                Page.set(page, offset, size, value);
                for (int i = 0; i < size; i++) {
                    bytes[offset + i] = (byte) (value >>> 8 * i);
                }
                assertArrayEquals(bytes, Page.toBytes(page));
                assertEquals(size == 8 ? value : value & (1L << 8 * size) - 1, Page.get(page, offset, size));
            }
        }
        byte[] part = new byte[100];
        Page.copyIn(bytes, 3, page, 1001, 100);
        Page.copyOut(page, 1001, part, 0, 100);
        assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 3, 103), part);
        assertEquals(bytes[1000], (byte) Page.get(page, 1000, 1));
    }

    @Test
    void shouldKeepFrozenPagesAsTheyWere() {
        bus.store(RAM, 8, 1);
        FrozenRam first = bus.freezeRam();
        bus.store(RAM + 0x1000, 8, 3);
        FrozenRam second = bus.freezeRam();
        bus.store(RAM, 8, 2);
        bus.store(RAM + 0x1000, 8, 4);
        bus.store(RAM, 8, 5);
        assertEquals(1, first.before(0)[0]);
        assertEquals(0, first.before(1)[0]);
        assertEquals(1, second.before(0)[0]);
        assertEquals(3, second.before(1)[0]);
        assertNull(first.before(2));
        assertEquals(5, bus.load(RAM, 8));
        bus.clearRam();
        bus.store(RAM + 0x1000, 8, 6);
        assertEquals(3, second.before(1)[0]);
        assertEquals(0, bus.load(RAM + 0x1008, 8));
    }

    @Test
    void shouldKeepTheGrantOfAPageThatADigestFindsChangedAndTakeItFromOneThatItDoesNot() {
        PageTracker tracker = bus.tracker();
        for (int page = 0; page < 2; page++) {
            bus.store(RAM + page * 0x1000L, 8, 1);
            assertTrue(tracker.grant(page));
        }
        byte[] first = digest(bus);
        assertTrue(tracker.isGranted(0) && tracker.isGranted(1));
        // As through the grant: past the hook.
        Page.set(bus.page(1), 8, 8, 7);
        byte[] second = digest(bus);
        assertFalse(Arrays.equals(first, second));
        assertFalse(tracker.isGranted(0));
        assertTrue(tracker.isGranted(1));
        assertArrayEquals(second, digest(bus));
        assertFalse(tracker.isGranted(1));
    }

    @Test
    void shouldGiveNoGrantToAPageThatOthersMustSeeStoredTo() {
        PageTracker tracker = bus.tracker();
        assertEquals(false, tracker.grant(2));
        tracker.beforeStore(2, 0, 8);
        assertEquals(true, tracker.grant(2));
        tracker.markCode(2, 64, 4);
        assertEquals(false, tracker.grant(2));
        tracker.setCodeLines(2, 0);
        tracker.markDataLeaf(2, 511);
        assertEquals(false, tracker.grant(2));
        tracker.beforeStore(2, 4088, 8);
        assertEquals(true, tracker.grant(2));
        digest(bus);
        assertEquals(false, tracker.grant(2));
    }

    @Test
    void shouldMarkEveryLineThatARangeTouches() {
        assertEquals(1, PageTracker.lineMask(0, 64));
        assertEquals(3, PageTracker.lineMask(63, 2));
        assertEquals(-1, PageTracker.lineMask(0, 4096));
        assertEquals(1L << 63, PageTracker.lineMask(4095, 1));
    }

    @Test
    void shouldSaveAndLoadRam() {
        byte[] content = new byte[10_000];
        new Random(7).nextBytes(content);
        bus.write(RAM + 100, content, 0, content.length);
        Bytes saved = new Bytes();
        bus.saveRam(saved);
        PhysicalBus other = new PhysicalBus(RAM, 64 << 10);
        other.store(RAM + 0xf000, 8, 99);
        ByteBuffer in = ByteBuffer.wrap(saved.out.toByteArray());
        other.loadRam(source(in));
        assertArrayEquals(digest(bus), digest(other));
    }

    @Test
    void shouldRefuseASavedPageThatIsNotThere() {
        ByteBuffer in = ByteBuffer.allocate(8).putInt(16).putInt(-1).flip();
        assertThrows(IllegalArgumentException.class, () -> bus.loadRam(source(in)));
    }

    private static StateSource source(ByteBuffer in) {
        return new StateSource() {
            @Override
            public long getLong() {
                return in.getLong();
            }

            @Override
            public int getInt() {
                return in.getInt();
            }

            @Override
            public void getBytes(byte[] bytes, int offset, int length) {
                in.get(bytes, offset, length);
            }
        };
    }

    @Test
    void shouldDropStoresToReadOnlyMemory() {
        bus.addRom(0x1000, new byte[] {1, 2, 3, 4});
        bus.store(0x1000, 4, 0);
        bus.write(0x1002, new byte[2], 0, 2);
        assertEquals(0x0403_0201, bus.load(0x1000, 4));
        assertEquals(0, bus.load(0x1ff8, 8));
        assertSame(BusFault.INSTANCE, assertThrows(BusFault.class, () -> bus.load(0x2000, 4)));
    }

    @Test
    void shouldFaultOnMisalignedDeviceAccessesAndOnHoles() {
        bus.addDevice(0x1000_0000, 16, new MmioDevice() {
            @Override
            public long load(long offset, int size) {
                return offset;
            }

            @Override
            public void store(long offset, int size, long value) {
                throw BusFault.INSTANCE;
            }
        });
        assertEquals(4, bus.load(0x1000_0004, 4));
        assertThrows(BusFault.class, () -> bus.load(0x1000_0002, 4));
        assertThrows(BusFault.class, () -> bus.load(0x1000_0010, 4));
        assertThrows(BusFault.class, () -> bus.store(0x1000_0000, 4, 1));
        assertThrows(BusFault.class, () -> bus.load(-8, 8));
    }

    @Test
    void shouldRefuseWindowsThatOverlap() {
        MmioDevice none = new MmioDevice() {
            @Override
            public long load(long offset, int size) {
                return 0;
            }

            @Override
            public void store(long offset, int size, long value) {
            }
        };
        bus.addDevice(0x1000, 0x1000, none);
        assertThrows(IllegalArgumentException.class, () -> bus.addDevice(0x1fff, 1, none));
        assertThrows(IllegalArgumentException.class, () -> bus.addRom(0, new byte[5000]));
        assertThrows(IllegalArgumentException.class, () -> bus.addDevice(RAM - 1, 2, none));
        assertThrows(IllegalArgumentException.class, () -> new PhysicalBus(RAM, 5));
    }

    @Test
    void shouldReadWhatWasWrittenAcrossPages() {
        byte[] content = new byte[9000];
        new Random(3).nextBytes(content);
        bus.write(RAM + 4000, content, 0, content.length);
        byte[] back = new byte[content.length];
        bus.read(RAM + 4000, back, 0, back.length);
        assertArrayEquals(content, back);
        assertThrows(BusFault.class, () -> bus.read(RAM + (64 << 10) - 4, back, 0, 8));
    }
}
