package dev.reprise.proptest.fault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.LogCheck.Verdict;
import dev.reprise.engine.journal.MemoryFiles;
import dev.reprise.proptest.fault.FaultyFiles.Failure;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is full or fails at each of the calls of a run of a thousand writes; see {@link JournalSizes}. */
class FaultsTest {

    private static final long SEED = Long.getLong("reprise.seed", 5_813L);
    private static final int WRITES = 1_000;
    private static final int SEGMENT_BYTES = 20_000;

    /** A group a write, and a force for every third: about a thousand writes, and a few hundred forces. */
    private static void run(JournalWriter writer, int groups) throws IOException {
        Event event = Event.slot();
        for (int group = 1; group <= groups; group++) {
            writer.append(LogWorkload.event(event, writer.events() + 1));
            writer.seal();
            if (group % 3 == 0) {
                writer.force();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void shouldAcknowledgeNothingAfterTheFailureAndKeepWhatItAcknowledged(Failure failure) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        FaultyFiles counting = new FaultyFiles(new MemoryFiles(), failure, 0);
        int groups = groupsOf(WRITES);
        try (JournalWriter writer = new JournalWriter(counting, LogWorkload.MANIFEST, false, SEGMENT_BYTES)) {
            run(writer, groups);
        }
        long calls = failure == Failure.FORCE_ERROR ? counting.forces() : counting.writes();
        int looked = 0;
        // Every call in the full test, here some; always the first and the last ones.
        long step = Math.max(1, calls / JournalSizes.of((int) calls));
        for (long k = 1; k <= calls; k += k < 12 || k > calls - 12 ? 1 : step) {
            String what = failure + " at " + k + " of " + calls + ", seed " + SEED;
            MemoryFiles files = new MemoryFiles();
            CrashFiles disk = new CrashFiles(files, new byte[0], () -> { });
            FaultyFiles faulty = new FaultyFiles(disk, failure, k);
            long acknowledged = 0;
            long sealed = 0;
            JournalWriter writer = null;
            try {
                writer = new JournalWriter(faulty, LogWorkload.MANIFEST, false, SEGMENT_BYTES);
                run(writer, groups);
                throw new AssertionError(what + ": nothing failed");
            } catch (IOException expected) {
                assertTrue(faulty.failed(), what);
            }
            if (writer != null) {
                acknowledged = writer.durableEvents();
                sealed = writer.sealedEvents();
                goOnInVain(writer, what);
                assertEquals(acknowledged, writer.durableEvents(), what);
                assertEquals(sealed, writer.sealedEvents(), what);
                writer.close();
            }
            requireThere(files, sealed, what);
            for (int i = 0; i < 3; i++) {
                requireThere(disk.crash(random), acknowledged, what + ", then a crash");
            }
            looked++;
        }
        System.out.println("journal: " + failure + " at " + looked + " of " + calls + " calls, seed " + SEED);
    }

    private static int groupsOf(int writes) {
        // A write a group, and one mark for three of them.
        return writes * 3 / 4;
    }

    /** The disk takes everything again; that proves nothing. */
    private static void goOnInVain(JournalWriter writer, String what) {
        for (int i = 0; i < 3; i++) {
            assertThrows(IOException.class, () -> {
                writer.append(LogWorkload.event(Event.slot(), 1));
                writer.seal();
            }, what);
            assertThrows(IOException.class, writer::force, what);
            assertThrows(IOException.class, () -> writer.finish(true), what);
        }
    }

    private static void requireThere(MemoryFiles files, long events, String what) throws IOException {
        LogCheck.Report found = LogCheck.check(files, LogWorkload.MANIFEST);
        assertEquals(Verdict.TORN, found.verdict(), () -> what + ": " + found.row() + " " + found.reason());
        assertTrue(found.events() >= events, () -> what + ": " + events + " acknowledged, " + found.events() + " there");
        LogWorkload.requirePrefix(files, found, what);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldWriteTheSameBytesWhenWritesAreShortOrInterrupted(long seed) throws IOException {
        MemoryFiles plain = new MemoryFiles();
        try (JournalWriter writer = new JournalWriter(plain, LogWorkload.MANIFEST, true, SEGMENT_BYTES)) {
            LogWorkload.write(writer, 200, true, new SplittableRandom(seed));
        }
        MemoryFiles halting = new MemoryFiles();
        FaultyFiles faulty = new FaultyFiles(halting, Failure.NO_SPACE, 0, new SplittableRandom(seed));
        try (JournalWriter writer = new JournalWriter(faulty, LogWorkload.MANIFEST, true, SEGMENT_BYTES)) {
            LogWorkload.write(writer, 200, true, new SplittableRandom(seed));
        }
        Map<String, byte[]> expected = plain.snapshot();
        Map<String, byte[]> found = halting.snapshot();
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
    }

    @Test
    void shouldGiveUpAFileThatTakesNothing() throws IOException {
        FileDecorator stuck = new FileDecorator(new MemoryFiles()) {
            @Override
            protected dev.reprise.engine.journal.LogFile wrap(String name, dev.reprise.engine.journal.LogFile file) {
                return new DecoratedFile(file) {
                    @Override
                    public int write(java.nio.ByteBuffer from, long position) {
                        return 0;
                    }
                };
            }
        };
        IOException found = assertThrows(IOException.class,
                () -> new JournalWriter(stuck, LogWorkload.MANIFEST, false, SEGMENT_BYTES));
        assertTrue(found.getMessage().contains("takes nothing"), found.getMessage());
    }
}
