package dev.reprise.bench.cpu;

import dev.reprise.bench.cpu.Assembler.Label;
import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.interpret.Execution;
import dev.reprise.cpu.interpret.Hart;

/**
 * A guest that writes code, runs it until it is translated, and writes other code over it, for ever: what a guest with a
 * compiler of its own does. Each function is a loop with a constant that no other has.
 */
public final class CodeChurn {

    /** As users have it, but that a region of this guest becomes a hot one, which takes a function's second half. */
    private static final Execution EXECUTION = new Execution(true, 150, 300, 400_000, 2_048, 1 << 14, 300, true, true);

    private static final long ARENA = BareMachine.RAM + (4L << 20);
    private static final int PLACES = 256;
    /** Bytes from one place to the next: four in a page. */
    private static final int STRIDE = 1024;
    /** Turns of a function's loop of four instructions. */
    private static final int TURNS = 300_000;
    private static final int SLICE = 100_000;

    private final BareMachine machine;

    /** @param machineCode whether warm regions are machine code of our own, where there is such a thing */
    public CodeChurn(boolean machineCode) {
        machine = new BareMachine(program(), machineCode ? EXECUTION : EXECUTION.withoutMachineCode());
    }

    /** Runs for about so long, in slices as a session would. */
    public void run(double seconds) {
        long until = System.nanoTime() + (long) (seconds * 1e9);
        do {
            machine.run(SLICE);
        } while (System.nanoTime() < until);
    }

    /** Runs one step. */
    void step() {
        machine.run(1);
    }

    public Hart hart() {
        return machine.hart();
    }

    /** Functions that were written so far. */
    public long functions() {
        return machine.hart().x(20);
    }

    /** What all functions together have computed; a function of {@link #functions} between two of them. */
    long sum() {
        return machine.hart().x(10);
    }

    /** That value, computed here. */
    static long sumAfter(long functions) {
        long sum = 0;
        for (long number = 1; number < functions; number++) {
            sum += (number & 0x3ff) * TURNS;
        }
        return sum;
    }

    private static byte[] program() {
        Assembler a = new Assembler();
        Label again = new Label();
        int[] words = {Encoder.encode(Op.ADDI, 10, 10, 0, 0, 0, 0), Encoder.encode(Op.XOR, 12, 12, 10, 0, 0, 0),
            Encoder.encode(Op.ADDI, 11, 11, 0, 0, 0, -1), Encoder.encode(Op.BNE, 0, 11, 0, 0, 0, -12),
            Encoder.encode(Op.JALR, 0, 1, 0, 0, 0, 0)};
        for (int i = 0; i < words.length; i++) {
            a.load(24 + i, words[i]);
        }
        a.load(21, ARENA).load(22, PLACES - 1).place(again);
        // x20 counts the functions; its low bits are the constant, and the place x23 where the function goes.
        a.immediate(Op.ADDI, 20, 20, 1).op(Op.AND, 23, 20, 22).immediate(Op.SLLI, 23, 23, 10).op(Op.ADD, 23, 23, 21);
        a.immediate(Op.ANDI, 13, 20, 0x3ff).immediate(Op.SLLI, 13, 13, 20).op(Op.OR, 13, 13, 24)
                .store(Op.SW, 13, 23, 0);
        for (int i = 1; i < words.length; i++) {
            a.store(Op.SW, 24 + i, 23, 4 * i);
        }
        a.op(Op.FENCE_I, 0, 0, 0).load(11, TURNS).immediate(Op.JALR, 1, 23, 0);
        assert STRIDE == 1 << 10;
        return a.jump(0, again).bytes();
    }
}
