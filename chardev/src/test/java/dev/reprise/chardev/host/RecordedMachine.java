package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of real peers share: a machine that echoes, recorded behind a backend, and replayed with the peer gone. */
abstract class RecordedMachine {

    private static final long STALLED_NS = 60_000_000_000L;

    static final int MEGABYTE = 1 << 20;

    @TempDir
    Path directory;

    Backend backend;
    Session session;
    Thread machine;
    RunResult result;
    RuntimeException failure;
    Process peer;
    BackendCounters counters;

    @AfterEach
    void endPeers() throws InterruptedException {
        if (peer != null) {
            peer.destroyForcibly().waitFor();
        }
        if (machine != null && machine.isAlive()) {
            session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
            machine.join();
            // The test has failed: its peer is gone, and with it whoever would take what is left.
            session.close();
            backend.stop();
        }
    }

    // ---- The machine's side.

    static SessionConfig config() {
        return UartMachine.config().digestEvery(2_000_000);
    }

    void record(String spec) throws IOException {
        record(BackendSpec.parse(spec).open());
    }

    void record(Backend opened) {
        backend = opened;
        session = Sessions.record(directory.resolve("r"), config());
        backend.start(session, UartMachine.DEVICE);
        UartMachine guest = new UartMachine(session, true, false, true);
        machine = new Thread(() -> {
            try {
                result = session.run(guest);
            } catch (RuntimeException failed) {
                failure = failed;
            }
        }, "guest");
        machine.start();
    }

    /** The guest ends at the first EOT; everything it has put out is drained. */
    BackendCounters awaitEnd() throws InterruptedException {
        machine.join();
        if (failure != null) {
            throw failure;
        }
        return end();
    }

    BackendCounters end() {
        session.close();
        drain(backend);
        backend.stop();
        // Only now: a guest may end by a byte whose reader has not yet counted it as taken.
        return backend.counters();
    }

    /** A peer that takes nothing for so long will not take it; what is left counts as lost, and the test looks for it. */
    private static void drain(Backend backend) {
        long since = System.nanoTime();
        long taken = -1;
        while (!backend.drain(1_000_000_000L) && System.nanoTime() - since < STALLED_NS) {
            if (backend.counters().bytesOut() != taken) {
                taken = backend.counters().bytesOut();
                since = System.nanoTime();
            }
        }
    }

    void replayWithThePeerGone(byte[] expected) throws IOException {
        Path console = directory.resolve("console");
        Backend file = BackendSpec.parse("file:" + console).openForReplay();
        Session replay = Sessions.replay(directory.resolve("r"), config());
        file.start(replay, UartMachine.DEVICE);
        assertEquals(result, replay.run(new UartMachine(replay, true, false, true)));
        replay.close();
        drain(file);
        file.stop();
        if (expected != null) {
            assertArrayEquals(expected, Files.readAllBytes(console));
        }
    }

    /** Whether there have been some of that kind. */
    boolean events(String kind) {
        return session.stats().events().getOrDefault(kind, 0L) > 0;
    }

    int port() {
        String text = backend.announcement();
        return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
    }

    static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == UartMachine.EOT) {
                bytes[i] = 5;
            }
        }
        return bytes;
    }

    /** A peer that sends all that and the end, on a thread that is given. */
    static Thread sendWithEnd(Socket socket, byte[] bytes) {
        Thread sender = new Thread(() -> {
            try {
                socket.getOutputStream().write(withEnd(bytes));
            } catch (IOException gone) {
                throw new IllegalStateException(gone);
            }
        });
        sender.start();
        return sender;
    }

    static byte[] withEnd(byte[] bytes) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + 1);
        all[bytes.length] = UartMachine.EOT;
        return all;
    }

    static boolean has(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
