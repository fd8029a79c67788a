package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * Translated code leaves the state that the interpreter leaves, at every step at which it can be stopped: random code
 * that stores into itself, its data and its page tables, traps, waits and is interrupted.
 */
class TranslatedRunTest {
    private static final long STEPS = 20_000;
    private static final int[] SLICES = {1, 2, 3, 61, 997, 100_003};

    @Provide
    Arbitrary<Execution> executions() {
        return Arbitraries.of(Execution.EAGER, Execution.AT_FIRST_SIGHT, Execution.EAGER.withBounds(7, 2),
                Execution.AT_FIRST_SIGHT.withBounds(255, 1 << 10));
    }

    @Provide
    Arbitrary<Integer> slices() {
        return Arbitraries.of(Arrays.stream(SLICES).boxed().toList());
    }

    @Property(tries = 80)
    void shouldLeaveTheStateOfTheInterpreterAtEveryStop(@ForAll long seed, @ForAll boolean paging,
            @ForAll("executions") Execution execution, @ForAll("slices") int slice) {
        RandomGuest interpreted = new RandomGuest(seed, paging, Execution.INTERPRETED);
        RandomGuest translated = new RandomGuest(seed, paging, execution);
        long steps = slice < 61 ? 3_000 : STEPS;
        for (long step = 0; step < steps;) {
            step = Math.min(steps, step + slice);
            interpreted.runTo(step);
            translated.runTo(step);
            assertNull(translated.hart.translationFailure());
            long at = step;
            if (!Arrays.equals(interpreted.state(), translated.state())) {
                assertArrayEquals(interpreted.state(), translated.state(), () -> "step " + at + ": "
                        + interpreted.difference(translated));
            }
        }
    }

    @Property(tries = 20)
    void shouldLeaveTheSameStateWhenTranslatedInTheBackground(@ForAll long seed, @ForAll boolean paging) {
        RandomGuest interpreted = new RandomGuest(seed, paging, Execution.INTERPRETED);
        RandomGuest translated = new RandomGuest(seed, paging,
                new Execution(true, 1, Integer.MAX_VALUE, 500, 64, 16, 50, true, true));
        for (long step = 1_000; step <= 100_000; step += 9_001) {
            interpreted.runTo(step);
            translated.runTo(step);
            assertArrayEquals(interpreted.state(), translated.state(), () -> interpreted.difference(translated));
        }
        assertNull(translated.hart.translationFailure());
    }

    @Test
    void shouldMeetWhatThePropertiesClaimToTest() {
        TreeMap<String, Long> seen = new TreeMap<>();
        for (long seed = 0; seed < 24; seed++) {
            RandomGuest guest = new RandomGuest(seed, seed % 2 == 0, Execution.EAGER);
            guest.runTo(40_000);
            seen.merge("regions", guest.hart.regionsInstalled(), Long::sum);
            seen.merge("dropped", guest.hart.regionsDropped(), Long::sum);
            seen.merge("hot", guest.hart.regionsPromoted(), Long::sum);
            seen.merge("translated steps", guest.hart.step() - guest.hart.stepsInterpreted(), Long::sum);
        }
        System.out.println("translated random guests: " + seen);
        for (String wanted : new String[] {"regions", "dropped", "hot", "translated steps"}) {
            assertTrue(seen.get(wanted) > 0, wanted + " is missing in " + seen);
        }
        assertTrue(seen.get("translated steps") > 100_000, "hardly anything was translated: " + seen);
    }
}
