package dev.reprise.chardev.host;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process of its own for tests on a real terminal: the UART machine on the stdio backend, until Ctrl-A x.
 * Arguments: a file that it makes when the terminal is raw, with its process id; the backend; anything for the terminal's
 * settings at the end.
 */
public final class PtyProbe {

    private PtyProbe() {}

    public static void main(String[] arguments) throws IOException {
        Session session = Sessions.off(UartMachine.config());
        Backend backend = BackendSpec.parse(arguments[1]).open();
        backend.start(session, UartMachine.DEVICE);
        Path made = Path.of(arguments[0] + ".made");
        Files.writeString(made, Long.toString(ProcessHandle.current().pid()));
        Files.move(made, Path.of(arguments[0]));
        session.run(new UartMachine(session, true, false));
        session.close();
        while (!backend.drain(5_000_000_000L)) {
            Thread.onSpinWait();
        }
        backend.stop();
        System.err.print("live=" + backend.isLive() + ";");
        if (arguments.length > 2) {
            Process stty = new ProcessBuilder("stty", "-g").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
            System.err.print("settings=" + new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }
}
