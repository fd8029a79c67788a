package dev.reprise.machine.board;

import static dev.reprise.machine.fixture.Assembler.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.cpu.decode.Op;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Guest.Status;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.machine.fixture.Assembler;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.StateBytes;
import dev.reprise.machine.fixture.StubSession;
import dev.reprise.machine.fixture.TestMachines;
import org.junit.jupiter.api.Test;

/**
 * The hart's own timer is a function of time and stimecmp, and its pending bit is no state: a clock event that makes it
 * due while its interrupt is masked wakes nobody, so a recording has looked at it between two events of one step where a
 * replay has not.
 */
class DueTimerTest {

    private static final int MENVCFG = 0x30a;
    private static final int STIMECMP = 0x14d;
    private static final int TIME = 0xc01;

    private static byte[] waitsForAMaskedTimer() {
        Assembler a = new Assembler(Programs.BASE);
        a.li(T0, 1).op(Op.SLLI, T0, T0, 0, 63).csrw(MENVCFG, T0);
        a.csrr(T0, TIME).li(T1, 20_000).add(T0, T0, T1).csrw(STIMECMP, T0);
        return Programs.elf(a.label("wait").wfi().jump("wait").toBytes());
    }

    @Test
    void shouldNotShowInTheStateWhetherADueTimerWasLookedAt() {
        StubSession session = new StubSession();
        MachineGuest guest = TestMachines.create(waitsForAMaskedTimer(), ClockMode.HOST, session);
        assertEquals(Status.IDLE, guest.runUntil(1_000));
        long position = guest.position();
        session.clock().adjust(position, 10_000_000, session.clock().rate());
        guest.apply(new Event(0).set(EventKind.CLOCK_ADJUST, 0, position, 0, session.clock().rate()));
        byte[] notLookedAt = StateBytes.of(guest::digest);
        assertEquals(Status.IDLE, guest.runUntil(1_000));
        assertEquals(position, guest.position());
        assertArrayEquals(notLookedAt, StateBytes.of(guest::digest));
    }
}
