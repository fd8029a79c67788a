package dev.reprise.chardev.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which backend, as the command line says it: a kind, its argument, and options behind commas. A comma that is part of a
 * path is doubled. A value; nothing is opened before {@link #open} or {@link #openForReplay}.
 *
 * @param kind what it is
 * @param argument what stood after the colon, empty if nothing did
 * @param server whether it waits for its peers, and does not connect to one
 * @param options what holds for every kind
 */
public record BackendSpec(Kind kind, String argument, boolean server, Options options) {

    /** The backends that there are. */
    public enum Kind {
        STDIO, NULL, FILE, PTY, TCP, UNIX, TELNET;

        /** Whether somebody may send input through it. */
        public boolean hasInput() {
            return this != NULL && this != FILE;
        }

        boolean hasPeers() {
            return this == TCP || this == UNIX || this == TELNET;
        }
    }

    /**
     * @param echo whether what comes from the host is shown to it again
     * @param whenFull what happens when nobody has room
     * @param logFile where what passes is kept, or null
     * @param noReplay whether it is to stay out of every recording, which then cannot be made of a guest that sees it
     */
    public record Options(boolean echo, WhenFull whenFull, String logFile, boolean noReplay) {
        static final Options NONE = new Options(false, WhenFull.WAIT, null, false);
    }

    private static final String SUPPORTED = "supported are stdio, null, file:PATH, pty, tcp:HOST:PORT[,server],"
            + " unix:PATH[,server] and telnet:HOST:PORT[,server], each with ,logfile=PATH ,noreplay, and where input comes from with"
            + " ,full=wait|refuse ,echo";
    private static final int MAX_PORT = 65_535;
    private static final int MAX_LINKS = 40;

    public BackendSpec(Kind kind, String argument) {
        this(kind, argument, false, Options.NONE);
    }

    /**
     * @throws IllegalArgumentException if the text names no supported backend; the message is one line that says
     *     which are
     */
    public static BackendSpec parse(String text) {
        List<String> parts = split(text);
        String first = parts.get(0);
        int colon = first.indexOf(':');
        Kind kind = kind(colon < 0 ? first : first.substring(0, colon), text);
        String argument = colon < 0 ? "" : first.substring(colon + 1);
        checkArgument(kind, argument, colon >= 0, text);
        boolean server = false;
        boolean echo = false;
        boolean noReplay = false;
        WhenFull whenFull = WhenFull.WAIT;
        String logFile = null;
        Set<String> given = new HashSet<>();
        for (String option : parts.subList(1, parts.size())) {
            if (!given.add(option.replaceFirst("=.*", ""))) {
                throw refused(text, "has the option \"" + oneLine(option.replaceFirst("=.*", "")) + "\" twice");
            }
            if (option.equals("server") && kind.hasPeers()) {
                server = true;
            } else if (option.equals("echo") && kind.hasInput()) {
                echo = true;
            } else if (option.equals("noreplay")) {
                noReplay = true;
            } else if (option.startsWith("logfile=") && option.length() > "logfile=".length()) {
                logFile = option.substring("logfile=".length());
            } else if (option.equals("full=wait") && kind.hasInput()) {
                whenFull = WhenFull.WAIT;
            } else if (option.equals("full=refuse") && kind.hasInput()) {
                whenFull = WhenFull.REFUSE;
            } else {
                throw refused(text, "has no option \"" + oneLine(option) + "\"");
            }
        }
        return new BackendSpec(kind, argument, server, new Options(echo, whenFull, logFile, noReplay));
    }

    /** At single commas; a doubled one is a comma of the part. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != ',') {
                part.append(text.charAt(i));
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                part.append(',');
                i++;
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static Kind kind(String name, String text) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return kind;
            }
        }
        throw refused(text, "is unknown");
    }

    private static void checkArgument(Kind kind, String argument, boolean colon, String text) {
        switch (kind) {
            case STDIO, NULL, PTY -> {
                if (colon) {
                    throw refused(text, "takes no argument");
                }
            }
            case FILE, UNIX -> {
                if (argument.isEmpty()) {
                    throw refused(text, "wants a path: " + kind.name().toLowerCase(Locale.ROOT) + ":PATH");
                }
            }
            default -> {
                int port = argument.lastIndexOf(':');
                if (port < 0 || !isPort(argument.substring(port + 1))) {
                    throw refused(text, "wants a host and a port of 0 to " + MAX_PORT + ": "
                            + kind.name().toLowerCase(Locale.ROOT) + ":HOST:PORT");
                }
            }
        }
    }

    private static boolean isPort(String text) {
        return !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(text) <= MAX_PORT;
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException("serial backend \"" + oneLine(text) + "\" " + why + "; " + SUPPORTED);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * Opens the host's side for a run or a recording: a terminal becomes raw here, a file is made here, a server listens
     * from here on, a client has its peer.
     *
     * @throws IOException if that fails; the message is one line
     */
    public Backend open() throws IOException {
        return open(options.echo, TrafficLog.open(options.logFile));
    }

    private Backend open(boolean echo, TrafficLog log) throws IOException {
        try {
            return switch (kind) {
                case STDIO -> StdioBackend.open(echo, options.whenFull, log);
                case FILE -> new FileBackend(argument, log);
                case NULL -> new NullBackend(log);
                case PTY -> linked(PtyLink.open(), echo, log);
                case TCP -> linked(SocketLink.tcp("tcp", argument, server), echo, log);
                case UNIX -> linked(SocketLink.unix(argument, server), echo, log);
                case TELNET -> linked(new TelnetLink(SocketLink.tcp("telnet", argument, server)), echo, log);
            };
        } catch (IOException refused) {
            if (log != null) {
                log.close();
            }
            throw refused;
        }
    }

    /**
     * Refuses backends that would write the same file: what the one has written would be lost under the other.
     *
     * @throws IOException if there are such; the message is one line and names the file
     */
    public static void requireFilesOfTheirOwn(List<BackendSpec> together) throws IOException {
        Set<Path> written = new HashSet<>();
        for (BackendSpec spec : together) {
            for (String file : spec.files()) {
                Path path = pathOf(file);
                // Of what is no regular file, as /dev/null, nothing is lost.
                boolean other = path == null || Files.exists(path) && !Files.isRegularFile(path) && !spec.listensAt(file);
                if (!other && !written.add(path)) {
                    throw new IOException("two outputs would be written to one file: " + oneLine(file));
                }
            }
        }
    }

    /** The files that are made anew when it is opened; a replay leaves the one for the input alone. */
    public List<String> files() {
        List<String> files = new ArrayList<>();
        if (kind == Kind.FILE || listensAt(argument)) {
            files.add(argument);
        }
        if (options.logFile != null) {
            files.add(options.logFile);
            files.add(options.logFile + TrafficLog.INPUT_SUFFIX);
        }
        return files;
    }

    private boolean listensAt(String file) {
        return kind == Kind.UNIX && server && argument.equals(file);
    }

    /** The same for each of a file's names; null for a name that no file can have, which is refused when it is opened. */
    public static Path pathOf(String file) {
        try {
            Path path = Path.of(file).toAbsolutePath().normalize();
            for (int links = 0; Files.isSymbolicLink(path) && !Files.exists(path) && links < MAX_LINKS; links++) {
                // What it points to is made when it is opened.
                path = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
            }
            return Files.exists(path) ? path.toRealPath() : path.getParent() != null && Files.exists(path.getParent())
                    ? path.getParent().toRealPath().resolve(path.getFileName()) : path;
        } catch (IOException | InvalidPathException refused) {
            return null;
        }
    }

    private Backend linked(HostLink link, boolean echo, TrafficLog log) {
        return new LinkBackend(link, echo, kind == Kind.TELNET, options.whenFull, log);
    }

    /**
     * Opens the backend for a replay: what would be input is not looked at, or read and dropped.
     *
     * @throws IOException if that fails; the message is one line
     */
    public Backend openForReplay() throws IOException {
        return openForReplay(false);
    }

    /**
     * As {@link #openForReplay()}. Nothing that comes from here goes to the guest, so nothing of it is echoed, and of the
     * log files the one for the input is left as it stands.
     *
     * @param shared whether a monitor's input stands among that of the device, so that it must be read
     */
    public Backend openForReplay(boolean shared) throws IOException {
        TrafficLog log = TrafficLog.openOutput(options.logFile);
        return kind == Kind.STDIO && !shared ? new ReplayOutput(log) : open(false, log);
    }

    /** As it can be parsed again. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.name().toLowerCase(Locale.ROOT));
        if (!argument.isEmpty()) {
            text.append(':').append(argument.replace(",", ",,"));
        }
        text.append(server ? ",server" : "").append(options.echo ? ",echo" : "").append(options.noReplay ? ",noreplay" : "");
        if (options.whenFull != WhenFull.WAIT) {
            text.append(",full=").append(options.whenFull.text());
        }
        return options.logFile == null ? text.toString()
                : text.append(",logfile=").append(options.logFile.replace(",", ",,")).toString();
    }
}
