package dev.reprise.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionPlan;
import dev.reprise.cpu.translate.Translator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An embedder's JVM does not grow over a guest that makes code and discards it. Some seconds in an ordinary build;
 * {@code -Dreprise.discard.seconds=180} runs it for minutes.
 */
class DiscardedCodeTest {

    private static final double SECONDS = Double.parseDouble(System.getProperty("reprise.discard.seconds", "4"));
    /**
     * What the JVM itself may come to hold meanwhile: what its compilers make of our classes, what measuring takes. A
     * region's class alone takes some 7 KiB of metaspace, so a hundred of them that stay are too many.
     */
    private static final Footprint SLACK = new Footprint(1 << 20, 60, 700 << 10, 4 << 20);
    /** What a region that is in use takes, at most. */
    private static final Footprint REGION = new Footprint(4 << 10, 1, 8 << 10, 8 << 10);
    private static final int ENOUGH = 200;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotGrowOverAGuestThatGeneratesAndDiscardsCode(boolean machineCode) throws InterruptedException {
        CodeChurn guest = new CodeChurn(machineCode);
        // Until each place has had its first function, and the JVM has compiled what it will.
        guest.run(SECONDS / 4);
        while (guest.functions() < ENOUGH) {
            guest.run(0.1);
        }
        Footprint before = Footprint.take();
        long functions = guest.functions();
        long dropped = guest.hart().regionsDropped();
        int kept = guest.hart().cachedRegions();
        guest.run(SECONDS);
        while (guest.hart().regionsDropped() - dropped < ENOUGH) {
            guest.run(0.1);
        }
        Footprint after = Footprint.take();
        System.out.println("discarded code: " + before + " before, " + after + " after " + (guest.functions() - functions)
                + " more functions, " + (guest.hart().regionsDropped() - dropped) + " regions dropped, "
                + guest.hart().regionsPromoted() + " made anew as hot ones, " + guest.hart().cachedRegions() + " kept, "
                + guest.hart().stepsInterpreted() + " of " + guest.hart().step() + " steps interpreted");
        assertNull(guest.hart().translationFailure());
        // Beside machine code these loops are too short for it.
        assertTrue(machineCode || guest.hart().regionsPromoted() > 0, "no region became hot");
        assertTrue(guest.hart().cachedRegions() <= 2 * 256, "more than two regions for each place");
        Footprint growth = after.growthSince(before);
        // Regions that run may become more until each place has had some; their number was looked at above.
        int moreKept = Math.max(0, guest.hart().cachedRegions() - kept);
        assertTrue(growth.isWithin(SLACK.and(moreKept, REGION)), () -> "grown by " + growth + ", kept " + moreKept + " more");
    }

    @Test
    void shouldComputeWhatTheFunctionsSay() {
        CodeChurn guest = new CodeChurn(true);
        do {
            guest.run(0.05);
        } while (guest.functions() < 4);
        long before = guest.functions();
        // To the end of the function that runs.
        while (guest.functions() == before) {
            guest.step();
        }
        assertEquals(CodeChurn.sumAfter(before + 1), guest.sum());
    }

    /** The canary: regions that somebody holds are what must be noticed. */
    @Test
    void shouldNoticeRegionsThatStay() throws Exception {
        List<RegionPlan> plans = TranslationBenchmark.plans();
        Translator translator = new Translator(128, 0, false, false);
        List<RegionCode> held = new ArrayList<>();
        translate(translator, plans, held);
        Footprint before = Footprint.take();
        while (held.size() < ENOUGH + plans.size()) {
            translate(translator, plans, held);
        }
        Footprint growth = Footprint.take().growthSince(before);
        System.out.println("held regions: " + growth + " more for " + (held.size() - plans.size()));
        assertFalse(growth.isWithin(SLACK), () -> "not noticed: " + growth);
        assertTrue(growth.classes() >= ENOUGH, () -> "not noticed: " + growth);
        assertTrue(held.getLast().instructions() > 0);
    }

    private static void translate(Translator translator, List<RegionPlan> plans, List<RegionCode> held) {
        for (RegionPlan plan : plans) {
            translator.submit(plan);
            held.add(translator.poll());
        }
    }
}
