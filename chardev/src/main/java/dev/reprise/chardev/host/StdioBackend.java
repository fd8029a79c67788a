package dev.reprise.chardev.host;

import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.event.LinkEvent;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard input and output. Standard output carries the guest's bytes and nothing else.
 *
 * <p>On a terminal: raw mode, Ctrl-C is the guest's, and {@link EscapeKeys} are the operator's. Not on a terminal:
 * every byte is the guest's, and the end of the input is a <em>closed</em> event after which the guest runs on.
 *
 * <p>The streams are those of the descriptors, not {@code System.in} and {@code System.out}: nothing buffers between,
 * nothing encodes, and an error of the host is seen.
 */
public final class StdioBackend implements Backend {

    private static final long HELP_MS = 1_000;

    private final InputStream input;
    private final InputReader reader;
    private final OutputWriter writer;
    /** Of the port that shares this backend. */
    private final OutputWriter sharedWriter;
    private NoReplayPort shared;
    private EscapeKeys keys;
    private volatile boolean draining;
    /** The operator has asked for the end while the end was waited for. */
    private volatile boolean hurried;
    private volatile boolean stopped;
    private volatile Thread helper;
    /** Null for none. */
    private final TrafficLog log;
    private final RawTerminal terminal;
    private final PrintStream messages;
    /** Null for none. */
    private final TerminalEcho echo;

    /**
     * @param terminal null if standard input is not a terminal
     * @param messages where help goes
     */
    StdioBackend(InputStream input, OutputStream output, RawTerminal terminal, PrintStream messages) {
        this(input, output, terminal, messages, WhenFull.WAIT, null, null);
    }

    /**
     * @param log null for none
     * @param echo null for none
     */
    StdioBackend(InputStream input, OutputStream output, RawTerminal terminal, PrintStream messages, WhenFull whenFull,
            TrafficLog log, TerminalEcho echo) {
        this.echo = echo;
        this.log = log;
        this.input = input;
        reader = new InputReader("chardev-stdio-in", whenFull, log);
        writer = new OutputWriter("chardev-stdio-out", output, false, log);
        sharedWriter = new OutputWriter("chardev-stdio-monitor", output, false, null);
        this.terminal = terminal;
        this.messages = messages;
    }

    /**
     * Takes standard input and output; makes a terminal raw.
     *
     * @throws IOException if standard input is a terminal whose settings cannot be changed; the message is one line
     */
    public static StdioBackend open() throws IOException {
        return open(false, WhenFull.WAIT, null);
    }

    /** @param echo whether a terminal shows what is typed for the guest */
    static StdioBackend open(boolean echo, WhenFull whenFull, TrafficLog log) throws IOException {
        RawTerminal terminal = RawTerminal.enter();
        if (echo && terminal == null) {
            throw new IOException("there is nobody to echo to: standard input is not a terminal");
        }
        try {
            return new StdioBackend(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), terminal,
                    System.err, whenFull, log,
                    echo ? new TerminalEcho(new FileOutputStream(terminal.path())) : null);
        } catch (IOException refused) {
            terminal.close();
            throw new IOException("cannot echo to the terminal: " + refused.getMessage(), refused);
        }
    }

    /** Whether standard input is a terminal. */
    public boolean isTerminal() {
        return terminal != null;
    }

    @Override
    public void share(NoReplayPort port) {
        shared = port;
    }

    @Override
    public void start(Session session, int device) {
        start(session, device, terminal == null && shared == null ? null : operatorKeys(session));
    }

    void start(Session session, int device, EscapeKeys operatorKeys) {
        keys = operatorKeys;
        if (shared != null) {
            sharedWriter.start(Attachment.of(session, shared));
        }
        start(Attachment.of(session, device), keys);
    }

    @Override
    public void start(Session session, NoReplayPort port) {
        start(Attachment.of(session, port), terminal == null ? null : operatorKeys(session));
    }

    private void start(Attachment guest, EscapeKeys operatorKeys) {
        writer.start(guest);
        if (echo != null) {
            echo.start();
        }
        reader.start(guest, to -> {
            if (reader.pump(to, input, operatorKeys, echo == null ? InputReader.Echo.NONE : echo, () -> { })) {
                to.publishLink(LinkEvent.CLOSED);
            }
        });
    }

    EscapeKeys operatorKeys(Session session) {
        return new EscapeKeys(command -> {
            if (command == EscapeKeys.Command.HELP) {
                help();
            } else if (draining) {
                hurried = true;
            } else {
                session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
            }
        }, shared);
    }

    /** On a thread of its own: whoever has standard error may not read it, and the next key may be the one that ends the run. */
    private void help() {
        if (helper == null || !helper.isAlive()) {
            helper = new Thread(() -> {
                messages.print(EscapeKeys.HELP_TEXT);
                messages.flush();
            }, "chardev-stdio-help");
            helper.setDaemon(true);
            helper.start();
        }
    }

    private void awaitHelp() {
        Thread last = helper;
        try {
            if (last != null) {
                last.join(HELP_MS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** After the end: how many link events were still held behind bytes. */
    int heldMarks() {
        return reader.heldMarks();
    }

    @Override
    public boolean isLive() {
        return isTerminal();
    }

    @Override
    public boolean hasOperator() {
        return isTerminal();
    }

    @Override
    public boolean drain(long timeoutNs) {
        draining = true;
        long until = System.nanoTime() + timeoutNs;
        boolean drained = writer.drain(timeoutNs) && sharedWriter.drain(Math.max(0, until - System.nanoTime()));
        return drained || hurried;
    }

    @Override
    public void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        reader.stop();
        writer.stop();
        sharedWriter.stop();
        awaitHelp();
        if (echo != null) {
            echo.stop();
        }
        if (terminal != null) {
            terminal.close();
        }
    }

    @Override
    public BackendCounters counters() {
        return BackendCounters.of(reader.counters(), writer.counters(), TrafficLog.countersOf(log),
                echo == null ? 0 : echo.lostBytes(), writer.failure());
    }

    @Override
    public BackendCounters sharedCounters() {
        return shared == null ? null : BackendCounters.of(
                keys == null ? BackendCounters.Input.NONE : keys.monitorCounters(), sharedWriter.counters(),
                BackendCounters.Log.NONE, 0, sharedWriter.failure());
    }
}
