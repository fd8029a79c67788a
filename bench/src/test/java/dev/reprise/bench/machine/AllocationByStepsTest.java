package dev.reprise.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.run.GuestThread;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole machine in this JVM; scripts/allocation-by-steps does the same with far more steps. */
class AllocationByStepsTest {

    private static final long STEPS = 2_000_000;
    private static final int TIMES = 10;
    private static final long SLACK_BYTES = 64 << 10;
    private static final long RAM_BYTES = 16L << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAllocateInTenTimesTheStepsWhatItAllocatesInOne(boolean recorded) throws Exception {
        // Not counted: the first run in a JVM also loads what it runs.
        allocatedBytes(STEPS, recorded);
        long shorter = allocatedBytes(STEPS, recorded);
        long longer = allocatedBytes(STEPS * TIMES, recorded);
        assertTrue(longer - shorter <= SLACK_BYTES, () -> shorter + " bytes in " + STEPS + " steps, " + longer + " in "
                + STEPS * TIMES);
    }

    private long allocatedBytes(long until, boolean recorded) throws Exception {
        MachineConfig config = new MachineConfig(RAM_BYTES, MachineConfig.DEFAULT_MMU, null, ClockMode.INSTRUCTIONS,
                MachineConfig.DEFAULT_RTC_EPOCH_SECONDS, null).checked();
        ImagePaths images = new ImagePaths(null, Files.write(folder.resolve("mixed.elf"), MixedProgram.elf()), null);
        BootPlan plan = MachineFactory.plan(config, images.read(RAM_BYTES));
        SessionConfig description = MachineFactory.describe(config, images).until(until).digestEvery(STEPS / 2);
        try (Session session = recorded ? Sessions.record(folder.resolve("recording"), description, true)
                : Sessions.off(description)) {
            GuestThread thread = new GuestThread(session, MachineFactory.create(config, plan, session));
            thread.runToEnd();
            if (thread.failure() != null) {
                throw new IllegalStateException(thread.failure());
            }
            assertEquals(until, thread.result().position());
            return thread.allocatedBytes();
        }
    }
}
