package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.journal.JournalReader;
import dev.reprise.engine.journal.Recording;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.stats.StatsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The monitor, alone and sharing the console's backend: live in record and in replay, and in no log. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MonitorCommandTest {

    private static final String PROMPT = "(reprise) ";

    @TempDir
    private Path directory;
    private final PrintStream realErr = System.err;
    private final PrintStream realOut = System.out;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path socket;
    private ServerSocketChannel listener;

    @BeforeEach
    void listen() throws IOException {
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        socket = directory.resolve("socket");
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void giveTheStreamsBack() throws IOException {
        listener.close();
        System.setErr(realErr);
        System.setOut(realOut);
    }

    /** A command of ours on a thread of its own; whoever it connects to is there before its guest begins. */
    private final class Running {
        private int status = -1;
        private final Thread thread;
        private final SocketChannel peer;
        private final StringBuilder heard = new StringBuilder();

        Running(Object... args) throws IOException {
            thread = Thread.ofPlatform().start(() -> status = execute(args));
            peer = listener.accept();
        }

        void send(String text) throws IOException {
            peer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        }

        /** What comes up to that text; everything there is if the peer ends before. */
        String until(String text) throws IOException {
            ByteBuffer some = ByteBuffer.allocate(4096);
            int at = heard.indexOf(text);
            while (at < 0 && peer.read(some.clear()) >= 0) {
                heard.append(StandardCharsets.ISO_8859_1.decode(some.flip()));
                at = heard.indexOf(text);
            }
            int end = at < 0 ? heard.length() : at + text.length();
            String part = heard.substring(0, end);
            heard.delete(0, end);
            return part;
        }

        String ask(String question) throws IOException {
            send(question + "\r");
            String answer = until(PROMPT);
            return answer.endsWith(PROMPT) ? answer : null;
        }

        int end() throws InterruptedException {
            thread.join();
            return status;
        }
    }

    private static int execute(Object... args) {
        return Main.execute(System.err, Stream.of(args).map(Object::toString).toArray(String[]::new));
    }

    private String events(Path recording) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertEquals(0, execute("events", recording, "--json"), err::toString);
        System.setOut(realOut);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Before which byte of the console's input to which front end the focus goes. */
    private static List<String> focus(Path recording) throws IOException {
        List<String> changes = new ArrayList<>();
        Recording opened = Recording.open(recording);
        long bytes = 0;
        try (JournalReader log = new JournalReader(opened.files(), opened.manifestBytes())) {
            for (Event event = Event.slot(); log.next(event); ) {
                if (event.kind() == EventKind.CHAR_INPUT) {
                    bytes += event.length();
                } else if (event.kind() == EventKind.CHAR_LINK && LinkEvent.change(event.a()) == LinkEvent.MUX_IN) {
                    changes.add(bytes + " to " + LinkEvent.argument(event.a()));
                }
            }
        }
        return changes;
    }

    private static String digest(Path stats) throws IOException {
        Matcher found = Pattern.compile("\"digest\"\\s*:\\s*\"([0-9a-f]{64})\"").matcher(Files.readString(stats));
        assertTrue(found.find(), stats.toString());
        return found.group(1);
    }

    /** Asks everything again and again until the guest has ended. */
    private List<Long> interrogate(Running run) throws IOException {
        List<Long> steps = new ArrayList<>();
        run.until(PROMPT);
        for (String answer = run.ask("info step"); answer != null; answer = run.ask("info step")) {
            Matcher number = Pattern.compile("(\\d+)\r\n").matcher(answer);
            assertTrue(number.find(), answer);
            steps.add(Long.parseLong(number.group(1)));
            for (String question : List.of("info registers", "info status", "info chardev", "xp 0x80000000 64", "help", "",
                    "xp 0x10000000", "xp -1 -1 x", "nonsense\tand \u0000 more", "x".repeat(3000))) {
                run.ask(question);
            }
        }
        return steps;
    }

    /** Of a guest that writes less than its output ring holds, so that no stall of the host's can be seen in the log. */
    private Object[] recording(Path to, int work, Object... more) throws IOException {
        Path program = Files.write(directory.resolve("chatter.elf"), Programs.chatter(8_000, work));
        return Stream.concat(Stream.of("record", "-o", to, "--force", "--kernel", program, "--memory", "4M", "--serial",
                "file:" + directory.resolve("console"), "--quantum", "20000", "--digest-every", "1000000", "--stats",
                to + ".json"), Stream.of(more)).toArray();
    }

    private static boolean askedTwice(List<Long> steps) {
        return steps.size() > 1 && steps.getLast() > steps.getFirst();
    }

    @Test
    void shouldChangeNeitherGuestNorLogHoweverOftenItIsAsked() throws Exception {
        Path plain = directory.resolve("plain");
        Path asked = directory.resolve("asked");
        int work = 5_000;
        List<Long> steps = List.of();
        // Whoever asks may be held up for longer than a fast machine's guest lives.
        while (!askedTwice(steps) && work < 5_000_000) {
            work *= 2;
            Running run = new Running(recording(asked, work, "--monitor", "unix:" + socket));
            steps = interrogate(run);
            assertEquals(0, run.end(), err::toString);
        }
        assertTrue(askedTwice(steps), steps.toString());
        String console = Files.readString(directory.resolve("console"));
        assertEquals(0, execute(recording(plain, work)), err::toString);
        assertEquals(console, Files.readString(directory.resolve("console")));
        assertEquals(events(plain), events(asked), "every event at its step, digests and the hash of all events among them");
        assertEquals(digest(Path.of(plain + ".json")), digest(Path.of(asked + ".json")));
        assertEquals(Files.readString(plain.resolve("manifest.json")).replaceAll("\"(id|created)\".*", ""),
                Files.readString(asked.resolve("manifest.json")).replaceAll("\"(id|created)\".*", ""));

        // The one without replays with a monitor, and the one with it without.
        assertEquals(0, execute("replay", asked, "--serial", "null"), err::toString);
        Path again = directory.resolve("again.json");
        List<Long> replayed = List.of();
        for (int i = 0; i < 10 && !askedTwice(replayed); i++) {
            Running replay = new Running("replay", plain, "--serial", "null", "--monitor", "unix:" + socket, "--stats", again);
            replayed = interrogate(replay);
            assertEquals(0, replay.end(), err::toString);
            assertEquals(digest(Path.of(plain + ".json")), digest(again));
        }
        assertTrue(askedTwice(replayed), replayed.toString());
    }

    @Test
    void shouldShowTheRegistersAndMemoryThatTheGuestHas() throws Exception {
        Running run = new Running("run", "--kernel", Files.write(directory.resolve("spin.elf"), Programs.spin()), "--memory",
                "4M", "--serial", "null", "--monitor", "unix:" + socket, "--stats", directory.resolve("stats.json"));
        run.until(PROMPT);
        String registers = run.ask("info registers");
        for (String name : List.of("pc", "x0 /zero 0000000000000000", "x31/t6", "mstatus", "satp", "privilege 3")) {
            assertTrue(registers.contains(name), registers);
        }
        // The first word of spin(): addi s3, s3, 1.
        assertTrue(run.ask("xp 0x80000000").contains("0000000080000000: 00198993\r\n"));
        assertTrue(run.ask("info status").contains("off, step "));
        assertTrue(run.ask("info chardev").contains("uart: no peers; 0 bytes in"));
        assertTrue(run.ask("xp 0x10000000").contains("aligned words from 80000000 on, below 80400000"));
        assertTrue(run.ask("info").contains("info of what"));
        assertTrue(run.ask("inf\177\177\177help").contains("quit"), "backspaces");
        assertTrue(run.ask("rubbish\025help").contains("quit"), "the line's end is typed anew");
        run.send("quit\r");
        assertTrue(run.until("nothing of the kind").contains("the run ends"));
        assertEquals(0, run.end());
        assertTrue(err.toString().contains("ended by the operator"), err::toString);
        Map<String, String> stats = StatsFile.fields(directory.resolve("stats.json"));
        assertTrue(Long.parseLong(stats.get("characterDevices.monitor.bytesIn")) > "quit\r".length(), stats::toString);
        assertTrue(Long.parseLong(stats.get("characterDevices.monitor.bytesOut")) > registers.length(), stats::toString);
        assertNull(stats.get("characterDevices.monitor.failure"));
    }

    @Test
    void shouldEndARecordingAsTheOperatorAndAReplayBeforeItsEnd() throws Exception {
        Path program = Files.write(directory.resolve("spin.elf"), Programs.spin());
        Path recording = directory.resolve("r");
        Running run = new Running("record", "-o", recording, "--kernel", program, "--memory", "4M", "--serial", "null",
                "--monitor", "unix:" + socket);
        run.until(PROMPT);
        run.ask("info step");
        run.send("quit\r");
        assertEquals(0, run.end());
        assertTrue(events(recording).toLowerCase(Locale.ROOT).replace('-', '_').contains("shutdown_request"), events(recording));
        assertEquals(0, execute("replay", recording, "--serial", "null"), err::toString);
        err.reset();
        Running replay = new Running("replay", recording, "--serial", "null", "--monitor", "unix:" + socket);
        replay.send("quit\r");
        assertEquals(0, replay.end());
        assertTrue(err.toString().contains("ended by the operator") || err.toString().contains("replay agrees"), err::toString);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void shouldShareTheConsolesBackendAndKeepWhatIsAskedOutOfTheLog(int cut) throws Exception {
        Path program = Files.write(directory.resolve("echo.elf"), Programs.echo());
        Path recording = directory.resolve("r");
        Path log = directory.resolve("passed");
        Running run = new Running("record", "-o", recording, "--kernel", program, "--memory", "4M", "--clock", "instructions",
                "--serial", "mon:unix:" + socket + ",logfile=" + log, "--stats", directory.resolve("stats.json"));
        String typed = "a\001\001b\001cinfo step\r\001\001\001z\001cZ\001Cinfo status\r\001b";
        for (int at = 0; at < typed.length(); at += cut) {
            run.send(typed.substring(at, Math.min(typed.length(), at + cut)));
        }
        String heard = run.until("record, step ");
        run.send("\001cq");
        heard += run.until("nothing of the kind");
        assertEquals(0, run.end(), err::toString);
        assertTrue(heard.contains("info step\r\n") && heard.contains("record, step "), heard);
        String events = events(recording);
        assertEquals("a\001bZq", Files.readString(Path.of(log + ".in")), "what the guest was sent");
        assertFalse(events.contains("info") || Files.readString(log).contains("reprise"), "nothing of the monitor's");
        assertEquals(List.of("3 to 1", "3 to 0", "4 to 1", "4 to 0"), focus(recording));

        Path console = directory.resolve("console");
        assertEquals(0, execute("replay", recording, "--serial", "file:" + console), err::toString);
        assertEquals(Files.readString(log), Files.readString(console), "with nobody there");
        Running replay = new Running("replay", recording, "--serial", "mon:unix:" + socket);
        replay.send("ignored\001cinfo status\r");
        String replayed = replay.until("nothing of the kind");
        assertEquals(0, replay.end(), err::toString);
        assertFalse(replayed.contains("ignored"), replayed);
        Map<String, String> stats = StatsFile.fields(directory.resolve("stats.json"));
        assertEquals("info step\r\001info status\r".length(), Long.parseLong(stats.get("characterDevices.monitor.bytesIn")));
        assertEquals("0", stats.get("characterDevices.monitor.refusedBytes"));
        assertEquals("a\001bZq".length(), Long.parseLong(stats.get("characterDevices.uart.bytesIn")));
    }

    @Test
    void shouldRefuseAMonitorThatNobodyCanTypeAt() throws Exception {
        Path program = Files.write(directory.resolve("spin.elf"), Programs.spin());
        for (List<String> options : List.of(List.of("--serial", "mon:null"), List.of("--monitor", "file:x"),
                List.of("--monitor", "stdio"), List.of("--serial", "mon:pty", "--monitor", "pty"),
                List.of("--monitor", "mon:stdio"), List.of("--serial", "mon:"))) {
            err.reset();
            Object[] args = Stream.concat(Stream.of("run", "--kernel", program), options.stream()).toArray();
            assertEquals(2, execute(args), options.toString());
            assertEquals(1, err.toString().lines().count(), err::toString);
        }
    }
}
