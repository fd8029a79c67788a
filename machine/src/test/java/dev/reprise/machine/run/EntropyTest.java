package dev.reprise.machine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.replay.ReplaySession;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.TestMachines;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest's entropy: fresh in each recording, the same in each replay, and there only where it was asked for. */
class EntropyTest {

    private static final ImagePaths NO_FILES = new ImagePaths(null, null, null);
    private static final MachineConfig CONFIG = new MachineConfig(4 << 20, MachineConfig.DEFAULT_MMU, null,
            ClockMode.INSTRUCTIONS, 0, null, true);

    @TempDir
    private Path directory;

    private static byte[] run(Session session, MachineConfig config, RunResult[] result) {
        try (session) {
            session.outputRing(1);
            result[0] = session.run(MachineFactory.create(config, TestMachines.plan(config, Programs.entropy()), session));
            assertEquals(ShutdownCause.GUEST_SHUTDOWN, result[0].cause());
            byte[] console = new byte[8];
            assertEquals(8, session.outputRing(1).take(console, 0, 8, 0));
            assertEquals(8L, session.mode() == dev.reprise.engine.Mode.OFF ? 8L : session.stats().events().get("RANDOM"));
            return console;
        }
    }

    @Test
    void shouldGiveAReplayTheBytesOfItsRecordingAndAnotherRecordingOthers() throws Exception {
        SessionConfig described = MachineFactory.describe(CONFIG, NO_FILES);
        RunResult[] recorded = new RunResult[1];
        byte[] first = run(Sessions.record(directory.resolve("a"), described), CONFIG, recorded);
        RunResult[] replayed = new RunResult[1];
        try (ReplaySession session = Sessions.replay(directory.resolve("a"), MachineFactory.describe(CONFIG, NO_FILES))) {
            MachineConfig found = MachineFactory.configOf(session.manifest());
            assertEquals(CONFIG, found);
            assertArrayEquals(first, run(session, found, replayed));
        }
        assertEquals(recorded[0], replayed[0]);
        byte[] second = run(Sessions.record(directory.resolve("b"), MachineFactory.describe(CONFIG, NO_FILES)), CONFIG,
                new RunResult[1]);
        assertFalse(Arrays.equals(first, second), "eight bytes drawn twice");
    }

    @Test
    void shouldNotBeThereUnlessAskedFor() {
        MachineConfig without = TestMachines.config(ClockMode.INSTRUCTIONS);
        assertEquals(5, MachineFactory.describe(without, NO_FILES).devices().size());
        assertTrue(MachineFactory.describe(CONFIG, NO_FILES).devices().toString().contains("timeriomem-rng"));
    }
}
