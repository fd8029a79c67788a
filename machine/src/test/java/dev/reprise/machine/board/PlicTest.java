package dev.reprise.machine.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.machine.fixture.StateBytes;
import org.junit.jupiter.api.Test;

class PlicTest {

    private static final long MACHINE = 0x20_0000;
    private static final long SUPERVISOR = 0x20_1000;

    private boolean machine;
    private boolean supervisor;
    private final Plic plic = new Plic(high -> machine = high, high -> supervisor = high);
    private final InterruptLine uart = plic.line(10);
    private final InterruptLine last = plic.line(Plic.SOURCES);

    private void enable(int context, int source, int priority) {
        plic.store(4L * source, 4, priority);
        long word = 0x2000 + 0x80L * context + source / 32 * 4L;
        plic.store(word, 4, plic.load(word, 4) | 1L << source % 32);
    }

    @Test
    void shouldInterruptTheContextThatEnabledTheSource() {
        enable(1, 10, 1);
        uart.set(true);
        assertTrue(supervisor);
        assertFalse(machine);
        assertEquals(1 << 10, plic.load(0x1000, 4));
    }

    @Test
    void shouldClaimOnceAndNotInterruptAgainBeforeCompletion() {
        enable(1, 10, 1);
        uart.set(true);
        assertEquals(10, plic.load(SUPERVISOR + 4, 4));
        assertFalse(supervisor);
        assertEquals(0, plic.load(SUPERVISOR + 4, 4));
        uart.set(false);
        uart.set(true);
        assertFalse(supervisor);
    }

    @Test
    void shouldInterruptAgainAtCompletionWhileTheLineIsHigh() {
        enable(1, 10, 1);
        uart.set(true);
        plic.load(SUPERVISOR + 4, 4);
        plic.store(SUPERVISOR + 4, 4, 10);
        assertTrue(supervisor);
        plic.load(SUPERVISOR + 4, 4);
        uart.set(false);
        plic.store(SUPERVISOR + 4, 4, 10);
        assertFalse(supervisor);
    }

    @Test
    void shouldForgetALineThatFellBeforeItsClaim() {
        enable(0, 10, 1);
        uart.set(true);
        uart.set(false);
        assertFalse(machine);
        assertEquals(0, plic.load(MACHINE + 4, 4));
    }

    @Test
    void shouldPreferTheHigherPriorityThenTheLowerSource() {
        enable(0, 10, 3);
        enable(0, 11, 3);
        enable(0, Plic.SOURCES, 7);
        uart.set(true);
        plic.line(11).set(true);
        last.set(true);
        assertEquals(Plic.SOURCES, plic.load(MACHINE + 4, 4));
        assertEquals(10, plic.load(MACHINE + 4, 4));
        assertEquals(11, plic.load(MACHINE + 4, 4));
    }

    @Test
    void shouldInterruptOnlyAboveTheThreshold() {
        enable(0, 10, 3);
        plic.store(MACHINE, 4, 3);
        uart.set(true);
        assertFalse(machine);
        plic.store(MACHINE, 4, 2);
        assertTrue(machine);
    }

    @Test
    void shouldKeepOnlyThePriorityBitsThatExist() {
        plic.store(40, 4, 0xffff_ffffL);
        assertEquals(7, plic.load(40, 4));
        plic.store(0, 4, 7);
        assertEquals(0, plic.load(0, 4));
        plic.store(0x2000, 4, 0xffff_ffffL);
        assertEquals(0xffff_fffeL, plic.load(0x2000, 4));
        plic.store(0x200c, 4, 0xffff_ffffL);
        assertEquals(1, plic.load(0x200c, 4));
    }

    @Test
    void shouldIgnoreWhatIsNotThere() {
        for (long offset : new long[] {0x188, 0x1010, 0x2010, 0x2100, 0x20_0008, 0x20_2000, 0x5f_fffc}) {
            plic.store(offset, 4, -1);
            assertEquals(0, plic.load(offset, 4), Long.toHexString(offset));
        }
        plic.store(MACHINE + 4, 4, 0xffff_ffffL);
        plic.store(MACHINE + 4, 4, 0);
        assertThrows(BusFault.class, () -> plic.load(0, 8));
        assertThrows(BusFault.class, () -> plic.store(0x2000, 1, 0));
    }

    @Test
    void shouldGoOnFromASavedState() {
        enable(0, 10, 3);
        enable(1, 11, 2);
        uart.set(true);
        plic.load(MACHINE + 4, 4);
        byte[] saved = StateBytes.of(plic::save);
        plic.reset();
        plic.load(StateBytes.reading(saved));
        assertArrayEquals(saved, StateBytes.of(plic::save));
        saved[3] = 1;
        assertThrows(MalformedStateException.class, () -> plic.load(StateBytes.reading(saved)));
    }
}
