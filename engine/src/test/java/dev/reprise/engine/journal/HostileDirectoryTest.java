package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.SessionConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A recording's directory as a stranger hands it over: links, pipes, files without end, nests of brackets. */
class HostileDirectoryTest {

    private static final long HANG_SECONDS = 60;
    private static final long TERABYTE = 1L << 40;
    private static final int EVENTS = 500;

    @TempDir
    Path temp;

    private final SessionConfig config = SessionConfig.of("hostile").device("out", "text");
    private Path directory;

    /** A recording with a log that ended nowhere: recover has something to do. */
    @BeforeEach
    void record() throws IOException {
        directory = temp.resolve("run");
        Recording recording = Recording.create(directory, config, false);
        try (JournalWriter writer = new JournalWriter(recording.files(), recording.manifestBytes(), false)) {
            SampleLogs.append(writer, 0, EVENTS, 50);
            writer.force();
            SampleLogs.append(writer, EVENTS, 100, 50);
        }
        recording.unlock();
    }

    private static <T> T inTime(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "hostile");
        thread.setDaemon(true);
        thread.start();
        return task.get(HANG_SECONDS, TimeUnit.SECONDS);
    }

    private static void pipe(Path at) throws Exception {
        Files.deleteIfExists(at);
        assertEquals(0, new ProcessBuilder("mkfifo", at.toString()).inheritIO().start().waitFor());
    }

    private static List<String> findings(Path directory) throws Exception {
        return inTime(() -> Recording.open(directory).findings());
    }

    private Path segment() {
        return directory.resolve(Layout.segment(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {Layout.SEGMENTS, Layout.IMAGES, Layout.SNAPSHOTS})
    void shouldNotGoWhereAFolderThatIsALinkLeads(String folder) throws Exception {
        Path elsewhere = temp.resolve("elsewhere");
        Path inside = directory.resolve(folder);
        if (Files.exists(inside)) {
            Files.move(inside, elsewhere);
        } else {
            Files.createDirectory(elsewhere);
        }
        Files.write(elsewhere.resolve("00000007.seg"), new byte[5000]);
        Files.createSymbolicLink(inside, elsewhere);
        assertTrue(findings(directory).contains("unknown file: " + folder), () -> folder + " was not found");
        Recording recording = Recording.open(directory);
        if (folder.equals(Layout.SEGMENTS)) {
            assertEquals(0, recording.check().groups());
            assertThrows(DamagedLogException.class, () -> recording.recover(false));
            assertRecoversNothing(folder);
        }
        assertThrows(BadRecordingException.class, () -> Recording.create(directory, config, true));
        assertEquals(5000, Files.size(elsewhere.resolve("00000007.seg")));
    }

    @ParameterizedTest
    @ValueSource(strings = {Layout.LOCK, Layout.MARK, Layout.MANIFEST, "segments/00000000.seg", "segments/00000001.seg",
        "snapshots", "images/" + "ab"})
    void shouldNotWaitForAPipeAndNotTakeItForAFile(String name) throws Exception {
        Path pipe = directory.resolve(name);
        Files.createDirectories(pipe.getParent());
        pipe(pipe);
        if (name.equals(Layout.MANIFEST)) {
            assertThrows(DamagedLogException.class, () -> Recording.open(directory));
        } else {
            assertTrue(findings(directory).contains("unknown file: " + name), () -> name + " was not found");
            inTime(() -> Recording.open(directory).check());
            inTime(() -> {
                try {
                    return Recording.open(directory).recover(true);
                } catch (DamagedLogException | JournalFailedException refused) {
                    return null;
                }
            });
        }
        assertThrows(BadRecordingException.class, () -> inTimeUnwrapped(() -> Recording.create(directory, config, true)));
        assertTrue(Files.exists(pipe, LinkOption.NOFOLLOW_LINKS));
    }

    private static <T> T inTimeUnwrapped(Callable<T> work) throws Throwable {
        try {
            return inTime(work);
        } catch (java.util.concurrent.ExecutionException thrown) {
            throw thrown.getCause();
        }
    }

    /** Nor with consent: what it stands for may be whole, and the mark would say for good that there was nothing. */
    private void assertRecoversNothing(String name) throws IOException {
        byte[] mark = Files.isRegularFile(directory.resolve(Layout.MARK), LinkOption.NOFOLLOW_LINKS)
                ? Files.readAllBytes(directory.resolve(Layout.MARK)) : null;
        DamagedLogException refused = assertThrows(DamagedLogException.class,
                () -> inTimeUnwrapped(() -> Recording.open(directory).recover(true)));
        assertTrue(refused.getMessage().contains(directory.resolve(name).toString()), refused.getMessage());
        if (mark != null) {
            assertArrayEquals(mark, Files.readAllBytes(directory.resolve(Layout.MARK)));
        }
        assertTrue(Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS));
    }

    @ParameterizedTest
    @ValueSource(strings = {Layout.SEGMENTS, Layout.MARK, "segments/00000000.seg", "segments/00000001.seg"})
    void shouldRecoverNothingWhereALinkStandsForAPartOfTheLog(String name) throws IOException {
        Path part = directory.resolve(name);
        Path elsewhere = temp.resolve("elsewhere");
        if (Files.exists(part)) {
            Files.move(part, elsewhere);
        }
        Files.createSymbolicLink(part, elsewhere);
        assertRecoversNothing(name);
        Files.delete(part);
        Files.createDirectory(part);
        if (!name.equals(Layout.SEGMENTS)) {
            assertRecoversNothing(name);
        }
    }

    @Test
    void shouldNotFollowAManifestThatIsALink() throws Exception {
        Path manifest = directory.resolve(Layout.MANIFEST);
        Path elsewhere = temp.resolve("manifest.json");
        Files.move(manifest, elsewhere);
        Files.createSymbolicLink(manifest, elsewhere);
        assertThrows(BadRecordingException.class, () -> Recording.open(directory));
        Files.delete(manifest);
        Files.createSymbolicLink(manifest, Path.of("/dev/zero"));
        assertThrows(BadRecordingException.class, () -> inTimeUnwrapped(() -> Recording.open(directory)));
    }

    @Test
    @Tag("one-jdk")
    void shouldReadASegmentOfATerabyteOfNothingOnlyAsFarAsASegmentCanReach() throws Exception {
        LogCheck.Report before = Recording.open(directory).check();
        long size = Files.size(segment());
        try (RandomAccessFile file = new RandomAccessFile(segment().toFile(), "rw")) {
            file.setLength(TERABYTE);
        }
        LogCheck.Report report = inTime(() -> Recording.open(directory).check());
        assertEquals(LogCheck.Verdict.TORN, report.verdict(), report.reason());
        assertEquals(RecoveryRow.ZEROED_TAIL, report.row());
        assertEquals(before.groups(), report.groups());
        Recovery.Result result = inTime(() -> Recording.open(directory).recover(false));
        assertEquals(TERABYTE - size, result.cutBytes());
        assertEquals(size, Files.size(segment()));
        assertEquals(before.groups(), Recording.open(directory).check().groups());
    }

    @Test
    void shouldReadNoMoreOfAMarkOrAManifestThanTheyCanHold() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve(Layout.MARK).toFile(), "rw")) {
            file.setLength(TERABYTE);
        }
        LogCheck.Report report = inTime(() -> Recording.open(directory).check());
        assertEquals(EVENTS + 100, report.events());
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve(Layout.MANIFEST).toFile(), "rw")) {
            file.setLength(TERABYTE);
        }
        assertThrows(DamagedLogException.class, () -> inTimeUnwrapped(() -> Recording.open(directory)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{\"settings\":{\"a\":["})
    void shouldRefuseAManifestOfNestedBrackets(String nest) throws Exception {
        Files.write(directory.resolve(Layout.MANIFEST), nest.repeat(40_000).getBytes(StandardCharsets.US_ASCII));
        assertThrows(DamagedLogException.class, () -> Recording.open(directory));
        assertThrows(BadRecordingException.class,
                () -> ManifestJson.read(nest.repeat(40_000).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void shouldFindWhatStandsInTheFolderOfSnapshotsAndNeverRemoveIt() throws Exception {
        Path folder = Files.createDirectories(directory.resolve(Layout.SNAPSHOTS).resolve("00000001"));
        Path file = Files.writeString(folder.resolve("page"), "a stranger's");
        Path plain = Files.writeString(directory.resolve(Layout.SNAPSHOTS).resolve("notes.txt"), "a stranger's");
        List<String> findings = findings(directory);
        assertTrue(findings.contains("unknown file: snapshots/00000001"), findings::toString);
        assertTrue(findings.contains("unknown file: snapshots/notes.txt"), findings::toString);
        assertThrows(BadRecordingException.class, () -> Recording.create(directory, config, true));
        assertEquals("a stranger's", Files.readString(file));
        assertEquals("a stranger's", Files.readString(plain));
        Files.delete(file);
        Files.delete(folder);
        Files.delete(plain);
        assertEquals(List.of(), findings(directory));
        Recording.create(directory, config, true).unlock();
        assertFalse(Files.exists(segment()));
    }

    @Test
    void shouldRecoverNothingThatSomebodyRecordsInto() throws Exception {
        byte[] before = Files.readAllBytes(segment());
        DirectoryLock lock = DirectoryLock.tryAcquire(directory);
        assertTrue(DirectoryLock.isHeld(directory));
        assertThrows(BadRecordingException.class, () -> Recording.open(directory).recover(true));
        assertThrows(BadRecordingException.class, () -> Recording.create(directory, config, true));
        assertTrue(DirectoryLock.isHeld(directory), "looking at the lock gave it up");
        assertArrayEquals(before, Files.readAllBytes(segment()));
        lock.release();
        assertFalse(DirectoryLock.isHeld(directory));
        Recording.open(directory).recover(true);
    }
}
