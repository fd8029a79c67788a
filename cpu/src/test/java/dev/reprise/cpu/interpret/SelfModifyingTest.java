package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.interpret.TestMachine.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import org.junit.jupiter.api.Test;

/** Stores to code count from the next step on, without fence.i. */
class SelfModifyingTest {
    private final TestMachine m = new TestMachine();
    private final Hart hart = m.hart;

    private static int addi(int rd, int imm) {
        return Encoder.encode(Op.ADDI, rd, 0, 0, 0, 0, imm);
    }

    @Test
    void shouldExecuteWhatTheInstructionBeforeHasStored() {
        m.code().s(Op.SW, 10, 11, 8).i(Op.ADDI, 0, 0, 0).word(addi(5, 1));
        hart.setX(10, CODE);
        hart.setX(11, addi(5, 2));
        m.step(3);
        assertEquals(2, hart.x(5));
    }

    @Test
    void shouldSeeTheChangeInALoopThatIsChained() {
        // x5 counts up by the immediate of an instruction that the loop itself rewrites every turn.
        m.code().r(Op.ADD, 5, 5, 6).word(addi(6, 1)).s(Op.SW, 10, 11, 4).r(Op.ADD, 11, 11, 12).jump(-16);
        hart.setX(10, CODE);
        hart.setX(11, addi(6, 2));
        hart.setX(12, 1 << 20);
        m.step(5 * 20 + 1);
        int expected = 0;
        for (int turn = 1; turn <= 20; turn++) {
            expected += turn;
        }
        assertEquals(expected, hart.x(5));
    }

    @Test
    void shouldSeeAChangeOfTheSecondHalfOfAnInstructionAcrossPages() {
        long pageEnd = CODE + 0x1000;
        int first = addi(5, 1);
        int second = addi(5, 0x7f1);
        m.bus.store(pageEnd - 2, 2, first);
        m.bus.store(pageEnd, 2, first >>> 16);
        m.bus.store(pageEnd + 2, 4, Encoder.encode(Op.SH, 0, 10, 11, 0, 0, 0));
        m.bus.store(pageEnd + 6, 4, Encoder.encode(Op.JAL, 0, 0, 0, 0, 0, -8));
        hart.setX(10, pageEnd);
        hart.setX(11, second >>> 16);
        hart.setPc(pageEnd - 2);
        m.step(1);
        assertEquals(1, hart.x(5));
        m.step(3);
        assertEquals(0x7f1, hart.x(5));
    }

    @Test
    void shouldSeeADeviceWriteToCode() {
        m.code().word(addi(5, 1)).jump(-4);
        m.step(10);
        byte[] changed = new byte[4];
        java.nio.ByteBuffer.wrap(changed).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(addi(5, 3));
        m.bus.write(CODE, changed, 0, 4);
        m.step(2);
        assertEquals(3, hart.x(5));
    }

    @Test
    void shouldExecuteDataStoredBesideCodeOfTheSamePage() {
        m.code().s(Op.SD, 10, 11, 0x400).i(Op.LD, 5, 10, 0x400).i(Op.ADDI, 11, 11, 1).jump(-12);
        hart.setX(10, CODE);
        m.step(4 * 100 - 1);
        assertEquals(99, hart.x(5));
    }
}
