package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A machine that echoes, behind real peers: {@code socat} and {@code nc} over TCP, local sockets and a real pty, that send
 * a megabyte, stall, close and come again. Each run is recorded, and replayed with the peer gone.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkPeersTest extends RecordedMachine {

    // ---- Peers that are other people's programs.

    /**
     * Starts it, sends the bytes to its standard input, awaits the machine's end, and gives what the peer wrote to its
     * standard output.
     */
    private byte[] exchange(byte[] bytes, String... command) throws Exception {
        Assumptions.assumeTrue(has(command[0]), command[0] + " is not installed");
        peer = new ProcessBuilder(command).redirectError(directory.resolve("peer.err").toFile()).start();
        OutputStream to = peer.getOutputStream();
        Thread sender = new Thread(() -> {
            try (to) {
                to.write(bytes);
            } catch (IOException gone) {
                throw new IllegalStateException(gone);
            }
        });
        sender.start();
        ByteArrayOutputStream echoed = new ByteArrayOutputStream();
        Thread receiver = new Thread(() -> {
            try {
                peer.getInputStream().transferTo(echoed);
            } catch (IOException gone) {
                throw new IllegalStateException(gone);
            }
        });
        receiver.start();
        counters = awaitEnd();
        sender.join();
        receiver.join();
        peer.waitFor();
        return echoed.toByteArray();
    }

    @Test
    void shouldEchoAMegabyteToSocatOverTcp() throws Exception {
        record("tcp:127.0.0.1:0,server");
        byte[] sent = noise(MEGABYTE, 1);
        byte[] echoed = exchange(withEnd(sent), "socat", "-t", "300", "-", "TCP:127.0.0.1:" + port());
        assertArrayEquals(sent, echoed, "echoed " + echoed.length + " " + counters);
        assertEquals(MEGABYTE + 1, counters.bytesIn());
        assertEquals(0, counters.lostBytes());
        replayWithThePeerGone(sent);
    }

    @Test
    void shouldEchoAMegabyteToNcOverALocalSocket() throws Exception {
        Path path = directory.resolve("socket");
        record("unix:" + path + ",server");
        byte[] sent = noise(MEGABYTE, 2);
        byte[] echoed = exchange(withEnd(sent), "nc", "-N", "-U", path.toString());
        assertArrayEquals(sent, echoed);
        assertFalse(Files.exists(path), "the socket's file goes with it");
        replayWithThePeerGone(sent);
    }

    @Test
    void shouldConnectToASocatThatListens() throws Exception {
        Assumptions.assumeTrue(has("socat"));
        Path path = directory.resolve("listening");
        Path received = directory.resolve("received");
        Path script = Files.writeString(directory.resolve("peer.sh"), "printf 'hello\\004'; cat > " + received + "\n");
        peer = new ProcessBuilder("socat", "UNIX-LISTEN:" + path, "EXEC:sh " + script).start();
        Backend client = null;
        while (client == null) {
            try {
                client = BackendSpec.parse("unix:" + path).open();
            } catch (IOException notYet) {
                // The socket's file is there a moment before anybody listens.
                LockSupport.parkNanos(1_000_000);
            }
        }
        record(client);
        awaitEnd();
        peer.waitFor();
        assertEquals("hello", Files.readString(received));
        replayWithThePeerGone("hello".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldEchoAMegabyteToSocatOverAPty() throws Exception {
        record("pty");
        String path = backend.announcement().substring(backend.announcement().lastIndexOf(' ') + 1);
        byte[] sent = noise(MEGABYTE, 3);
        Assumptions.assumeTrue(has("socat"));
        // One program for each way: a single one that waits to write does not read, and holds both ways up for ever.
        peer = new ProcessBuilder("socat", "-u", path + ",raw,echo=0", "-").start();
        Process typist = new ProcessBuilder("socat", "-u", "-", path + ",raw,echo=0").start();
        Thread sender = new Thread(() -> {
            try {
                typist.getOutputStream().write(sent);
                typist.getOutputStream().flush();
            } catch (IOException gone) {
                throw new IllegalStateException(gone);
            }
        });
        sender.start();
        byte[] echoed = peer.getInputStream().readNBytes(MEGABYTE);
        sender.join();
        // The guest ends only now that its peer has had everything: what a pty still holds goes with it.
        typist.getOutputStream().write(UartMachine.EOT);
        typist.getOutputStream().close();
        awaitEnd();
        typist.waitFor();
        assertArrayEquals(sent, echoed);
        replayWithThePeerGone(sent);
    }

    // ---- Peers that behave badly.

    @Test
    @Tag("one-jdk")
    void shouldWaitForAPeerThatStallsAndLoseNothing() throws Exception {
        record("tcp:127.0.0.1:0,server");
        // More than the host's own buffers hold.
        byte[] sent = noise(12 * MEGABYTE, 4);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            Thread sender = sendWithEnd(socket, sent);
            // Nothing is read until the guest has been refused room, and holds the peer up in turn.
            while (!events("CHAR_WRITE") || backend.counters().creditWaits() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
            assertTrue(backend.counters().bytesOut() < sent.length, "it stalls: " + backend.counters());
            ByteArrayOutputStream echoed = new ByteArrayOutputStream();
            InputStream from = socket.getInputStream();
            byte[] chunk = new byte[50_000];
            while (echoed.size() < sent.length) {
                int count = from.read(chunk);
                assertTrue(count > 0, "ended after " + echoed.size());
                echoed.write(chunk, 0, count);
            }
            sender.join();
            counters = awaitEnd();
            assertArrayEquals(sent, echoed.toByteArray());
        }
        replayWithThePeerGone(sent);
    }

    @Test
    void shouldServeOnePeerAfterTheOtherAndKeepForTheNextWhatTheFirstHasNotTaken() throws Exception {
        record("tcp:127.0.0.1:0,server");
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        for (int i = 0; i < 5; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                byte[] text = ("visit " + i + "\n").getBytes(StandardCharsets.US_ASCII);
                socket.getOutputStream().write(i == 4 ? withEnd(text) : text);
                heard.write(socket.getInputStream().readNBytes(text.length));
                if (i % 2 == 1) {
                    // A reset, and not a farewell.
                    socket.setSoLinger(true, 0);
                }
            }
        }
        awaitEnd();
        String all = "visit 0\nvisit 1\nvisit 2\nvisit 3\nvisit 4\n";
        assertEquals(all, heard.toString(StandardCharsets.US_ASCII));
        assertEquals(9, session.stats().events().get("CHAR_LINK"), "each came, and all but the last went before the end");
        replayWithThePeerGone(all.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldEndAConnectionWithAPeerThatVanishes() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            record("tcp:127.0.0.1:" + server.getLocalPort());
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
                assertArrayEquals("abc".getBytes(StandardCharsets.US_ASCII), socket.getInputStream().readNBytes(3));
                socket.setSoLinger(true, 0);
            }
        }
        // Nobody can wake the guest any more: it ends by itself.
        awaitEnd();
        assertEquals(ShutdownCause.GUEST_IDLE_FOREVER, result.cause());
        replayWithThePeerGone("abc".getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "refuse"})
    void shouldKeepOrRefuseInputForAGuestThatDoesNotRead(String whenFull) throws Exception {
        backend = BackendSpec.parse("tcp:127.0.0.1:0,server,full=" + whenFull).open();
        session = Sessions.record(directory.resolve("r"), config());
        backend.start(session, UartMachine.DEVICE);
        machine = new Thread(() -> result = session.run(new UartMachine(session, false, false)), "guest");
        machine.start();
        boolean refuses = whenFull.equals("refuse");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            Thread sender = new Thread(() -> {
                try {
                    socket.getOutputStream().write(noise(16 * MEGABYTE, 5));
                } catch (IOException closedByTheTest) {
                    // A peer that is held up is still in this write when the test ends.
                }
            });
            sender.start();
            if (refuses) {
                sender.join();
                while (backend.counters().refusedBytes() + backend.counters().heldBytes() + backend.counters().bytesIn()
                        < 16 * MEGABYTE) {
                    LockSupport.parkNanos(1_000_000);
                }
            } else {
                while (backend.counters().creditWaits() < 20) {
                    LockSupport.parkNanos(1_000_000);
                }
                assertTrue(sender.isAlive(), "the peer is held up");
            }
            assertEquals(InputReader.HELD_BYTES, backend.counters().heldBytes());
            assertEquals(512, backend.counters().bytesIn());
            assertEquals(refuses, backend.counters().refusedBytes() > 0);
            session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
            machine.join();
            end();
            sender.join();
        }
        Session replay = Sessions.replay(directory.resolve("r"), config());
        UartMachine again = new UartMachine(replay, false, false);
        assertEquals(result, replay.run(again));
        replay.close();
    }

    @Test
    void shouldRefuseOutputWithoutAPeerWhereThatIsChosen() throws Exception {
        backend = BackendSpec.parse("tcp:127.0.0.1:0,server,full=refuse").open();
        session = Sessions.record(directory.resolve("r"), config());
        backend.start(session, UartMachine.DEVICE);
        // No peer: the ring is closed before the guest writes.
        while (session.outputRing(UartMachine.DEVICE).accept((byte) 0) >= 0) {
            session.outputRing(UartMachine.DEVICE).release();
            LockSupport.parkNanos(1_000_000);
        }
        machine = new Thread(() -> result = session.run(new UartMachine(session, true, false, true)), "guest");
        machine.start();
        while (!session.inputPort(UartMachine.DEVICE).awaitCredit(1_000_000_000L)) {
            assertTrue(machine.isAlive());
        }
        byte[] typed = "unheard".getBytes(StandardCharsets.US_ASCII);
        assertEquals(7, session.inputPort(UartMachine.DEVICE).publishBytes(typed, 0, 7));
        while (!events("CHAR_WRITE")) {
            LockSupport.parkNanos(1_000_000);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write(withEnd("heard".getBytes(StandardCharsets.US_ASCII)));
            assertEquals("heard", new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
            awaitEnd();
        }
        replayWithThePeerGone("heard".getBytes(StandardCharsets.US_ASCII));
    }

    // ---- Options.

    @Test
    void shouldKeepWhatPassesInLogFilesAndEchoToThePeer() throws Exception {
        Path log = directory.resolve("passed");
        record("unix:" + directory.resolve("socket") + ",server,echo,logfile=" + log);
        Assumptions.assumeTrue(has("nc"));
        byte[] echoed = exchange(withEnd("abc".getBytes(StandardCharsets.US_ASCII)), "nc", "-N", "-U",
                directory.resolve("socket").toString());
        String text = new String(echoed, StandardCharsets.US_ASCII);
        assertEquals("abcabc\004".length(), text.length(), "the guest's echo and ours: " + text);
        assertEquals("abc", Files.readString(log), "what the guest has put out");
        assertEquals("abc\004", Files.readString(Path.of(log + ".in")), "what it was sent");
    }

    @Test
    void shouldListenWhereItWasToldAndNowhereElse() throws Exception {
        for (String host : List.of("127.0.0.1", "localhost", "")) {
            Backend server = BackendSpec.parse("tcp:" + host + ":0,server").open();
            assertTrue(server.announcement().startsWith("tcp listens at 127.0.0.1 port "), server.announcement());
            server.stop();
        }
        Backend wide = BackendSpec.parse("tcp:0.0.0.0:0,server").open();
        assertTrue(wide.announcement().matches("tcp listens at (0\\.0\\.0\\.0|0:0:0:0:0:0:0:0) port [0-9]+"), "only if it was asked for by name");
        wide.stop();
    }

    /** As kill -9 leaves it: the file stays, and nobody listens. */
    private Path abandonedSocket() throws IOException {
        Path path = directory.resolve("abandoned");
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
        return path;
    }

    @Test
    void shouldTakeOverASocketWhereNobodyListensAndNothingElse() throws Exception {
        Path path = abandonedSocket();
        BackendSpec spec = BackendSpec.parse("unix:" + path + ",server");
        Backend first = spec.open();
        assertTrue(assertThrows(IOException.class, spec::open).getMessage().contains("somebody listens there already"));
        first.stop();
        assertFalse(Files.exists(path));
        // A connect to a pipe is refused too.
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        assertTrue(assertThrows(IOException.class, spec::open).getMessage().contains("there is a file of that name"));
        Files.delete(path);
        Files.createSymbolicLink(path, Path.of("nowhere"));
        assertTrue(assertThrows(IOException.class, spec::open).getMessage().contains("there is a file of that name"));
        assertTrue(Files.isSymbolicLink(path));
    }

    @Test
    void shouldLeaveAFileThatSomebodyHasPutInTheSocketsPlace() throws Exception {
        Path path = directory.resolve("socket");
        Backend server = BackendSpec.parse("unix:" + path + ",server").open();
        Files.move(path, directory.resolve("moved"));
        Files.writeString(path, "mine");
        server.stop();
        assertEquals("mine", Files.readString(path));
        Backend another = BackendSpec.parse("unix:" + directory.resolve("other") + ",server").open();
        Files.delete(directory.resolve("other"));
        another.stop();
    }

    @Test
    void shouldSayInOneLineWhyThereIsNoConnection() throws Exception {
        Path file = Files.writeString(directory.resolve("taken"), "a file");
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); Socket bound = new Socket()) {
            String taken = assertThrows(IOException.class,
                    () -> BackendSpec.parse("tcp:127.0.0.1:" + once.getLocalPort() + ",server").open()).getMessage();
            assertTrue(taken.startsWith("tcp:127.0.0.1:" + once.getLocalPort() + ": "), taken);
            // A port that is ours and where nobody listens, as long as this runs.
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (String spec : List.of("tcp:127.0.0.1:" + bound.getLocalPort(), "unix:" + directory.resolve("nobody"),
                    "unix:" + file + ",server", "unix:" + abandonedSocket(), "unix:" + "x".repeat(200),
                    "null,logfile=" + directory.resolve("no/such/folder"), "stdio,echo")) {
                String message = assertThrows(IOException.class, () -> BackendSpec.parse(spec).open()).getMessage();
                assertFalse(message.contains("\n") || message.isBlank(), message);
            }
        }
        assertEquals("a file", Files.readString(file));
    }
}
