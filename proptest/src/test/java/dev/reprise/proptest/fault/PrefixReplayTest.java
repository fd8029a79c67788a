package dev.reprise.proptest.fault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.journal.DamagedLogException;
import dev.reprise.engine.journal.Layout;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.LogCheck.Report;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.proptest.run.Rig;
import dev.reprise.proptest.run.SeededHost;
import dev.reprise.proptest.toy.StepMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every prefix that a cut can leave of a recording is replayed, and agrees with the recording as far as it goes. */
class PrefixReplayTest {

    private Path root;
    private Path directory;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.isWritable(Path.of("/dev/shm")) ? Files.createTempDirectory(Path.of("/dev/shm"), "reprise-prefix-")
                : Files.createTempDirectory("reprise-prefix-");
        directory = root.resolve("recording");
    }

    @AfterEach
    void removeRoot() {
        Rig.remove(root);
    }

    private static SessionConfig config() {
        return SessionConfig.of("step machine").device("console", "character").digestEvery(300).quantum(20);
    }

    /** @param seals whether to let a group be sealed now and then, so that there are many */
    private static byte[] run(Session session, boolean seals) throws InterruptedException {
        OutputRing output = session.outputRing(1);
        ByteArrayOutputStream world = new ByteArrayOutputStream();
        Thread backend = new Thread(() -> {
            byte[] chunk = new byte[4096];
            for (int count = output.take(chunk, 0, chunk.length, 1_000_000_000); count >= 0;
                    count = output.take(chunk, 0, chunk.length, 1_000_000_000)) {
                world.write(chunk, 0, count);
            }
        }, "backend");
        backend.start();
        StepMachine machine = new StepMachine(session);
        if (seals) {
            session.inputPort(1);
            for (int i = 0; i < 40_000 && session.boundary(machine); i++) {
                // Groups are what the journaler makes of what has come so far; it may have no core for all of the run.
                while (i % 50 == 0 && output.consumedBytes() < output.putOutBytes() && backend.isAlive()) {
                    Thread.onSpinWait();
                }
                if (machine.runUntil(machine.position() + 20) == dev.reprise.engine.Guest.Status.IDLE) {
                    session.inputPort(1).publish(1, i);
                }
                if (i == 8_000) {
                    session.publishShutdown(ShutdownCause.HOST_QUIT, 3);
                }
            }
        } else {
            session.run(machine);
        }
        backend.join();
        return world.toByteArray();
    }

    @Test
    void shouldReplayEveryPrefix() throws IOException, InterruptedException {
        byte[] world;
        String head;
        // Level 2: each piece of output makes the journaler seal and force, so that there are many groups.
        try (Session session = Sessions.record(directory,
                config().durability(2).compress(false).host(new SeededHost(1)))) {
            world = run(session, true);
            head = session.stats().headHash();
        }
        Report whole = Recording.open(directory).check();
        assertEquals(LogCheck.Verdict.WHOLE, whole.verdict(), whole.reason());
        assertEquals(head, whole.headHash());
        Path segment = directory.resolve(Layout.segment(0));
        byte[] bytes = Files.readAllBytes(segment);
        assertTrue(whole.groups() > 50 && bytes.length > 40_000, () -> whole.groups() + " groups, " + bytes.length);
        TreeSet<Integer> cuts = new TreeSet<>();
        int prefixes = JournalSizes.of(1_000);
        for (int i = 0; i < prefixes; i++) {
            cuts.add((int) ((long) i * bytes.length / prefixes));
        }
        long groupsBefore = -1;
        int distinct = 0;
        for (int cut : cuts) {
            Files.write(segment, Arrays.copyOf(bytes, cut));
            // Durable data is missing, so it is refused unless asked for.
            assertThrows(DamagedLogException.class, () -> Sessions.replay(directory, config()), "cut after " + cut);
            try (Session session = Sessions.replay(directory, config().acceptPrefix(true))) {
                byte[] replayed = run(session, false);
                RunResult result = session.result();
                assertTrue(!result.complete(), "cut after " + cut);
                assertTrue(replayed.length <= world.length, "cut after " + cut);
                assertArrayEquals(Arrays.copyOf(world, replayed.length), replayed, "cut after " + cut);
                long groups = session.stats().groups();
                distinct += groups == groupsBefore ? 0 : 1;
                groupsBefore = groups;
            }
        }
        System.out.println("journal: " + cuts.size() + " cuts of " + bytes.length + " bytes replayed, " + distinct
                + " different prefixes of " + whole.groups() + " groups");
    }
}
