package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.stats.JsonSchema;
import dev.reprise.machine.stats.StatsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a small recording, whole and damaged: output, exit status, last line. */
class RecordingCommandsTest {

    @TempDir
    private Path directory;
    private Path recording;
    private Path program;
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int execute(Object... args) {
        out.reset();
        err.reset();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        System.setErr(messages);
        return Main.execute(messages, Stream.of(args).map(Object::toString).toArray(String[]::new));
    }

    @BeforeEach
    void record() throws IOException {
        recording = directory.resolve("recording");
        program = Files.write(directory.resolve("program.elf"), Programs.tohost(0));
        assertEquals(0, execute("record", "-o", recording, "--kernel", program, "--memory", "4M", "--serial",
                "file:" + directory.resolve("console"), "--digest-every", "100"), err::toString);
        assertEquals("hi", Files.readString(directory.resolve("console")));
    }

    @AfterEach
    void giveTheStreamsBack() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private void lastLineSays(String part) {
        List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
        String last = lines.get(lines.size() - 1);
        assertTrue(last.startsWith("reprise: ") && last.contains(part), last);
    }

    private int replay(Object... more) {
        return execute(Stream.concat(Stream.of("replay", recording, "--serial", "null"), Stream.of(more)).toArray());
    }

    @Test
    void shouldReplayWithTheSameFigures() throws IOException {
        Path stats = directory.resolve("stats.json");
        Path console = directory.resolve("replayed");
        assertEquals(0, execute("replay", "--serial", "file:" + console, "--stats", stats, recording));
        lastLineSays("agrees");
        assertEquals("hi", Files.readString(console));
        assertEquals(List.of(), JsonSchema.ofResource("stats.schema.json").errors(Files.readString(stats)));
        Map<String, String> fields = StatsFile.fields(stats);
        assertEquals("guest-shutdown", fields.get("stop"));
        assertEquals("2", fields.get("consoleBytes"));
        assertTrue(Long.parseLong(fields.get("logBytes")) > Files.size(recording.resolve("manifest.json")));
    }

    @Test
    void shouldReplayFromAnywhereWithoutTheOriginalImage() throws IOException {
        Files.delete(program);
        Path moved = Files.move(recording, directory.resolve("elsewhere"));
        assertEquals(0, execute("replay", moved, "--serial", "null"));
    }

    @Test
    void shouldReplayTheFreshSeedThatTheMachineBootedWith() {
        assertEquals(0, execute("record", "-o", recording, "--force", "--kernel", program, "--memory", "4M", "--serial",
                "null", "--rng-seed", "fresh"), err::toString);
        assertEquals(0, replay(), err::toString);
    }

    @Test
    void shouldStopBeforeAStepAndSayItsDigest() {
        assertEquals(0, replay("--until", "20", "--digest-at", "10,20,30"));
        String first = err.toString(StandardCharsets.UTF_8);
        assertTrue(first.contains("digest at step 10: ") && first.contains("digest at step 20: ")
                && first.contains("no digest at step 30"), first);
        assertEquals(0, replay("--until", "20", "--digest-at", "10,20,30", "--quantum", "1"));
        assertEquals(first, err.toString(StandardCharsets.UTF_8));
        lastLineSays("at step 20");
    }

    @Test
    void shouldWriteTheSignature() throws IOException {
        Path signature = directory.resolve("signature");
        assertEquals(0, replay("--signature", signature));
        assertEquals("12345678\n9abcdef0\n", Files.readString(signature));
    }

    @Test
    void shouldSayInOneLineWhyNoRecordingCanBeMadeThere() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no folder");
        for (Path where : List.of(file.resolve("r"), Path.of("/proc/reprise/r"), file)) {
            int status = execute("record", "-o", where, "--kernel", program, "--memory", "4M", "--serial", "null");
            assertTrue(status == 2 || status == 5, where + ": " + status);
            assertEquals(1, err.toString(StandardCharsets.UTF_8).lines().count(), err::toString);
            assertTrue(!err.toString(StandardCharsets.UTF_8).contains("Exception"), err::toString);
        }
        assertEquals("no folder", Files.readString(file));
    }

    @Test
    void shouldCallAManifestDamagedThatIsTooLongOrNoFileBesideALog() throws Exception {
        Path manifest = recording.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest) + " ".repeat(2 << 20));
        assertEquals(4, replay(), err::toString);
        assertEquals(4, execute("verify", recording), err::toString);
        Files.delete(manifest);
        assertEquals(0, new ProcessBuilder("mkfifo", manifest.toString()).start().waitFor());
        assertEquals(4, replay(), err::toString);
        lastLineSays("no file");
        Files.delete(manifest);
        assertEquals(2, replay(), err::toString);
    }

    @Test
    void shouldInformInTextAndInJson() throws IOException {
        assertEquals(0, execute("info", recording));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("kernel, " + Files.size(program) + " bytes"));
        assertEquals(0, execute("info", "--json", recording));
        assertEquals(List.of(), JsonSchema.ofResource("/dev/reprise/machine/cli/info.schema.json")
                .errors(out.toString(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldListEventsInTextAndInJson() throws IOException {
        assertEquals(0, execute("events", recording));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.get(lines.size() - 1).contains(" end "), () -> lines.toString());
        assertEquals(0, execute("events", recording, "--json"));
        List<String> json = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(lines.size(), json.size());
        JsonSchema schema = JsonSchema.ofResource("/dev/reprise/machine/cli/event.schema.json");
        for (String line : json) {
            assertEquals(List.of(), schema.errors(line));
        }
        assertEquals(0, execute("events", recording, "--from", "1", "--to", "20"));
        assertTrue(out.toString(StandardCharsets.UTF_8).lines().count() < lines.size());
        assertEquals(2, execute("events", recording, "--from", "9", "--to", "3"));
    }

    @Test
    void shouldReplaceARecordingOnlyWhenForced() throws IOException {
        Object[] again = {"record", "-o", recording, "--kernel", program, "--memory", "4M", "--serial", "null"};
        assertEquals(2, execute(again));
        lastLineSays("--force");
        assertEquals(0, execute(Stream.concat(Stream.of(again), Stream.of("--force")).toArray()));
        Path other = Files.createDirectory(directory.resolve("mine"));
        Files.writeString(other.resolve("letter"), "dear");
        assertEquals(2, execute("record", "-o", other, "--force", "--kernel", program, "--memory", "4M", "--serial", "null"));
        assertEquals("dear", Files.readString(other.resolve("letter")));
    }

    @Test
    void shouldNotRemoveWhatIsNotItsOwnOrStillNeeded() throws IOException {
        Path image;
        try (Stream<Path> images = Files.list(recording.resolve("images"))) {
            image = images.findFirst().orElseThrow();
        }
        assertEquals(2, execute("record", "-o", recording, "--force", "--kernel", image, "--serial", "null"));
        lastLineSays("nothing was removed");
        Path letter = Files.writeString(recording.resolve("segments").resolve("letter"), "dear");
        assertEquals(2, execute("record", "-o", recording, "--force", "--kernel", program, "--serial", "null"));
        lastLineSays("segments/letter");
        Files.delete(letter);
        assertEquals(0, execute("verify", recording), err::toString);
    }

    @Test
    void shouldFindDamageInEveryPart() throws IOException {
        assertEquals(0, execute("verify", recording));
        lastLineSays("whole");
        for (Path part : List.of(Path.of("segments/00000000.seg"), Path.of("manifest.json"), image())) {
            Path file = recording.resolve(part);
            byte[] good = Files.readAllBytes(file);
            byte[] bad = good.clone();
            bad[bad.length / 2] ^= 4;
            Files.write(file, bad);
            int verify = execute("verify", recording);
            assertTrue(verify == 4 || part.endsWith("manifest.json") && verify == 2, part + ": " + verify);
            int replay = replay();
            assertTrue(replay == 4 || part.endsWith("manifest.json") && replay == 2, part + ": " + replay);
            Files.write(file, good);
        }
        assertEquals(0, replay());
    }

    private Path image() throws IOException {
        try (Stream<Path> images = Files.list(recording.resolve("images"))) {
            return recording.relativize(images.findFirst().orElseThrow());
        }
    }

    @Test
    void shouldFindImagesByTheirHashWhenItHoldsNone() throws IOException {
        Path light = directory.resolve("light");
        assertEquals(0, execute("record", "-o", light, "--images", "reference", "--kernel", program, "--memory", "4M",
                "--serial", "null"));
        assertEquals(2, execute("replay", light, "--serial", "null"));
        lastLineSays("--images");
        assertEquals(2, execute("replay", light, "--serial", "null", "--images", directory.resolve("none")));
        lastLineSays("not a directory");
        assertEquals(2, execute("replay", recording, "--serial", "null", "--images", program));
        lastLineSays("not a directory");
        Path shelf = Files.createDirectory(directory.resolve("shelf"));
        Files.copy(program, shelf.resolve("any-name"));
        assertEquals(0, execute("replay", light, "--serial", "null", "--images", shelf));
    }

    @Test
    void shouldRefuseAnotherRevisionUnlessAsked() throws IOException {
        Path manifest = recording.resolve("manifest.json");
        String text = Files.readString(manifest);
        assertTrue(text.contains("\"cpu\" : "), text);
        // The manifest is link 0 of the chain, so a changed one no longer fits its log: this shows the order of checks.
        Files.writeString(manifest, text.replaceFirst("\"cpu\" : [0-9]+", "\"cpu\" : 99"));
        assertEquals(2, replay());
        lastLineSays("revisions");
        assertEquals(4, replay("--any-revision"));
        Files.writeString(manifest, text);
        assertEquals(0, replay("--any-revision"));
    }

    @Test
    void shouldRunToAFailureCodeAndEndWithOne() throws IOException {
        Path failing = Files.write(directory.resolve("failing.elf"), Programs.tohost(9));
        assertEquals(1, execute("run", "--kernel", failing, "--memory", "4M", "--serial", "null"));
        lastLineSays("failure code 9");
        Path other = directory.resolve("failing");
        assertEquals(1, execute("record", "-o", other, "--kernel", failing, "--memory", "4M", "--serial", "null"));
        assertEquals(0, execute("replay", other, "--serial", "null"));
    }

    @Test
    void shouldEndAGuestThatTrapsForEverAtItsStep() throws IOException {
        Path trapping = Files.write(directory.resolve("trapping.elf"), Programs.trapForever());
        assertEquals(0, execute("run", "--kernel", trapping, "--memory", "4M", "--serial", "null", "--until", "100000"));
        lastLineSays("at step 100000");
    }

    @Test
    void shouldSayASingleFindingOnce() throws IOException {
        Files.writeString(recording.resolve("other"), "not ours");
        assertEquals(4, execute("verify", recording));
        assertEquals(1, err.toString().lines().filter(line -> line.contains("unknown file: other")).count());
    }

    @Test
    void shouldLeaveTheConsoleOfTheLastRunAloneWhenTheRecordingIsRefused() throws IOException {
        Path console = directory.resolve("console");
        assertEquals(2, execute("record", "-o", recording, "--kernel", program, "--memory", "4M", "--serial",
                "file:" + console));
        lastLineSays("--force");
        assertEquals("hi", Files.readString(console));
        Files.write(recording.resolve("segments/00000000.seg"), new byte[100]);
        assertEquals(4, execute("replay", recording, "--serial", "file:" + console));
        assertEquals("hi", Files.readString(console));
    }

    @Test
    void shouldWriteStatisticsWhenTheSignatureCannotBeWritten() throws IOException {
        Path stats = directory.resolve("stats.json");
        Path signature = directory.resolve("signature");
        Files.createDirectory(directory.resolve("signature.part"));
        assertEquals(1, replay("--signature", signature, "--stats", stats));
        lastLineSays("cannot write " + signature);
        assertEquals("1", StatsFile.fields(stats).get("exitStatus"));
    }

    @Test
    void shouldOpenNothingThatALinkOrAPipeInARecordingLeadsTo() throws Exception {
        Path segment = recording.resolve("segments/00000000.seg");
        for (String file : List.of("segments/00000000.seg", "synced")) {
            Path part = recording.resolve(file);
            byte[] content = Files.readAllBytes(part);
            Files.delete(part);
            Files.createSymbolicLink(part, Path.of("/dev/zero"));
            assertDamagedAtOnce();
            Files.delete(part);
            assertEquals(0, new ProcessBuilder("mkfifo", part.toString()).start().waitFor());
            assertDamagedAtOnce();
            Files.delete(part);
            Files.write(part, content);
        }
        assertTrue(Files.isRegularFile(segment));
        assertEquals(0, replay());
    }

    private void assertDamagedAtOnce() {
        for (String command : List.of("replay", "verify", "info", "events")) {
            assertTimeoutPreemptively(Duration.ofSeconds(300),
                    () -> assertEquals(4, execute(command, recording), () -> command + ": " + err));
        }
    }

    @Test
    void shouldNotCallItASuccessWhenStandardOutputTakesNothing() {
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        for (String command : List.of("info", "events")) {
            err.reset();
            System.setOut(new PrintStream(new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("full");
                }
            }));
            assertEquals(1, Main.execute(messages, command, recording.toString()), err::toString);
            lastLineSays("standard output");
        }
    }

    @Test
    void shouldSayThatAManifestWithAnImpossibleMachineWasChanged() throws IOException {
        Path manifest = recording.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"4194304\"", "\"1\""));
        assertEquals(4, replay());
        lastLineSays("manifest.json was changed");
    }

    @Test
    void shouldObeyNoControlCharactersOfAManifest() throws IOException {
        Path manifest = recording.resolve("manifest.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace("\"virt\"", "\"\\u001b[2J\\u009b2Jvirt\""));
        for (Object[] command : new Object[][] {{"info", recording}, {"info", "--json", recording}, {"replay", recording}}) {
            execute(command);
            String all = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
            assertTrue(all.contains("2Jvirt"), all);
            assertEquals(-1, all.indexOf('\u001b'), all);
            assertEquals(-1, all.indexOf('\u009b'), all);
        }
    }

    @Test
    void shouldNeverWriteIntoARecordingThatItReads() throws IOException {
        byte[] before = listing();
        replay();
        execute("verify", recording);
        execute("info", recording);
        execute("events", recording);
        assertArrayEquals(before, listing());
    }

    private byte[] listing() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(recording)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                all.writeBytes(file.toString().getBytes(StandardCharsets.UTF_8));
                if (Files.isRegularFile(file)) {
                    all.writeBytes(Files.readAllBytes(file));
                }
            }
        }
        return all.toByteArray();
    }
}
