package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.interpret.TestMachine.CODE;
import static dev.reprise.cpu.interpret.TestMachine.DATA;
import static dev.reprise.cpu.interpret.TestMachine.LEAVES;
import static dev.reprise.cpu.interpret.TestMachine.NEXT;
import static dev.reprise.cpu.interpret.TestMachine.RAM;
import static dev.reprise.cpu.interpret.TestMachine.ROOT;
import static dev.reprise.cpu.interpret.TestMachine.WINDOW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.mmu.PagingMode;
import dev.reprise.cpu.trap.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTest {
    private final TestMachine m = new TestMachine().tables();
    private final Hart hart = m.hart;

    /** Loops over a load into x5 and a store of x6, through x10, in supervisor mode. */
    private void loadAndStoreLoop() {
        m.code().i(Op.LD, 5, 10, 0).s(Op.SD, 10, 6, 8).jump(-8);
        hart.setX(10, WINDOW);
        m.mode(1);
    }

    @Test
    void shouldSetAccessedAndDirtyBits() {
        m.entry(LEAVES, 0, DATA, 0x07);
        loadAndStoreLoop();
        m.step(1);
        assertEquals(DATA >>> 2 | 0x47, m.entryAt(LEAVES, 0));
        m.step(1);
        assertEquals(DATA >>> 2 | 0xc7, m.entryAt(LEAVES, 0));
    }

    @Test
    void shouldFollowAnEditOfALeafWithoutAFence() {
        m.bus.store(DATA, 8, 1);
        m.bus.store(DATA + 0x1000, 8, 2);
        m.entry(LEAVES, 0, DATA, 0x07);
        loadAndStoreLoop();
        m.step(30);
        assertEquals(1, hart.x(5));
        m.entry(LEAVES, 0, DATA + 0x1000, 0x07);
        m.step(3);
        assertEquals(2, hart.x(5));
        hart.setX(6, 99);
        m.step(3);
        assertEquals(99, m.bus.load(DATA + 0x1008, 8));
    }

    @Test
    void shouldSetTheAccessedBitAgainAfterItWasCleared() {
        m.entry(LEAVES, 0, DATA, 0xc7);
        loadAndStoreLoop();
        m.step(30);
        m.entry(LEAVES, 0, DATA, 0x07);
        m.step(3);
        assertEquals(DATA >>> 2 | 0xc7, m.entryAt(LEAVES, 0));
    }

    @Test
    void shouldFollowAnEditOfAPointer() {
        long other = RAM + 0x23000;
        m.bus.store(DATA + 0x2000, 8, 3);
        m.entry(LEAVES, 0, DATA, 0xc7);
        m.entry(other, 0, DATA + 0x2000, 0xc7);
        loadAndStoreLoop();
        m.step(30);
        m.entry(NEXT, 0, other, 1);
        m.step(3);
        assertEquals(3, hart.x(5));
    }

    @Test
    void shouldFollowAnEditThroughItsOwnMapping() {
        // The window shows the very table that maps it; the guest's own store removes the page below its feet.
        m.entry(LEAVES, 0, LEAVES, 0xc7);
        m.code().s(Op.SD, 10, 0, 0).i(Op.LD, 5, 10, 0);
        hart.setX(10, WINDOW);
        m.mode(1);
        assertEquals(Cause.LOAD_PAGE, m.runToTrap());
        assertEquals(WINDOW, hart.csr(Csr.MTVAL));
        assertEquals(CODE + 4, hart.csr(Csr.MEPC));
    }

    @Test
    void shouldFollowAnEditOfTheMappingOfCode() {
        new Asm(m.bus, DATA).i(Op.ADDI, 5, 5, 1).jump(-4);
        new Asm(m.bus, DATA + 0x1000).i(Op.ADDI, 6, 6, 1).jump(-4);
        m.entry(LEAVES, 0, DATA, 0x4b);
        m.code().i(Op.JALR, 0, 10, 0);
        hart.setX(10, WINDOW);
        m.mode(1);
        m.step(21);
        assertEquals(10, hart.x(5));
        m.entry(LEAVES, 0, DATA + 0x1000, 0x4b);
        m.step(20);
        assertEquals(10, hart.x(6));
        m.entry(LEAVES, 0, 0, 0);
        assertEquals(Cause.FETCH_PAGE, m.runToTrap());
    }

    @Test
    void shouldNotMixAddressSpaces() {
        long otherRoot = RAM + 0x24000;
        long otherNext = RAM + 0x25000;
        long otherLeaves = RAM + 0x26000;
        m.entry(otherRoot, RAM >>> 30, RAM, TestMachine.VALID_RWX);
        m.entry(otherRoot, WINDOW >>> 30, otherNext, 1);
        m.entry(otherNext, 0, otherLeaves, 1);
        m.entry(otherLeaves, 0, DATA + 0x3000, 0xc7);
        m.entry(LEAVES, 0, DATA, 0xc7);
        m.bus.store(DATA, 8, 11);
        m.bus.store(DATA + 0x3000, 8, 22);
        m.code().i(Op.LD, 5, 10, 0).csr(Op.CSRRW, 11, Csr.SATP, 11).i(Op.LD, 6, 10, 0).csr(Op.CSRRW, 11, Csr.SATP, 11)
                .jump(-16);
        hart.setX(10, WINDOW);
        hart.setX(11, 8L << 60 | otherRoot >>> 12);
        m.mode(1);
        m.step(50);
        assertEquals(11, hart.x(5));
        assertEquals(22, hart.x(6));
    }

    @ParameterizedTest
    @ValueSource(longs = {WINDOW | 1L << 39, WINDOW | 1L << 62, Long.MIN_VALUE})
    void shouldRefuseAddressesThatAreNotCanonical(long va) {
        m.entry(LEAVES, 0, DATA, 0xc7);
        loadAndStoreLoop();
        hart.setX(10, va);
        assertEquals(Cause.LOAD_PAGE, m.runToTrap());
        assertEquals(va, hart.csr(Csr.MTVAL));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0xc6, 0xc5, 0xcd, 0xc9, 0xd7})
    void shouldFaultOnEntriesThatDoNotPermitALoadAndAStore(int flags) {
        m.entry(LEAVES, 0, DATA, flags);
        loadAndStoreLoop();
        hart.setCsr(Csr.MSTATUS, 0);
        m.runToTrap();
    }

    @Test
    void shouldFaultOnReservedBitsAndOnMisalignedSuperpages() {
        m.bus.store(LEAVES, 8, DATA >>> 2 | 0xc7 | 1L << 54);
        loadAndStoreLoop();
        assertEquals(Cause.LOAD_PAGE, m.runToTrap());
        m.entry(NEXT, 0, DATA, 0xc7);
        hart.setPc(CODE);
        m.mode(1);
        assertEquals(Cause.LOAD_PAGE, m.runToTrap());
    }

    @Test
    void shouldLetSumAndMxrDecideForSupervisorLoads() {
        m.entry(LEAVES, 0, DATA, 0xd9);
        m.bus.store(DATA, 8, 5);
        m.code().i(Op.LD, 5, 10, 0);
        hart.setX(10, WINDOW);
        hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_SUM);
        m.mode(1);
        assertEquals(Cause.LOAD_PAGE, m.runToTrap());
        hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_MXR);
        hart.setPc(CODE);
        m.mode(1);
        assertEquals(Cause.LOAD_PAGE, m.runToTrap());
        hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_MXR | Csr.MSTATUS_SUM);
        hart.setPc(CODE);
        m.mode(1).step(1);
        assertEquals(5, hart.x(5));
    }

    @Test
    void shouldLoadAsThePreviousModeUnderMprv() {
        m.entry(LEAVES, 0, DATA, 0xc7);
        m.bus.store(DATA, 8, 6);
        m.code().i(Op.LD, 5, 10, 0);
        hart.setX(10, WINDOW);
        hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_MPRV | 1L << Csr.MPP_SHIFT);
        m.step(1);
        assertEquals(6, hart.x(5));
    }

    @Test
    void shouldStoreNothingWhenTheSecondPageOfAnAccessFaults() {
        m.entry(LEAVES, 0, DATA, 0xc7);
        m.code().s(Op.SD, 10, 6, 0);
        hart.setX(6, -1);
        hart.setX(10, WINDOW + 0xffc);
        m.mode(1);
        assertEquals(Cause.STORE_PAGE, m.runToTrap());
        assertEquals(WINDOW + 0x1000, hart.csr(Csr.MTVAL));
        assertEquals(0, m.bus.load(DATA + 0xffc, 4));
    }

    @Test
    void shouldAccessAcrossPagesThatAreApart() {
        m.entry(LEAVES, 0, DATA, 0xc7);
        m.entry(LEAVES, 1, DATA + 0x5000, 0xc7);
        m.code().s(Op.SD, 10, 6, 0).i(Op.LD, 5, 10, 0);
        hart.setX(6, 0x1122_3344_5566_7788L);
        hart.setX(10, WINDOW + 0xffd);
        m.mode(1).step(2);
        assertEquals(0x1122_3344_5566_7788L, hart.x(5));
        assertEquals(0x66_7788, m.bus.load(DATA + 0xffd, 2) | m.bus.load(DATA + 0xfff, 1) << 16);
        assertEquals(0x11_2233_4455L, m.bus.load(DATA + 0x5000, 8));
    }

    @Test
    void shouldFaultAtTheSecondHalfOfAnInstructionAcrossPages() {
        m.entry(LEAVES, 0, DATA, 0x4b);
        m.bus.store(DATA + 0xffe, 2, 0x0293);
        m.code().i(Op.JALR, 0, 10, 0);
        hart.setX(10, WINDOW + 0xffe);
        m.mode(1);
        assertEquals(Cause.FETCH_PAGE, m.runToTrap());
        assertEquals(WINDOW + 0xffe, hart.csr(Csr.MEPC));
        assertEquals(WINDOW + 0x1000, hart.csr(Csr.MTVAL));
    }

    @Test
    void shouldWalkFourLevelsInSv48() {
        long top = RAM + 0x27000;
        m.entry(top, 0, ROOT, 1);
        m.entry(LEAVES, 0, DATA, 0xc7);
        m.bus.store(DATA, 8, 8);
        hart.setCsr(Csr.SATP, 9L << 60 | top >>> 12);
        loadAndStoreLoop();
        m.step(1);
        assertEquals(8, hart.x(5));
    }

    @Test
    void shouldRefuseSv48WhereTheMachineHasOnlySv39() {
        TestMachine small = new TestMachine(PagingMode.SV39);
        small.hart.setCsr(Csr.SATP, 9L << 60 | 5);
        assertEquals(0, small.hart.csr(Csr.SATP));
        small.hart.setCsr(Csr.SATP, 8L << 60 | 5);
        assertEquals(8L << 60 | 5, small.hart.csr(Csr.SATP));
    }
}
