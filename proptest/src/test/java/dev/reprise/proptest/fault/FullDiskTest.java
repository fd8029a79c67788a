package dev.reprise.proptest.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RepriseException;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A recording onto a real file system that becomes full. Run it with {@code -Dreprise.disk=true}: it mounts a small one
 * in a mount namespace of its own, for which it needs unshare(1) and, where users have none, root.
 */
@EnabledIfSystemProperty(named = "reprise.disk", matches = "true")
class FullDiskTest {

    private static final long HANG_S = 120;

    @TempDir
    Path temp;

    /** The process in the namespace: records until the disk is full, and looks at what it has left. */
    static final class Recorder {

        private Recorder() {}

        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]).resolve("recording");
            int durability = Integer.parseInt(args[1]);
            String message = null;
            try (Session session = Sessions.record(directory, KilledRecorder.config().durability(durability).digestEvery(3)
                    .quantum(10))) {
                OutputRing output = session.outputRing(1);
                Thread backend = new Thread(() -> {
                    byte[] chunk = new byte[4096];
                    while (output.take(chunk, 0, chunk.length, 1_000_000_000) >= 0) {
                        // The world is not looked at here.
                    }
                }, "backend");
                backend.setDaemon(true);
                backend.start();
                session.run(new KilledRecorder.Talker(session));
            } catch (RepriseException expected) {
                if (expected.exitStatus() != 5) {
                    throw expected;
                }
                message = expected.getMessage();
            }
            if (message == null || !message.contains("No space left on device") || !message.contains("durable: ")) {
                throw new IllegalStateException("not said as it should be: " + message);
            }
            long durable = Long.parseLong(message.replaceAll(".*durable: ([0-9]+) groups.*", "$1"));
            LogCheck.Report report = Recording.open(directory).check();
            if (report.verdict() != LogCheck.Verdict.TORN || report.groups() < durable || report.groups() == 0) {
                throw new IllegalStateException(durable + " groups were said to be durable; " + report);
            }
            // On the full disk: recovery writes over what is there and needs no room.
            if (Recording.open(directory).recover(false).before().groups() != report.groups()) {
                throw new IllegalStateException("recovered something else than " + report);
            }
            try (Session session = Sessions.replay(directory, KilledRecorder.config().digestEvery(3))) {
                session.run(new KilledRecorder.Talker(session));
            }
            System.out.println("full disk: level " + durability + ", " + report.groups() + " groups, " + report.events()
                    + " events, " + durable + " groups said to be durable");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldStopWithFiveAndKeepWhatWasAcknowledged(int durability) throws IOException, InterruptedException {
        Path said = temp.resolve("said");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path mount = Files.createDirectory(temp.resolve("disk"));
        Process process = new ProcessBuilder("unshare", "-rm", "sh", "-c",
                "mount -t tmpfs -o size=300k tmpfs \"$1\" && shift && exec \"$@\"", "sh", mount.toString(), java,
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp", System.getProperty("java.class.path"),
                Recorder.class.getName(), mount.toString(), Integer.toString(durability))
                .redirectErrorStream(true).redirectOutput(said.toFile()).start();
        boolean ended = process.waitFor(HANG_S, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String output = Files.readString(said);
        assertTrue(ended, output);
        assertEquals(0, process.exitValue(), output);
        System.out.print("journal: " + output);
    }
}
