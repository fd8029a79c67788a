package dev.reprise.machine.monitor;

import java.nio.charset.StandardCharsets;

/** Makes lines of what is typed, and shows it: printable ASCII, backspace, Ctrl-U. Everything else is ignored. */
final class LineEditor {

    /** Characters of a line; what goes beyond is not taken. */
    static final int MAX_CHARS = 256;

    private static final int BACKSPACE = 8;
    private static final int DELETE = 127;
    private static final int KILL_LINE = 21;
    private static final int INTERRUPT = 3;

    private final StringBuilder line = new StringBuilder();
    private final StringBuilder shown = new StringBuilder();
    private boolean afterReturn;

    /**
     * @param key 0 to 255
     * @return the line that the key has ended, or null
     */
    String type(int key) {
        boolean secondHalf = afterReturn && key == '\n';
        afterReturn = key == '\r';
        if (secondHalf) {
            return null;
        }
        if (key == '\r' || key == '\n') {
            String whole = line.toString();
            line.setLength(0);
            shown.append("\r\n");
            return whole;
        }
        if (key == BACKSPACE || key == DELETE) {
            if (line.length() > 0) {
                line.setLength(line.length() - 1);
                shown.append("\b \b");
            }
        } else if (key == KILL_LINE || key == INTERRUPT) {
            shown.append("\b \b".repeat(line.length()));
            line.setLength(0);
        } else if (key >= ' ' && key < DELETE && line.length() < MAX_CHARS) {
            line.append((char) key);
            shown.append((char) key);
        }
        return null;
    }

    /** What the typist is to see of what was typed since the last call. */
    byte[] shown() {
        byte[] bytes = shown.toString().getBytes(StandardCharsets.US_ASCII);
        shown.setLength(0);
        return bytes;
    }

    /** Another typist: half a line of the one before is none of its own. */
    void forget() {
        line.setLength(0);
        shown.setLength(0);
        afterReturn = false;
    }
}
