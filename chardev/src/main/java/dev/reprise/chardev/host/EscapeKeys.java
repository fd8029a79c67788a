package dev.reprise.chardev.host;

import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.event.LinkEvent;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The operator's keys: Ctrl-A and one more. Everything else is the guest's, Ctrl-C included; where a monitor shares the
 * backend, Ctrl-A c gives the focus from one to the other, and the guest is told of that at its place among the bytes.
 * Reader thread only; a sequence may be cut between two reads.
 */
final class EscapeKeys implements InputFilter {

    /** What the operator can ask for. */
    enum Command { QUIT, HELP }

    /** Indices of {@link LinkEvent#MUX_IN} at the base: the guest's device, and the monitor. */
    static final int GUEST = 0;
    static final int MONITOR = 1;

    static final String HELP_TEXT = String.join(System.lineSeparator(),
            "",
            "Ctrl-A x       end the run; once more: wait for nobody who takes no output",
            "Ctrl-A b       send BREAK to the guest",
            "Ctrl-A c       go to the monitor and back, with --serial mon:...",
            "Ctrl-A h       this help",
            "Ctrl-A Ctrl-A  send Ctrl-A to the guest",
            "");

    private static final byte ESCAPE = 1;
    private static final int MESSAGE_BYTES = 512;
    /** A monitor that does not come to read for so long is sent nothing; what it misses is counted. */
    private static final long SEND_NS = 20_000_000;

    private final Consumer<Command> onCommand;
    private final NoReplayPort monitor;
    private final byte[] toMonitor = new byte[MESSAGE_BYTES];
    private int waiting;
    private volatile long monitorBytes;
    private volatile long monitorLostBytes;
    private boolean escaped;
    private boolean focusOnMonitor;

    EscapeKeys(Consumer<Command> onCommand) {
        this(onCommand, null);
    }

    /** @param monitor shares the backend; null for none */
    EscapeKeys(Consumer<Command> onCommand, NoReplayPort monitor) {
        this.onCommand = onCommand;
        this.monitor = monitor;
    }

    /** Another peer: half a sequence of the one before is none of its own. */
    void reset() {
        escaped = false;
    }

    @Override
    public boolean hasOperator() {
        return true;
    }

    @Override
    public int filter(byte[] typed, int offset, int length, Marks marks) {
        int left = offset;
        for (int i = offset; i < offset + length; i++) {
            byte key = typed[i];
            if (!escaped && key == ESCAPE) {
                escaped = true;
            } else if (!escaped || key == ESCAPE) {
                escaped = false;
                if (focusOnMonitor) {
                    tellMonitor(key);
                } else {
                    typed[left++] = key;
                }
            } else {
                escaped = false;
                obey(key, left, marks);
            }
        }
        flushToMonitor();
        return left - offset;
    }

    private void obey(byte key, int at, Marks marks) {
        switch (key) {
            case 'x', 'X' -> onCommand.accept(Command.QUIT);
            case 'h', 'H', '?' -> onCommand.accept(Command.HELP);
            case 'b', 'B' -> {
                if (!focusOnMonitor) {
                    marks.mark(at, LinkEvent.BREAK);
                }
            }
            case 'c', 'C' -> {
                if (monitor != null) {
                    flushToMonitor();
                    focusOnMonitor = !focusOnMonitor;
                    monitor.sendLink(focusOnMonitor ? LinkEvent.MUX_IN : LinkEvent.MUX_OUT, SEND_NS);
                    marks.mark(at, LinkEvent.of(LinkEvent.MUX_IN, focusOnMonitor ? MONITOR : GUEST));
                }
            }
            default -> {
                // No command of ours: both keys are dropped, so that a slip of the finger types nothing.
            }
        }
    }

    private void tellMonitor(byte key) {
        toMonitor[waiting++] = key;
        if (waiting == toMonitor.length) {
            flushToMonitor();
        }
    }

    private void flushToMonitor() {
        if (waiting > 0) {
            if (monitor.send(Arrays.copyOf(toMonitor, waiting), SEND_NS)) {
                monitorBytes += waiting;
            } else {
                monitorLostBytes += waiting;
            }
            waiting = 0;
        }
    }

    /** Any thread: what was typed at the monitor, and what of it the monitor has not taken. */
    BackendCounters.Input monitorCounters() {
        return new BackendCounters.Input(monitorBytes, 0, monitorLostBytes, 0, 0);
    }
}
