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

class GoldfishRtcTest {

    private static final long EPOCH_NS = 1_700_000_000_000_000_000L;

    private long step;
    private boolean line;
    private final GuestTime time = new GuestTime(new GuestClock(10 * GuestClock.RATE_ONE), () -> step);
    private final GoldfishRtc rtc = new GoldfishRtc(time, () -> EPOCH_NS + time.nowNs(), high -> line = high);

    private long now() {
        long low = rtc.load(0, 4);
        return rtc.load(4, 4) << 32 | low;
    }

    private void alarm(long ns) {
        rtc.store(0x0c, 4, ns >>> 32);
        rtc.store(0x08, 4, ns);
    }

    @Test
    void shouldShowWallTimeWithALatchedHighHalf() {
        step = 50;
        assertEquals(EPOCH_NS + 500, now());
        rtc.load(0, 4);
        step = 1L << 40;
        assertEquals(EPOCH_NS >>> 32, rtc.load(4, 4));
    }

    @Test
    void shouldKeepASetTimeGoing() {
        rtc.store(4, 4, 0x10);
        rtc.store(0, 4, 0x20);
        step = 3;
        assertEquals(0x10_0000_0020L + 30, now());
    }

    @Test
    void shouldFireTheAlarmAtItsGuestTime() {
        rtc.store(0x10, 4, 1);
        alarm(EPOCH_NS + 1_000);
        assertEquals(1, rtc.load(0x18, 4));
        assertEquals(1_000, rtc.deadlineNs());
        step = 100;
        rtc.onDeadline();
        assertTrue(line);
        assertEquals(0, rtc.load(0x18, 4));
        rtc.store(0x1c, 4, 1);
        assertFalse(line);
    }

    @Test
    void shouldFireAtOnceForAnAlarmInThePast() {
        rtc.store(0x10, 4, 1);
        alarm(EPOCH_NS);
        assertTrue(line);
    }

    @Test
    void shouldHoldTheInterruptUntilItIsEnabled() {
        alarm(EPOCH_NS);
        assertFalse(line);
        rtc.store(0x10, 4, 1);
        assertTrue(line);
    }

    @Test
    void shouldForgetAClearedAlarm() {
        alarm(EPOCH_NS + 1_000);
        rtc.store(0x14, 4, 1);
        assertEquals(TimedDevice.NEVER, rtc.deadlineNs());
    }

    @Test
    void shouldKeepAnAlarmBeyondGuestTimeArmedWithoutOverflow() {
        alarm(Long.MAX_VALUE);
        assertEquals(1, rtc.load(0x18, 4));
        alarm(-1);
        assertEquals(1, rtc.load(0x18, 4));
        assertTrue(rtc.deadlineNs() > 1L << 62);
    }

    @Test
    void shouldFaultOnOtherAccesses() {
        assertThrows(BusFault.class, () -> rtc.load(0, 8));
        assertThrows(BusFault.class, () -> rtc.load(2, 4));
        assertThrows(BusFault.class, () -> rtc.store(0x24, 4, 0));
    }

    @Test
    void shouldGoOnFromASavedState() {
        rtc.store(0, 4, 7);
        alarm(EPOCH_NS + 9_999);
        rtc.store(0x10, 4, 1);
        byte[] saved = StateBytes.of(rtc::save);
        rtc.reset();
        rtc.load(StateBytes.reading(saved));
        assertArrayEquals(saved, StateBytes.of(rtc::save));
    }
}
