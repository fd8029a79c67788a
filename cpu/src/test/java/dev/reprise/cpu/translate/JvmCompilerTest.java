package dev.reprise.cpu.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JvmCompilerTest {
    private static final boolean IS_WANTED = "ask".equals(System.getProperty("dev.reprise.compiler"));
    /** addi a0, a0, 42; addi a0, a0, 42; ret. */
    private static final int[] CODE = {0x02a5_0513, 0x02a5_0513, 0x0000_8067};

    private static Region region(RegionPlan.Tier tier) {
        byte[] page = new byte[4096];
        for (int i = 0; i < CODE.length * 4; i++) {
            page[i] = (byte) (CODE[i / 4] >> 8 * (i % 4));
        }
        return new RegionCompiler(128, false).compile(new RegionPlan(0, page, new int[] {0}, tier)).region();
    }

    @Test
    void shouldAskTheJvmWhereThatWasAskedForAndNowhereElse() {
        assertEquals(IS_WANTED, JvmCompiler.isOpen());
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void shouldGetARegionOfEachKindCompiledThatWasNeverCalled() throws InterruptedException {
        if (!JvmCompiler.isOpen()) {
            assertFalse(IS_WANTED);
            return;
        }
        for (RegionPlan.Tier tier : RegionPlan.Tier.values()) {
            Region region = region(tier);
            assertEquals(0, JvmCompiler.level(region));
            BooleanSupplier isCompiled = JvmCompiler.compile(region, tier);
            while (!isCompiled.getAsBoolean()) {
                Thread.sleep(1);
            }
            // 1 is the quick compiler's for good, 3 counts for the thorough one.
            assertEquals(tier == RegionPlan.Tier.HOT ? 3 : 1, JvmCompiler.level(region));
            assertEquals(7, region.run(null, 0, 7, -1));
        }
    }
}
