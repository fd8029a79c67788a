package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Translated code is bounded, and what is discarded leaves the JVM. */
class CodeCacheTest {
    private static final int TURNS = 600;
    private static final int SEEDS = 40;

    /** Writes a new constant into a loop, runs the loop, and so on: each turn is new code. */
    private static Hart discarding(int maxRegions) {
        TestMachine m = new TestMachine();
        Hart hart = new Hart(HartConfig.of(TestMachine.CODE).with(Execution.AT_FIRST_SIGHT.withBounds(128, maxRegions).withoutMachineCode()),
                m.bus, m.platform);
        long expected = 0;
        for (int turn = 0; turn < TURNS; turn++) {
            new Asm(m.bus, TestMachine.CODE).word(Encoder.encode(Op.ADDI, 5, 5, 0, 0, 0, turn)).jump(-4);
            hart.setPc(TestMachine.CODE);
            hart.runUntil(hart.step() + 20);
            expected += 10L * turn;
        }
        assertNull(hart.translationFailure());
        assertEquals(expected, hart.x(5));
        return hart;
    }

    @Test
    void shouldUnloadTheClassesOfCodeThatTheGuestHasOverwritten() throws InterruptedException {
        var loading = ManagementFactory.getClassLoadingMXBean();
        long before = loading.getUnloadedClassCount();
        Hart hart = discarding(1 << 10);
        assertTrue(hart.regionsDropped() >= TURNS - 1, "dropped " + hart.regionsDropped());
        assertTrue(hart.cachedRegions() <= 1, "kept " + hart.cachedRegions());
        for (int i = 0; i < 50 && loading.getUnloadedClassCount() - before < TURNS / 2; i++) {
            System.gc();
            Thread.sleep(20);
        }
        long unloaded = loading.getUnloadedClassCount() - before;
        assertTrue(unloaded >= TURNS / 2, "unloaded " + unloaded + " of " + TURNS);
    }

    @Test
    void shouldKeepNoMoreRegionsThanItsBound() {
        RandomGuest guest = new RandomGuest(3, true, Execution.AT_FIRST_SIGHT.withBounds(16, 5));
        for (long step = 100; step < 20_000; step += 100) {
            guest.runTo(step);
            assertTrue(guest.hart.cachedRegions() <= 5, "kept " + guest.hart.cachedRegions());
        }
        assertTrue(guest.hart.regionsDropped() > 5, "the bound was never met");
    }

    /** The block that control leaves is gone when the next one is there, and its place may be that one's. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldExecuteTheSameWithRoomForFewBlocks(int maxBlocks) {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomGuest plenty = new RandomGuest(seed, seed % 2 == 0, Execution.INTERPRETED);
            RandomGuest few = new RandomGuest(seed, seed % 2 == 0, maxBlocks, 1 << 10, Execution.INTERPRETED);
            for (long step = 500; step <= 5_000; step += 500) {
                plenty.runTo(step);
                few.runTo(step);
                assertArrayEquals(plenty.state(), few.state(), "seed " + seed + ", step " + step);
            }
        }
    }
}
