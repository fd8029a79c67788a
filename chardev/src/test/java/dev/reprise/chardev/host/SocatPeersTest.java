package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A machine that echoes, behind a {@code socat} that is stopped in the middle of what it sends and goes on later, that
 * closes, that is killed, and that comes again: over TCP, local sockets and a pty. Recorded, and replayed with it gone.
 */
@Tag("one-jdk")
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocatPeersTest extends RecordedMachine {

    private final List<Process> peers = new ArrayList<>();
    private String address;

    @BeforeEach
    void requireSocat() {
        Assumptions.assumeTrue(has("socat"), "socat is not installed");
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process socat : peers) {
            // A stopped process ends too.
            socat.destroyForcibly().waitFor();
        }
    }

    private void recordBehind(String link) throws IOException {
        Path socket = directory.resolve("socket");
        record(switch (link) {
            case "tcp" -> "tcp:127.0.0.1:0,server";
            case "unix" -> "unix:" + socket + ",server";
            default -> link;
        });
        String announced = backend.announcement().substring(backend.announcement().lastIndexOf(' ') + 1);
        address = switch (link) {
            case "tcp" -> "TCP:127.0.0.1:" + announced;
            case "unix" -> "UNIX-CONNECT:" + socket;
            default -> announced + ",raw,echo=0";
        };
    }

    private Process socat(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("socat"));
        command.addAll(List.of(arguments));
        Process socat = new ProcessBuilder(command)
                .redirectError(directory.resolve("socat-" + peers.size()).toFile()).start();
        peers.add(socat);
        return socat;
    }

    private static void signal(Process to, String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start().waitFor());
    }

    private static char stateOf(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    private static Thread started(Runnable body) {
        Thread thread = new Thread(body);
        thread.start();
        return thread;
    }

    private static Thread feed(Process socat, byte[] bytes, boolean close) {
        return started(() -> {
            try {
                socat.getOutputStream().write(bytes);
                socat.getOutputStream().flush();
                if (close) {
                    socat.getOutputStream().close();
                }
            } catch (IOException gone) {
                // What has arrived is compared, whoever was killed in the middle.
            }
        });
    }

    /** What the machine has sent it so far is read all the time, so only the process itself can stall. */
    private static final class Heard extends ByteArrayOutputStream {
        private final Thread thread;

        Heard(Process socat) {
            thread = started(() -> {
                try {
                    socat.getInputStream().transferTo(this);
                } catch (IOException gone) {
                    // As above.
                }
            });
        }

        void await(int bytes) {
            while (size() < bytes && thread.isAlive()) {
                LockSupport.parkNanos(1_000_000);
            }
            assertTrue(size() >= bytes, "heard " + size() + " of " + bytes);
        }
    }

    /** Until nothing has moved for a while; nothing is asserted that would not hold a moment earlier. */
    private void awaitStandstill() {
        long before = -1;
        long now = backend.counters().bytesIn() + backend.counters().bytesOut();
        while (now != before) {
            before = now;
            LockSupport.parkNanos(300_000_000);
            now = backend.counters().bytesIn() + backend.counters().bytesOut();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix", "pty"})
    void shouldLoseNothingToASocatThatStallsAndGoesOn(String link) throws Exception {
        recordBehind(link);
        boolean pty = link.equals("pty");
        // More than what all buffers of the host hold.
        byte[] sent = noise((pty ? 1 : link.equals("tcp") ? 14 : 4) * MEGABYTE, 6);
        // Over a pty one program for each way: a single one that waits to write does not read.
        Process typist = pty ? socat("-u", "-", address) : socat("-t", "300", "-", address);
        Process reader = pty ? socat("-u", address, "-") : typist;
        Heard heard = new Heard(reader);
        heard.await(0);
        // Over a pty the rest is sent once the reader stands still, however long that takes: it cannot all have passed before.
        int first = pty ? 200_000 : sent.length;
        Thread feeder = feed(typist, Arrays.copyOf(sent, first), false);
        while (backend.counters().bytesOut() < 100_000) {
            LockSupport.parkNanos(1_000_000);
        }
        signal(reader, "STOP");
        while (stateOf(reader) != 'T') {
            LockSupport.parkNanos(1_000_000);
        }
        if (pty) {
            feeder.join();
            feeder = feed(typist, Arrays.copyOfRange(sent, first, sent.length), false);
        }
        // One that is stopped sends nothing either, so only behind a pty is it sure that the guest is refused room.
        while (pty && !events("CHAR_WRITE")) {
            LockSupport.parkNanos(1_000_000);
        }
        awaitStandstill();
        long stood = backend.counters().bytesIn();
        assertTrue(stood < sent.length, "it stalls: " + backend.counters());
        signal(reader, "CONT");
        heard.await(sent.length);
        feeder.join();
        assertTrue(backend.counters().bytesIn() > stood);
        feed(typist, new byte[] {UartMachine.EOT}, true).join();
        counters = awaitEnd();
        assertArrayEquals(sent, heard.toByteArray());
        assertEquals(sent.length + 1, counters.bytesIn());
        assertEquals(0, counters.lostBytes());
        replayWithThePeerGone(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix", "pty"})
    void shouldServeASocatThatClosesAndComesAgain(String link) throws Exception {
        recordBehind(link);
        byte[] sent = noise(MEGABYTE, 7);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int visits = 4;
        for (int i = 0; i < visits; i++) {
            byte[] part = Arrays.copyOfRange(sent, i * MEGABYTE / visits, (i + 1) * MEGABYTE / visits);
            boolean pty = link.equals("pty");
            Process typist = pty ? socat("-u", "-", address) : socat("-t", "300", "-", address);
            Process reader = pty ? socat("-u", address, "-") : typist;
            Heard heard = new Heard(reader);
            Thread feeder = feed(typist, part, true);
            heard.await(part.length);
            feeder.join();
            if (i == visits - 1) {
                Process last = pty ? socat("-u", "-", address) : socat("-t", "300", "-", address);
                feed(last, new byte[] {UartMachine.EOT}, true).join();
                counters = awaitEnd();
            }
            reader.destroy();
            reader.waitFor();
            all.write(heard.toByteArray());
        }
        assertArrayEquals(sent, all.toByteArray());
        if (!link.equals("pty")) {
            assertTrue(session.stats().events().get("CHAR_LINK") >= 2 * visits + 1, "they came and went");
        }
        replayWithThePeerGone(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void shouldGoOnAfterASocatThatIsKilledInTheMiddle(String link) throws Exception {
        recordBehind(link);
        byte[] sent = noise(14 * MEGABYTE, 8);
        Process killed = socat("-t", "300", "-", address);
        Heard heard = new Heard(killed);
        Thread feeder = feed(killed, sent, false);
        heard.await(200_000);
        signal(killed, "KILL");
        killed.waitFor();
        feeder.join();
        assertArrayEquals(Arrays.copyOf(sent, 200_000), Arrays.copyOf(heard.toByteArray(), 200_000));

        byte[] words = "and then another\n".getBytes(StandardCharsets.US_ASCII);
        Process next = socat("-t", "300", "-", address);
        Heard again = new Heard(next);
        feed(next, withEnd(words), true).join();
        counters = awaitEnd();
        next.waitFor();
        String end = again.toString(StandardCharsets.US_ASCII);
        assertTrue(end.endsWith(new String(words, StandardCharsets.US_ASCII)), "heard " + end.length() + ": " + counters);
        replayWithThePeerGone(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void shouldServeTheOneWhoStaysAfterManyThatWereKilledWhileTheGuestStalled(String link) throws Exception {
        recordBehind(link);
        Process killed = socat("-t", "300", "-", address);
        Heard heard = new Heard(killed);
        Thread feeder = feed(killed, noise(14 * MEGABYTE, 9), false);
        heard.await(200_000);
        signal(killed, "STOP");
        awaitStandstill();
        for (int i = 0; i < 5; i++) {
            signal(killed, "KILL");
            killed.waitFor();
            killed = socat("-t", "300", "-", address);
            new Heard(killed);
            feed(killed, "visit".getBytes(StandardCharsets.US_ASCII), false);
            LockSupport.parkNanos(20_000_000);
        }
        feed(killed, new byte[] {UartMachine.EOT}, true).join();
        feeder.join();
        counters = awaitEnd();
        replayWithThePeerGone(null);
    }
}
