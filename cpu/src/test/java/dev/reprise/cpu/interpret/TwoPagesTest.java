package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.interpret.TestMachine.DATA;
import static dev.reprise.cpu.interpret.TestMachine.LEAVES;
import static dev.reprise.cpu.interpret.TestMachine.VALID_RWX;
import static dev.reprise.cpu.interpret.TestMachine.WINDOW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.mmu.PagingMode;
import org.junit.jupiter.api.Test;

/** A hot loop across a page's end is one region, for as long as the two pages follow each other. */
class TwoPagesTest {
    private static final int PAGE = 4096;
    /** Where the loop begins in its first page; its third instruction lies on both. */
    private static final int LOOP = PAGE - 10;
    private static final long OTHER = DATA + 4 * PAGE;

    private final TestMachine plain = new TestMachine(PagingMode.SV39, Execution.INTERPRETED);
    private final TestMachine eager = new TestMachine(PagingMode.SV39, Execution.EAGER.withoutMachineCode());

    /** In both machines; {@code add} is what the part in the second page adds to x6. */
    private void write(long first, long second, int add) {
        int[] words = {
            Encoder.encode(Op.ADDI, 5, 5, 0, 0, 0, 1), Encoder.encode(Op.ADDI, 7, 7, 0, 0, 0, 3),
            Encoder.encode(Op.ADDI, 8, 8, 0, 0, 0, 5), Encoder.encode(Op.ADDI, 6, 6, 0, 0, 0, add),
            Encoder.encode(Op.JAL, 0, 0, 0, 0, 0, -16),
        };
        for (TestMachine m : new TestMachine[] {plain, eager}) {
            for (int half = 0; half < 2 * words.length; half++) {
                int at = LOOP + 2 * half;
                long address = at < PAGE ? first + at : second + at - PAGE;
                m.bus.store(address, 2, words[half / 2] >>> 16 * (half & 1) & 0xffff);
            }
        }
    }

    private void map(int slot, long physical) {
        plain.entry(LEAVES, slot, physical, VALID_RWX);
        eager.entry(LEAVES, slot, physical, VALID_RWX);
    }

    private void start() {
        for (TestMachine m : new TestMachine[] {plain, eager}) {
            m.tables();
            m.hart.setPc(WINDOW + LOOP);
            m.mode(1);
        }
    }

    /** Takes both so many steps, in slices, and compares. */
    private void run(int steps, int slice) {
        for (int done = 0; done < steps; done += slice) {
            plain.step(slice);
            eager.step(slice);
            assertArrayEquals(plain.state(), eager.state(), "after " + done + " of " + steps);
        }
        assertNull(eager.hart.translationFailure());
    }

    private void becomeHot() {
        write(DATA, DATA + PAGE, 7);
        start();
        map(0, DATA);
        map(1, DATA + PAGE);
        run(20_000, 997);
        assertTrue(eager.hart.regionsOfTwoPages() > 0);
    }

    @Test
    void shouldRunALoopAcrossAPagesEndInOneRegion() {
        becomeHot();
        long interpreted = eager.hart.stepsInterpreted();
        run(100_000, 10_000);
        assertTrue(eager.hart.stepsInterpreted() - interpreted < 1_000, "interpreted " + eager.hart.stepsInterpreted());
        run(300, 1);
        run(300, 3);
    }

    @Test
    void shouldFollowASecondPageThatIsMappedElsewhere() {
        becomeHot();
        write(DATA, OTHER, 11);
        map(1, OTHER);
        long x6 = eager.hart.x(6);
        run(5, 5);
        assertNotEquals(x6 + 7, eager.hart.x(6));
        run(20_000, 997);
        map(1, DATA + PAGE);
        run(20_000, 997);
    }

    @Test
    void shouldFollowAFirstPageThatIsMappedElsewhere() {
        becomeHot();
        write(OTHER, DATA + PAGE, 7);
        for (TestMachine m : new TestMachine[] {plain, eager}) {
            m.bus.store(OTHER + LOOP, 4, Encoder.encode(Op.ADDI, 5, 5, 0, 0, 0, 100));
        }
        map(0, OTHER);
        long x5 = eager.hart.x(5);
        run(20_000, 997);
        assertTrue(eager.hart.x(5) - x5 > 100_000);
    }

    @Test
    void shouldFaultWhereTheSecondPageIsGone() {
        becomeHot();
        for (TestMachine m : new TestMachine[] {plain, eager}) {
            m.bus.store(LEAVES + 8, 8, 0);
        }
        run(50, 1);
        assertEquals(TestMachine.HANDLER, eager.hart.pc());
        assertEquals(12, eager.hart.csr(Csr.MCAUSE));
    }

    @Test
    void shouldNotTakeOneNeighbourForAnother() {
        becomeHot();
        write(DATA, OTHER, 13);
        map(4, DATA);
        map(5, OTHER);
        for (int turn = 0; turn < 3_000; turn++) {
            long from = turn % 2 == 0 ? WINDOW + 4 * PAGE + LOOP : WINDOW + LOOP;
            plain.hart.setPc(from);
            eager.hart.setPc(from);
            plain.step(turn % 50);
            eager.step(turn % 50);
        }
        assertArrayEquals(plain.state(), eager.state());
        run(20_000, 997);
    }

    @Test
    void shouldDropARegionWhoseSecondPageIsStoredTo() {
        becomeHot();
        long dropped = eager.hart.regionsDropped();
        // The upper half of the instruction on both pages, then one that is wholly in the second.
        write(DATA, DATA + PAGE, 17);
        assertTrue(eager.hart.regionsDropped() > dropped);
        run(20_000, 997);
    }
}
