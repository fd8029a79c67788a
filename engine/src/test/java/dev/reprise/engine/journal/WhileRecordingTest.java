package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others look at, or want, what is being recorded. */
class WhileRecordingTest {

    private static final long SEED = 77;

    @TempDir
    Path temp;

    /** Groups come, segments follow one another and are forced: a reader sees a log that is torn at most. */
    @Test
    void shouldNeverTakeALogThatGrowsForADamagedOne() throws Exception {
        DiskFiles files = new DiskFiles(temp);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger looks = new AtomicInteger();
        Thread writing = new Thread(() -> {
            try (JournalWriter writer = new JournalWriter(files, SampleLogs.MANIFEST, false, 200_000)) {
                Random random = new Random(SEED);
                byte[] bytes = new byte[Event.SLOT_PAYLOAD_BYTES];
                Event event = Event.slot();
                for (int i = 1; i <= 60_000; i++) {
                    writer.append(event.set(dev.reprise.engine.event.EventKind.CHAR_INPUT, 1, i, 0, 0)
                            .payload(bytes, 0, bytes.length));
                    if (random.nextInt(400) == 0) {
                        writer.seal();
                    }
                    if (random.nextInt(500) == 0) {
                        writer.force();
                    }
                    // However little time the other thread gets, it looks in the middle too.
                    while (i == 30_000 && looks.get() < 4) {
                        Thread.yield();
                    }
                }
                writer.seal();
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        }, "recording");
        writing.setDaemon(true);
        writing.start();
        long groups = 0;
        while (writing.isAlive()) {
            if (Files.exists(temp.resolve(Layout.segment(0)))) {
                LogCheck.Report report = LogCheck.check(files, SampleLogs.MANIFEST);
                assertNotEquals(LogCheck.Verdict.DAMAGED, report.verdict(), "seed " + SEED + ": " + report);
                assertTrue(report.groups() >= groups, "seed " + SEED + ": groups went from " + groups + " to " + report);
                groups = report.groups();
                looks.incrementAndGet();
            }
        }
        assertNull(failure.get());
        assertEquals(60_000, LogCheck.check(files, SampleLogs.MANIFEST).events());
        System.out.println("journal: looked at " + looks + " times while it was written");
        assertTrue(looks.get() >= 4);
    }

    /** What is behind the place where a reader stopped may have been written since. */
    @ParameterizedTest
    @ValueSource(longs = {SegmentDescriptor.TARGET_BYTES, 9_000})
    void shouldNotCallAGroupRotBecauseTheRecorderHasGoneOnSince(long segmentBytes) throws IOException {
        MemoryFiles files = new MemoryFiles();
        JournalWriter writer = new JournalWriter(files, SampleLogs.MANIFEST, false, segmentBytes);
        SampleLogs.append(writer, 0, 200, 50);
        byte[] whole = files.bytes(Layout.segment(0));
        int cut = whole.length - 5;
        FileLayer growing = new GrowingFiles(files, cut, () -> {
            SampleLogs.append(writer, 200, 200, 50);
            writer.force();
            SampleLogs.append(writer, 400, 200, 50);
        });
        LogCheck.Report report = LogCheck.check(growing, SampleLogs.MANIFEST);
        assertEquals(LogCheck.Verdict.TORN, report.verdict(), report.reason());
        assertEquals(150, report.events());
        writer.close();
        assertEquals(600, LogCheck.check(files, SampleLogs.MANIFEST).events());
    }

    @Test
    void shouldLetOneRecorderInAtATimeWhateverTheOthersForce() throws Exception {
        Path directory = temp.resolve("run");
        SessionConfig config = SessionConfig.of("wanted").device("out", "text");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 60 && failure.get() == null; i++) {
                    try {
                        Recording recording = Recording.create(directory, config, true);
                        assertEquals(1, inside.incrementAndGet(), "two recorders at once");
                        try (JournalWriter writer = new JournalWriter(recording.files(), recording.manifestBytes(), false)) {
                            SampleLogs.append(writer, 0, 20, 5);
                            assertEquals(20, recording.check().events(), "somebody removed it");
                        }
                        inside.decrementAndGet();
                        made.incrementAndGet();
                        recording.unlock();
                    } catch (BadRecordingException another) {
                        refused.incrementAndGet();
                    } catch (Throwable thrown) {
                        failure.compareAndSet(null, thrown);
                    }
                }
            }, "recorder-" + t);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        assertEquals(240, made.get() + refused.get());
        assertTrue(made.get() > 0 && refused.get() > 0, made + " made, " + refused + " refused");
        assertEquals(20, Recording.open(directory).check().events());
    }
}
