package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.machine.fixture.Programs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** verify, recover, replay --prefix, pack and unpack on a small recording of the machine. */
class JournalCommandsTest {

    private static final Pattern HEAD = Pattern.compile("head ([0-9a-f]{64})");

    @TempDir
    private Path directory;
    private Path recording;
    private Path program;
    private Path segment;
    private String head;
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int execute(Object... args) {
        err.reset();
        System.setOut(new PrintStream(new ByteArrayOutputStream()));
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        System.setErr(messages);
        return Main.execute(messages, Stream.of(args).map(Object::toString).toArray(String[]::new));
    }

    @BeforeEach
    void record() throws IOException {
        recording = directory.resolve("recording");
        program = Files.write(directory.resolve("program.elf"), Programs.tohost(0));
        assertEquals(0, execute("record", "-o", recording, "--kernel", program, "--memory", "4M", "--serial", "null",
                "--digest-every", "5", "--durability", "2"), err::toString);
        head = headSaid();
        segment = recording.resolve("segments/00000000.seg");
    }

    @AfterEach
    void giveTheStreamsBack() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private String headSaid() {
        Matcher matcher = HEAD.matcher(err.toString(StandardCharsets.UTF_8));
        assertTrue(matcher.find(), err::toString);
        return matcher.group(1);
    }

    private void lastLineSays(String part) {
        List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
        String last = lines.get(lines.size() - 1);
        assertTrue(last.startsWith("reprise: ") && last.contains(part), last);
    }

    @Test
    void shouldTellTheSameRunByItsHeadHash() {
        assertEquals(0, execute("verify", recording, "--head", head));
        assertEquals(head, headSaid());
        String other = (head.charAt(0) == '0' ? "1" : "0") + head.substring(1);
        assertEquals(4, execute("verify", "--head", other, recording));
        lastLineSays("not " + other);
        assertEquals(2, execute("verify", "--head", "beef", recording));
    }

    @Test
    void shouldReplayTheSamePrefixThatVerifyNamesAndRecoverKeeps() throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 5] ^= 1;
        Files.write(segment, bytes);
        assertEquals(4, execute("verify", recording));
        Matcher named = Pattern.compile("whole up to group ([0-9]+), step ([0-9]+)").matcher(err.toString());
        assertTrue(named.find(), err::toString);
        assertEquals(4, execute("replay", recording, "--serial", "null"));
        lastLineSays("whole up to group " + named.group(1));
        assertEquals(6, execute("replay", recording, "--serial", "null", "--prefix"), err::toString);
        lastLineSays("agrees up to step");
        assertEquals(4, execute("recover", recording));
        lastLineSays("--accept-loss");
        assertArrayEquals(bytes, Files.readAllBytes(segment));
        assertEquals(0, execute("recover", "--accept-loss", recording));
        lastLineSays("recovered: " + named.group(1) + " groups");
        assertEquals(6, execute("verify", recording));
        assertEquals(6, execute("replay", recording, "--serial", "null"));
        assertEquals(0, execute("recover", recording));
        lastLineSays("nothing to recover");
    }

    @Test
    void shouldCutATornTailAndSayWhatWasLost() throws IOException {
        Path light = directory.resolve("light");
        assertEquals(0, execute("record", "-o", light, "--kernel", program, "--memory", "4M", "--serial", "null",
                "--durability", "0"), err::toString);
        Path tail = light.resolve("segments/00000000.seg");
        byte[] bytes = Files.readAllBytes(tail);
        Files.write(tail, Arrays.copyOf(bytes, bytes.length - 3));
        assertEquals(6, execute("verify", light));
        lastLineSays("a torn tail");
        assertEquals(0, execute("recover", light));
        lastLineSays("lost ");
        assertEquals(6, execute("verify", light));
        lastLineSays("without end event");
        assertFalse(Files.exists(light.resolve("lock")));
    }

    @Test
    void shouldSendARecordingAsOneFile() throws IOException {
        Path pack = directory.resolve("run.pack");
        assertEquals(0, execute("pack", recording, "-o", pack, "--with-images"), err::toString);
        assertEquals(head, headSaid());
        Files.delete(program);
        Path there = directory.resolve("there");
        assertEquals(0, execute("unpack", pack, "-o", there), err::toString);
        assertEquals(0, execute("verify", there, "--head", head));
        assertEquals(0, execute("replay", there, "--serial", "null"));
        assertEquals(2, execute("unpack", pack, "-o", there));
        assertEquals(2, execute("pack", recording, "-o", pack));
    }

    @Test
    void shouldReplayAPackWithoutImagesOnceTheyAreNamed() throws IOException {
        Path pack = directory.resolve("run.pack");
        assertEquals(0, execute("pack", recording, "-o", pack));
        lastLineSays("without images");
        Path there = directory.resolve("there");
        assertEquals(0, execute("unpack", pack, "-o", there));
        assertEquals(0, execute("verify", there));
        assertEquals(2, execute("replay", there, "--serial", "null"));
        lastLineSays("--images");
        Path shelf = Files.createDirectory(directory.resolve("shelf"));
        Files.copy(program, shelf.resolve("program"));
        assertEquals(0, execute("replay", there, "--serial", "null", "--images", shelf));
    }

    @Test
    void shouldNameTheManifestWhenItIsTheManifestThatIsDamaged() throws IOException {
        for (String bad : List.of("", "{}")) {
            Files.writeString(recording.resolve("manifest.json"), bad);
            assertEquals(4, execute("verify", recording));
            lastLineSays("manifest.json");
            assertEquals(4, execute("replay", recording, "--serial", "null"));
        }
    }
}
