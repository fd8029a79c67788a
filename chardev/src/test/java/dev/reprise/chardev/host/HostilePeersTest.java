package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that mean harm, at a machine that runs and is recorded: it serves the next one, and replays. */
@Tag("one-jdk")
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePeersTest extends RecordedMachine {

    private static final int FLOOD = 8 * MEGABYTE;

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Repeats it up to some length. */
    private static byte[] repeated(String part, int length) {
        byte[] one = ascii(part);
        byte[] all = new byte[length - length % one.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = one[i % one.length];
        }
        return all;
    }

    /** A peer that behaves is served, whoever came before: it is echoed, and ends the guest. */
    private void requireServed(String greeting) throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(withEnd(ascii("still there?")));
            counters = awaitEnd();
            String heard = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(heard.startsWith(greeting) && heard.endsWith("still there?"), heard.length() + " bytes, " + counters);
        }
        assertEquals(0, counters.heldBytes());
    }

    private static final String HELLO = "\377\373\001\377\373\003\377\375\003\377\373\000\377\375\000";

    @ParameterizedTest
    @ValueSource(strings = {"\377\361", "\377\375\001", "\377\373\037", "\377\374\030", "\377\372\037\000P\000\030\377\360",
        "\377\372\377\377\377\360"})
    void shouldTakeFloodsOfCommandsOutAndServeOn(String command) throws Exception {
        record("telnet:127.0.0.1:0,server");
        try (Socket socket = connect()) {
            socket.getOutputStream().write(repeated(command, FLOOD));
            socket.getOutputStream().write(ascii("a"));
            assertArrayEquals(ascii(HELLO + "a"), socket.getInputStream().readNBytes(16), "nothing of it is the guest's");
        }
        requireServed(HELLO);
        assertEquals("a".length() + "still there?\004".length(), counters.bytesIn());
        replayWithThePeerGone(ascii("astill there?"));
    }

    @Test
    void shouldForgetASubnegotiationThatNeverEndsWithThePeerThatBeganIt() throws Exception {
        record("telnet:127.0.0.1:0,server");
        try (Socket socket = connect()) {
            socket.getOutputStream().write(ascii("\377\372\030"));
            socket.getOutputStream().write(repeated("never ends\377\377", FLOOD));
        }
        try (Socket half = connect()) {
            // And one that goes in the middle of a command.
            half.getOutputStream().write(0xff);
        }
        requireServed(HELLO);
        replayWithThePeerGone(ascii("still there?"));
    }

    @Test
    void shouldTellTheGuestOfEachBreakOfAFloodAndNoMoreThanItCanTake() throws Exception {
        record("telnet:127.0.0.1:0,server");
        try (Socket socket = connect()) {
            socket.getOutputStream().write(repeated("\377\363", FLOOD));
            socket.getOutputStream().write(ascii("a"));
            int last = 0;
            for (InputStream from = socket.getInputStream(); last != 'a'; ) {
                last = from.read();
                assertTrue(last >= 0);
            }
        }
        requireServed(HELLO);
        // A line that is held in BREAK is held in it once for each time that it was read.
        assertTrue(session.stats().events().get("CHAR_LINK") > 4, session.stats().toString());
        replayWithThePeerGone(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "telnet"})
    void shouldServeTheOneWhoStaysAfterAStormOfComingsAndGoings(String kind) throws Exception {
        record(kind + ":127.0.0.1:0,server");
        SplittableRandom random = new SplittableRandom(21);
        for (int i = 0; i < 500; i++) {
            try (Socket socket = connect()) {
                switch (random.nextInt(4)) {
                    case 0 -> socket.setSoLinger(true, 0);
                    case 1 -> socket.shutdownOutput();
                    case 2 -> socket.getOutputStream().write(noise(1 + random.nextInt(3000), i));
                    default -> { }
                }
            } catch (IOException resetBeforeItsTurn) {
                // A peer may be turned away; the machine may not.
            }
        }
        requireServed(kind.equals("telnet") ? HELLO : "");
        replayWithThePeerGone(null);
    }

    @Test
    void shouldNotWaitForThoseWhoConnectAndSayNothing() throws Exception {
        record("tcp:127.0.0.1:0,server");
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            silent.add(connect());
        }
        // One peer at a time: the next has its turn when the first is gone.
        for (Socket socket : silent) {
            socket.close();
        }
        requireServed("");
        replayWithThePeerGone(ascii("still there?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "refuse"})
    void shouldHoldNoMoreForAPeerThatNeverReadsThanItsBounds(String whenFull) throws Exception {
        record("tcp:127.0.0.1:0,server,full=" + whenFull);
        boolean refuses = whenFull.equals("refuse");
        Thread sender;
        try (Socket socket = connect()) {
            sender = new Thread(() -> {
                try {
                    while (true) {
                        socket.getOutputStream().write(repeated("a line without an end ", MEGABYTE));
                    }
                } catch (IOException closedByTheTest) {
                    // It would go on for ever.
                }
            });
            sender.start();
            // The guest is refused room for its echo, takes no more input, and the host's bound is reached.
            while (!events("CHAR_WRITE") || backend.counters().heldBytes() < InputReader.HELD_BYTES
                    || refuses && backend.counters().refusedBytes() == 0) {
                assertTrue(backend.counters().heldBytes() <= InputReader.HELD_BYTES);
                LockSupport.parkNanos(1_000_000);
            }
            socket.setSoLinger(true, 0);
        }
        sender.join();
        requireServed("");
        assertEquals(refuses, counters.refusedBytes() > 0, counters.toString());
        replayWithThePeerGone(null);
    }

    @Test
    void shouldPassEveryByteThereIsThroughAPeersProtocolAndBack() throws Exception {
        record("telnet:127.0.0.1:0,server");
        byte[] sent = noise(MEGABYTE, 22);
        ByteArrayOutputStream doubled = new ByteArrayOutputStream();
        doubled.writeBytes(new byte[] {(byte) 255, (byte) 251, 0});
        for (byte b : sent) {
            doubled.write(b);
            if (b == -1) {
                doubled.write(b);
            }
        }
        byte[] coming = doubled.toByteArray();
        byte[] echoed;
        try (Socket socket = connect()) {
            Thread sender = new Thread(() -> {
                try {
                    socket.getOutputStream().write(coming);
                } catch (IOException gone) {
                    throw new IllegalStateException(gone);
                }
            });
            sender.start();
            echoed = socket.getInputStream().readNBytes(HELLO.length() + coming.length - 3);
            sender.join();
        }
        assertArrayEquals(Arrays.copyOfRange(coming, 3, coming.length),
                Arrays.copyOfRange(echoed, HELLO.length(), echoed.length));
        requireServed(HELLO);
        replayWithThePeerGone(null);
        byte[] console = Files.readAllBytes(directory.resolve("console"));
        assertArrayEquals(sent, Arrays.copyOf(console, sent.length));
    }
}
