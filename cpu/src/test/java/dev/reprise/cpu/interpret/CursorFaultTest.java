package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.mmu.PagingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small hot loop that goes through memory faults where there is none, wherever that is. */
class CursorFaultTest {
    private static final Execution HOT_AT_ONCE = new Execution(true, 1, Integer.MAX_VALUE, 1, 128, 1 << 10, 0, false, false);

    /** x5 goes through memory by bytes, x7 counts down; then again from DATA. */
    private static TestMachine machine(Execution execution, int access) {
        TestMachine m = new TestMachine(PagingMode.SV48, execution);
        ProgramCode code = new ProgramCode(256);
        code.li(7, 40).r(Op.ADD, 5, 8, 0).label("loop");
        if (access == Op.SB) {
            code.s(Op.SB, 5, 7, 0);
        } else {
            code.i(access, 6, 5, 0);
        }
        code.i(Op.ADDI, 5, 5, access == Op.LD ? 8 : 1).i(Op.ADDI, 7, 7, -1).branch(Op.BNE, 7, 0, "loop");
        code.r(Op.ADD, 5, 8, 0).li(7, 40).jump(0, "loop");
        m.bus.write(TestMachine.CODE, code.finish(), 0, 256);
        m.hart.setX(8, TestMachine.DATA);
        return m;
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 5, 0, 8, -4096, -8, 1L << 40, 0x7fff_ffff_ffff_f000L})
    void shouldFaultAtAnyAddressWithoutMemory(long nowhere) {
        for (int access : new int[] {Op.LBU, Op.LD, Op.SB}) {
            TestMachine plain = machine(Execution.INTERPRETED, access);
            TestMachine hot = machine(HOT_AT_ONCE, access);
            for (TestMachine m : new TestMachine[] {plain, hot}) {
                m.step(5_000);
                m.hart.setX(8, nowhere);
                m.step(1_000);
                assertEquals(TestMachine.HANDLER, m.hart.pc());
                assertTrue(m.hart.csr(Csr.MCAUSE) >= 4 && m.hart.csr(Csr.MCAUSE) <= 7, "cause " + m.hart.csr(Csr.MCAUSE));
                assertEquals(nowhere, m.hart.csr(Csr.MTVAL));
            }
            assertTrue(hot.hart.regionsPromoted() > 0);
            assertArrayEquals(plain.state(), hot.state());
        }
    }
}
