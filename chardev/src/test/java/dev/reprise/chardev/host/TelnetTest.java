package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharControl;
import dev.reprise.engine.character.CharStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A peer that speaks telnet (RFC 854), byte for byte. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TelnetTest {

    private static final String HELLO = "fffb01" + "fffb03" + "fffd03" + "fffb00" + "fffd00";

    @TempDir
    Path directory;

    /** Sends the bytes to a machine that echoes, and gives all that comes back behind the hello. */
    private String exchange(String hex) throws Exception {
        Backend backend = BackendSpec.parse("telnet:127.0.0.1:0,server").open();
        Session session = Sessions.record(directory.resolve("r"), UartMachine.config());
        backend.start(session, UartMachine.DEVICE);
        RunResult[] result = new RunResult[1];
        Thread machine = new Thread(() -> result[0] = session.run(new UartMachine(session, true, false, true)));
        machine.start();
        String text = backend.announcement();
        byte[] answer;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(),
                Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1)))) {
            socket.getOutputStream().write(HexFormat.of().parseHex(hex + "04"));
            machine.join();
            session.close();
            assertTrue(backend.drain(200_000_000_000L));
            backend.stop();
            InputStream from = socket.getInputStream();
            answer = from.readAllBytes();
        }
        try (Session replay = Sessions.replay(directory.resolve("r"), UartMachine.config())) {
            assertEquals(result[0], replay.run(new UartMachine(replay, true, false, true)));
        }
        String got = HexFormat.of().formatHex(answer);
        assertTrue(got.startsWith(HELLO), got);
        return got.substring(HELLO.length());
    }

    @Test
    void shouldTakeCommandsOutAndDoubleWhatLooksLikeOne() throws Exception {
        // DO ECHO, "a", a subnegotiation with a doubled 255 in it, a doubled 255, CR NUL, "b".
        assertEquals("61" + "ffff" + "0d" + "62", exchange("fffd01" + "61" + "fffa18ff" + "ff01fff0" + "ffff" + "0d00" + "62"));
    }

    @Test
    void shouldKeepTheZeroBehindAReturnOfAPeerThatSendsBinary() throws Exception {
        assertEquals("0d00" + "62", exchange("fffb00" + "0d00" + "62"));
    }

    @Test
    void shouldGiveTheGuestThePeersBreakAtItsPlace() throws Exception {
        // The machine echoes a BREAK as the zero that comes with it.
        assertEquals("61" + "00" + "62", exchange("61" + "fff3" + "62"));
    }

    @Test
    void shouldFilterTheSameHoweverTheReadsAreCut() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        for (int run = 0; run < 300; run++) {
            byte[] sent = new byte[1 + random.nextInt(60)];
            for (int i = 0; i < sent.length; i++) {
                sent[i] = HexFormat.of().parseHex("fffffffbfdf3faf00d00616200ff")[random.nextInt(14)];
            }
            assertEquals(filtered(sent, sent.length), filtered(sent, 1 + random.nextInt(5)),
                    () -> HexFormat.of().formatHex(sent));
        }
    }

    private static String filtered(byte[] sent, int cut) throws Exception {
        TelnetConnection telnet = new TelnetConnection(new Peer(1_000));
        ByteArrayOutputStream left = new ByteArrayOutputStream();
        List<Integer> breaks = new ArrayList<>();
        for (int at = 0; at < sent.length; at += cut) {
            byte[] part = java.util.Arrays.copyOfRange(sent, at, Math.min(sent.length, at + cut));
            int before = left.size();
            int count = telnet.filter(part, 0, part.length, (index, event) -> breaks.add(before + index));
            left.write(part, 0, count);
        }
        return HexFormat.of().formatHex(left.toByteArray()) + breaks;
    }

    @Test
    void shouldSendWholeCommandsToAPeerThatTakesBytesOneByOne() throws Exception {
        Peer peer = new Peer(1);
        TelnetConnection telnet = new TelnetConnection(peer);
        byte[] bytes = HexFormat.of().parseHex("61ff62ffff63");
        boolean told = false;
        for (int done = 0; done < bytes.length; ) {
            done += telnet.write(bytes, done, bytes.length - done);
            if (done == 2 && !told) {
                told = telnet.sendBreak();
                assertTrue(told);
            }
        }
        for (int i = 0; i < 40; i++) {
            telnet.offer(bytes, 0, 0);
        }
        String got = HexFormat.of().formatHex(peer.taken.toByteArray());
        assertEquals(HELLO + "61ffff" + "fff3" + "62ffffffff63", got);
    }

    @Test
    void shouldSendTheSecondHalfOfTheLastByteToo() throws Exception {
        Peer peer = new Peer(1);
        TelnetConnection telnet = new TelnetConnection(peer);
        while (!telnet.flush()) {
            assertTrue(peer.taken.size() < HELLO.length() / 2, "the hello goes byte by byte");
        }
        assertEquals(1, telnet.write(new byte[] {(byte) 255}, 0, 1));
        assertEquals(HELLO + "ff", HexFormat.of().formatHex(peer.taken.toByteArray()));
        assertTrue(telnet.flush());
        assertEquals(HELLO + "ffff", HexFormat.of().formatHex(peer.taken.toByteArray()));
    }

    private static CharAnswer control(LinkBackend backend, int request, byte... argument) {
        CharAnswer answer = new CharAnswer();
        backend.control(request, argument, argument.length, new byte[1], answer);
        return answer;
    }

    private static void putOut(Session session, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(bytes.length, session.outputRing(UartMachine.DEVICE).accept(bytes, 0, bytes.length));
        session.outputRing(UartMachine.DEVICE).release();
    }

    private static Socket connect(Backend backend) throws IOException {
        String text = backend.announcement();
        return new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1)));
    }

    private static void requireHeard(String hex, Socket socket) throws IOException {
        assertEquals(HELLO + hex, HexFormat.of().formatHex(
                socket.getInputStream().readNBytes((HELLO.length() + hex.length()) / 2)));
    }

    @Test
    void shouldTellThePeerOfTheGuestsBreakAtItsPlaceAmongTheOutput() throws Exception {
        LinkBackend backend = (LinkBackend) BackendSpec.parse("telnet:127.0.0.1:0,server").open();
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE);
        // All of it before there is anybody: what is kept for the next peer is kept with its BREAKs.
        putOut(session, "ab");
        assertEquals(CharStatus.OK, control(backend, CharControl.SET_BREAK, (byte) 1).status());
        assertEquals(CharStatus.OK, control(backend, CharControl.SET_BREAK, (byte) 0).status());
        assertEquals(CharStatus.OK, control(backend, CharControl.SET_BREAK, (byte) 1).status());
        putOut(session, "c");
        assertEquals(CharStatus.OK, control(backend, CharControl.SET_BREAK, (byte) 1).status());
        putOut(session, "d");
        assertEquals(CharStatus.NOT_SUPPORTED, control(backend, CharControl.GET_MODEM).status());
        try (Socket socket = connect(backend)) {
            requireHeard("6162" + "fff3" + "63" + "fff3" + "64", socket);
            // And with nothing behind it.
            control(backend, CharControl.SET_BREAK, (byte) 1);
            assertEquals("fff3", HexFormat.of().formatHex(socket.getInputStream().readNBytes(2)));
        }
        session.close();
        backend.stop();
    }

    @Test
    void shouldTellNoLaterPeerOfABreakThatNobodyWasThereFor() throws Exception {
        LinkBackend backend = (LinkBackend) BackendSpec.parse("telnet:127.0.0.1:0,server").open();
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE);
        control(backend, CharControl.SET_BREAK, (byte) 1);
        while (backend.breaksHeld() > 0) {
            Thread.onSpinWait();
        }
        try (Socket socket = connect(backend)) {
            putOut(session, "x");
            requireHeard("78", socket);
        }
        session.close();
        backend.stop();
    }

    /** Takes at most so many bytes at a time. */
    private static final class Peer implements Connection {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final int atOnce;

        Peer(int atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public InputStream input() {
            return InputStream.nullInputStream();
        }

        @Override
        public int write(byte[] bytes, int offset, int length) {
            return offer(bytes, offset, length);
        }

        @Override
        public int offer(byte[] bytes, int offset, int length) {
            taken.write(bytes, offset, Math.min(length, atOnce));
            return Math.min(length, atOnce);
        }

        @Override
        public void close() { }
    }
}
