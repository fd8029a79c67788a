package dev.reprise.bench.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.reprise.bench.machine.ScriptMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, with stand-ins for QEMU, the launcher and the guests' builder. */
class BenchPeersTest {

    private static final String QEMU = """
            [ "$1" = --version ] && echo 'QEMU emulator version 7.2' && exit
            case "$*" in *rr=record*) file=${*##*rrfile=}; echo log > "${file%% *}" ;; esac
            echo 'sort 21 checksum 62bf'
            """;
    private static final String REPRISE = """
            [ "$1" = --version ] && echo 'reprise 0.1.0' && exit
            echo "$*" >> "@/calls"
            while [ "$1" != --stats ]; do
                [ $# -gt 1 ] || exit 0
                shift
            done
            echo '{"instructions": 850000000, "logBytes": 4616}' > "$2"
            echo 'sort 21 checksum 62bf'
            """;

    @TempDir
    private Path root;

    private final StringWriter tables = new StringWriter();
    private final StringWriter progress = new StringWriter();

    @BeforeEach
    void makeTheStandIns() throws IOException {
        Files.createDirectories(root.resolve("guests/bench"));
        script("guests/bench/build.sh", "[ \"$1\" != --list ] || printf 'hash\\nsort\\n'");
        script("qemu", QEMU);
        script("reprise", REPRISE);
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(root.resolve(name), "#!/bin/sh\n" + text.replace("@", root.toString()) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private int run(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--root", root.toString(), "--qemu", root.resolve("qemu").toString(), "--out",
                root.resolve("out").toString()));
        return ScriptMain.of(new BenchPeers()).setOut(new PrintWriter(tables)).setErr(new PrintWriter(progress))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void shouldMeasureEveryPeerInEveryRoundAndKeepToTheSchema() throws IOException {
        assertEquals(0, run("--short", "--only", "sort", "--rounds", "3"), progress::toString);
        List<String> csv = Files.readAllLines(root.resolve("out/peers.csv"));
        assertEquals(1 + 3 * Peer.values().length, csv.size());
        assertTrue(csv.get(1).startsWith("sort,short,start-up,1,"), csv.get(1));
        // A machine without fonts cannot draw, and says so.
        assertTrue(Files.exists(root.resolve("out/peers-short.svg")) || progress.toString().contains("no charts"));
        assertFalse(Files.exists(root.resolve("out/peers-long.svg")), "nothing long was run");
        String json = Files.readString(root.resolve("out/peers.json"));
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(BenchPeers.class.getResourceAsStream("peers.schema.json"));
        assertTrue(schema.validate(json, InputFormat.JSON).isEmpty(), schema.validate(json, InputFormat.JSON)::toString);
        String other = json.replace("\"median\"", "\"mean\"");
        assertFalse(schema.validate(other, InputFormat.JSON).isEmpty());
        String text = tables.toString();
        assertTrue(text.contains("QEMU emulator version 7.2") && text.contains("sort short, 0.85 G instructions")
                && text.contains("geometric mean, short"), text);
        assertTrue(progress.toString().contains("21 of 21, about 0:"), progress::toString);
    }

    @Test
    void shouldFailWhenOneOfThePeersSaysSomethingElse() throws IOException {
        script("qemu", QEMU.replace("62bf'", "62be'"));
        assertEquals(1, run("--short", "--only", "sort", "--rounds", "1"));
        assertTrue(tables.toString().contains("FAILED: sort short, QEMU, round 1: said \"sort 21 checksum 62be\""),
                tables::toString);
    }

    @Test
    void shouldLeaveOutThePeerThatFailsAndItsReplay() throws IOException {
        script("reprise", "[ \"$1\" = record ] && exit 5\n" + REPRISE);
        assertEquals(1, run("--short", "--only", "sort", "--rounds", "2"));
        List<String> csv = Files.readAllLines(root.resolve("out/peers.csv"));
        assertTrue(csv.stream().noneMatch(line -> line.contains(",record,") || line.contains(",replay,")), csv::toString);
        assertEquals(2, csv.stream().filter(line -> line.contains(",qemu-replay,")).count());
        assertEquals(1, tables.toString().lines().filter(line -> line.startsWith("FAILED")).count(), tables::toString);
    }

    @Test
    void shouldNotTakeABuildForARun() throws IOException {
        script("reprise", "[ \"$1\" != run ] || echo 'reprise: building (on first use)' >&2\n" + REPRISE);
        assertEquals(1, run("--short", "--only", "sort", "--rounds", "1", "--peers", "run,qemu"));
        assertTrue(tables.toString().contains("measure again"), tables::toString);
    }

    @Test
    void shouldTakeTheTranslatorWhereThereIsOneAndElseTheInterpreter() throws IOException {
        assertEquals(0, run("--short", "--only", "sort", "--rounds", "1", "--peers", "run"));
        assertTrue(Files.readString(root.resolve("calls")).contains("run --executor translator --stats"));
        Files.delete(root.resolve("calls"));
        script("reprise", "case \"$*\" in *translator*) exit 2 ;; esac\n" + REPRISE);
        assertEquals(0, run("--short", "--only", "sort", "--rounds", "1", "--peers", "run"));
        assertTrue(Files.readString(root.resolve("calls")).contains("run --executor interpreter --stats"));
    }

    @Test
    void shouldRefuseAnUnknownGuestOrPeerAndABootThatIsNotThere() {
        assertEquals(2, run("--only", "tetris"));
        assertEquals(2, run("--peers", "bochs"));
        assertEquals(2, run("--short", "--only", "boot"));
        assertEquals(2, run("--rounds", "0"));
    }
}
