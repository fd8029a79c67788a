package dev.reprise.chardev.host;

import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The operator's keys on a terminal: Ctrl-A and one more. Everything else is the guest's, Ctrl-C included. Reader
 * thread only; a sequence may be cut between two reads.
 */
final class EscapeKeys implements InputFilter {

    /** What the operator can ask for. */
    enum Command { QUIT, HELP }

    static final String HELP_TEXT = String.join(System.lineSeparator(),
            "",
            "Ctrl-A x       end the run",
            "Ctrl-A b       send BREAK to the guest",
            "Ctrl-A h       this help",
            "Ctrl-A Ctrl-A  send Ctrl-A to the guest",
            "");

    private static final byte ESCAPE = 1;

    private final Consumer<Command> onCommand;
    private boolean escaped;

    EscapeKeys(Consumer<Command> onCommand) {
        this.onCommand = onCommand;
    }

    @Override
    public int filter(byte[] typed, int offset, int length, IntConsumer breakAt) {
        int left = offset;
        for (int i = offset; i < offset + length; i++) {
            byte key = typed[i];
            if (!escaped) {
                if (key == ESCAPE) {
                    escaped = true;
                } else {
                    typed[left++] = key;
                }
                continue;
            }
            escaped = false;
            switch (key) {
                case ESCAPE:
                    typed[left++] = ESCAPE;
                    break;
                case 'x':
                case 'X':
                    onCommand.accept(Command.QUIT);
                    break;
                case 'b':
                case 'B':
                    breakAt.accept(left);
                    break;
                case 'h':
                case 'H':
                case '?':
                    onCommand.accept(Command.HELP);
                    break;
                default:
                    // No command of ours: both keys are dropped, so that a slip of the finger types nothing.
                    break;
            }
        }
        return left - offset;
    }
}
