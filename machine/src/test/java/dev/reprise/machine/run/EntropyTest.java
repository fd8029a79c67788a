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
import dev.reprise.machine.board.EntropyKind;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.TestMachines;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A guest's entropy: fresh in each recording, the same in each replay, and there only where it was asked for. */
class EntropyTest {

    private static final ImagePaths NO_FILES = new ImagePaths(null, null, null);

    private static MachineConfig config(EntropyKind kind) {
        return new MachineConfig(4 << 20, MachineConfig.DEFAULT_MMU, null, ClockMode.INSTRUCTIONS, 0, null, kind);
    }

    @TempDir
    private Path directory;

    private static byte[] run(Session session, MachineConfig config, RunResult[] result) {
        try (session) {
            session.outputRing(1);
            result[0] = session.run(MachineFactory.create(config, TestMachines.plan(config,
                    config.entropy() == EntropyKind.VIRTIO ? Programs.virtioEntropy() : Programs.entropy()), session));
            assertEquals(ShutdownCause.GUEST_SHUTDOWN, result[0].cause());
            byte[] console = new byte[8];
            assertEquals(8, session.outputRing(1).take(console, 0, 8, 0));
            long questions = config.entropy() == EntropyKind.VIRTIO ? 1 : 8;
            assertEquals(questions, session.stats().events().get("RANDOM"));
            return console;
        }
    }

    @ParameterizedTest
    @EnumSource(value = EntropyKind.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldGiveAReplayTheBytesOfItsRecordingAndAnotherRecordingOthers(EntropyKind kind) throws Exception {
        MachineConfig config = config(kind);
        SessionConfig described = MachineFactory.describe(config, NO_FILES);
        RunResult[] recorded = new RunResult[1];
        byte[] first = run(Sessions.record(directory.resolve("a"), described), config, recorded);
        RunResult[] replayed = new RunResult[1];
        try (ReplaySession session = Sessions.replay(directory.resolve("a"), MachineFactory.describe(config, NO_FILES))) {
            MachineConfig found = MachineFactory.configOf(session.manifest());
            assertEquals(config, found);
            assertArrayEquals(first, run(session, found, replayed));
        }
        assertEquals(recorded[0], replayed[0]);
        byte[] second = run(Sessions.record(directory.resolve("b"), MachineFactory.describe(config, NO_FILES)), config,
                new RunResult[1]);
        assertFalse(Arrays.equals(first, second), "eight bytes drawn twice");
    }

    @Test
    void shouldNotBeThereUnlessAskedFor() {
        MachineConfig without = TestMachines.config(ClockMode.INSTRUCTIONS);
        assertEquals(5, MachineFactory.describe(without, NO_FILES).devices().size());
        for (EntropyKind kind : List.of(EntropyKind.TIMERIOMEM, EntropyKind.VIRTIO)) {
            assertTrue(MachineFactory.describe(config(kind), NO_FILES).devices().toString()
                    .contains(kind.text().replace('_', '-')));
        }
    }
}
