package dev.reprise.proptest.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RepriseException;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.journal.Layout;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.journal.Recovery;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.proptest.run.Rig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL to a recording process at random points, on the real disk; see {@link JournalSizes}. */
class KillTest {

    private static final long SEED = Long.getLong("reprise.seed", 9L);
    private static final long HANG_S = 60;
    /** Of a quarter from the process's start: some of them are killed before there is a recording, or while it begins. */
    private static final int MAX_LIFE_MS = 900;

    @TempDir
    Path temp;

    @Test
    void shouldLeaveALogWhoseReplayGivesEverythingThatTheWorldWasGiven() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        int kills = JournalSizes.of(200);
        int[] logs = new int[3];
        long events = 0;
        long shown = 0;
        int tooEarly = 0;
        for (int i = 0; i < kills; i++) {
            Path directory = temp.resolve("recording-" + i);
            Path world = temp.resolve("world-" + i);
            // Level 2 is where the world depends on the log; the others are killed less often.
            int durability = i % 4 < 2 ? 2 : i % 4 - 2;
            String what = "seed " + SEED + ", kill " + i + ", level " + durability;
            kill(directory, world, durability, random.nextInt(MAX_LIFE_MS), i % 4 != 3);
            Recording recording;
            try {
                recording = Recording.open(directory);
            } catch (RepriseException neverBegun) {
                assertEquals(2, neverBegun.exitStatus(), what);
                tooEarly++;
                continue;
            }
            LogCheck.Report report = recording.check();
            assertEquals(LogCheck.Verdict.TORN, report.verdict(), () -> what + ": " + report.reason());
            Recovery.Result recovered = recording.recover(false);
            assertEquals(report.groups(), recovered.before().groups(), what);
            byte[] replayed = replay(directory, what);
            if (durability == 2 && Files.exists(world)) {
                byte[] given = Files.readAllBytes(world);
                assertTrue(given.length <= replayed.length && java.util.Arrays.equals(given, 0, given.length, replayed, 0,
                        given.length), () -> what + ": the world was given " + given.length
                        + " bytes, a replay gives " + replayed.length + " or others");
                shown += given.length;
            }
            logs[durability]++;
            events += report.events();
            Rig.remove(directory);
        }
        System.out.println("journal: " + kills + " kills, seed " + SEED + ", " + tooEarly + " before there was a recording, "
                + logs[0] + ", " + logs[1] + " and " + logs[2] + " logs at levels 0, 1 and 2 with " + events
                + " events; at level 2 " + shown + " bytes were shown and are replayed");
        assertTrue(logs[2] > 0, "no process lived long enough");
    }

    /** @param begun whether to wait until there is a recording; the time counts from then */
    private void kill(Path directory, Path world, int durability, int afterMs, boolean begun)
            throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp",
                System.getProperty("java.class.path"), KilledRecorder.class.getName(), directory.toString(),
                world.toString(), Integer.toString(durability))
                .redirectErrorStream(true).redirectOutput(temp.resolve("said").toFile()).start();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_S);
            while (begun && !Files.exists(directory.resolve(Layout.MANIFEST)) && System.nanoTime() < deadline) {
                process.waitFor(1, TimeUnit.MILLISECONDS);
            }
            boolean ended = process.waitFor(afterMs, TimeUnit.MILLISECONDS);
            assertTrue(!ended, () -> "it ended by itself: " + said());
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(HANG_S, TimeUnit.SECONDS));
    }

    private String said() {
        try {
            return Files.readString(temp.resolve("said"));
        } catch (IOException nothing) {
            return nothing.toString();
        }
    }

    /** What the guest puts out in a replay of all that is there. */
    private static byte[] replay(Path directory, String what) throws InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Session session = Sessions.replay(directory, KilledRecorder.config())) {
            OutputRing output = session.outputRing(1);
            Thread backend = new Thread(() -> {
                byte[] chunk = new byte[4096];
                for (int count = output.take(chunk, 0, chunk.length, 1_000_000_000); count >= 0;
                        count = output.take(chunk, 0, chunk.length, 1_000_000_000)) {
                    all.write(chunk, 0, count);
                }
            }, "backend");
            backend.start();
            RunResult result = session.run(new KilledRecorder.Talker(session));
            assertTrue(!result.complete(), what);
            // The end of the run is the end of its output.
            backend.join();
        }
        return all.toByteArray();
    }
}
