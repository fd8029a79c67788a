package dev.reprise.cpu.fpu;

import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The host's arithmetic, where it is used, against the integer path alone: same bits, same flags. */
class FastAgainstExactTest {
    private static final int CASES_PER_TRY = Integer.getInteger("reprise.fpu.cases", 30_000) / 60;

    @Provide
    Arbitrary<Operation> operations() {
        return Arbitraries.of(Operation.all());
    }

    @Property(tries = 2000)
    void shouldGiveTheSameBitsAndFlagsOnBothPaths(@ForAll("operations") Operation op, @ForAll long seed,
            @ForAll boolean plain) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < CASES_PER_TRY; i++) {
            long a = operand(random, op, plain);
            long b = plain ? operand(random, op, true) : Operands.related(random, op.format(), a);
            long c = plain ? operand(random, op, true) : Operands.related(random, op.format(), b);
            int rm = random.nextInt(3) == 0 ? random.nextInt(1, 5) : RoundingMode.RNE;
            FpFlags exact = new FpFlags();
            long bits = op.exact().apply(a, b, c, rm, exact);
            Oracle.Result expected = new Oracle.Result(bits, exact.bits);
            for (int preset : new int[] {0, FpFlags.NX, FpFlags.NX | FpFlags.UF, 31}) {
                Operation.check(op.toString(), op.fast(), expected, null, a, b, c, rm, preset);
            }
        }
    }

    /** A plain operand is any bits: what the structured ones may have left out. */
    private static long operand(SplittableRandom random, Operation op, boolean plain) {
        if (op.kind() == Operation.Kind.FROM_INTEGER) {
            return plain ? random.nextLong() : Operands.randomInteger(random);
        }
        return plain ? random.nextLong() & op.format().mask() : Operands.random(random, op.format());
    }
}
