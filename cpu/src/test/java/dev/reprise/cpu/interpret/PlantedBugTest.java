package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionPlan;
import dev.reprise.cpu.translate.Translator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The comparison of executors finds a translator that gets one instruction wrong. */
class PlantedBugTest {
    private static final int SEEDS = 60;
    private static final long STEPS = 5_000;
    private static final int XOR = Encoder.encode(Op.XOR, 0, 0, 0, 0, 0, 0);
    private static final int OR = Encoder.encode(Op.OR, 0, 0, 0, 0, 0, 0);
    private static final int FUNCTION = 0xfe00_707f;

    /** Translates each xor as an or. */
    private static final class Faulty extends Translator {
        Faulty() {
            super(Execution.AT_FIRST_SIGHT.maxInstructions(), 0, false);
        }

        @Override
        protected RegionCode compile(RegionPlan plan) {
            byte[] wrong = plan.code().clone();
            for (int at = 0; at < wrong.length; at += 4) {
                int word = wrong[at] & 0xff | (wrong[at + 1] & 0xff) << 8 | (wrong[at + 2] & 0xff) << 16 | wrong[at + 3] << 24;
                if ((word & FUNCTION) == XOR) {
                    word ^= XOR ^ OR;
                    wrong[at] = (byte) word;
                    wrong[at + 1] = (byte) (word >>> 8);
                }
            }
            RegionCode code = super.compile(plan.withCode(wrong));
            return new RegionCode(plan, code.region(), code.entries(), code.budgets(), code.covered(), code.usesFloat(),
                    code.instructions(), code.bytecodes());
        }
    }

    private static boolean differs(long seed, Translator translator) {
        RandomGuest interpreted = new RandomGuest(seed, false, Execution.INTERPRETED);
        RandomGuest translated = new RandomGuest(seed, false, 1 << 12, 1 << 10, Execution.AT_FIRST_SIGHT, translator);
        for (long step = 500; step <= STEPS; step += 500) {
            interpreted.runTo(step);
            translated.runTo(step);
            if (!Arrays.equals(interpreted.state(), translated.state())) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldFindATranslatorThatTakesAnXorForAnOr() {
        boolean found = false;
        for (long seed = 0; seed < SEEDS && !found; seed++) {
            found = differs(seed, new Faulty());
        }
        assertTrue(found, "none of the seeds 0 to " + (SEEDS - 1) + " shows the planted bug");
    }

    @Test
    void shouldFindNothingInTheRealOne() {
        for (long seed = 0; seed < 10; seed++) {
            assertFalse(differs(seed, null), "seed " + seed);
        }
    }
}
