package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RepriseException;
import dev.reprise.engine.SessionConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackTest {

    @TempDir
    Path temp;
    private Path directory;
    private Path image;

    @BeforeEach
    void record() throws IOException {
        directory = temp.resolve("recording");
        image = Files.write(temp.resolve("image"), new byte[] {1, 2, 3});
        Recording recording = Recording.create(directory, SessionConfig.of("toy").image("firmware", image), false);
        try (JournalWriter writer = new JournalWriter(recording.files(), recording.manifestBytes(), true, 1500)) {
            SampleLogs.append(writer, 0, 300, 10);
            SampleLogs.end(writer, 1_000_000);
            writer.finish(true);
        }
        recording.unlock();
        assertEquals(LogCheck.Verdict.WHOLE, recording.check().verdict());
    }

    private static Map<String, byte[]> content(Path folder) throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
                all.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return all;
    }

    @Test
    void shouldMakeTheSameRecordingAgain() throws IOException {
        Path pack = temp.resolve("pack");
        Pack.pack(Recording.open(directory), pack, true, null);
        Recording back = Pack.unpack(pack, temp.resolve("back"));
        Map<String, byte[]> before = content(directory);
        Map<String, byte[]> after = content(temp.resolve("back"));
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
        assertEquals(List.of(), back.findings());
        try (Stream<Path> left = Files.list(temp)) {
            assertEquals(List.of("back", "image", "pack", "recording"),
                    left.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void shouldLeaveTheImagesOutUnlessAsked() throws IOException {
        Path pack = temp.resolve("pack");
        Pack.pack(Recording.open(directory), pack, false, null);
        Recording back = Pack.unpack(pack, temp.resolve("back"));
        assertTrue(back.imagesLeftOut());
        assertEquals(List.of(), back.findings());
        Manifest.ImageEntry entry = back.manifest().images().get(0);
        assertEquals(2, assertThrows(BadRecordingException.class, () -> back.image(entry, null)).exitStatus());
        assertEquals(image, back.image(entry, temp));
        // And put in again from where they are.
        Path full = temp.resolve("full");
        Pack.pack(back, full, true, temp);
        assertFalse(Pack.unpack(full, temp.resolve("again")).imagesLeftOut());
    }

    @Test
    void shouldNoticeEveryFlippedBitAndEveryCut() throws IOException {
        Path pack = temp.resolve("pack");
        Pack.pack(Recording.open(directory), pack, true, null);
        byte[] bytes = Files.readAllBytes(pack);
        Path bad = temp.resolve("bad");
        Path out = temp.resolve("out");
        // Each try forces files to the disk: some, and each bit of a byte has its turn.
        int step = 8 * bytes.length / 120 | 1;
        for (int bit = 0; bit < 8 * bytes.length; bit += step) {
            byte[] flipped = bytes.clone();
            flipped[bit >> 3] ^= (byte) (1 << (bit & 7));
            assertRefused(bad, out, flipped, "bit " + bit);
        }
        for (int length = 0; length < bytes.length; length += 1 + bytes.length / 40) {
            assertRefused(bad, out, Arrays.copyOf(bytes, length), "cut after " + length);
        }
        assertRefused(bad, out, Arrays.copyOf(bytes, bytes.length + 1), "a byte more");
    }

    private static void assertRefused(Path bad, Path out, byte[] bytes, String what) throws IOException {
        Files.write(bad, bytes);
        assertThrows(RepriseException.class, () -> Pack.unpack(bad, out), what);
        assertFalse(Files.exists(out, LinkOption.NOFOLLOW_LINKS), what);
    }

    /** A pack with entries of these names, all its checksums right. */
    private static byte[] forged(String... names) throws IOException {
        byte[] all = PackDescriptor.header(names.length).array();
        for (String name : names) {
            ByteBuffer entry = PackDescriptor.entry(name, 2);
            all = SampleLogs.concat(all, Arrays.copyOf(entry.array(), entry.limit()), new byte[] {'{', '}'});
        }
        MessageDigest sha = Chain.sha256();
        return SampleLogs.concat(all, PackDescriptor.trailer(sha.digest(all)).array());
    }

    @Test
    void shouldTakeNoNameButARecordings() throws IOException {
        Path bad = temp.resolve("bad");
        for (String name : List.of("../evil", "/tmp/evil", "segments/../../evil", "images/x", "lock", "segments",
                "manifest.json.part", "manifest.json\0", "segments/0000000a.seg", "SYNCED", "images/" + "a".repeat(65))) {
            Files.write(bad, forged(name));
            DamagedLogException refused = assertThrows(DamagedLogException.class,
                    () -> Pack.unpack(bad, temp.resolve("out")), name);
            assertTrue(refused.getMessage().contains("none of a recording"), refused.getMessage());
            assertFalse(Files.exists(temp.resolve("evil")));
        }
        Files.write(bad, forged("synced", "manifest.json"));
        assertTrue(assertThrows(DamagedLogException.class, () -> Pack.unpack(bad, temp.resolve("out"))).getMessage()
                .contains("not in order"));
        Files.write(bad, forged("synced", "synced"));
        assertThrows(DamagedLogException.class, () -> Pack.unpack(bad, temp.resolve("out")));
        Files.write(bad, forged("synced"));
        assertTrue(assertThrows(DamagedLogException.class, () -> Pack.unpack(bad, temp.resolve("out"))).getMessage()
                .contains("holds no manifest"));
    }

    @Test
    void shouldFollowNoLinkAndReplaceNothing() throws IOException {
        Path pack = temp.resolve("pack");
        Pack.pack(Recording.open(directory), pack, true, null);
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), elsewhere);
        assertThrows(BadRecordingException.class, () -> Pack.unpack(pack, link));
        assertThrows(BadRecordingException.class, () -> Pack.unpack(pack, elsewhere));
        assertEquals(Map.of(), content(elsewhere));
        assertThrows(BadRecordingException.class, () -> Pack.pack(Recording.open(directory), pack, true, null));
        // A recording whose segment is a link to some other file of this machine.
        Path segment = directory.resolve(Layout.segment(1));
        Files.move(segment, temp.resolve("moved"));
        Files.createSymbolicLink(segment, temp.resolve("moved"));
        assertEquals(List.of("unknown file: segments/00000001.seg"), Recording.open(directory).findings());
        assertTrue(assertThrows(DamagedLogException.class,
                () -> Pack.pack(Recording.open(directory), temp.resolve("second"), true, null)).getMessage()
                .contains("no regular file"));
        assertFalse(Files.exists(temp.resolve("second")) || Files.exists(temp.resolve("second.part")));
    }

    @Test
    void shouldNotMakeAPackInTheRecordingWhereItWouldBeAStranger() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), directory.resolve(Layout.SEGMENTS));
        for (Path target : List.of(directory.resolve("pack"), directory.resolve(Layout.IMAGES).resolve("pack"),
                link.resolve("pack"), link.resolve("../pack"))) {
            BadRecordingException refused = assertThrows(BadRecordingException.class,
                    () -> Pack.pack(Recording.open(directory), target, false, null));
            assertTrue(refused.getMessage().contains("in the recording"), refused.getMessage());
            assertEquals(List.of(), Recording.open(directory).findings());
        }
    }

    @Test
    void shouldSayOfTheDiskWhatIsNotThePacksFault() throws IOException {
        Path pack = temp.resolve("pack");
        Pack.pack(Recording.open(directory), pack, true, null);
        Path nowhere = temp.resolve("no").resolve("where");
        JournalFailedException failed = assertThrows(JournalFailedException.class, () -> Pack.unpack(pack, nowhere));
        assertEquals(5, failed.exitStatus());
        assertTrue(failed.getMessage().contains(nowhere.toString()), failed.getMessage());
        assertEquals(2, assertThrows(BadRecordingException.class,
                () -> Pack.unpack(nowhere, temp.resolve("back"))).exitStatus());
    }

    @Test
    void shouldLeaveAloneWhatHasTheNameOfAnUnfinishedPack() throws IOException {
        Path mine = Files.write(temp.resolve("pack.part"), new byte[] {7});
        Pack.pack(Recording.open(directory), temp.resolve("pack"), true, null);
        assertArrayEquals(new byte[] {7}, Files.readAllBytes(mine));
    }

    /** A log that is torn by holes as long as one likes is not copied hole by hole. */
    @Test
    @Tag("one-jdk")
    void shouldPackNoSegmentThatIsLongerThanOneCanBe() throws IOException {
        Path torn = temp.resolve("torn");
        Recording recording = Recording.create(torn, SessionConfig.of("toy"), false);
        try (JournalWriter writer = new JournalWriter(recording.files(), recording.manifestBytes(), true)) {
            SampleLogs.append(writer, 0, 300, 10);
        }
        recording.unlock();
        try (FileChannel segment = FileChannel.open(torn.resolve(Layout.segment(0)), StandardOpenOption.WRITE)) {
            segment.write(ByteBuffer.wrap(new byte[1]), 1L << 40);
        }
        assertEquals(LogCheck.Verdict.TORN, Recording.open(torn).check().verdict());
        Path pack = temp.resolve("pack");
        DamagedLogException refused =
                assertThrows(DamagedLogException.class, () -> Pack.pack(Recording.open(torn), pack, true, null));
        assertTrue(refused.getMessage().contains("longer than it can be"), refused.getMessage());
        assertFalse(Files.exists(pack));
    }

    @Test
    void shouldNotWaitForAPipeThatIsNoPack() throws Exception {
        Path pipe = temp.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        BadRecordingException refused =
                assertThrows(BadRecordingException.class, () -> Pack.unpack(pipe, temp.resolve("out")));
        assertTrue(refused.getMessage().endsWith("is no file"), refused.getMessage());
    }

    @Test
    void shouldNotPackWhatIsDamagedOrBeingRecorded() throws IOException {
        Path busy = temp.resolve("busy");
        Recording recorder = Recording.create(busy, SessionConfig.of("toy"), false);
        assertThrows(BadRecordingException.class, () -> Pack.pack(Recording.open(busy), temp.resolve("p"), true, null));
        recorder.discard();
        Path segment = directory.resolve(Layout.segment(0));
        byte[] bytes = Files.readAllBytes(segment);
        bytes[100] ^= 1;
        Files.write(segment, bytes);
        assertThrows(DamagedLogException.class,
                () -> Pack.pack(Recording.open(directory), temp.resolve("p"), true, null));
        assertFalse(Files.exists(temp.resolve("p")));
    }

    @Test
    void shouldCallAManifestThatIsGoneOrEmptyBesideALogDamage() throws IOException {
        Path manifest = directory.resolve(Layout.MANIFEST);
        byte[] good = Files.readAllBytes(manifest);
        for (String bad : List.of("", "{}", "{}\n", "[]", "{\"format\": 99}", "nonsense")) {
            Files.writeString(manifest, bad, StandardCharsets.UTF_8);
            RepriseException found = assertThrows(RepriseException.class, () -> Recording.open(directory), bad);
            assertEquals(4, found.exitStatus(), bad);
            assertTrue(found.getMessage().contains(manifest.toString()), found.getMessage());
        }
        Files.write(manifest, good);
        assertEquals(LogCheck.Verdict.WHOLE, Recording.open(directory).check().verdict());
        Path alone = Files.createDirectory(temp.resolve("alone"));
        Files.writeString(alone.resolve(Layout.MANIFEST), "{}");
        assertEquals(2, assertThrows(RepriseException.class, () -> Recording.open(alone)).exitStatus());
    }

    @Test
    void shouldNoticeAnImageThatChangesBetweenLoadAndCopy() throws IOException {
        String loaded = Recording.sha256(image);
        Files.write(image, new byte[] {9});
        BadRecordingException refused = assertThrows(BadRecordingException.class, () -> Recording.create(
                temp.resolve("other"), SessionConfig.of("toy").image("firmware", image, loaded), false));
        assertTrue(refused.getMessage().contains("was changed"), refused.getMessage());
        assertFalse(Files.exists(temp.resolve("other")));
    }

    @Test
    void shouldReplaceTheRecordingThatALinkLeadsToAndKeepTheLink() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), directory);
        String before = Recording.open(directory).manifest().id();
        Recording.create(link, SessionConfig.of("toy"), true).unlock();
        assertTrue(Files.isSymbolicLink(link));
        assertFalse(before.equals(Recording.open(directory).manifest().id()));
        Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("nowhere"));
        assertThrows(BadRecordingException.class, () -> Recording.create(dangling, SessionConfig.of("toy"), true));
    }
}
