package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that take nothing: the run ends all the same, the operator is obeyed, and what they have not taken is counted. */
@Tag("one-jdk")
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LostOutputTest extends RecordedMachine {

    /** Writes without an end, to a machine that is refused room for its echo at some time. */
    private static Thread flood(OutputStream to) {
        Thread sender = new Thread(() -> {
            byte[] part = noKeys(noise(MEGABYTE, 30));
            try {
                while (true) {
                    to.write(part);
                }
            } catch (IOException closedByTheTest) {
                // It would go on for ever.
            }
        });
        sender.setDaemon(true);
        sender.start();
        return sender;
    }

    private static byte[] noKeys(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == 1 ? 2 : bytes[i];
        }
        return bytes;
    }

    /** Until the writer has been in writes for a second without a byte having been taken: nobody has room any more. */
    private void awaitStandstill() {
        BackendCounters before = backend.counters();
        while (true) {
            LockSupport.parkNanos(10_000_000);
            BackendCounters now = backend.counters();
            if (now.bytesOut() != before.bytesOut() || now.bytesOut() == 0) {
                before = now;
            } else if (now.hostWaitedNs() - before.hostWaitedNs() > 1_000_000_000L) {
                return;
            }
        }
    }

    private void quitAndStop() throws InterruptedException {
        session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
        machine.join();
        assertNull(failure);
        session.close();
        assertFalse(backend.drain(50_000_000), "it takes nothing: " + backend.counters());
        backend.stop();
        counters = backend.counters();
    }

    @Test
    void shouldCountAsLostWhatAPeerThatNeverReadsHasNotTaken() throws Exception {
        record("tcp:127.0.0.1:0,server");
        long putOut;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            flood(socket.getOutputStream());
            awaitStandstill();
            quitAndStop();
            putOut = session.outputRing(UartMachine.DEVICE).putOutBytes();
        }
        assertTrue(counters.lostBytes() > 0, counters.toString());
        assertEquals(putOut, counters.bytesOut() + counters.lostBytes(), counters.toString());
        // How much the host's own buffers hold is the host's affair.
        assertTrue(counters.bytesOut() > 0, counters.toString());
        assertEquals(counters.lostBytes(), backend.counters().lostBytes(), "nothing changes any more");
        replayWithThePeerGone(null);
    }

    @Test
    void shouldCountAsLostWhatAPtyThatNobodyReadsHasNotTaken() throws Exception {
        record("pty");
        try (FileOutputStream typist = new FileOutputStream(ptyPath())) {
            flood(typist);
            awaitStandstill();
            quitAndStop();
        }
        assertTrue(counters.lostBytes() > 0, counters.toString());
        assertEquals(session.outputRing(UartMachine.DEVICE).putOutBytes(), counters.bytesOut() + counters.lostBytes());
        replayWithThePeerGone(null);
    }

    /** A machine behind a pty that nobody has opened is sent so many bytes, echoes them, and ends. */
    private void echoUnread(int length) throws Exception {
        record("pty");
        byte[] typed = withEnd(noise(length, 33));
        for (int done = 0; done < typed.length; ) {
            int count = session.inputPort(UartMachine.DEVICE).publishBytes(typed, done, typed.length - done);
            assertTrue(count >= 0);
            done += count;
        }
        machine.join();
        session.close();
        assertFalse(backend.drain(1_000_000_000), "nobody has read it: " + backend.counters());
    }

    /** JDK 17 would ask a file where it stands to read a number of bytes from it. */
    private static byte[] read(FileInputStream from, int length) throws IOException {
        byte[] bytes = new byte[length];
        return Arrays.copyOf(bytes, from.readNBytes(bytes, 0, length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300, 5_000, 50_000})
    void shouldCountToTheByteWhatNobodyHasReadOfAPtyThatNobodyHasOpened(int length) throws Exception {
        echoUnread(length);
        backend.stop();
        counters = backend.counters();
        assertEquals(0, counters.bytesOut(), counters.toString());
        assertEquals(length, counters.lostBytes(), counters.toString());
        assertNull(counters.failure());
        replayWithThePeerGone(noise(length, 33));
    }

    @Test
    void shouldLoseNothingToAPeerThatOpensAPtyOnlyWhenTheGuestHasEnded() throws Exception {
        echoUnread(20_000);
        try (FileInputStream late = new FileInputStream(ptyPath())) {
            assertArrayEquals(noise(20_000, 33), read(late, 20_000));
            while (!backend.drain(50_000_000)) {
                assertEquals(0, backend.counters().lostBytes());
            }
            backend.stop();
        }
        assertEquals(20_000, backend.counters().bytesOut());
        assertEquals(0, backend.counters().lostBytes());
    }

    @Test
    void shouldCountToTheByteWhatAPeerHasLeftUnread() throws Exception {
        echoUnread(30_000);
        try (FileInputStream peer = new FileInputStream(ptyPath())) {
            assertArrayEquals(Arrays.copyOf(noise(30_000, 33), 1_234), read(peer, 1_234));
            backend.stop();
        }
        assertEquals(1_234, backend.counters().bytesOut());
        assertEquals(30_000 - 1_234, backend.counters().lostBytes());
    }

    @Test
    void shouldCountToTheByteThoughAPeerHasLeftTheTerminalWaitingForALine() throws Exception {
        echoUnread(3_000);
        assertEquals(0, new ProcessBuilder("stty", "sane").redirectInput(Path.of(ptyPath()).toFile()).start().waitFor());
        backend.stop();
        assertEquals(3_000, backend.counters().lostBytes());
    }

    @Test
    void shouldEndAReplayBeforeAPtyThatNobodyReadsAndCountWhatWasForIt() throws Exception {
        record("tcp:127.0.0.1:0,server");
        byte[] sent = noise(MEGABYTE / 2, 34);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            Thread sender = sendWithEnd(socket, sent);
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            sender.join();
            awaitEnd();
        }
        Backend pty = BackendSpec.parse("pty").openForReplay();
        Session replay = Sessions.replay(directory.resolve("r"), config().outputPatience(50_000_000));
        pty.start(replay, UartMachine.DEVICE);
        assertEquals(result, replay.run(new UartMachine(replay, true, false, true)));
        replay.close();
        assertTrue(pty.drain(0), "it was waited for already");
        pty.stop();
        assertEquals(0, pty.counters().bytesOut());
        assertEquals(sent.length, pty.counters().lostBytes());
    }

    @Test
    void shouldCountAsLostWhatNoPeerHasComeFor() throws Exception {
        record("tcp:127.0.0.1:0,server");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
            assertEquals("abc", new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII));
        }
        while (session.stats().events().getOrDefault("CHAR_LINK", 0L) < 2) {
            LockSupport.parkNanos(1_000_000);
        }
        session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
        counters = awaitEnd();
        assertEquals(session.outputRing(UartMachine.DEVICE).putOutBytes(), counters.bytesOut() + counters.lostBytes());
        replayWithThePeerGone("abc".getBytes(StandardCharsets.US_ASCII));
    }

    private String ptyPath() {
        return backend.announcement().substring(backend.announcement().lastIndexOf(' ') + 1);
    }

    /** Behind a pty whose peer never reads, with the operator's keys, as a monitor that shares it brings them. */
    private FileOutputStream recordBehindAnOperatorsPty() throws IOException {
        backend = BackendSpec.parse("pty,echo").open();
        session = Sessions.record(directory.resolve("r"), config());
        backend.share(session.noReplay("monitor", (bytes, port) -> { }));
        backend.start(session, UartMachine.DEVICE);
        UartMachine guest = new UartMachine(session, true, false, true);
        machine = new Thread(() -> result = session.run(guest), "guest");
        machine.start();
        return new FileOutputStream(ptyPath());
    }

    @Test
    void shouldObeyTheKeysOfAPeerThatIsEchoedAndNeverReads() throws Exception {
        try (FileOutputStream typist = recordBehindAnOperatorsPty()) {
            typist.write(noKeys(noise(4 * Aside.CAPACITY, 31)));
            typist.write(new byte[] {1, 'h', 1, 'x'});
            machine.join();
            session.close();
            assertFalse(backend.drain(50_000_000), "it takes nothing");
            backend.stop();
        }
        counters = backend.counters();
        assertEquals(ShutdownCause.HOST_QUIT, result.cause());
        assertTrue(counters.echoLostBytes() > 0, "what cannot be echoed is counted: " + counters);
        assertTrue(counters.hostWaitedNs() > 0, "and so is the wait: " + counters);
        assertEquals(session.outputRing(UartMachine.DEVICE).putOutBytes(), counters.bytesOut() + counters.lostBytes());
        replayWithThePeerGone(null);
    }

    @Test
    void shouldLetAnOperatorEndTheWaitForAPeerThatNeverReads() throws Exception {
        try (FileOutputStream typist = recordBehindAnOperatorsPty()) {
            typist.write(noKeys(noise(4 * Aside.CAPACITY, 32)));
            typist.write(new byte[] {1, 'x'});
            machine.join();
            session.close();
            assertFalse(backend.drain(50_000_000), "it takes nothing");
            typist.write(new byte[] {'n', 'o', 'w', 1, 'x'});
            while (!backend.drain(50_000_000)) {
                assertTrue(backend.counters().bytesOut() < Aside.CAPACITY);
            }
            backend.stop();
        }
        assertTrue(backend.counters().lostBytes() > 0, backend.counters().toString());
    }
}
