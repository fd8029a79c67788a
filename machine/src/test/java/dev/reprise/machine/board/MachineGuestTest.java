package dev.reprise.machine.board;

import static dev.reprise.machine.fixture.Assembler.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Guest.Status;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.machine.fixture.Assembler;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.StateBytes;
import dev.reprise.machine.fixture.StubSession;
import dev.reprise.machine.fixture.TestMachines;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineGuestTest {

    private final StubSession session = new StubSession();

    private static void type(MachineGuest guest, StubSession session, String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Event event = new Event(bytes.length).set(EventKind.CHAR_INPUT, 1, guest.position(), 0, 0)
                .payload(bytes, 0, bytes.length);
        session.spendCredit(bytes.length);
        guest.apply(event);
    }

    /** Runs on through what idling and serving a stop make of it. */
    private static Status runTo(MachineGuest guest, long step) {
        Status status = Status.RAN;
        while (guest.position() < step && status == Status.RAN) {
            status = guest.runUntil(step);
        }
        return status;
    }

    private static void runToShutdown(MachineGuest guest, StubSession session) {
        while (session.shutdown() == null && guest.position() < 1_000_000) {
            guest.runUntil(1_000_000);
        }
    }

    private static byte[] digest(MachineGuest guest, StubSession session) {
        return StateBytes.of(sink -> {
            guest.digest(sink);
            session.clock().write(sink);
        });
    }

    private static byte[] save(MachineGuest guest, StubSession session) {
        return StateBytes.of(sink -> {
            session.clock().write(sink);
            guest.save(sink);
        });
    }

    @Test
    void shouldStopExactlyAtTheStepAskedFor() {
        MachineGuest guest = TestMachines.create(Programs.spin(), session);
        assertEquals(Status.RAN, guest.runUntil(12_345));
        assertEquals(12_345, guest.position());
        assertEquals(12_345, guest.instructions());
    }

    @Test
    void shouldEchoWhatIsTypedAndPowerOff() {
        MachineGuest guest = TestMachines.create(Programs.echo(), session);
        runTo(guest, 5_000);
        assertTrue(session.credit() > 0);
        type(guest, session, "xy");
        runTo(guest, 20_000);
        assertEquals(4, session.output().length());
        assertEquals("xy", "" + session.output().charAt(0) + session.output().charAt(2));
        type(guest, session, "q");
        assertEquals(Status.STOPPED, runTo(guest, 1_000_000));
        assertEquals(ShutdownCause.GUEST_SHUTDOWN, session.shutdown());
        assertEquals(0, session.code());
    }

    @Test
    void shouldTellAFailureFromAPass() {
        MachineGuest guest = TestMachines.create(Programs.echo(), session);
        runTo(guest, 5_000);
        type(guest, session, "f");
        assertEquals(Status.STOPPED, runTo(guest, 1_000_000));
        assertEquals(ShutdownCause.GUEST_PANIC, session.shutdown());
        assertEquals(7, session.code());
    }

    @Test
    void shouldJumpToTheNextDeadlineWhenIdleInInstructionTime() {
        MachineGuest guest = TestMachines.create(Programs.echo(), session);
        runTo(guest, 100_000);
        // 500 ticks of 100 ns between two timer interrupts, and about 1,300 steps of 10 ns of work.
        assertTrue(session.clock().ns(guest.position()) > 3 * 100_000 * 10, "time did not jump");
    }

    @Test
    void shouldIdleUntilItsDeadlineInHostTime() {
        MachineGuest guest = TestMachines.create(Programs.echo(), ClockMode.HOST, session);
        assertEquals(Status.IDLE, runTo(guest, 100_000));
        long deadline = guest.idleDeadlineNs();
        assertTrue(deadline > session.clock().ns(guest.position()));
        long idleAt = guest.position();
        session.clock().adjust(idleAt, deadline, session.clock().rate());
        guest.runUntil(idleAt + 1);
        assertEquals(idleAt + 1, guest.position());
    }

    @Test
    void shouldHaveNothingToWaitForWithoutADeadline() {
        MachineGuest guest = TestMachines.create(Programs.waitForever(), session);
        assertEquals(Status.IDLE, runTo(guest, 100_000));
        assertEquals(Long.MAX_VALUE, guest.idleDeadlineNs());
    }

    @Test
    void shouldCountAStepForADeadlineThatWakesNobody() {
        for (ClockMode clock : ClockMode.values()) {
            StubSession own = new StubSession();
            MachineGuest guest = TestMachines.create(Programs.maskedDeadlines(), clock, own);
            Status status = runTo(guest, 100_000);
            long idleAt = guest.position();
            int waits = 0;
            while (clock == ClockMode.HOST && guest.idleDeadlineNs() != Long.MAX_VALUE) {
                own.clock().adjust(guest.position(), guest.idleDeadlineNs(), own.clock().rate());
                status = guest.runUntil(100_000);
                waits++;
            }
            assertEquals(Status.IDLE, status);
            assertEquals(Long.MAX_VALUE, guest.idleDeadlineNs(), "the alarm is past, and a masked timer is awaited by nobody");
            assertTrue(own.clock().ns(guest.position()) >= 1_000_000);
            if (clock == ClockMode.HOST) {
                assertEquals(1, waits);
                assertEquals(idleAt + 1, guest.position(), "one step for the alarm; the hart's own timer changes no device");
            }
        }
    }

    @Test
    void shouldReachTheSameStateInSlicesOfAnySize() {
        byte[] whole = sliced(60_000, 60_000);
        for (int slice : new int[] {1, 7, 997, 10_000}) {
            assertArrayEquals(whole, sliced(60_000, slice), "slice=" + slice);
        }
    }

    private static byte[] sliced(long steps, int slice) {
        StubSession own = new StubSession();
        MachineGuest guest = TestMachines.create(Programs.echo(), own);
        for (long input : new long[] {9_001, 30_000, 30_001}) {
            while (guest.position() < input) {
                guest.runUntil(Math.min(input, guest.position() + slice));
            }
            type(guest, own, "abc");
        }
        while (guest.position() < steps) {
            guest.runUntil(Math.min(steps, guest.position() + slice));
        }
        return digest(guest, own);
    }

    @Test
    void shouldGoOnFromASavedStateAsIfNothingHadHappened() {
        MachineGuest guest = TestMachines.create(Programs.echo(), session);
        runTo(guest, 4_321);
        type(guest, session, "hello");
        runTo(guest, 4_500);
        byte[] saved = save(guest, session);

        StubSession other = new StubSession();
        MachineGuest loaded = TestMachines.create(Programs.echo(), other);
        runTo(loaded, 777);
        StateBytes source = StateBytes.reading(saved);
        other.clock().read(source);
        loaded.load(source);
        assertEquals(0, source.remaining());
        assertArrayEquals(saved, save(loaded, other));
        assertArrayEquals(digest(guest, session), digest(loaded, other));
        runTo(guest, 50_000);
        runTo(loaded, 50_000);
        assertArrayEquals(digest(guest, session), digest(loaded, other));
        assertTrue(session.output().endsWith(other.output()));
    }

    @Test
    void shouldHaveTheSameDigestWhateverWasAskedBefore() {
        MachineGuest guest = TestMachines.create(Programs.echo(), session);
        StubSession other = new StubSession();
        MachineGuest often = TestMachines.create(Programs.echo(), other);
        for (int step = 1_000; step <= 30_000; step += 1_000) {
            runTo(often, step);
            digest(often, other);
            often.board().hart().flushCaches();
        }
        runTo(guest, 30_000);
        assertArrayEquals(digest(guest, session), digest(often, other));
    }

    @Test
    void shouldNeitherCrashNorHangOnADamagedState() {
        MachineGuest guest = TestMachines.create(Programs.echo(), session);
        runTo(guest, 4_000);
        byte[] saved = StateBytes.of(guest::save);
        long seed = 42;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = round % 3 == 0 ? Arrays.copyOf(saved, random.nextInt(saved.length)) : saved.clone();
            if (damaged.length > 0) {
                damaged[random.nextInt(Math.min(damaged.length, 2_500))] ^= (byte) (1 << random.nextInt(8));
            }
            StubSession own = new StubSession();
            MachineGuest victim = TestMachines.create(Programs.spin(), own);
            try {
                victim.load(StateBytes.reading(damaged));
            } catch (MalformedStateException expected) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("seed=" + seed + " round=" + round, e);
            }
        }
    }

    @Test
    void shouldStandAtPowerOnAfterAReset() {
        MachineGuest guest = TestMachines.create(Programs.echo(), session);
        byte[] fresh = StateBytes.of(sink -> withoutRam(guest, sink));
        runTo(guest, 5_000);
        type(guest, session, "r");
        assertEquals(Status.STOPPED, runTo(guest, 1_000_000));
        assertTrue(session.takeReset());
        assertNull(session.shutdown());
        long at = guest.position();
        guest.reset(ResetCause.GUEST);
        assertEquals(at, guest.position());
        // What had not reached the UART's FIFO would still be on the wire; here all of it had.
        guest.board().hart().setStep(0);
        byte[] again = StateBytes.of(sink -> withoutRam(guest, sink));
        assertEquals(fresh.length, again.length);
        runTo(guest, 5_000);
        type(guest, session, "z");
        runTo(guest, 20_000);
        assertTrue(session.output().contains("z"));
    }

    private static void withoutRam(MachineGuest guest, StateSink sink) {
        guest.board().saveWithoutRam(sink);
    }

    @Test
    void shouldTakeExternalInterruptLinesAndRefuseOthers() {
        MachineGuest guest = TestMachines.create(Programs.spin(), session);
        guest.apply(new Event(0).set(EventKind.INTERRUPT_LINE, 2, 0, 0, 1));
        long pending = guest.board().bus().load(MemoryMap.PLIC_BASE + 0x1004, 4);
        assertEquals(1 << MemoryMap.FIRST_EXTERNAL_IRQ % 32, pending);
        for (long line : new long[] {-1, 53, Long.MAX_VALUE}) {
            assertThrows(IllegalStateException.class,
                    () -> guest.apply(new Event(0).set(EventKind.INTERRUPT_LINE, 2, 0, line, 1)));
        }
    }

    @Test
    void shouldEndAsTohostSaysAndPrintWhatItSays() {
        MachineGuest guest = TestMachines.create(Programs.tohost(0), session);
        runToShutdown(guest, session);
        assertEquals("hi", session.output());
        assertEquals(ShutdownCause.GUEST_SHUTDOWN, session.shutdown());

        StubSession other = new StubSession();
        MachineGuest failing = TestMachines.create(Programs.tohost(5), other);
        runToShutdown(failing, other);
        assertEquals(ShutdownCause.GUEST_PANIC, other.shutdown());
        assertEquals(5, other.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Session.WOULD_BLOCK})
    void shouldKeepACharacterInTohostUntilTheConsoleHasRoom(int refusal) {
        MachineGuest guest = TestMachines.create(Programs.tohost(0), session);
        session.answerWrites(refusal);
        while (session.tries() == 0) {
            assertEquals(Status.STOPPED, runTo(guest, 10_000), "the session has its turn");
        }
        assertEquals(Status.RAN, runTo(guest, 10_000), "the program waits for its answer");
        assertEquals("", session.output());
        assertEquals(1, session.tries(), "nothing is tried again by itself");
        guest.apply(new Event(0).set(EventKind.CHAR_LINK, guest.board().uartId(), 0, LinkEvent.WRITABLE, 0));
        assertEquals(2, session.tries());
        session.answerWrites(1);
        guest.apply(new Event(0).set(EventKind.CHAR_LINK, guest.board().uartId(), 0, LinkEvent.WRITABLE, 0));
        runToShutdown(guest, session);
        assertEquals("hi", session.output());
        assertEquals(4, session.tries());
    }

    @Test
    void shouldWriteByTohostToNobodyWhereTheConsoleIsGone() {
        MachineGuest guest = TestMachines.create(Programs.tohost(0), session);
        session.answerWrites(Session.OUTPUT_CLOSED);
        runToShutdown(guest, session);
        assertEquals("", session.output());
        assertEquals(ShutdownCause.GUEST_SHUTDOWN, session.shutdown());
    }

    @Test
    void shouldServeTohostAtTheSameStepInSlices() {
        MachineGuest whole = TestMachines.create(Programs.tohost(3), session);
        runToShutdown(whole, session);
        StubSession other = new StubSession();
        MachineGuest single = TestMachines.create(Programs.tohost(3), other);
        while (other.shutdown() == null) {
            single.runUntil(single.position() + 1);
        }
        assertEquals(whole.position(), single.position());
        assertArrayEquals(digest(whole, session), digest(single, other));
    }

    /** Sets stimecmp to the time and 100,000 ticks, then mtime to a value, and counts how often STIP is read as set. */
    private static byte[] timeIsWritten(long mtime) {
        Assembler a = new Assembler(Programs.BASE);
        a.li(T0, 1).op(Op.SLLI, T0, T0, 0, 63).csrw(Csr.MENVCFG, T0);
        a.li(T1, 100_000).csrr(T0, Csr.TIME).add(T0, T0, T1).csrw(Csr.STIMECMP, T0);
        a.address(S1, MemoryMap.CLINT_BASE + 0xbff8).li(T1, (int) (mtime >> 32)).op(Op.SLLI, T1, T1, 0, 32);
        a.address(T2, mtime & 0xffff_ffffL).op(Op.OR, T1, T1, T2, 0).store(Op.SD, T1, S1, 0);
        a.label("loop").csrr(T0, Csr.MIP).op(Op.SRLI, T0, T0, 0, 5).op(Op.ANDI, T0, T0, 0, 1).add(S3, S3, T0).jump("loop");
        return Programs.elf(a.toBytes());
    }

    private void sameInSlices(byte[] program, long steps, int expectedAtLeast, int expectedAtMost) {
        MachineGuest whole = TestMachines.create(program, session);
        assertEquals(Status.RAN, whole.runUntil(steps));
        long set = whole.board().hart().x(S3);
        assertTrue(set >= expectedAtLeast && set <= expectedAtMost, "set=" + set);
        for (int slice : new int[] {1, 7, 997}) {
            StubSession other = new StubSession();
            MachineGuest sliced = TestMachines.create(program, other);
            while (sliced.position() < steps) {
                sliced.runUntil(Math.min(steps, sliced.position() + slice));
            }
            assertArrayEquals(digest(whole, session), digest(sliced, other), "slice=" + slice);
        }
    }

    @Test
    void shouldRaiseTheTimerAtOnceWhenTheGuestMovesTheTimeForward() {
        sameInSlices(timeIsWritten(1_000_000), 5_000, 980, 1_000);
    }

    @Test
    void shouldLowerTheTimerWhenTheTimeWrapsToZero() {
        // 100 ticks before the wrap: about 1,000 steps, which are 200 turns of the loop.
        sameInSlices(timeIsWritten(-100), 5_000, 180, 200);
    }

    @Test
    void shouldGiveUpOnDeadlinesThatAreSetEverFurtherAway() {
        Assembler a = new Assembler(Programs.BASE);
        a.li(T0, 1).op(Op.SLLI, T1, T0, 0, 63).csrw(Csr.MENVCFG, T1).op(Op.SLLI, T1, T0, 0, 55).li(T2, 0x20).csrw(Csr.MIE, T2);
        a.label("loop").csrr(T0, Csr.TIME).add(T0, T0, T1).csrw(Csr.STIMECMP, T0).wfi().addi(S3, S3, 1).jump("loop");
        assertEquals(1, waitsInVain(a));
    }

    @Test
    void shouldNotJumpToAnAlarmBeyondGuestTime() {
        Assembler a = new Assembler(Programs.BASE);
        a.address(T0, MemoryMap.RTC_BASE).li(T1, -1).op(Op.SRLI, T2, T1, 0, 1).op(Op.SRLI, T2, T2, 0, 32);
        a.store(Op.SW, T2, T0, 12).store(Op.SW, T1, T0, 8);
        a.label("wait").wfi().addi(S3, S3, 1).jump("wait");
        assertEquals(0, waitsInVain(a));
    }

    /** How often the program comes past its WFI before it waits for nothing that could come. */
    private long waitsInVain(Assembler program) {
        MachineGuest guest = TestMachines.create(Programs.elf(program.toBytes()), session);
        assertTimeoutPreemptively(Duration.ofSeconds(300), () -> assertEquals(Status.IDLE, runTo(guest, 100_000)));
        assertEquals(Long.MAX_VALUE, guest.idleDeadlineNs());
        assertTrue(session.clock().ns(guest.position()) >= 0);
        return guest.board().hart().x(S3);
    }

    @Test
    void shouldNotTakeALargeFailureCodeForAPass() {
        MachineGuest guest = TestMachines.create(Programs.tohost(0), session);
        long tohost = TestMachines.plan(Programs.tohost(0)).symbols().get("tohost");
        guest.board().bus().store(tohost, Long.BYTES, 1L << 33 | 1);
        guest.board().serveStop();
        assertEquals(ShutdownCause.GUEST_PANIC, session.shutdown());
    }

    @Test
    void shouldNameInTheManifestTheRevisionsThatTheDevicesHave() {
        MachineGuest guest = TestMachines.create(Programs.spin(), session);
        var devices = MachineFactory.describe(TestMachines.config(ClockMode.INSTRUCTIONS), new ImagePaths(null, null, null))
                .devices();
        assertEquals(guest.board().devices().stream().map(d -> d.name() + " " + d.revision()).toList(),
                devices.stream().map(d -> d.name() + " " + d.revision()).toList());
    }

    @Test
    void shouldMakeStepsWhileItTrapsForEver() {
        MachineGuest guest = TestMachines.create(Programs.trapForever(), session);
        assertEquals(Status.RAN, runTo(guest, 100_000));
        assertFalse(guest.instructions() > 100);
    }
}
