package dev.reprise.machine.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.engine.GuestClock;
import dev.reprise.machine.fixture.StateBytes;
import org.junit.jupiter.api.Test;

class ClintTest {

    private static final long MTIMECMP = 0x4000;
    private static final long MTIME = 0xbff8;

    private long step;
    private boolean software;
    private boolean timer;
    private final GuestClock clock = new GuestClock(10 * GuestClock.RATE_ONE);
    private final GuestTime time = new GuestTime(clock, () -> step);
    private final Clint clint = new Clint(time, high -> software = high, high -> timer = high);

    @Test
    void shouldCountMtimeInTicksOfTheTimebase() {
        step = 12_345;
        assertEquals(1_234, clint.load(MTIME, 8));
        assertEquals(1_234, clint.load(MTIME, 4));
        assertEquals(0, clint.load(MTIME + 4, 4));
    }

    @Test
    void shouldDriveTheSoftwareInterruptFromBitZero() {
        clint.store(0, 4, 0xffff_ffffL);
        assertTrue(software);
        assertEquals(1, clint.load(0, 4));
        clint.store(0, 4, 2);
        assertFalse(software);
    }

    @Test
    void shouldRaiseTheTimerInterruptExactlyAtItsStep() {
        clint.store(MTIMECMP, 8, 100);
        assertFalse(timer);
        long due = time.firstStepAtOrAfter(clint.deadlineNs(), step);
        assertEquals(1_000, due);
        step = due;
        clint.onDeadline();
        assertTrue(timer);
        assertEquals(TimedDevice.NEVER, clint.deadlineNs());
    }

    @Test
    void shouldRaiseAtOnceWhenTheTimeHasPassedAndLowerWhenItIsMovedAway() {
        step = 5_000;
        clint.store(MTIMECMP, 8, 500);
        assertTrue(timer);
        clint.store(MTIMECMP, 8, 501);
        assertFalse(timer);
    }

    @Test
    void shouldCompareUnsigned() {
        step = 5_000;
        clint.store(MTIMECMP, 8, -1);
        assertFalse(timer);
        assertEquals(TimedDevice.NEVER, clint.deadlineNs());
    }

    @Test
    void shouldMoveTimeAndCompareWhenMtimeIsWritten() {
        clint.store(MTIMECMP, 8, 1L << 40);
        clint.store(MTIME, 8, 1L << 40);
        assertTrue(timer);
        step += 10;
        assertEquals((1L << 40) + 1, clint.load(MTIME, 8));
        clint.store(MTIME + 4, 4, 0);
        assertFalse(timer);
        assertEquals(1, clint.load(MTIME, 8));
    }

    @Test
    void shouldWriteMtimecmpByHalves() {
        clint.store(MTIMECMP, 4, 0x1234_5678);
        clint.store(MTIMECMP + 4, 4, 0x9abc);
        assertEquals(0x9abc_1234_5678L, clint.load(MTIMECMP, 8));
        assertEquals(0x9abc, clint.load(MTIMECMP + 4, 4));
    }

    @Test
    void shouldFaultOnOtherSizesAndBeyondTheRegisters() {
        assertThrows(BusFault.class, () -> clint.load(0, 8));
        assertThrows(BusFault.class, () -> clint.load(0, 1));
        assertThrows(BusFault.class, () -> clint.store(MTIME, 2, 0));
        assertThrows(BusFault.class, () -> clint.load(0xc000, 4));
        assertEquals(0, clint.load(MTIMECMP + 8, 8));
    }

    @Test
    void shouldStartMtimeAgainAtReset() {
        step = 70_000;
        clint.store(MTIMECMP, 8, 0);
        clint.reset();
        assertFalse(timer);
        assertEquals(0, clint.load(MTIME, 8));
    }

    @Test
    void shouldGoOnFromASavedState() {
        step = 999;
        clint.store(0, 4, 1);
        clint.store(MTIMECMP, 8, 77_777);
        clint.store(MTIME, 8, 4_242);
        byte[] saved = StateBytes.of(clint::save);
        long deadline = clint.deadlineNs();
        clint.reset();
        clint.load(StateBytes.reading(saved));
        assertArrayEquals(saved, StateBytes.of(clint::save));
        assertEquals(deadline, clint.deadlineNs());
    }
}
