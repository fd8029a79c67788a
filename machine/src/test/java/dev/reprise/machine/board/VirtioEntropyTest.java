package dev.reprise.machine.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.machine.fixture.StateBytes;
import dev.reprise.machine.fixture.StubSession;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The virtio-rng by its registers and its queue: virtio 1.2, sections 2.7, 3.1, 4.2 and 5.4. */
class VirtioEntropyTest {

    private static final long RAM = MemoryMap.RAM_BASE;
    private static final long DESCRIPTORS = RAM + 0x1000;
    private static final long AVAILABLE = RAM + 0x2000;
    private static final long USED = RAM + 0x3000;
    private static final long BUFFER = RAM + 0x4000;
    private static final int QUEUE = 8;
    private static final int NEXT = 1;
    private static final int WRITE = 2;

    private final PhysicalBus bus = new PhysicalBus(RAM, 1 << 20);
    private final StubSession session = new StubSession();
    private boolean high;
    private final VirtioEntropy device = new VirtioEntropy(session, bus, level -> high = level);

    private long reg(int offset) {
        return device.load(offset, 4);
    }

    private void reg(int offset, long value) {
        device.store(offset, 4, value);
    }

    /** As section 3.1.1 has it. */
    @BeforeEach
    void start() {
        reg(0x70, 0);
        reg(0x70, 1);
        reg(0x70, 3);
        reg(0x24, 1);
        reg(0x20, 1);
        reg(0x70, 11);
        assertEquals(11, reg(0x70), "FEATURES_OK stays");
        reg(0x30, 0);
        assertEquals(64, reg(0x34));
        reg(0x38, QUEUE);
        address(0x80, DESCRIPTORS);
        address(0x90, AVAILABLE);
        address(0xa0, USED);
        reg(0x44, 1);
        assertEquals(1, reg(0x44));
        reg(0x70, 15);
    }

    private void address(int offset, long address) {
        reg(offset, address & 0xffff_ffffL);
        reg(offset + 4, address >>> 32);
    }

    private void descriptor(int index, long address, int length, int flags, int next) {
        bus.store(DESCRIPTORS + 16L * index, 8, address);
        bus.store(DESCRIPTORS + 16L * index + 8, 4, length);
        bus.store(DESCRIPTORS + 16L * index + 12, 2, flags);
        bus.store(DESCRIPTORS + 16L * index + 14, 2, next);
    }

    private void offer(int nth, int head) {
        bus.store(AVAILABLE + 4 + 2L * (nth % QUEUE), 2, head);
        bus.store(AVAILABLE + 2, 2, nth + 1);
    }

    private byte[] bytes(long address, int length) {
        byte[] bytes = new byte[length];
        bus.read(address, bytes, 0, length);
        return bytes;
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        new StubSession().random(bytes, 0, length);
        return bytes;
    }

    @Test
    void shouldShowWhatItIs() {
        assertEquals(0x7472_6976, reg(0));
        assertEquals(2, reg(4));
        assertEquals(4, reg(8));
        reg(0x14, 0);
        assertEquals(0, reg(0x10));
        reg(0x14, 1);
        assertEquals(1, reg(0x10), "VERSION_1 and nothing else");
        assertEquals(0, device.load(0, 8));
        assertThrows(BusFault.class, () -> device.load(2, 4));
    }

    @Test
    void shouldFillABufferAndSaySoByAnInterrupt() {
        descriptor(3, BUFFER, 40, WRITE, 0);
        offer(0, 3);
        reg(0x50, 0);
        assertArrayEquals(filled(40), bytes(BUFFER, 40));
        assertEquals(0, bus.load(BUFFER + 40, 8));
        assertEquals(1, bus.load(USED + 2, 2));
        assertEquals(3, bus.load(USED + 4, 4));
        assertEquals(40, bus.load(USED + 8, 4));
        assertEquals(1, reg(0x60));
        assertEquals(true, high);
        reg(0x64, 1);
        assertEquals(false, high);
        reg(0x50, 0);
        assertEquals(false, high, "nothing more was offered");
        assertEquals(1, bus.load(USED + 2, 2));
    }

    @Test
    void shouldServeChainsAndBoundWhatItGives() {
        descriptor(0, BUFFER, 3, 0 | NEXT, 1);
        descriptor(1, BUFFER + 8, 5, WRITE | NEXT, 2);
        descriptor(2, BUFFER + 16, 100_000, WRITE, 0);
        bus.store(AVAILABLE, 2, 1);
        offer(0, 0);
        offer(1, 2);
        reg(0x50, 0);
        assertEquals(2, bus.load(USED + 2, 2));
        assertEquals(VirtioEntropy.MOST_BYTES, bus.load(USED + 8, 4));
        assertEquals(VirtioEntropy.MOST_BYTES, bus.load(USED + 16, 4));
        assertEquals(0, bus.load(BUFFER, 8), "what the driver lets be read is not written");
        assertEquals(false, high, "the driver wanted no interrupt");
    }

    @Test
    void shouldRefuseADriverThatDoesNotKnowVersionOneOrWantsMore() {
        for (long[] features : new long[][] {{0, 0}, {1, 1}, {0, 3}}) {
            reg(0x70, 0);
            reg(0x70, 3);
            reg(0x24, 0);
            reg(0x20, features[0]);
            reg(0x24, 1);
            reg(0x20, features[1]);
            reg(0x70, 11);
            assertEquals(3, reg(0x70));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "head", "next", "outside", "device", "indirect", "count", "rings"})
    void shouldAskForAResetWhereTheDriverMakesNoSense(String what) {
        descriptor(0, BUFFER, 16, WRITE, 0);
        offer(0, 0);
        switch (what) {
            case "loop" -> descriptor(0, BUFFER, 16, WRITE | NEXT, 0);
            case "head" -> offer(0, QUEUE);
            case "next" -> descriptor(0, BUFFER, 16, WRITE | NEXT, 500);
            case "outside" -> descriptor(0, RAM + (1 << 20) - 4, 16, WRITE, 0);
            case "device" -> descriptor(0, -8, 16, WRITE, 0);
            case "indirect" -> descriptor(0, BUFFER, 16, 4, 0);
            case "count" -> bus.store(AVAILABLE + 2, 2, QUEUE + 1);
            default -> {
                reg(0x44, 0);
                address(0x90, 0x1000_0000L);
                reg(0x44, 1);
            }
        }
        reg(0x50, 0);
        assertEquals(64 | 15, reg(0x70));
        assertEquals(2, reg(0x60));
        assertEquals(true, high);
        descriptor(0, BUFFER + 0x100, 16, WRITE, 0);
        reg(0x50, 0);
        assertEquals(0, bus.load(BUFFER + 0x100, 8), "nothing is served before the reset");
        start();
        assertEquals(false, high);
    }

    @Test
    void shouldStandWhateverIsStoredAndKeepItsStateOverASave() {
        SplittableRandom random = new SplittableRandom(13);
        int[] offsets = {0x14, 0x20, 0x24, 0x30, 0x38, 0x44, 0x50, 0x64, 0x70, 0x80, 0x84, 0x90, 0x94, 0xa0, 0xa4, 0xfc, 0x100};
        for (int i = 0; i < 20_000; i++) {
            reg(offsets[random.nextInt(offsets.length)], switch (random.nextInt(4)) {
                case 0 -> RAM + random.nextInt(1 << 20);
                case 1 -> random.nextInt(16);
                default -> random.nextLong();
            });
            bus.store(RAM + 8 * random.nextInt(1 << 17), 8, random.nextLong());
            byte[] state = StateBytes.of(device::save);
            VirtioEntropy other = new VirtioEntropy(session, bus, level -> assertEquals(high, level));
            other.load(StateBytes.reading(state));
            assertArrayEquals(state, StateBytes.of(other::save));
        }
        byte[] state = StateBytes.of(device::save);
        state[state.length - 1] = 9;
        assertThrows(MalformedStateException.class, () -> device.load(StateBytes.reading(state)));
    }
}
