package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionContext;
import dev.reprise.cpu.translate.RegionPlan;
import dev.reprise.cpu.translate.Translator;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions that call one another, in hot regions that run what they call within the call, against the interpreter. */
class CallsTest {
    /** Everything that was met twice is hot at once. */
    private static final Execution HOT_AT_ONCE = new Execution(true, 1, Integer.MAX_VALUE, 1, 128, 1 << 10, 0, false, false);
    private static final int SEEDS = Integer.getInteger("reprise.calls.seeds", 16);

    private static String firstDifference(long seed, int slice, long steps, Execution execution, Translator translator) {
        CallGuest plain = new CallGuest(seed, Execution.INTERPRETED, null);
        CallGuest hot = new CallGuest(seed, execution, translator);
        for (long at = slice; at < steps; at += slice) {
            plain.hart.runUntil(at);
            hot.hart.runUntil(at);
            if (plain.hart.step() != hot.hart.step() || !Arrays.equals(plain.state(), hot.state())) {
                return "seed " + seed + ", before step " + at + ": " + plain.hart.differences(hot.hart)
                        + plain.bus.differences(hot.bus);
            }
        }
        assertNull(hot.hart.translationFailure());
        return null;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 101, 997, 100_003})
    void shouldLeaveTheInterpretersStateWhereverTheyAreStopped(int slice) {
        long steps = slice < 10 ? 6_000 : slice < 1_000 ? 60_000 : 400_000;
        for (long seed = 0; seed < SEEDS; seed++) {
            assertNull(firstDifference(seed, slice, steps, seed % 2 == 0 ? HOT_AT_ONCE : Execution.EAGER.withoutMachineCode(), null));
        }
    }

    @Test
    void shouldRunMostCallsWithinRegionsAndComeBack() {
        long calls = 0;
        long returns = 0;
        long steps = 0;
        long interpreted = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            CallGuest guest = new CallGuest(seed, HOT_AT_ONCE, null);
            guest.hart.runUntil(50_000);
            calls += guest.hart.callsInRegions();
            returns += guest.hart.returnsInRegions();
            steps += guest.hart.step();
            interpreted += guest.hart.stepsInterpreted();
        }
        System.out.println("calls within regions: " + calls + ", came back: " + returns + ", steps: " + steps + ", interpreted: "
                + interpreted);
        assertTrue(calls * 200 > steps, () -> "hardly any calls");
        assertTrue(returns * 3 > calls && returns < calls, "all, or hardly any, came back: " + returns + " of " + calls);
        assertTrue(interpreted * 3 < steps, "hardly anything was translated: " + interpreted + " of " + steps);
    }

    @Test
    void shouldLeaveTheStateOfEachStepWhenCallsAreDeeperThanTheJvmsStackIsLetBe() {
        CallGuest plain = new CallGuest(3, Execution.INTERPRETED, null);
        CallGuest hot = new CallGuest(3, HOT_AT_ONCE, null);
        plain.hart.runUntil(1_000_000);
        hot.hart.runUntil(1_000_000);
        assertArrayEquals(plain.state(), hot.state());
        assertEquals(plain.hart.instructionsRetired(), hot.hart.instructionsRetired());
    }

    /** Regions that get one thing about calls wrong. */
    private enum Plant {
        /** A register that was written before a call is lost behind it. */
        FORGETS_A_REGISTER,
        /** A call that did not come back is taken for one that did. */
        ALWAYS_COMES_BACK
    }

    private static final class Faulty extends Translator {
        private final Plant plant;

        Faulty(Plant plant) {
            super(HOT_AT_ONCE.maxInstructions(), 0, false);
            this.plant = plant;
        }

        @Override
        protected RegionCode compile(RegionPlan plan) {
            RegionCode code = super.compile(plan);
            if (code.region() == null || plan.tier() != RegionPlan.Tier.HOT) {
                return code;
            }
            Wrapped wrapped = new Wrapped(code.region(), plant);
            return new RegionCode(plan, wrapped, code.entries(), code.budgets(), code.covered(), code.usesFloat(),
                    code.instructions(), code.bytecodes());
        }
    }

    private static final class Wrapped extends Region {
        private final Region region;
        private final Plant plant;

        Wrapped(Region region, Plant plant) {
            this.region = region;
            this.plant = plant;
        }

        @Override
        public int run(RegionContext context, long base, int budget, int entry) {
            long before = context.state.x[9];
            int left = region.run(context, base, budget, entry);
            if (plant == Plant.FORGETS_A_REGISTER && context.state.x[9] != before && budget - left > 20) {
                context.state.x[9] = before;
            } else if (plant == Plant.ALWAYS_COMES_BACK && !context.stopped && left > 0 && budget - left > 20) {
                context.pc = context.state.x[1];
            }
            return left;
        }
    }

    private static String found(Supplier<Translator> translator) {
        for (long seed = 0; seed < SEEDS; seed++) {
            String difference = firstDifference(seed, 997, 20_000, HOT_AT_ONCE, translator.get());
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    @Test
    void shouldFindRegionsThatLoseARegisterOrTheirWayBack() {
        for (Plant plant : Plant.values()) {
            assertNotNull(found(() -> new Faulty(plant)), plant.name());
        }
    }
}
