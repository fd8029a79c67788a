package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process on a real terminal: one that {@code script} opens, with a shell on it that looks at its settings before,
 * during and after.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TerminalTest {

    private static final byte ESCAPE = 1;

    @TempDir
    Path directory;

    private Process terminal;
    private OutputStream keyboard;

    private void start() throws IOException {
        start("stdio");
    }

    private void start(String backend) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        // SIGKILL leaves nobody to wait for: the settings come back a moment later, so the shell looks more than once.
        String shell = "stty -g >before; " + java + " -Xshare:auto -XX:TieredStopAtLevel=1 -cp \"$PROBE_PATH\" "
                + PtyProbe.class.getName() + " ready " + backend + "; echo $? >status; "
                + "for i in $(seq 600); do stty -g >after; cmp -s before after && break; sleep 0.2; done; echo $i >looks";
        ProcessBuilder builder = new ProcessBuilder("script", "-q", "-e", "-c", shell, "/dev/null")
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("screen").toFile())
                .redirectErrorStream(true);
        builder.environment().put("PROBE_PATH", classPath);
        builder.environment().put("SHELL", "/bin/sh");
        terminal = builder.start();
        keyboard = terminal.getOutputStream();
        while (!Files.exists(directory.resolve("ready"))) {
            assertTrue(terminal.isAlive(), () -> "the probe ended: " + screen());
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Reads the terminal's settings, whatever it shows or does not show. */
    private String settings(String terminalPath) throws Exception {
        Process stty = new ProcessBuilder("stty", "-g").redirectInput(Path.of(terminalPath).toFile()).start();
        String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        stty.waitFor();
        return text;
    }

    private void type(byte... keys) throws IOException {
        keyboard.write(keys);
        keyboard.flush();
    }

    private ProcessHandle probe() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(directory.resolve("ready")))).orElseThrow();
    }

    private String screen() {
        try {
            return Files.readString(directory.resolve("screen"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return gone.toString();
        }
    }

    private String text(String name) throws IOException {
        return Files.readString(directory.resolve(name)).strip();
    }

    private void awaitEnd() throws InterruptedException, IOException {
        terminal.waitFor();
        assertEquals(text("before"), text("after"), "the terminal's settings: " + screen());
    }

    private void awaitScreen(String wanted) {
        while (!screen().contains(wanted)) {
            assertTrue(terminal.isAlive(), () -> "ended with " + screen());
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void shouldPassCtrlCToTheGuestAndGiveTheTerminalBackAfterCtrlAX() throws Exception {
        start();
        type((byte) 'k', (byte) 3, (byte) 'k', ESCAPE, ESCAPE, (byte) '\r', (byte) 26, (byte) '!');
        awaitScreen("k\003k\001\r\032!");
        assertFalse(screen().contains("Ctrl-A x"));
        type(ESCAPE, (byte) 'h');
        awaitScreen("Ctrl-A x");
        type(ESCAPE, (byte) 'x');
        awaitEnd();
        assertEquals("0", text("status"));
        assertEquals("1", text("looks"), "the settings are back before the process ends");
        assertTrue(screen().contains("live=true"), screen());
    }

    @Test
    void shouldShowWhatIsTypedForTheGuestAndNoKeyOfTheOperators() throws Exception {
        start("stdio,echo");
        type((byte) 'q', ESCAPE, (byte) 'h');
        awaitScreen("Ctrl-A x");
        while (screen().chars().filter(c -> c == 'q').count() < 2) {
            LockSupport.parkNanos(1_000_000);
        }
        type(ESCAPE, (byte) 'x');
        awaitEnd();
        assertEquals("0", text("status"));
        String all = screen();
        assertEquals(2, all.chars().filter(c -> c == 'q').count(), "the guest's echo and ours: " + all);
        assertFalse(all.contains("\001") || all.contains("^A"), all);
    }

    @Test
    void shouldGiveTheTerminalBackAfterASignal() throws Exception {
        start();
        assertTrue(probe().destroy());
        awaitEnd();
        assertEquals("143", text("status"));
        assertEquals("1", text("looks"));
    }

    @Test
    void shouldGiveTheTerminalBackAfterSigkill() throws Exception {
        start();
        assertTrue(probe().destroyForcibly());
        awaitEnd();
        assertEquals("137", text("status"));
    }

    @Test
    @Tag("one-jdk")
    void shouldGiveTheTerminalBackThoughItTakesNothing() throws Exception {
        PtyLink stalled = PtyLink.open();
        Connection side = stalled.next();
        assertEquals(0, new ProcessBuilder("stty", "sane").redirectInput(Path.of(stalled.path()).toFile()).start().waitFor());
        String before = settings(stalled.path());
        Process probe = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("surefire.test.class.path",
                System.getProperty("java.class.path")), PtyProbe.class.getName(), "ready", "stdio", "settings")
                .directory(directory.toFile()).redirectInput(Path.of(stalled.path()).toFile())
                .redirectOutput(Path.of(stalled.path()).toFile()).redirectError(directory.resolve("said").toFile()).start();
        try {
            while (!Files.exists(directory.resolve("ready"))) {
                assertTrue(probe.isAlive());
                LockSupport.parkNanos(1_000_000);
            }
            // Echoed, and more than a terminal and the ring in front of it hold.
            for (int typed = 0; typed < 200_000; ) {
                typed += side.write(new byte[1_000], 0, 1_000);
            }
            while (side.input().available() < 4_000) {
                LockSupport.parkNanos(1_000_000);
            }
            // The second time ends the wait for what it does not take.
            side.write(new byte[] {ESCAPE, 'x', ESCAPE, 'x'}, 0, 4);
            while (!probe.waitFor(100, TimeUnit.MILLISECONDS)) {
                side.write(new byte[] {ESCAPE, 'x'}, 0, 2);
            }
            assertEquals("live=true;settings=" + before, Files.readString(directory.resolve("said")).replaceFirst("(?s).*live", "live"),
                    "while the process still writes to it, and nobody has read anything");
            assertEquals(0, probe.exitValue());
        } finally {
            probe.destroyForcibly().waitFor();
            side.close();
        }
    }
}
