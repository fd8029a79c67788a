package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.interpret.TestMachine.CODE;
import static dev.reprise.cpu.interpret.TestMachine.DATA;
import static dev.reprise.cpu.interpret.TestMachine.HANDLER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.trap.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrapTest {
    private final TestMachine m = new TestMachine();
    private final Hart hart = m.hart;

    @Test
    void shouldPutTheBitsOfAnIllegalInstructionIntoMtval() {
        m.code().i(Op.ADDI, 5, 0, 1).word(0xffff_ffff);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, m.runToTrap());
        assertEquals(0xffff_ffffL, hart.csr(Csr.MTVAL));
        assertEquals(CODE + 4, hart.csr(Csr.MEPC));
        assertEquals(1, hart.x(5));
    }

    @Test
    void shouldPutSixteenBitsOfACompressedIllegalInstructionIntoMtval() {
        m.code().half(0x8000);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, m.runToTrap());
        assertEquals(0x8000, hart.csr(Csr.MTVAL));
    }

    @Test
    void shouldTrapOnACsrThatDoesNotExistOrIsReadOnly() {
        m.code().csr(Op.CSRRS, 1, 0x7c0, 0).csr(Op.CSRRW, 0, Csr.MHARTID, 0);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, m.runToTrap());
        hart.setPc(CODE + 4);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, m.runToTrap());
        assertEquals(CODE + 4, hart.csr(Csr.MEPC));
    }

    @ParameterizedTest
    @ValueSource(ints = {Op.AMOADD_W, Op.SC_W, Op.AMOSWAP_D})
    void shouldTrapOnAMisalignedAtomicAsAStore(int op) {
        m.code().r(op, 5, 10, 6);
        hart.setX(10, DATA + 2);
        assertEquals(Cause.STORE_MISALIGNED, m.runToTrap());
        assertEquals(DATA + 2, hart.csr(Csr.MTVAL));
    }

    @Test
    void shouldTrapOnAMisalignedReservedLoadAsALoad() {
        m.code().r(Op.LR_D, 5, 10, 0);
        hart.setX(10, DATA + 4);
        assertEquals(Cause.LOAD_MISALIGNED, m.runToTrap());
    }

    @Test
    void shouldLeaveTheDestinationOfALoadThatFaults() {
        m.code().i(Op.LD, 5, 10, 0);
        hart.setX(5, 77);
        hart.setX(10, 0x1234_5678_9abc_def0L);
        assertEquals(Cause.LOAD_ACCESS, m.runToTrap());
        assertEquals(0x1234_5678_9abc_def0L, hart.csr(Csr.MTVAL));
        assertEquals(77, hart.x(5));
    }

    @Test
    void shouldFaultWhereAJumpLeadsAndNotAtTheJump() {
        m.code().i(Op.JALR, 1, 10, 1);
        hart.setX(10, 0x5000);
        assertEquals(Cause.FETCH_ACCESS, m.runToTrap());
        assertEquals(0x5000, hart.csr(Csr.MEPC));
        assertEquals(0x5000, hart.csr(Csr.MTVAL));
        assertEquals(CODE + 4, hart.x(1));
    }

    @Test
    void shouldDelegateToSupervisorModeOnlyFromBelowMachineMode() {
        m.permitAll().code().op(Op.ECALL);
        hart.setCsr(Csr.MEDELEG, 1 << 8 | 1 << 9);
        hart.setCsr(Csr.STVEC, TestMachine.RAM + 0x9000);
        m.mode(0).step(1);
        assertEquals(TestMachine.RAM + 0x9000, hart.pc());
        assertEquals(1, hart.privilege());
        hart.setPc(CODE);
        m.step(1);
        assertEquals(9, hart.csr(Csr.SCAUSE));
        assertEquals(Csr.MSTATUS_SPP, hart.csr(Csr.SSTATUS) & Csr.MSTATUS_SPP);
    }

    @Test
    void shouldEndTheReservationInATrap() {
        m.code().r(Op.LR_W, 5, 10, 0).op(Op.ECALL).r(Op.SC_W, 6, 10, 5);
        hart.setX(10, DATA);
        m.step(2);
        hart.setPc(CODE + 8);
        m.step(1);
        assertEquals(1, hart.x(6));
    }

    @Test
    void shouldStoreConditionallyOnceIfMemoryIsUnchanged() {
        m.code().r(Op.LR_D, 5, 10, 0).r(Op.SC_D, 6, 10, 11).r(Op.SC_D, 7, 10, 11);
        hart.setX(10, DATA);
        hart.setX(11, 42);
        m.step(3);
        assertEquals(0, hart.x(6));
        assertEquals(1, hart.x(7));
        assertEquals(42, m.bus.load(DATA, 8));
    }

    @Test
    void shouldKeepMakingStepsWhenEveryStepTraps() {
        hart.setCsr(Csr.MTVEC, 0x10);
        hart.setPc(0x10);
        assertSame(StopReason.LIMIT, m.step(1_000_000));
        assertEquals(1_000_000, hart.step());
        assertEquals(0, hart.csr(Csr.MINSTRET));
        assertEquals(1_000_000, hart.csr(Csr.MCYCLE));
    }

    @Test
    void shouldNotRetireWhatTraps() {
        m.code().i(Op.ADDI, 1, 1, 1).i(Op.ADDI, 1, 1, 1).op(Op.ECALL);
        m.step(3);
        assertEquals(HANDLER, hart.pc());
        assertEquals(2, hart.csr(Csr.MINSTRET));
        assertEquals(2, hart.instructionsRetired());
        assertEquals(3, hart.csr(Csr.MCYCLE));
    }

    @Test
    void shouldReadBackFromTheNextInstructionWhatWasWrittenToACounter() {
        m.code().csr(Op.CSRRW, 0, Csr.MINSTRET, 5).csr(Op.CSRRS, 6, Csr.MINSTRET, 0).csr(Op.CSRRS, 7, Csr.INSTRET, 0);
        hart.setX(5, 1000);
        m.step(3);
        assertEquals(1000, hart.x(6));
        assertEquals(1001, hart.x(7));
    }

    @Test
    void shouldFreezeAnInhibitedCounter() {
        m.code().csr(Op.CSRRWI, 0, Csr.MCOUNTINHIBIT, 5).csr(Op.CSRRS, 5, Csr.MINSTRET, 0)
                .csr(Op.CSRRS, 6, Csr.MCYCLE, 0).csr(Op.CSRRWI, 0, Csr.MCOUNTINHIBIT, 0)
                .csr(Op.CSRRS, 7, Csr.MINSTRET, 0);
        m.step(5);
        assertEquals(1, hart.x(5));
        assertEquals(1, hart.x(6));
        assertEquals(1, hart.x(7));
    }
}
