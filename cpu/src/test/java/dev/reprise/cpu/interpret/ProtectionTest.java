package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.interpret.TestMachine.CODE;
import static dev.reprise.cpu.interpret.TestMachine.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.trap.Cause;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectionTest {
    private static final int R = 1;
    private static final int W = 2;
    private static final int X = 4;
    private static final int TOR = 8;
    private static final int NA4 = 16;
    private static final int NAPOT = 24;
    private static final int LOCKED = 0x80;
    private final TestMachine m = new TestMachine();
    private final Hart hart = m.hart;

    private void entry(int index, long address, int config) {
        hart.setCsr(Csr.PMPADDR0 + index, address);
        long all = hart.csr(Csr.PMPCFG0) & ~(0xffL << 8 * index);
        hart.setCsr(Csr.PMPCFG0, all | (long) config << 8 * index);
    }

    private static long napot(long base, long size) {
        return base >>> 2 | (size >>> 3) - 1;
    }

    private void loadAndStore() {
        m.code().i(Op.LD, 5, 10, 0).s(Op.SD, 10, 6, 0).jump(-8);
        hart.setX(10, DATA);
    }

    @Test
    void shouldLetLowerModesDoNothingWithoutAnEntry() {
        loadAndStore();
        m.mode(1);
        assertEquals(Cause.FETCH_ACCESS, m.runToTrap());
    }

    @Test
    void shouldLetTheLowestMatchingEntryDecide() {
        entry(0, napot(DATA, 0x1000), NAPOT | R);
        entry(1, -1, NAPOT | R | W | X);
        loadAndStore();
        m.mode(0);
        assertEquals(Cause.STORE_ACCESS, m.runToTrap());
        assertEquals(CODE + 4, hart.csr(Csr.MEPC));
        assertEquals(DATA, hart.csr(Csr.MTVAL));
    }

    @Test
    void shouldBindMachineModeOnlyByLockedEntries() {
        entry(0, napot(DATA, 0x1000), NAPOT);
        loadAndStore();
        m.step(3);
        entry(0, napot(DATA, 0x1000), NAPOT | R | LOCKED);
        assertEquals(Cause.STORE_ACCESS, m.runToTrap());
        entry(0, 0, 0);
        assertEquals(napot(DATA, 0x1000), hart.csr(Csr.PMPADDR0));
    }

    @Test
    void shouldRefuseAnAccessThatAnEntryMatchesInPart() {
        entry(0, DATA >>> 2, NA4 | R | W);
        entry(1, -1, NAPOT | R | W | X);
        loadAndStore();
        m.mode(1);
        assertEquals(Cause.LOAD_ACCESS, m.runToTrap());
        hart.setX(10, DATA + 4);
        hart.setPc(CODE);
        m.mode(1).step(20);
        assertEquals(1, hart.privilege());
    }

    @Test
    void shouldProtectARangeBetweenTwoAddresses() {
        entry(0, DATA + 0x10 >>> 2, 0);
        entry(1, DATA + 0x20 >>> 2, TOR | R);
        entry(2, -1, NAPOT | R | W | X);
        loadAndStore();
        for (int offset = 0; offset < 0x40; offset += 8) {
            hart.setX(10, DATA + offset);
            hart.setPc(CODE);
            m.mode(1).step(10);
            assertEquals(offset < 0x10 || offset >= 0x20 ? 1 : 3, hart.privilege(), "offset=" + offset);
            hart.setPc(CODE);
            if (hart.privilege() == 1) {
                m.bus.store(CODE, 4, 0);
                m.runToTrap();
                loadAndStore();
            }
        }
    }

    @Test
    void shouldExecuteCodeUpToTheBoundaryWithinAPage() {
        entry(0, napot(CODE, 0x10), NAPOT | X);
        m.code().i(Op.ADDI, 5, 5, 1).i(Op.ADDI, 5, 5, 1).i(Op.ADDI, 5, 5, 1).i(Op.ADDI, 5, 5, 1).i(Op.ADDI, 5, 5, 1);
        entry(1, napot(TestMachine.RAM + 0xf000, 0x1000), NAPOT | X);
        m.mode(1);
        assertEquals(Cause.FETCH_ACCESS, m.runToTrap());
        assertEquals(CODE + 0x10, hart.csr(Csr.MEPC));
        assertEquals(4, hart.x(5));
    }

    /** A branch that was taken has nothing to do with the instruction that it leads to, whatever that is. */
    @ParameterizedTest
    @ValueSource(ints = {Op.ADD, Op.MULH, Op.AUIPC, Op.JAL, Op.BNE})
    void shouldTakeABranchWhereProtectionDiffersWithinThePage(int op) {
        entry(0, napot(CODE, 0x20), NAPOT | X);
        m.code().word(Encoder.encode(Op.BEQ, 0, 0, 0, 0, 0, 8)).word(0)
                .word(Encoder.encode(op, 5, 6, 7, 0, 0, op == Op.AUIPC ? 1 << 12 : 4))
                .jump(-12);
        hart.setX(6, -1);
        hart.setX(7, -1);
        m.mode(1).step(299);
        long expected = switch (op) {
            case Op.ADD -> -2;
            case Op.AUIPC -> CODE + 8 + (1 << 12);
            case Op.JAL -> CODE + 12;
            default -> 0;
        };
        assertEquals(expected, hart.x(5));
        assertEquals(CODE + 12, hart.pc(), "299 steps of turns of three");
    }

    @Test
    void shouldAllocateNothingForCodeWhoseProtectionDiffersWithinItsPage() {
        int steps = 100_000;
        entry(0, napot(CODE, 0x10), NAPOT | X);
        m.code().i(Op.ADDI, 5, 5, 1).jump(-4);
        m.mode(1).step(steps);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        m.step(steps);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(steps, hart.x(5));
        assertTrue(bytes < steps / 10, bytes + " bytes for " + steps + " steps");
    }

    @Test
    void shouldCheckTheTablesThatAWalkReads() {
        m.tables();
        m.entry(TestMachine.LEAVES, 0, DATA, 0xc7);
        entry(0, napot(TestMachine.LEAVES, 0x1000), NAPOT);
        entry(1, -1, NAPOT | R | W | X);
        m.code().i(Op.LD, 5, 10, 0);
        hart.setX(10, TestMachine.WINDOW);
        m.mode(1);
        assertEquals(Cause.LOAD_ACCESS, m.runToTrap());
        assertEquals(TestMachine.WINDOW, hart.csr(Csr.MTVAL));
    }
}
