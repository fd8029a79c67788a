package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.stats.JsonSchema;
import dev.reprise.machine.stats.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {

    private static final List<String> COMMANDS = List.of("demo", "run", "record", "replay", "verify", "info", "events");

    @TempDir
    private Path directory;
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int execute(String... args) {
        out.reset();
        err.reset();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        System.setErr(messages);
        return Main.execute(messages, args);
    }

    @AfterEach
    void giveTheStreamsBack() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private List<String> messages() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** A usage or input error: status 2, one line that holds the part. */
    private void refused(String part, String... args) {
        int status = execute(args);
        assertEquals(2, status, () -> String.join(" ", args) + ": " + messages());
        assertEquals(1, messages().size(), () -> messages().toString());
        assertTrue(messages().get(0).startsWith("reprise: ") && messages().get(0).contains(part), messages().get(0));
        assertEquals(0, out.size());
    }

    @Test
    void shouldHelpEverywhere() {
        assertEquals(0, execute("--help"));
        for (String command : COMMANDS) {
            assertTrue(out.size() > 0);
            assertEquals(0, execute(command, "--help"), command);
            assertTrue(out.toString(StandardCharsets.UTF_8).contains(command));
        }
    }

    @Test
    void shouldRefuseWhatIsNoCommandLine() {
        refused("a command is missing");
        refused("fly", "fly");
        refused("--wings", "run", "--wings");
        refused("DIR", "replay");
        refused("-o", "record", "--kernel", "x");
        refused("many", "run", "--until", "many", "--kernel", "x");
    }

    @Test
    void shouldRefuseOptionsOutOfRange() throws IOException {
        String kernel = Files.write(directory.resolve("k"), new byte[100]).toString();
        refused("whole MiB", "run", "--kernel", kernel, "--memory", "1000000");
        refused("not a size", "run", "--kernel", kernel, "--memory", "lots");
        refused("16G", "run", "--kernel", kernel, "--memory", "1000G");
        refused("heap", "run", "--kernel", kernel, "--memory", "16G");
        refused("instructions or host", "run", "--kernel", kernel, "--clock", "sun");
        refused("interpreter, translator or both", "run", "--kernel", kernel, "--executor", "magic");
        refused("--compare-every", "run", "--kernel", kernel, "--executor", "both", "--compare-every", "0");
        long half = (Runtime.getRuntime().maxMemory() >> 20) * 2 / 3;
        refused("twice", "run", "--kernel", kernel, "--executor", "both", "--memory", half + "M");
        refused("--quantum", "run", "--kernel", kernel, "--quantum", "-1");
        refused("--quantum", "run", "--kernel", kernel, "--quantum", "1000000001");
        refused("--grace", "run", "--kernel", kernel, "--grace", "0");
        refused("--grace", "run", "--kernel", kernel, "--grace", "3601");
        refused("virtio or timeriomem", "run", "--kernel", kernel, "--entropy", "dice");
        refused("--until", "run", "--kernel", kernel, "--until", "-1");
        refused("--digest-at", "run", "--kernel", kernel, "--digest-at", "1,-5");
        refused("MMU", "run", "--kernel", kernel, "--mmu", "sv57");
        refused("hex", "run", "--kernel", kernel, "--rng-seed", "spin");
        refused("'' is not a step", "run", "--kernel", kernel, "--digest-at", ",");
        refused("'' is not a step", "run", "--kernel", kernel, "--digest-at", "1,,2");
        refused("'' is not a step", "run", "--kernel", kernel, "--digest-at", "");
        refused("--stats", "run", "--kernel", kernel, "--stats", directory + "/no/where");
        refused("-o: the name", "record", "-o", "", "--kernel", kernel);
        refused("durability", "record", "-o", directory + "/r", "--kernel", kernel, "--durability", "3");
        refused("--images", "record", "-o", directory + "/r", "--kernel", kernel, "--images", "none");
        assertFalse(Files.exists(directory.resolve("r")));
    }

    @Test
    void shouldRunRecordAndReplayInLockstep() throws IOException {
        String kernel = Files.write(directory.resolve("k"), Programs.entropy()).toString();
        String recording = directory.resolve("r").toString();
        String[] both = {"--executor", "both", "--compare-every", "7", "--memory", "16M", "--serial", "null", "--entropy", "timeriomem"};
        for (String command : List.of("run", "record")) {
            List<String> line = new ArrayList<>(List.of(command, "--kernel", kernel));
            line.addAll(List.of(both));
            if (command.equals("record")) {
                line.addAll(List.of("-o", recording));
            }
            assertEquals(0, execute(line.toArray(String[]::new)), () -> messages().toString());
            assertTrue(messages().stream().anyMatch(m -> m.contains("were equal at")), messages().toString());
        }
        assertEquals(0, execute("replay", recording, "--serial", "null"), () -> messages().toString());
        assertEquals(0, execute("replay", recording, "--serial", "null", "--executor", "both", "--compare-every", "1"),
                () -> messages().toString());
        assertEquals(0, execute("verify", recording));
    }

    @Test
    void shouldNeverPutAFileInThePlaceOfWhatIsNone() throws Exception {
        String kernel = Files.write(directory.resolve("k"), new byte[100]).toString();
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (String option : List.of("--stats", "--signature")) {
            refused(option, "run", "--kernel", kernel, option, pipe.toString());
            assertFalse(Files.isRegularFile(pipe), option);
        }
        assertThrows(IOException.class, () -> WholeFile.write(pipe, "text"));
        assertFalse(Files.isRegularFile(pipe));
        assertFalse(Files.exists(directory.resolve("pipe.part")));
    }

    @Test
    void shouldRefuseBackendsThatAreNotThere() {
        String kernel = elf();
        refused("is unknown", "run", "--kernel", kernel, "--serial", "modem:1");
        refused("would see input that is in no log", "record", "-o", directory.resolve("r").toString(), "--kernel", kernel,
                "--serial", "null,noreplay");
        refused("carrier", "run", "--kernel", kernel, "--serial", "carrier-pigeon");
        refused("--serial", "run", "--kernel", kernel, "--serial", "file:" + directory + "/no/where");
    }

    @Test
    void shouldRefuseImagesThatCannotBeLoadedAndLeaveNothingBehind() throws IOException {
        String junk = Files.write(directory.resolve("junk"), new byte[100]).toString();
        String target = directory.resolve("recording").toString();
        refused("no such file", "record", "-o", target, "--kernel", directory + "/none");
        refused("is a directory", "record", "-o", target, "--kernel", directory.toString());
        refused("name of an image is empty", "record", "-o", target, "--kernel", "");
        refused("not a regular file", "run", "--kernel", "/dev/zero");
        refused("neither an ELF", "record", "-o", target, "--kernel", junk);
        refused("nothing to run", "record", "-o", target);
        refused("begin_signature", "run", "--kernel", elf(), "--serial", "null", "--signature", directory + "/sig");
        assertFalse(Files.exists(Path.of(target)));
    }

    @Test
    void shouldRefuseWhatIsNoRecording() throws IOException {
        for (String command : List.of("replay", "verify", "info", "events")) {
            refused("no such recording", command, directory + "/none");
            refused("not a recording", command, directory.toString());
        }
    }

    @Test
    void shouldWriteStatisticsAfterAFailureToo() throws IOException {
        Path stats = directory.resolve("stats.json");
        assertEquals(2, execute("run", "--kernel", directory + "/none", "--stats", stats.toString()));
        String json = Files.readString(stats);
        assertEquals(List.of(), JsonSchema.ofResource("stats.schema.json").errors(json));
        assertTrue(json.contains("\"exitStatus\" : 2") && json.contains("bad-input"), json);
    }

    private String elf() {
        try (var in = getClass().getResourceAsStream("/dev/reprise/machine/guest/console.elf")) {
            return Files.write(directory.resolve("console.elf"), in.readAllBytes()).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
