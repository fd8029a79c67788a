package dev.reprise.machine.monitor;

import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.machine.board.MachineGuest;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Serves a port that no log knows: commands by the line, each answered at once. Guest thread only. Whatever is asked, the
 * guest and the log stay as they are; {@code quit} is no question but the operator's end of the run, as Ctrl-A x is.
 *
 * <p>Answers go as far as the port has room for; what a peer that does not read misses is counted and said.
 */
public final class Monitor implements NoReplayPort.Handler {

    /** The port's name. */
    public static final String NAME = "monitor";

    static final String PROMPT = "(reprise) ";

    private final Session session;
    private final Questions questions;
    private final LineEditor editor = new LineEditor();
    private long unheard;

    /** @param backends what {@code info chardev} says of the host's side, one line each */
    public Monitor(Session session, MachineGuest guest, Supplier<String> backends) {
        this.session = session;
        questions = new Questions(session, guest, backends);
    }

    @Override
    public void onBytes(byte[] bytes, NoReplayPort port) {
        for (byte b : bytes) {
            String line = editor.type(b & 0xff);
            if (line != null) {
                say(port, editor.shown());
                obey(line.strip(), port);
            }
        }
        say(port, editor.shown());
    }

    @Override
    public void onLink(int change, NoReplayPort port) {
        if (change == LinkEvent.OPENED || change == LinkEvent.MUX_IN) {
            editor.forget();
            say(port, "Reprise monitor, \"help\" helps\r\n" + PROMPT);
        } else if (change == LinkEvent.MUX_OUT) {
            say(port, "\r\n");
        }
    }

    private void obey(String line, NoReplayPort port) {
        if (line.equals("quit") || line.equals("q")) {
            say(port, "the run ends\r\n");
            // From a thread of its own: the guest thread must not wait for room in the ring that only it empties.
            Thread quitter = new Thread(() -> session.publishShutdown(ShutdownCause.HOST_QUIT, 0), "monitor-quit");
            quitter.setDaemon(true);
            quitter.start();
            return;
        }
        say(port, answer(line) + PROMPT);
    }

    /** A defect here must not end a recording. */
    private String answer(String line) {
        try {
            return questions.answer(line);
        } catch (RuntimeException bug) {
            return "the monitor has failed: " + bug + "\r\n";
        }
    }

    private void say(NoReplayPort port, String text) {
        say(port, text.getBytes(StandardCharsets.US_ASCII));
    }

    private void say(NoReplayPort port, byte[] text) {
        if (text.length == 0) {
            return;
        }
        if (unheard > 0) {
            byte[] gap = ("\r\n[" + unheard + " bytes were not taken]\r\n").getBytes(StandardCharsets.US_ASCII);
            if (port.answer(gap) == gap.length) {
                unheard = 0;
            }
        }
        unheard += text.length - Math.max(0, port.answer(text));
    }
}
