package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.interpret.TestMachine.CODE;
import static dev.reprise.cpu.interpret.TestMachine.HANDLER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.MmioDevice;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.mmu.PagingMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptTest {
    private static final long DEVICE = 0x1000_0000L;
    /** Until then what is eager has translated a loop. */
    private static final long WARM_STEPS = 3_000;
    private final TestMachine m = new TestMachine();
    private final Hart hart = m.hart;

    private void enableAll() {
        hart.setCsr(Csr.MIE, -1);
        hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_MIE);
    }

    @Test
    void shouldEnterAnInterruptInAStepOfItsOwn() {
        enableAll();
        m.code().i(Op.ADDI, 1, 1, 1).jump(-4);
        m.step(4);
        hart.setInterruptLine(7, true);
        m.step(1);
        assertEquals(HANDLER, hart.pc());
        assertEquals(Long.MIN_VALUE | 7, hart.csr(Csr.MCAUSE));
        assertEquals(CODE, hart.csr(Csr.MEPC));
        assertEquals(4, hart.instructionsRetired());
    }

    @Test
    void shouldPreferExternalThenSoftwareThenTimerAndMachineFirst() {
        int[] order = {11, 3, 7, 9, 1, 5};
        for (int i = 0; i < order.length; i++) {
            hart.reset();
            hart.setCsr(Csr.MTVEC, HANDLER);
            enableAll();
            for (int j = 0; j < order.length; j++) {
                hart.setInterruptLine(order[j], j >= i);
            }
            m.step(1);
            assertEquals(Long.MIN_VALUE | order[i], hart.csr(Csr.MCAUSE));
        }
    }

    @Test
    void shouldAddTheCauseToAVectoredBase() {
        enableAll();
        hart.setCsr(Csr.MTVEC, HANDLER | 1);
        hart.setInterruptLine(11, true);
        m.step(1);
        assertEquals(HANDLER + 44, hart.pc());
        m.bus.store(HANDLER + 44, 4, 0);
        m.step(1);
        assertEquals(HANDLER, hart.pc());
    }

    @Test
    void shouldWakeWithoutAnEntryWhenInterruptsAreDisabled() {
        hart.setCsr(Csr.MIE, Csr.MTIP);
        m.code().op(Op.WFI).i(Op.ADDI, 1, 0, 9);
        assertSame(StopReason.IDLE, m.step(10));
        assertTrue(hart.waiting());
        assertEquals(1, hart.step());
        hart.setInterruptLine(7, true);
        m.step(1);
        assertFalse(hart.waiting());
        assertEquals(CODE + 4, hart.pc());
        m.step(1);
        assertEquals(9, hart.x(1));
        assertEquals(2, hart.instructionsRetired());
    }

    @Test
    void shouldReturnBehindWfiFromTheInterruptThatEndedIt() {
        enableAll();
        m.code().op(Op.WFI);
        m.step(5);
        hart.setInterruptLine(3, true);
        m.step(1);
        assertEquals(CODE + 4, hart.csr(Csr.MEPC));
        assertFalse(hart.waiting());
    }

    @Test
    void shouldTakeTheSupervisorTimerAtTheStepWhereTimeReachesStimecmp() {
        hart.setCsr(Csr.MENVCFG, 1L << 63);
        hart.setCsr(Csr.STIMECMP, 3);
        hart.setCsr(Csr.MIE, Csr.STIP);
        hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_MIE);
        m.code().jump(0);
        m.step(1_000);
        assertEquals(Long.MIN_VALUE | 5, hart.csr(Csr.MCAUSE));
        assertEquals(3 * TestPlatform.STEPS_PER_TICK, hart.instructionsRetired() - (hart.step() - 31));
    }

    @Test
    void shouldSkipIdleTimeToTheTimer() {
        hart.setCsr(Csr.MENVCFG, 1L << 63);
        hart.setCsr(Csr.STIMECMP, 1_000_000);
        hart.setCsr(Csr.MIE, Csr.STIP);
        m.code().op(Op.WFI).csr(Op.CSRRS, 5, Csr.TIME, 0);
        assertSame(StopReason.LIMIT, m.step(3));
        assertEquals(1_000_000, hart.x(5));
    }

    /** A loop that sets bits of a CSR and clears them; from a step on, SEIP's line or the supervisor's timer is up. */
    private static TestMachine enablesAndDisables(Execution execution, int mode, int register, long bits, boolean timer,
            long from) {
        TestMachine m = new TestMachine(PagingMode.SV48, execution).permitAll();
        m.hart.setCsr(Csr.STVEC, HANDLER);
        m.hart.setCsr(Csr.MIDELEG, mode == 3 ? 0 : Csr.SEIP | Csr.STIP);
        boolean byStatus = register == Csr.MSTATUS || register == Csr.SSTATUS;
        m.hart.setCsr(Csr.MIE, byStatus ? -1 : 0);
        m.hart.setCsr(Csr.MSTATUS, byStatus ? 0 : Csr.MSTATUS_MPIE | Csr.MSTATUS_SIE);
        m.hart.setX(5, bits);
        m.code().i(Op.ADDI, 1, 1, 1).csr(Op.CSRRS, 6, register, 5).i(Op.ADDI, 2, 2, 1).csr(Op.CSRRC, 7, register, 5)
                .i(Op.ADDI, 3, 3, 1).csr(Op.CSRRSI, 8, register, 0).jump(-24);
        if (timer) {
            m.hart.setCsr(Csr.MENVCFG, 1L << 63);
            m.hart.setCsr(Csr.STIMECMP, (from + 9) / TestPlatform.STEPS_PER_TICK);
        } else {
            m.platform.deadlineStep = from;
            m.platform.onDeadline = () -> m.hart.setInterruptLine(9, true);
        }
        return m.mode(mode);
    }

    /** Before each call of runUntil it is looked whether one is due, so nothing can be missed in steps of one. */
    private static void assertTakenWhereDue(Execution execution, int mode, int register, long bits, boolean timer) {
        for (long from = WARM_STEPS; from < WARM_STEPS + 30; from++) {
            TestMachine whole = enablesAndDisables(execution, mode, register, bits, timer, from);
            TestMachine single = enablesAndDisables(Execution.INTERPRETED, mode, register, bits, timer, from);
            long[] entered = new long[2];
            whole.hart.trapListener((interrupt, cause) -> entered[0] = whole.hart.step());
            single.hart.trapListener((interrupt, cause) -> entered[1] = single.hart.step());
            whole.hart.runUntil(WARM_STEPS + 100);
            single.hart.runUntil(WARM_STEPS - 1);
            while (single.hart.step() < WARM_STEPS + 100) {
                single.step(1);
            }
            assertEquals(List.of(), whole.hart.differences(single.hart));
            assertEquals(Long.MIN_VALUE | (timer ? 5 : 9), whole.hart.csr(mode == 3 ? Csr.MCAUSE : Csr.SCAUSE));
            assertEquals(entered[1], entered[0]);
            long due = timer ? (from + 9) / TestPlatform.STEPS_PER_TICK * TestPlatform.STEPS_PER_TICK : from;
            // It is enabled at two steps of seven that follow each other.
            assertTrue(entered[0] >= due && entered[0] <= due + 5, due + ": " + entered[0]);
        }
    }

    @Test
    void shouldTakeWhatAnEnableMakesDueBeforeTheNextInstruction() {
        Execution[] executions = {Execution.INTERPRETED, Execution.AT_FIRST_SIGHT, Execution.EAGER,
            Execution.EAGER.withoutMachineCode()};
        for (Execution execution : executions) {
            for (boolean timer : new boolean[] {false, true}) {
                long bit = timer ? Csr.STIP : Csr.SEIP;
                assertTakenWhereDue(execution, 3, Csr.MSTATUS, Csr.MSTATUS_MIE, timer);
                assertTakenWhereDue(execution, 3, Csr.MIE, bit, timer);
                assertTakenWhereDue(execution, 1, Csr.SSTATUS, Csr.MSTATUS_SIE, timer);
                assertTakenWhereDue(execution, 1, Csr.SIE, bit, timer);
            }
        }
    }

    @Test
    void shouldStayIdleWhenTheTimerCannotWakeIt() {
        hart.setCsr(Csr.MENVCFG, 1L << 63);
        hart.setCsr(Csr.STIMECMP, 0);
        m.code().op(Op.WFI);
        assertSame(StopReason.IDLE, m.step(3));
    }

    @Test
    void shouldSeeAnInterruptRightAfterTheDeviceAccessThatRaisedIt() {
        enableAll();
        long[] stepSeen = new long[1];
        m.bus.addDevice(DEVICE, 0x100, new MmioDevice() {
            @Override
            public long load(long offset, int size) {
                stepSeen[0] = hart.step();
                hart.setInterruptLine(11, true);
                return 5;
            }

            @Override
            public void store(long offset, int size, long value) {
                hart.requestStop();
            }
        });
        m.code().i(Op.ADDI, 1, 0, 1).i(Op.LW, 2, 10, 0).i(Op.ADDI, 3, 0, 1);
        hart.setX(10, DEVICE);
        m.step(3);
        assertEquals(1, stepSeen[0]);
        assertEquals(5, hart.x(2));
        assertEquals(0, hart.x(3));
        assertEquals(CODE + 8, hart.csr(Csr.MEPC));
    }

    @Test
    void shouldStopAfterTheStepThatAsksForIt() {
        m.bus.addDevice(DEVICE, 0x100, new MmioDevice() {
            @Override
            public long load(long offset, int size) {
                return 0;
            }

            @Override
            public void store(long offset, int size, long value) {
                hart.requestStop();
            }
        });
        m.code().i(Op.ADDI, 1, 0, 1).s(Op.SW, 10, 1, 0).i(Op.ADDI, 3, 0, 1);
        hart.setX(10, DEVICE);
        assertSame(StopReason.STOP_REQUESTED, m.step(100));
        assertEquals(2, hart.step());
        assertEquals(CODE + 8, hart.pc());
    }

    @Test
    void shouldStopAfterAStoreToAWatchedWordThatAsksForIt() {
        long word = CODE + 0x4000;
        m.bus.tracker().watch(m.bus.pageAt(word), (int) word & 0xfff, 8, hart::requestStop);
        m.code().i(Op.ADDI, 1, 0, 1).s(Op.SD, 10, 1, 0).jump(8);
        hart.setX(10, word);
        assertSame(StopReason.STOP_REQUESTED, m.step(100_000));
        assertEquals(2, hart.step());
        assertEquals(CODE + 8, hart.pc());
        assertEquals(1, m.bus.load(word, 8));
    }

    @Test
    void shouldServeADeadlineBeforeTheStepThatItIsFor() {
        long[] at = {-1};
        m.platform.deadlineStep = 7;
        m.platform.onDeadline = () -> at[0] = hart.step();
        m.code().jump(0);
        m.step(7);
        assertEquals(-1, at[0]);
        m.step(1);
        assertEquals(7, at[0]);
    }
}
