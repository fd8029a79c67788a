package dev.reprise.chardev.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The terminal at standard input, raw from {@link #enter} to the end, however that comes.
 *
 * <p>A small shell process, the keeper, saves the settings with {@code stty}, makes the terminal raw, and then waits
 * for the end of a pipe whose other side is this process. The pipe ends with {@link #close}, with the shutdown hook
 * that a normal end and a signal run, and also where no code of ours runs any more: a second signal, a crash, SIGKILL.
 * The keeper ignores the terminal's signals itself.
 *
 * <p>Why not JLine's jni provider, which sets the same modes by a call: it can restore them only while this process is
 * alive to do so; and from JDK 24 on loading its library prints a warning on standard error unless a flag of the JVM
 * allows it. Both tools are POSIX and cost a few milliseconds, on a terminal only.
 *
 * <p>Output processing stays on (as in QEMU), so that messages on standard error keep their line ends.
 */
final class RawTerminal implements AutoCloseable {

    private static final long KEEPER_MS = 2_000;

    /** Prints the path of the terminal at standard input; fails if there is none. */
    private static final String FIND = "test -t 0 || exit 1; tty || echo /dev/tty";

    /**
     * $1: the terminal. Says "raw" when it is, restores the settings when its standard input ends. A terminal that takes nothing
     * would hold that up: where stty knows how (GNU), it does not wait for what is still to be shown.
     */
    private static final String KEEP = "trap '' INT QUIT TERM HUP TSTP TTIN TTOU PIPE;"
            + " saved=$(stty -g <\"$1\") || exit 1;"
            + " stty raw -echo -iexten opost <\"$1\" || exit 1;"
            + " echo raw; read -r end;"
            + " stty -drain \"$saved\" <\"$1\" 2>/dev/null || stty \"$saved\" <\"$1\"";

    private final String path;
    private final Process keeper;
    private final Thread hook;

    private RawTerminal(String path, Process keeper) {
        this.path = path;
        this.keeper = keeper;
        hook = new Thread(this::restore, "chardev-terminal-restore");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Makes the terminal at standard input raw; it shows nothing of what is typed any more.
     *
     * @return null if standard input is not a terminal
     * @throws IOException if it is one and cannot be made raw; the message is one line
     */
    static RawTerminal enter() throws IOException {
        String path = find();
        if (path == null) {
            return null;
        }
        Process keeper = new ProcessBuilder("sh", "-c", KEEP, "reprise-terminal", path)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!"raw".equals(firstLine(keeper))) {
            keeper.destroy();
            throw new IOException("cannot make the terminal " + path + " raw: stty failed");
        }
        return new RawTerminal(path, keeper);
    }

    /** Of the terminal's device, which can be written to whatever standard output is. */
    String path() {
        return path;
    }

    private static String find() throws IOException {
        if (!mayBeTerminal()) {
            return null;
        }
        Process finder = new ProcessBuilder("sh", "-c", FIND)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return firstLine(finder);
    }

    /** A cheap no where the host can tell: a pipe, a file or a socket needs no process to be asked. */
    private static boolean mayBeTerminal() {
        Path input = Path.of("/proc/self/fd/0");
        try {
            String target = Files.readSymbolicLink(input).toString();
            return target.startsWith("/dev/") && !target.equals("/dev/null");
        } catch (IOException | UnsupportedOperationException unknown) {
            return true;
        }
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return answer.readLine();
    }

    /** Gives the terminal its settings back and waits until it has them; idempotent. */
    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs or has run: the settings are back either way.
        }
    }

    private void restore() {
        try {
            keeper.getOutputStream().close();
            keeper.waitFor(KEEPER_MS, TimeUnit.MILLISECONDS);
        } catch (IOException gone) {
            // The keeper ended before: it restores the settings whenever it ends by itself.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
