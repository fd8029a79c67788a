package dev.reprise.proptest.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.LogCheck.Report;
import dev.reprise.engine.journal.LogCheck.Verdict;
import dev.reprise.engine.journal.MemoryFiles;
import dev.reprise.engine.journal.Recovery;
import dev.reprise.engine.journal.RecoveryRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * The machine loses its power at any moment, with any subset of the sectors that were not forced: what was acknowledged
 * is there, nothing is called damage, recovery keeps every whole group, and a crash in the middle of recovery changes
 * nothing of that. See {@link JournalSizes}.
 */
class CrashStatesTest {

    private static final long SEED = Long.getLong("reprise.seed", 4_711L);
    private static final int SEGMENT_BYTES = 6_000;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    private final Map<RecoveryRow, Integer> rows = new EnumMap<>(RecoveryRow.class);
    private int states;
    private int inRecovery;

    @Test
    void shouldKeepWhatWasAcknowledgedInEveryCrashState() throws IOException {
        int wanted = JournalSizes.of(10_000);
        byte[] stale = otherLog();
        for (int run = 0; states < wanted; run++) {
            MemoryFiles files = new MemoryFiles();
            JournalWriter[] writer = new JournalWriter[1];
            CrashFiles[] disk = new CrashFiles[1];
            double frequency = 0.02 + 0.2 * random.nextDouble();
            disk[0] = new CrashFiles(files, stale, () -> {
                if (random.nextDouble() < frequency) {
                    look(disk[0], writer[0] == null ? 0 : writer[0].durableEvents(), stale);
                }
            });
            writer[0] = new JournalWriter(disk[0], LogWorkload.MANIFEST, random.nextBoolean(), SEGMENT_BYTES);
            LogWorkload.write(writer[0], 20 + random.nextInt(100), random.nextBoolean(), random);
            long acknowledged = writer[0].durableEvents();
            for (int i = 0; i < 5; i++) {
                look(disk[0], acknowledged, stale);
            }
        }
        System.out.println("journal: " + states + " crash states, seed " + SEED + ": " + verdicts + " " + rows + ", and "
                + inRecovery + " in the middle of recovery");
        assertTrue(inRecovery > 0 && verdicts.size() == 2, verdicts::toString);
    }

    private static byte[] otherLog() throws IOException {
        MemoryFiles files = new MemoryFiles();
        byte[] manifest = "{\"other\":1}".getBytes(StandardCharsets.US_ASCII);
        try (JournalWriter writer = new JournalWriter(files, manifest, false, 1 << 20)) {
            LogWorkload.write(writer, 60, false, new SplittableRandom(1));
            writer.finish(true);
        }
        return files.bytes("segments/00000000.seg");
    }

    private void look(CrashFiles disk, long acknowledged, byte[] stale) {
        try {
            MemoryFiles state = disk.crash(random);
            String what = "seed " + SEED + ", state " + states++;
            Report found = check(state, acknowledged, what);
            verdicts.merge(found.verdict(), 1, Integer::sum);
            rows.merge(found.row(), 1, Integer::sum);
            if (random.nextInt(4) == 0) {
                crashInRecovery(state, found, stale, what);
            }
            recover(state, found, what);
            if (found.verdict() == Verdict.TORN && found.groups() > 0 && random.nextInt(4) == 0) {
                goOn(state, found, what);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Report check(MemoryFiles state, long acknowledged, String what) throws IOException {
        Report found = LogCheck.check(state, LogWorkload.MANIFEST);
        assertTrue(found.verdict() == Verdict.TORN || found.verdict() == Verdict.WHOLE,
                () -> what + ": " + found.row() + " " + found.reason());
        assertTrue(found.events() >= acknowledged, () -> what + ": " + acknowledged + " events were acknowledged, "
                + found.events() + " are there; " + found.reason());
        LogWorkload.requirePrefix(state, found, what);
        return found;
    }

    private static void recover(MemoryFiles state, Report found, String what) throws IOException {
        Recovery.Result result = Recovery.recover(state, LogWorkload.MANIFEST, false);
        assertEquals(found.groups(), result.before().groups(), what);
        Report after = check(state, found.events(), what + ", recovered");
        assertEquals(found.headHash(), after.headHash(), what);
        assertEquals(found.events(), after.events(), what);
        if (found.groups() > 0) {
            assertFalse(Recovery.recover(state, LogWorkload.MANIFEST, false).changed() && after.verdict() != Verdict.WHOLE
                    && !result.changed(), what);
        }
    }

    private void crashInRecovery(MemoryFiles state, Report found, byte[] stale, String what) throws IOException {
        MemoryFiles copy = new MemoryFiles();
        state.snapshot().forEach(copy::put);
        CrashFiles[] disk = new CrashFiles[1];
        disk[0] = CrashFiles.of(copy, stale, () -> {
            try {
                MemoryFiles half = disk[0].crash(random);
                Report again = check(half, found.events(), what + ", crashed in recovery");
                assertEquals(found.headHash(), again.headHash(), what);
                recover(half, again, what + ", crashed in recovery");
                inRecovery++;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        Recovery.recover(disk[0], LogWorkload.MANIFEST, false);
    }

    /** A log that goes on after recovery is a log: crash again, check again. */
    private void goOn(MemoryFiles state, Report found, String what) throws IOException {
        AtomicLong acknowledged = new AtomicLong(found.events());
        CrashFiles disk = CrashFiles.of(state, otherLog(), () -> { });
        try (JournalWriter writer = JournalWriter.resume(disk, LogWorkload.MANIFEST, false, SEGMENT_BYTES)) {
            LogWorkload.write(writer, 20, false, random);
            acknowledged.set(writer.durableEvents());
        }
        Report again = check(disk.crash(random), acknowledged.get(), what + ", gone on and crashed");
        assertTrue(again.groups() >= found.groups(), what);
    }
}
