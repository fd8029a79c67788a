package dev.reprise.cpu.fpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An executor calls these for every instruction: they may not allocate, on whichever path. */
class FpuAllocationTest {
    private static final int CALLS = 20_000;
    private static final long SEED = 0xa110c;

    static List<Operation> operations() {
        return Operation.all();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldAllocateNothing(Operation op) {
        SplittableRandom random = new SplittableRandom(SEED);
        long[] operands = random.longs(64).map(n -> Operands.random(random, op.format())).toArray();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FpFlags f = new FpFlags();
        calls(op, operands, f);
        long before = threads.getCurrentThreadAllocatedBytes();
        calls(op, operands, f);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < CALLS / 10, op + " allocated " + bytes + " bytes in " + CALLS + " calls, seed " + SEED);
    }

    private static void calls(Operation op, long[] operands, FpFlags f) {
        for (int i = 0; i < CALLS; i++) {
            f.bits = i & FpFlags.NX;
            Operation.Call path = (i & 2) == 0 ? op.fast() : op.exact();
            path.apply(operands[i & 63], operands[i * 7 & 63], operands[i * 13 & 63], i % 5, f);
        }
    }
}
