package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.translate.HostCode;
import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionContext;
import dev.reprise.cpu.translate.RegionPlan;
import dev.reprise.cpu.translate.Translator;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The comparison on {@link PagedProgram}s finds translators that are wrong in one thing, whatever kind of thing it is. */
class PlantedBugKindsTest {
    private static final int SEEDS = 400;
    private static final long STEPS = 12_000;
    private static final int SLICE = 997;

    private enum Plant {
        XOR_IS_OR(Op.XOR, Op.OR),
        SHIFTS_IN_NO_SIGN(Op.SRAW, Op.SRLW),
        LOADS_NO_SIGN(Op.LW, Op.LWU),
        STORES_HALF(Op.SD, Op.SW),
        COMPARES_UNSIGNED(Op.BLT, Op.BLTU),
        ADDS_INSTEAD_OF_SUBTRACTING(Op.FSUB_D, Op.FADD_D),
        WRONG_ATOMIC(Op.AMOADD_D, Op.AMOXOR_D),
        IGNORES_DYNAMIC_ROUNDING(0, 0),
        IGNORES_THAT_THE_FLOATING_POINT_UNIT_IS_OFF(0, 0),
        IGNORES_STORES_TO_ITS_CODE(0, 0),
        COUNTS_A_STEP_TOO_FEW(0, 0);

        private static final int FUNCTION = 0xfe00_707f;
        private final int right;
        private final int wrong;

        Plant(int rightOp, int wrongOp) {
            right = rightOp == 0 ? 0 : Encoder.encode(rightOp, 0, 0, 0, 0, 0, 0);
            wrong = wrongOp == 0 ? 0 : Encoder.encode(wrongOp, 0, 0, 0, 0, 0, 0);
        }

        /** The word that is translated in place of another. */
        int altered(int word) {
            if (this == IGNORES_DYNAMIC_ROUNDING) {
                return (word & 0x7f) == 0x53 && (word >>> 12 & 7) == 7 ? word & ~0x7000 : word;
            }
            // Only what has a function field there is told by it.
            int major = word & 0x7f;
            boolean noFunction7 = major == 0x03 || major == 0x23 || major == 0x63;
            int mask = noFunction7 ? 0x707f : major == 0x53 ? 0xfe00_007f : major == 0x2f ? 0xf800_707f : FUNCTION;
            return right != 0 && (word & mask) == (right & mask) ? word ^ right ^ wrong : word;
        }
    }

    private static final class Faulty extends Translator {
        private final Plant plant;

        Faulty(Plant plant) {
            // Machine code looks at the floating-point unit itself.
            super(Execution.EAGER.maxInstructions(), 0, plant != Plant.IGNORES_THAT_THE_FLOATING_POINT_UNIT_IS_OFF, false);
            this.plant = plant;
        }

        @Override
        protected RegionCode compile(RegionPlan plan) {
            byte[] bytes = plan.code().clone();
            for (int at = 0; at + 4 <= bytes.length; at += 2) {
                int word = bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
                int altered = plant.altered(word);
                for (int i = 0; i < 4 && altered != word; i++) {
                    bytes[at + i] = (byte) (altered >>> 8 * i);
                }
            }
            RegionCode code = super.compile(plan.withCode(bytes));
            boolean deaf = plant == Plant.IGNORES_STORES_TO_ITS_CODE;
            Region region = plant == Plant.COUNTS_A_STEP_TOO_FEW && code.region() != null ? new Miscounting(code.region())
                    : code.region();
            return new RegionCode(plan, region, code.entries(), code.budgets(),
                    deaf ? new long[code.covered().length] : code.covered(),
                    code.usesFloat() && plant != Plant.IGNORES_THAT_THE_FLOATING_POINT_UNIT_IS_OFF, code.instructions(),
                    code.bytecodes());
        }
    }

    private static final class Miscounting extends Region {
        private final Region region;

        Miscounting(Region region) {
            this.region = region;
        }

        @Override
        public boolean place(HostCode memory) {
            return region.place(memory);
        }

        @Override
        public int run(RegionContext context, long base, int budget, int entry) {
            int left = region.run(context, base, budget, entry);
            return left > 0 && left + 1 < budget ? left + 1 : left;
        }
    }

    private static String firstDifference(Supplier<Translator> translator, int seeds) {
        for (long seed = 0; seed < seeds; seed++) {
            SideBySide both = new SideBySide(PagedProgram.ofSeed(seed), SideBySide.actsOfSeed(seed),
                    seed % 2 == 0 ? Execution.EAGER : Execution.AT_FIRST_SIGHT, SLICE,
                    STEPS, translator);
            String difference = both.difference();
            if (difference != null) {
                return "seed " + seed + ": " + difference;
            }
        }
        return null;
    }

    @ParameterizedTest
    @EnumSource(Plant.class)
    void shouldFindATranslatorThatIsWrongInOneThing(Plant plant) {
        String found = firstDifference(() -> new Faulty(plant), SEEDS);
        assertNotNull(found, "none of the seeds 0 to " + (SEEDS - 1) + " shows that it " + plant);
        System.out.println(plant + ": " + (found.length() > 300 ? found.substring(0, 300) + "..." : found));
    }

    @Test
    void shouldFindNothingInTheRealOne() {
        assertNull(firstDifference(null, 40));
    }
}
