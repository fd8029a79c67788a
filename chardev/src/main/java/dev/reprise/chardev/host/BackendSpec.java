package dev.reprise.chardev.host;

import java.io.IOException;
import java.util.List;

/**
 * Which backend, as the command line says it: {@code stdio}, {@code null} or {@code file:PATH}. A value; nothing is
 * opened before {@link #open} or {@link #openForReplay}.
 *
 * @param kind what it is
 * @param argument what stood after the colon, empty if nothing did
 */
public record BackendSpec(Kind kind, String argument) {

    /** The backends that there are. */
    public enum Kind { STDIO, NULL, FILE }

    private static final String SUPPORTED = "supported are stdio, null and file:PATH";
    private static final List<String> PLANNED = List.of("pty", "tcp", "unix", "telnet");

    /**
     * @throws IllegalArgumentException if the text names no supported backend; the message is one line that says
     *     which are
     */
    public static BackendSpec parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String argument = colon < 0 ? "" : text.substring(colon + 1);
        switch (name) {
            case "stdio":
                return withoutArgument(Kind.STDIO, text, colon);
            case "null":
                return withoutArgument(Kind.NULL, text, colon);
            case "file":
                if (argument.isEmpty()) {
                    throw new IllegalArgumentException("serial backend \"file\" wants a path: file:PATH");
                }
                return new BackendSpec(Kind.FILE, argument);
            default:
                String what = PLANNED.contains(name) ? "is not supported by this version" : "is unknown";
                throw new IllegalArgumentException("serial backend \"" + oneLine(text) + "\" " + what + "; "
                        + SUPPORTED);
        }
    }

    private static BackendSpec withoutArgument(Kind kind, String text, int colon) {
        if (colon >= 0) {
            throw new IllegalArgumentException("serial backend \"" + oneLine(text) + "\" takes no argument; "
                    + SUPPORTED);
        }
        return new BackendSpec(kind, "");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * Opens the host's side for a run or a recording: a terminal becomes raw here, a file is made here.
     *
     * @throws IOException if that fails; the message is one line
     */
    public Backend open() throws IOException {
        switch (kind) {
            case STDIO:
                return StdioBackend.open();
            case FILE:
                return new FileBackend(argument);
            default:
                return new NullBackend();
        }
    }

    /**
     * Opens the output alone, for a replay.
     *
     * @throws IOException if that fails; the message is one line
     */
    public Backend openForReplay() throws IOException {
        return kind == Kind.STDIO ? new ReplayOutput() : open();
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(java.util.Locale.ROOT);
        return argument.isEmpty() ? name : name + ":" + argument;
    }
}
