package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendSpecTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"stdio", "null", "file:console.txt", "file:/a/b:c", "file:/a,,b", "pty", "tcp:localhost:4444",
        "tcp::0,server", "tcp:[::1]:80,server,echo", "unix:/tmp/s,server,full=refuse", "telnet:host:23,logfile=/x,,y",
        "stdio,echo,noreplay", "null,logfile=out"})
    void shouldReadWhatItWrites(String text) {
        assertEquals(text, BackendSpec.parse(text).toString());
        assertEquals(BackendSpec.parse(text), BackendSpec.parse(BackendSpec.parse(text).toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "pty:x, takes no argument",
        "tcp:localhost, wants a host and a port",
        "tcp:localhost:, wants a host and a port",
        "telnet:localhost:65536, wants a host and a port",
        "unix:, wants a path",
        "'null,echo', has no option",
        "'stdio,server', has no option",
        "'pty,full=maybe', has no option",
        "'null,logfile=', has no option",
        "'null,logfile=a,logfile=b', has the option \"logfile\" twice",
        "'tcp:h:1,full=wait,full=refuse', twice",
        "'tcp:h:1,server,server', twice",
        "'', is unknown",
        "STDIO, is unknown",
        "modem:1, is unknown",
        "stdio:x, takes no argument",
        "null:, takes no argument",
        "file, wants a path",
        "file:, wants a path",
    })
    void shouldSayInOneLineWhatIsWrong(String text, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> BackendSpec.parse(text)).getMessage();
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("file:PATH"), message);
    }

    /** Each option that a refusal names as one of all is one of all. */
    @Test
    void shouldNameInARefusalWhatEachKindHas() {
        String message = assertThrows(IllegalArgumentException.class, () -> BackendSpec.parse("modem")).getMessage();
        assertTrue(message.endsWith("each with ,logfile=PATH ,noreplay, and where input comes from with ,full=wait|refuse ,echo"),
                message);
        for (BackendSpec.Kind kind : BackendSpec.Kind.values()) {
            String backend = switch (kind) {
                case FILE -> "file:x";
                case UNIX -> "unix:x";
                case TCP, TELNET -> kind.name().toLowerCase(Locale.ROOT) + ":h:1";
                default -> kind.name().toLowerCase(Locale.ROOT);
            };
            BackendSpec.parse(backend + ",logfile=y,noreplay");
            if (kind.hasInput()) {
                BackendSpec.parse(backend + ",full=wait,echo");
            } else {
                assertThrows(IllegalArgumentException.class, () -> BackendSpec.parse(backend + ",full=wait"));
                assertThrows(IllegalArgumentException.class, () -> BackendSpec.parse(backend + ",echo"));
            }
        }
    }

    @Test
    void shouldKeepTheMessageInOneLine() {
        String message = assertThrows(IllegalArgumentException.class, () -> BackendSpec.parse("a\nb\u001b[1m"))
                .getMessage();
        assertFalse(message.contains("\n") || message.contains("\u001b"), message);
    }

    @Test
    void shouldRefuseTwoOutputsIntoOneFileByWhateverNames() throws IOException {
        Path file = Files.writeString(directory.resolve("passed"), "");
        Files.createSymbolicLink(directory.resolve("link"), file);
        for (List<String> together : List.of(List.of("file:" + file + ",logfile=" + file),
                List.of("file:" + directory + "/x/../new,logfile=" + directory + "/new"),
                List.of("unix:" + directory + "/new,server,logfile=" + directory + "/new"),
                List.of("unix:" + directory + "/new,server", "unix:" + directory + "/new,server"),
                List.of("file:" + directory + "/new.in,logfile=" + directory + "/new"),
                List.of("file:" + file, "pty,logfile=" + directory + "/link"),
                List.of("null,logfile=" + file, "pty,logfile=" + file))) {
            List<BackendSpec> specs = together.stream().map(BackendSpec::parse).toList();
            String message = assertThrows(IOException.class, () -> BackendSpec.requireFilesOfTheirOwn(specs),
                    together::toString).getMessage();
            assertTrue(message.startsWith("two outputs would be written to one file: " + directory), message);
        }
        BackendSpec.requireFilesOfTheirOwn(Stream.of("file:/dev/null", "file:/dev/null", "file:" + file, "null,logfile=other",
                "file:a\0b", "stdio").map(BackendSpec::parse).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing/console.txt", "."})
    void shouldSayInOneLineThatAFileCannotBeMade(String path) {
        String message = assertThrows(IOException.class,
                () -> BackendSpec.parse("file:" + directory.resolve(path)).open()).getMessage();
        assertTrue(message.startsWith("cannot write the serial output to a file: " + directory), message);
        assertFalse(message.contains("\n"));
    }

    @Test
    void shouldRefuseAPathThatNoFileCanHave() {
        assertThrows(IOException.class, () -> BackendSpec.parse("file:a\0b").open());
    }

    @Test
    void shouldWriteTheConsoleToAFile() throws IOException {
        Path file = directory.resolve("console.txt");
        Files.writeString(file, "what was there before, and is longer than what comes");
        Backend backend = BackendSpec.parse("file:" + file).open();
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE);
        byte[] typed = "to the file\004".getBytes(StandardCharsets.US_ASCII);
        UartMachine machine = new UartMachine(session, true, true);
        assertEquals(typed.length, session.inputPort(UartMachine.DEVICE).publishBytes(typed, 0, typed.length));
        assertEquals(ShutdownCause.GUEST_SHUTDOWN, session.run(machine).cause());
        session.close();
        assertTrue(backend.drain(200_000_000_000L));
        backend.stop();
        backend.stop();
        assertArrayEquals("to the file".getBytes(StandardCharsets.US_ASCII), Files.readAllBytes(file));
        assertEquals(11, backend.counters().bytesOut());
        assertFalse(backend.isLive());
    }

    @Test
    void shouldOpenNoInputForAReplay() throws IOException {
        assertInstanceOf(ReplayOutput.class, BackendSpec.parse("stdio").openForReplay());
        assertInstanceOf(NullBackend.class, BackendSpec.parse("null").openForReplay());
        Backend backend = BackendSpec.parse("file:" + directory.resolve("x")).openForReplay();
        assertInstanceOf(FileBackend.class, backend);
        backend.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stdio", "null", "pty", "file:%s/console", "unix:%s/socket,server", "tcp:127.0.0.1:0,server"})
    void shouldLeaveTheLoggedInputAloneInAReplay(String text) throws IOException {
        Path log = Files.writeString(directory.resolve("log"), "put out");
        Path input = Files.writeString(directory.resolve("log.in"), "sent");
        BackendSpec spec = BackendSpec.parse(text.formatted(directory) + ",logfile=" + log);
        spec.openForReplay().stop();
        assertEquals("sent", Files.readString(input));
        assertEquals("", Files.readString(log), "what is put out again");
        if (spec.kind() != BackendSpec.Kind.STDIO) {
            spec.openForReplay(true).stop();
            assertEquals("sent", Files.readString(input));
            spec.open().stop();
            assertEquals("", Files.readString(input), "a run makes both anew");
        }
    }
}
