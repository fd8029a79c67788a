package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a backend echoes to a peer, before a guest that never reads and so puts nothing out. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkEchoTest {

    private static final String HELLO = "fffb01" + "fffb03" + "fffd03" + "fffb00" + "fffd00";

    private final Session session = Sessions.off(UartMachine.config());
    private Backend backend;
    private Thread machine;

    private Socket connect(String spec, boolean monitored) throws Exception {
        backend = BackendSpec.parse(spec).open();
        if (monitored) {
            // It answers nothing.
            backend.share(session.noReplay("monitor", (bytes, port) -> { }));
        }
        UartMachine guest = new UartMachine(session, false, false);
        backend.start(session, UartMachine.DEVICE);
        machine = new Thread(() -> session.run(guest), "guest");
        machine.start();
        String text = backend.announcement();
        return new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1)));
    }

    @AfterEach
    void end() throws InterruptedException {
        session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
        machine.join();
        session.close();
        backend.stop();
    }

    @Test
    void shouldEchoWhatIsTheGuestsAndNothingOfAPeersProtocol() throws Exception {
        try (Socket socket = connect("telnet:127.0.0.1:0,server,echo", false)) {
            // DO ECHO, "a", a subnegotiation, a doubled 255, CR NUL, a BREAK, "b".
            socket.getOutputStream().write(HexFormat.of().parseHex("fffd01" + "61" + "fffa18ffff01fff0" + "ffff" + "0d00"
                    + "fff3" + "62"));
            String echoed = HELLO + "61" + "ffff" + "0d" + "62";
            byte[] got = socket.getInputStream().readNBytes(echoed.length() / 2);
            assertEquals(echoed, HexFormat.of().formatHex(got));
        }
    }

    @Test
    void shouldEchoNeitherTheOperatorsKeysNorWhatIsTypedAtAMonitor() throws Exception {
        try (Socket socket = connect("tcp:127.0.0.1:0,server,echo", true)) {
            socket.getOutputStream().write("a\001\001\001b\001?b\001cinfo step\r\001cc\001bd".getBytes(StandardCharsets.US_ASCII));
            String help = EscapeKeys.HELP_TEXT.replace("\n", "\r\n");
            byte[] got = socket.getInputStream().readNBytes("a\001bcd".length() + help.length());
            // Help comes when its key is met, and the text around it when a read is over.
            assertEquals("a\001bcd", new String(got, StandardCharsets.US_ASCII).replace(help, ""));
        }
    }
}
