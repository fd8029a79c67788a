package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.stats.JsonSchema;
import dev.reprise.machine.stats.StatsFile;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine behind a socket, from the command line: recorded with a peer, replayed without. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SerialCommandTest {

    @TempDir
    private Path directory;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void takeTheMessages() {
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveTheStreamBack() {
        System.setErr(realErr);
    }

    private static int execute(Object... args) {
        return Main.execute(System.err, Stream.of(args).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void shouldRecordAPeerAndReplayWithoutIt() throws Exception {
        Path program = Files.write(directory.resolve("echo.elf"), Programs.echo());
        Path socket = directory.resolve("socket");
        Path log = directory.resolve("passed");
        Path stats = directory.resolve("stats.json");
        int[] status = {-1};
        Thread machine = new Thread(() -> status[0] = execute("record", "-o", directory.resolve("r"), "--kernel", program,
                "--memory", "4M", "--serial", "unix:" + socket + ",server,logfile=" + log, "--stats", stats, "--witness",
                "events", "--ledger-bytes"));
        machine.start();
        while (!err.toString().contains("unix listens at")) {
            assertTrue(machine.isAlive(), err::toString);
            LockSupport.parkNanos(1_000_000);
        }
        StringBuilder heard = new StringBuilder();
        try (SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            peer.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer answer = ByteBuffer.allocate(64);
            for (String key : new String[] {"x", "y", "q"}) {
                peer.write(ByteBuffer.wrap(key.getBytes(StandardCharsets.US_ASCII)));
                while (heard.indexOf(key) < 0 && peer.read(answer.clear()) >= 0) {
                    heard.append(StandardCharsets.US_ASCII.decode(answer.flip()));
                }
            }
        }
        machine.join();
        assertEquals(0, status[0], err::toString);
        assertTrue(err.toString().contains("unix listens at " + socket), err::toString);
        assertFalse(Files.exists(socket));
        assertEquals("xyq", Files.readString(Path.of(log + ".in")));
        assertEquals(heard.toString(), Files.readString(log).substring(0, heard.length()));
        assertEquals(List.of(), JsonSchema.ofResource("stats.schema.json").errors(Files.readString(stats)));

        Path console = directory.resolve("console");
        assertEquals(0, execute("replay", directory.resolve("r"), "--serial", "file:" + console), err::toString);
        assertEquals(Files.readString(log), Files.readString(console), "the same bytes, with nobody there");
        assertEquals(0, execute("replay", directory.resolve("r"), "--serial", "null,logfile=" + log), err::toString);
        assertEquals("xyq", Files.readString(Path.of(log + ".in")), "what it was sent is no replay's to write");
        assertEquals(Files.readString(console), Files.readString(log));
        // A server that nobody comes to holds no replay up.
        assertEquals(0, execute("replay", directory.resolve("r"), "--serial", "unix:" + socket + ",server"), err::toString);
    }

    @Test
    void shouldSayInOneLineWhatNoConsoleCanBeAndLoseNothingThatStandsThere() throws Exception {
        Path program = Files.write(directory.resolve("spin.elf"), Programs.spin());
        Path letter = Files.writeString(directory.resolve("letter"), "dear");
        Path socket = directory.resolve("socket");
        for (List<String> options : List.of(List.of("--serial", "tcp:"), List.of("--serial", "unix:" + "x".repeat(200) + ",server"),
                List.of("--serial", "unix:" + letter + ",server"), List.of("--serial", "unix:" + socket),
                List.of("--serial", "null,logfile=" + directory), List.of("--serial", "file:" + directory),
                List.of("--serial", "null,logfile=" + letter, "--monitor", "pty,logfile=" + letter),
                List.of("--serial", "file:" + letter + ",logfile=" + letter), List.of("--serial", "null,noreplay"))) {
            err.reset();
            Object[] args = Stream.concat(Stream.of("record", "-o", directory.resolve("r"), "--kernel", program, "--memory", "4M"),
                    options.stream()).toArray();
            assertEquals(2, execute(args), options + " " + err);
            assertEquals(1, err.toString().lines().count(), err::toString);
            assertEquals("dear", Files.readString(letter), options.toString());
            assertFalse(Files.exists(directory.resolve("r")), options.toString());
        }
    }

    @Test
    void shouldWriteOverNeitherARecordingNorWhatAMachineStartsWithNorOneOutputOverAnother() throws Exception {
        Path program = Files.write(directory.resolve("echo.elf"), Programs.chatter(10, 10));
        byte[] bytes = Files.readAllBytes(program);
        Path recording = directory.resolve("r");
        Path letter = Files.writeString(directory.resolve("letter"), "dear");
        assertEquals(0, execute("record", "-o", recording, "--kernel", program, "--memory", "4M", "--serial", "null"),
                err::toString);
        Object[] machine = {"--kernel", program, "--memory", "4M"};
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("replay", recording, "--serial", "file:" + recording.resolve("manifest.json")),
                List.of("replay", recording, "--serial", "null,logfile=" + recording.resolve("synced")),
                List.of("replay", recording, "--serial", "null", "--stats", recording.resolve("synced")),
                List.of("record", "-o", recording, "--force", "--serial", "file:" + recording.resolve("console")),
                List.of("record", "-o", directory.resolve("new"), "--serial", "file:" + letter + ",noreplay"),
                List.of("run", "--serial", "file:" + program),
                List.of("run", "--serial", "null", "--stats", program),
                List.of("run", "--serial", "file:" + directory.resolve("one"), "--stats", directory.resolve("one")))) {
            err.reset();
            Object[] args = wrong.getFirst().equals("replay") ? wrong.toArray()
                    : Stream.concat(wrong.stream(), Stream.of(machine)).toArray();
            assertEquals(2, execute(args), wrong + " " + err);
            assertEquals(1, err.toString().lines().count(), wrong + " " + err);
            assertArrayEquals(bytes, Files.readAllBytes(program), wrong.toString());
            assertEquals("dear", Files.readString(letter), wrong.toString());
            assertEquals(0, execute("verify", recording), wrong + " " + err);
        }
        assertEquals(0, execute("replay", recording, "--serial", "file:" + letter), err::toString);
    }

    @Test
    void shouldSayThatTheConsolesFileOrItsLogIsFullAndReplayAllTheSame() throws Exception {
        Path program = Files.write(directory.resolve("chatter.elf"), Programs.chatter(1000, 10));
        Path full = Files.createSymbolicLink(directory.resolve("full"), Path.of("/dev/full"));
        Path console = directory.resolve("console");
        for (String serial : List.of("file:" + full, "null,logfile=" + full)) {
            err.reset();
            Path stats = directory.resolve("stats.json");
            assertEquals(0, execute("record", "-o", directory.resolve("r"), "--force", "--kernel", program, "--memory", "4M",
                    "--serial", serial, "--stats", stats), err::toString);
            assertEquals(1000, writtenByTheGuest(StatsFile.fields(stats)), "each is somewhere");
            boolean isLost = serial.startsWith("file:");
            Map<String, String> figures = StatsFile.fields(stats);
            String uart = "characterDevices.uart.";
            assertEquals(List.of(), JsonSchema.ofResource("stats.schema.json").errors(Files.readString(stats)));
            // Whose failure it is, and whose bytes: never the other's.
            assertEquals(isLost ? "No space left on device" : null, figures.get(uart + "failure"));
            assertEquals(isLost ? null : "No space left on device", figures.get(uart + "logFailure"));
            assertEquals(isLost, number(figures, uart + "lostBytes") > 0, figures::toString);
            assertEquals(isLost ? 0 : 1000, number(figures, uart + "logLostBytes"));
            List<String> said = isLost
                    ? List.of("reprise: the console's file or peers have not taken " + figures.get(uart + "lostBytes") + " bytes",
                            "reprise: the console's backend takes nothing more: No space left on device")
                    : List.of("reprise: the console's log files have not taken 1000 bytes",
                            "reprise: the console's log file takes nothing more: No space left on device");
            assertTrue(err.toString().lines().toList().containsAll(said), err::toString);
            assertEquals(1, err.toString().lines().filter(line -> line.contains("takes nothing more")).count(), err::toString);
            assertEquals(0, execute("replay", directory.resolve("r"), "--serial", "file:" + console), err::toString);
        }
        assertEquals(1000, Files.size(console), "a log that is full takes nothing from the guest");
    }

    private static long number(Map<String, String> stats, String name) {
        return Long.parseLong(stats.get(name));
    }

    /** Of a console: taken by the host, lost, unheard, thrown away or still waiting. */
    private static long writtenByTheGuest(Map<String, String> stats) {
        String uart = "characterDevices.uart.";
        assertEquals(number(stats, uart + "bytesOut") + number(stats, uart + "lostBytes"), number(stats, "consoleBytes"));
        assertEquals(number(stats, "waits.consoleLostBytes"), number(stats, uart + "lostBytes"));
        return number(stats, "consoleBytes") + number(stats, uart + "unheardCharacters")
                + number(stats, uart + "discardedCharacters") + number(stats, uart + "waitingCharacters");
    }

    /** The replay's figures, which must speak of the same characters. */
    private void requireSameInAReplay(Path recording, Map<String, String> recorded) throws IOException {
        Path stats = directory.resolve("replay.json");
        assertEquals(0, execute("replay", recording, "--serial", "null", "--stats", stats), err::toString);
        Map<String, String> replayed = StatsFile.fields(stats);
        for (String name : List.of("consoleBytes", "characterDevices.uart.unheardCharacters",
                "characterDevices.uart.discardedCharacters", "characterDevices.uart.waitingCharacters")) {
            assertEquals(recorded.get(name), replayed.get(name), name);
        }
    }

    @Test
    void shouldEndBeforeAPeerThatNeverReadsAndSayHowMuchItHasNotTaken() throws Exception {
        int characters = 700_000;
        Path program = Files.write(directory.resolve("chatter.elf"), Programs.chatter(characters, 1));
        Path socket = directory.resolve("socket");
        Path stats = directory.resolve("stats.json");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Whoever connects need not even be accepted: what the kernel holds for it is less than what comes.
            listener.bind(UnixDomainSocketAddress.of(socket));
            assertEquals(0, execute("record", "-o", directory.resolve("r"), "--kernel", program, "--memory", "4M", "--serial",
                    "unix:" + socket, "--clock", "instructions", "--grace", "1", "--stats", stats), err::toString);
        }
        assertEquals(List.of(), JsonSchema.ofResource("stats.schema.json").errors(Files.readString(stats)));
        Map<String, String> figures = StatsFile.fields(stats);
        assertEquals(characters, writtenByTheGuest(figures));
        String lost = figures.get("characterDevices.uart.lostBytes");
        assertTrue(Long.parseLong(lost) > 0, figures::toString);
        assertTrue(err.toString().contains("the console's file or peers have not taken " + lost + " byte"), err::toString);
        String thrownAway = figures.get("characterDevices.uart.discardedCharacters");
        assertTrue(err.toString().contains("the guest has thrown away " + thrownAway + " character"), err::toString);
        assertTrue(number(figures, "characterDevices.uart.roomWaits") > 0, figures::toString);
        assertTrue(number(figures, "characterDevices.uart.roomWaitNs") > 0, figures::toString);
        requireSameInAReplay(directory.resolve("r"), figures);
    }

    @Test
    void shouldEndAReplayBeforeAPtyThatNobodyOpensAndSayHowMuchItHasNotTaken() throws Exception {
        int characters = 200_000;
        Path program = Files.write(directory.resolve("chatter.elf"), Programs.chatter(characters, 1));
        Path stats = directory.resolve("stats.json");
        assertEquals(0, execute("record", "-o", directory.resolve("r"), "--kernel", program, "--memory", "4M", "--serial",
                "file:" + directory.resolve("console")), err::toString);
        err.reset();
        assertEquals(0, execute("replay", directory.resolve("r"), "--serial", "pty", "--grace", "1", "--stats", stats),
                err::toString);
        assertEquals(List.of(), JsonSchema.ofResource("stats.schema.json").errors(Files.readString(stats)));
        Map<String, String> figures = StatsFile.fields(stats);
        assertEquals(characters, writtenByTheGuest(figures));
        assertEquals("0", figures.get("characterDevices.uart.bytesOut"));
        List<String> lines = err.toString().lines().toList();
        assertTrue(lines.contains("reprise: the console's file or peers have not taken " + figures.get("consoleBytes") + " bytes"),
                err::toString);
        assertTrue(lines.getLast().startsWith("reprise: the replay agrees with the recording: "), err::toString);
    }

    @Test
    void shouldKnowAFileByWhateverNameItHas() throws Exception {
        byte[] elf = Programs.chatter(1_000, 1);
        Path program = Files.write(directory.resolve("chatter.elf"), elf);
        Path hard = Files.createLink(directory.resolve("hard"), program);
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("target"));
        assertEquals(2, execute("run", "--kernel", program, "--memory", "4M", "--serial", "file:" + hard), err::toString);
        assertArrayEquals(elf, Files.readAllBytes(program));
        assertEquals(2, execute("run", "--kernel", program, "--memory", "4M", "--serial", "file:" + dangling + ",logfile="
                + directory.resolve("target")), err::toString);
    }

    @Test
    void shouldCountWhatNobodyWasThereToTake() throws Exception {
        int characters = 5_000;
        Path program = Files.write(directory.resolve("chatter.elf"), Programs.chatter(characters, 5_000));
        Path stats = directory.resolve("stats.json");
        assertEquals(0, execute("record", "-o", directory.resolve("r"), "--kernel", program, "--memory", "4M", "--serial",
                "unix:" + directory.resolve("socket") + ",server,full=refuse", "--clock", "instructions", "--stats", stats),
                err::toString);
        Map<String, String> figures = StatsFile.fields(stats);
        assertEquals(characters, writtenByTheGuest(figures));
        assertEquals("0", figures.get("characterDevices.uart.bytesOut"));
        // How many come before the backend has closed its ring is the host's affair.
        String lost = figures.get("characterDevices.uart.lostBytes");
        String unheard = figures.get("characterDevices.uart.unheardCharacters");
        assertEquals(!lost.equals("0"), err.toString().contains("have not taken " + lost + " byte"), err::toString);
        assertEquals(!unheard.equals("0"), err.toString().contains("had nobody to take " + unheard + " character"), err::toString);
        requireSameInAReplay(directory.resolve("r"), figures);
    }

    @Test
    void shouldEndBeforeAStandardOutputThatIsNeverReadAndSayHowMuchItHasNotTaken() throws Exception {
        int characters = 400_000;
        Path program = Files.write(directory.resolve("chatter.elf"), Programs.chatter(characters, 1));
        Path stats = directory.resolve("stats.json");
        Path said = directory.resolve("said");
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        byte[] taken;
        // Opened for both, so that neither side waits for the other, and what is in it stays when the writer ends.
        try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw");
                FileInputStream held = new FileInputStream(both.getFD())) {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:-UsePerfData", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                    "run", "--kernel", program.toString(), "--memory", "4M", "--grace", "1", "--stats", stats.toString())
                    .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(pipe.toFile())
                    .redirectError(said.toFile()).start();
            try {
                assertEquals(0, process.waitFor(), said.toString());
            } finally {
                process.destroyForcibly().waitFor();
            }
            taken = held.readNBytes(held.available());
        }
        Map<String, String> figures = StatsFile.fields(stats);
        assertEquals(characters, writtenByTheGuest(figures));
        assertEquals(taken.length, number(figures, "characterDevices.uart.bytesOut"), "to the byte");
        String lost = figures.get("characterDevices.uart.lostBytes");
        assertTrue(Long.parseLong(lost) > 0, figures::toString);
        assertTrue(Files.readString(said).contains("the console's file or peers have not taken " + lost + " byte"));
    }
}
