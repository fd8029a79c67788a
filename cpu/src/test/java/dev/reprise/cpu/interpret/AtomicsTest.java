package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.decode.Op;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** AMO, LR and SC that go straight to memory do what they do by way of the MMU. */
class AtomicsTest {
    private static final int INSTRUCTIONS = 200;
    /** How often states are compared. */
    private static final int LOOK = 25;
    private static final int FIRST_VALUE = 8;
    private static final int LAST_VALUE = 20;

    /** Instructions on the words of two lines, aligned but for a few, with values of all kinds in x8 to x20. */
    private static TestMachine machine(long seed) {
        TestMachine m = new TestMachine();
        Random random = new Random(seed);
        m.hart.setX(5, TestMachine.DATA);
        m.hart.setX(6, TestMachine.DATA + 4);
        m.hart.setX(7, TestMachine.DATA + (random.nextBoolean() ? 2 : 8));
        for (int r = FIRST_VALUE; r <= LAST_VALUE; r++) {
            m.hart.setX(r, random.nextLong() >> random.nextInt(64));
        }
        Asm code = m.code();
        for (int i = 0; i < INSTRUCTIONS; i++) {
            int value = FIRST_VALUE + random.nextInt(LAST_VALUE - FIRST_VALUE + 1);
            int rd = random.nextInt(6) == 0 ? 0 : FIRST_VALUE + random.nextInt(LAST_VALUE - FIRST_VALUE + 1);
            int address = 5 + random.nextInt(random.nextInt(8) == 0 ? 3 : 2);
            switch (random.nextInt(8)) {
                case 0 -> code.r(random.nextBoolean() ? Op.LR_W : Op.LR_D, rd, address, 0);
                case 1, 2 -> code.r(random.nextBoolean() ? Op.SC_W : Op.SC_D, rd, address, value);
                case 3 -> code.s(random.nextBoolean() ? Op.SW : Op.SD, 5, value, 0);
                default -> code.r(Op.AMOSWAP_W + random.nextInt(Op.AMOMAXU_D - Op.AMOSWAP_W + 1), rd, address, value);
            }
        }
        // A misaligned one traps; the handler goes on behind it.
        new Asm(m.bus, TestMachine.HANDLER).csr(Op.CSRRS, 30, 0x341, 0).i(Op.ADDI, 30, 30, 4).csr(Op.CSRRW, 0, 0x341, 30)
                .op(Op.MRET);
        return m;
    }

    @Property(tries = 60)
    void shouldDoTheSameWhetherTheTlbHoldsThePageOrNot(@ForAll long seed) {
        TestMachine fast = machine(seed);
        TestMachine slow = machine(seed);
        for (int i = 0; i < INSTRUCTIONS; i++) {
            fast.step(1);
            slow.step(1);
            slow.hart.flushCaches();
            int at = i;
            if (i % LOOK == LOOK - 1) {
                assertArrayEquals(slow.state(), fast.state(), () -> "after step " + (at + 1));
            }
        }
    }

    @Test
    void shouldChangeOneWordOfTwoAndGiveTheOldOneWithItsSign() {
        TestMachine m = new TestMachine();
        m.bus.store(TestMachine.DATA, 8, 0x8000_0001_7fff_ffffL);
        m.hart.setX(5, TestMachine.DATA + 4);
        m.hart.setX(6, 1);
        m.code().r(Op.AMOADD_W, 7, 5, 6).r(Op.AMOADD_W, 8, 5, 6).r(Op.LR_W, 9, 5, 0).r(Op.SC_W, 10, 5, 0)
                .r(Op.SC_W, 11, 5, 6);
        m.step(5);
        assertEquals(0xffff_ffff_8000_0001L, m.hart.x(7));
        assertEquals(0xffff_ffff_8000_0002L, m.hart.x(8));
        assertEquals(0xffff_ffff_8000_0003L, m.hart.x(9));
        assertEquals(0, m.hart.x(10), "succeeds");
        assertEquals(1, m.hart.x(11), "no reservation is left");
        assertEquals(0x7fff_ffffL, m.bus.load(TestMachine.DATA, 8));
    }

    /** The property would not see a machine that does nothing. */
    @Test
    void shouldRunSequencesThatSucceedAndFailAndTrap() {
        boolean changes = false;
        for (long seed = 0; seed < 20; seed++) {
            TestMachine m = machine(seed);
            long before = m.bus.load(TestMachine.DATA, 8);
            m.step(INSTRUCTIONS);
            changes |= m.bus.load(TestMachine.DATA, 8) != before;
        }
        assertTrue(changes);
    }
}
