package dev.reprise.proptest.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RepriseException;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.journal.Layout;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.proptest.run.Rig;
import dev.reprise.proptest.toy.StepMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One small recording, damaged at every place: nothing passes for whole. */
class DamageTest {

    private Path root;
    private Path recording;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.isWritable(Path.of("/dev/shm")) ? Files.createTempDirectory(Path.of("/dev/shm"), "reprise-damage-")
                : Files.createTempDirectory("reprise-damage-");
        recording = root.resolve("recording");
    }

    @AfterEach
    void removeRoot() {
        Rig.remove(root);
    }

    private SessionConfig config() throws IOException {
        Path image = root.resolve("image");
        if (!Files.exists(image)) {
            Files.write(image, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        }
        return SessionConfig.of("step machine").device("console", "character").image("firmware", image)
                .digestEvery(400);
    }

    private RunResult record(int durability) throws IOException {
        try (Session session = Sessions.record(recording, config().durability(durability).quantum(100))) {
            session.inputPort(1);
            StepMachine machine = new StepMachine(session);
            session.inputPort(1).publishBytes(new byte[] {10, 20, 30}, 0, 3);
            session.publishShutdown(ShutdownCause.HOST_QUIT, 3);
            return session.run(machine);
        }
    }

    private static boolean isWhole(Path directory) {
        try {
            Recording opened = Recording.open(directory);
            return opened.check().verdict() == LogCheck.Verdict.WHOLE && opened.findings().isEmpty();
        } catch (RepriseException refused) {
            return false;
        }
    }

    @Test
    @Tag("one-jdk")
    void shouldNoticeEveryFlippedBitOfEveryFile() throws IOException {
        record(1);
        assertTrue(isWhole(recording));
        List<Path> files;
        try (Stream<Path> walk = Files.walk(recording)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        assertEquals(4, files.size(), () -> "image, manifest, segment and mark, found " + files);
        int bits = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
                Files.write(file, bytes);
                int flipped = bit;
                assertTrue(!isWhole(recording), () -> "flipped bit " + flipped + " of " + file.getFileName());
                bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
                bits++;
            }
            Files.write(file, bytes);
        }
        assertTrue(isWhole(recording));
        System.out.println("damage: " + bits + " flipped bits in " + files.size() + " files");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldCallNoCutSegmentWhole(int durability) throws IOException {
        RunResult recorded = record(durability);
        Path segment = recording.resolve(Layout.segment(0));
        byte[] bytes = Files.readAllBytes(segment);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(segment, Arrays.copyOf(bytes, length));
            LogCheck.Verdict verdict = Recording.open(recording).check().verdict();
            assertEquals(durability == 0 ? LogCheck.Verdict.TORN : LogCheck.Verdict.DAMAGED, verdict,
                    "cut after " + length + " bytes");
            assertReplayIsNotWhole(recorded);
        }
    }

    private void assertReplayIsNotWhole(RunResult recorded) throws IOException {
        try (Session session = Sessions.replay(recording, config())) {
            RunResult replayed = session.run(new StepMachine(session));
            assertTrue(!replayed.complete(), "a cut log was replayed as if it were whole");
            assertNotEquals(recorded, replayed);
        } catch (RepriseException refused) {
            // A durable part is missing.
        }
    }
}
