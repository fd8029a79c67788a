package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stdio backend over streams, with a real session and a real UART behind it. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StdioBackendTest {

    private static final long DRAIN_NS = 200_000_000_000L;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final PrintStream messageStream = new PrintStream(messages, true, StandardCharsets.UTF_8);

    private StdioBackend stdio(InputStream input, OutputStream output) {
        return new StdioBackend(input, output, null, messageStream);
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == UartMachine.EOT) {
                bytes[i] = 5;
            }
        }
        return bytes;
    }

    private static RunResult run(Session session, Backend backend) {
        backend.start(session, UartMachine.DEVICE);
        RunResult result = session.run(new UartMachine(session, true, false));
        session.close();
        assertTrue(backend.drain(DRAIN_NS));
        backend.stop();
        return result;
    }

    @Test
    void shouldPassEveryByteInOrderAndThenCloseTheLink() {
        byte[] sent = noise(100_000);
        ByteArrayOutputStream echoed = new ByteArrayOutputStream();
        StdioBackend backend = stdio(new ByteArrayInputStream(sent), echoed);
        RunResult result = run(Sessions.off(UartMachine.config()), backend);
        assertEquals(ShutdownCause.GUEST_SHUTDOWN, result.cause());
        assertArrayEquals(sent, echoed.toByteArray());
        assertEquals(sent.length, backend.counters().bytesIn());
        assertEquals(sent.length, backend.counters().bytesOut());
        assertNull(backend.counters().failure());
    }

    @Test
    void shouldReplayWithoutItsInput() {
        byte[] sent = noise(20_000);
        ByteArrayOutputStream recorded = new ByteArrayOutputStream();
        RunResult first = run(Sessions.record(directory.resolve("log"), UartMachine.config()),
                stdio(new ByteArrayInputStream(sent), recorded));
        ByteArrayOutputStream replayed = new ByteArrayOutputStream();
        RunResult second = run(Sessions.replay(directory.resolve("log"), UartMachine.config()),
                new ReplayOutput(replayed));
        assertArrayEquals(sent, recorded.toByteArray());
        assertArrayEquals(sent, replayed.toByteArray());
        assertEquals(first, second);
    }

    @Test
    void shouldReplayShortWritesToAStalledHost() throws InterruptedException {
        byte[] sent = noise(3_000);
        SessionConfig config = UartMachine.config().outputBytes(16);
        HeldOutput host = new HeldOutput();
        Session session = Sessions.record(directory.resolve("log"), config);
        Thread slow = new Thread(() -> {
            for (long refused = 0; refused < 20; refused++) {
                // Once more when the guest has been refused room once more.
                while (session.stats().events().getOrDefault("CHAR_WRITE", 0L) <= refused) {
                    LockSupport.parkNanos(100_000);
                }
                host.permit(1);
            }
            host.permitAll();
        });
        slow.start();
        RunResult first = run(session, stdio(new ByteArrayInputStream(sent), host));
        slow.join();
        assertArrayEquals(sent, host.taken());
        assertTrue(session.stats().events().getOrDefault("CHAR_WRITE", 0L) > 0, "writes that were not accepted whole: "
                + session.stats().events());
        ByteArrayOutputStream replayed = new ByteArrayOutputStream();
        RunResult second = run(Sessions.replay(directory.resolve("log"), config), new ReplayOutput(replayed));
        assertArrayEquals(sent, replayed.toByteArray());
        assertEquals(first, second);
    }

    @Test
    void shouldRunOnWhenStandardOutputIsClosed() {
        HeldOutput host = new HeldOutput();
        host.goAway();
        StdioBackend backend = stdio(new ByteArrayInputStream(noise(300_000)), host);
        Session session = Sessions.off(UartMachine.config());
        RunResult result = run(session, backend);
        assertEquals(ShutdownCause.GUEST_SHUTDOWN, result.cause());
        assertEquals("Broken pipe", backend.counters().failure());
        assertEquals(300_000, backend.counters().bytesIn());
    }

    @Test
    void shouldHoldInputOnTheHostsSideForAGuestThatDoesNotRead() throws InterruptedException {
        StdioBackend backend = stdio(new ByteArrayInputStream(noise(1 << 20)), OutputStream.nullOutputStream());
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE);
        UartMachine machine = new UartMachine(session, false, true);
        Thread guest = new Thread(() -> session.run(machine));
        guest.start();
        while (backend.counters().heldBytes() < InputReader.HELD_BYTES || backend.counters().creditWaits() < 3) {
            Thread.onSpinWait();
        }
        assertEquals(512, backend.counters().bytesIn(), "the credit");
        session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
        guest.join();
        session.close();
        backend.stop();
        assertEquals(InputReader.HELD_BYTES, backend.counters().heldBytes());
    }

    @Test
    void shouldObeyTheOperatorsKeysOnAGuestThatDoesNotRead() {
        TypedInput terminal = new TypedInput();
        StdioBackend backend = stdio(terminal, OutputStream.nullOutputStream());
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE, backend.operatorKeys(session));
        terminal.type(noise(5_000));
        terminal.type((byte) 1, (byte) 'h', (byte) 1);
        terminal.type((byte) 'x');
        RunResult result = session.run(new UartMachine(session, false, true));
        session.close();
        backend.stop();
        assertEquals(ShutdownCause.HOST_QUIT, result.cause());
        while (!messages.toString(StandardCharsets.UTF_8).contains("Ctrl-A x")) {
            Thread.onSpinWait();
        }
        terminal.end();
    }

    @ParameterizedTest
    @CsvSource({"WAIT,200000", "WAIT,20000000", "REFUSE,200000"})
    void shouldSeeTheOperatorsKeysBehindMoreThanAnybodyTypes(WhenFull whenFull, int unread) {
        byte[] pasted = Arrays.copyOf(noNewCommand(noise(unread)), unread + 2);
        pasted[unread] = 1;
        pasted[unread + 1] = 'x';
        StdioBackend backend = new StdioBackend(new Pasted(pasted), OutputStream.nullOutputStream(), null, messageStream,
                whenFull, null, null);
        Session session = Sessions.record(directory.resolve("log"), UartMachine.config());
        // Its credit is there before the first byte is.
        UartMachine machine = new UartMachine(session, false, true);
        backend.start(session, UartMachine.DEVICE, backend.operatorKeys(session));
        RunResult result = session.run(machine);
        session.close();
        backend.stop();
        assertEquals(ShutdownCause.HOST_QUIT, result.cause());
        long held = whenFull == WhenFull.REFUSE ? InputReader.HELD_BYTES : InputReader.OPERATOR_HELD_BYTES;
        assertEquals(Math.max(0, unread - 512 - held), backend.counters().refusedBytes());
        assertEquals(backend.counters().refusedBytes() > 0, session.stats().events().containsKey("CHAR_LINK"), "it is told");
        assertEquals(result, run(Sessions.replay(directory.resolve("log"), UartMachine.config()), false));
    }

    /** A terminal that much is pasted at, and nothing after it. */
    private static final class Pasted extends ByteArrayInputStream {
        Pasted(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            while (available() == 0) {
                LockSupport.parkNanos(1_000_000_000L);
            }
            return super.read(into, offset, length);
        }
    }

    private static byte[] noNewCommand(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == 1 ? 2 : bytes[i];
        }
        return bytes;
    }

    private static RunResult run(Session session, boolean reads) {
        try (session) {
            return session.run(new UartMachine(session, reads, true));
        }
    }

    @Test
    void shouldHoldABoundedNumberOfBreaksForAGuestThatDoesNotRead() {
        TypedInput terminal = new TypedInput();
        StdioBackend backend = stdio(terminal, OutputStream.nullOutputStream());
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE, backend.operatorKeys(session));
        terminal.type(noNewCommand(noise(1_000)));
        byte[] breaks = new byte[200_000];
        for (int i = 0; i < breaks.length; i += 2) {
            breaks[i] = 1;
            breaks[i + 1] = 'b';
        }
        terminal.type(breaks);
        terminal.type((byte) 1, (byte) 'x');
        assertEquals(ShutdownCause.HOST_QUIT, run(session, false).cause());
        backend.stop();
        while (backend.heldMarks() == 0) {
            Thread.onSpinWait();
        }
        assertEquals(1, backend.heldMarks(), "a line that is held in BREAK is held in it once");
        terminal.end();
    }

    @Test
    void shouldSendABreakAtItsPlaceAmongTheKeys() {
        TypedInput terminal = new TypedInput();
        ByteArrayOutputStream echoed = new ByteArrayOutputStream();
        StdioBackend backend = stdio(terminal, echoed);
        Session session = Sessions.off(UartMachine.config());
        terminal.type((byte) 'a', (byte) 'b', (byte) 1, (byte) 'b', (byte) 'c', (byte) UartMachine.EOT);
        backend.start(session, UartMachine.DEVICE, backend.operatorKeys(session));
        session.run(new UartMachine(session, true, false));
        session.close();
        assertTrue(backend.drain(DRAIN_NS));
        backend.stop();
        assertEquals("ab\0c", echoed.toString(StandardCharsets.ISO_8859_1), "a BREAK comes with a zero");
        terminal.end();
    }

    @Test
    void shouldWakeAnIdleGuestByAKey() {
        TypedInput terminal = new TypedInput();
        ByteArrayOutputStream echoed = new ByteArrayOutputStream();
        StdioBackend backend = stdio(terminal, echoed);
        Session session = Sessions.off(UartMachine.config());
        Thread typist = new Thread(() -> {
            for (String key : new String[] {"a", "b", "\u0003", "\u0001"}) {
                LockSupport.parkNanos(5_000_000);
                terminal.type(key.getBytes(StandardCharsets.ISO_8859_1));
            }
            terminal.type((byte) UartMachine.EOT);
        });
        typist.start();
        assertEquals(ShutdownCause.GUEST_SHUTDOWN, run(session, backend).cause());
        assertEquals("ab\u0003\u0001", echoed.toString(StandardCharsets.ISO_8859_1), "no keys but the guest's");
        terminal.end();
    }

    @Test
    void shouldEndTheThreadsWhenTheHostStallsForEver() {
        HeldOutput stalled = new HeldOutput();
        StdioBackend backend = stdio(new ByteArrayInputStream("x".repeat(100).getBytes(StandardCharsets.US_ASCII)),
                stalled);
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE);
        session.run(new UartMachine(session, true, false));
        session.close();
        assertTrue(!backend.drain(20_000_000), "the host has not taken it");
        backend.stop();
        assertEquals(0, backend.counters().bytesOut());
        assertEquals(100, backend.counters().lostBytes(), "nothing is lost silently");
        stalled.permitAll();
    }

    @Test
    void shouldLetAnOperatorEndTheWaitForAHostThatStalls() {
        TypedInput terminal = new TypedInput();
        HeldOutput stalled = new HeldOutput();
        StdioBackend backend = stdio(terminal, stalled);
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE, backend.operatorKeys(session));
        terminal.type((byte) 'a', (byte) 'b', (byte) UartMachine.EOT);
        session.run(new UartMachine(session, true, false));
        session.close();
        assertFalse(backend.drain(1_000_000), "it stalls");
        terminal.type((byte) 'c', (byte) 1, (byte) 'x');
        while (!backend.drain(1_000_000)) {
            Thread.onSpinWait();
        }
        backend.stop();
        assertEquals(2, backend.counters().lostBytes());
        stalled.permitAll();
        terminal.end();
    }

    @Test
    void shouldSeeTheKeyBehindAHelpThatNobodyReads() {
        TypedInput terminal = new TypedInput();
        HeldOutput unread = new HeldOutput();
        StdioBackend backend = new StdioBackend(terminal, OutputStream.nullOutputStream(), null,
                new PrintStream(unread, true, StandardCharsets.UTF_8));
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE, backend.operatorKeys(session));
        terminal.type((byte) 1, (byte) 'h', (byte) 1, (byte) 'h', (byte) 1, (byte) 'x');
        assertEquals(ShutdownCause.HOST_QUIT, run(session, false).cause());
        backend.stop();
        unread.permitAll();
        terminal.end();
    }

    private StdioBackend echoing(InputStream terminal, OutputStream screen) {
        return new StdioBackend(terminal, OutputStream.nullOutputStream(), null, messageStream, WhenFull.WAIT, null,
                new TerminalEcho(screen));
    }

    @Test
    void shouldShowOnATerminalWhatIsTypedForTheGuestAndNoKeyOfTheOperators() {
        TypedInput terminal = new TypedInput();
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        StdioBackend backend = echoing(terminal, screen);
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE, backend.operatorKeys(session));
        terminal.type("a\001\001\001b\001hb\001?c".getBytes(StandardCharsets.US_ASCII));
        while (screen.size() < "a\001bc".length()) {
            Thread.onSpinWait();
        }
        terminal.type((byte) 1, (byte) 'x');
        assertEquals(ShutdownCause.HOST_QUIT, run(session, false).cause());
        backend.stop();
        assertEquals("a\001bc", screen.toString(StandardCharsets.US_ASCII));
        assertEquals(0, backend.counters().echoLostBytes());
        terminal.end();
    }

    @Test
    void shouldObeyTheKeysOfATerminalThatIsEchoedAndTakesNothing() {
        TypedInput terminal = new TypedInput();
        HeldOutput screen = new HeldOutput();
        StdioBackend backend = echoing(terminal, screen);
        Session session = Sessions.off(UartMachine.config());
        backend.start(session, UartMachine.DEVICE, backend.operatorKeys(session));
        int typed = 2 * Aside.CAPACITY;
        terminal.type(noNewCommand(noise(typed)));
        terminal.type((byte) 1, (byte) 'x');
        assertEquals(ShutdownCause.HOST_QUIT, run(session, false).cause());
        backend.stop();
        assertEquals(typed, backend.counters().echoLostBytes());
        screen.permitAll();
        terminal.end();
    }

    @Test
    void shouldCountInAReplayWhatAClosedStandardOutputHasNotTaken() {
        byte[] sent = noise(300_000);
        RunResult first = run(Sessions.record(directory.resolve("log"), UartMachine.config()),
                stdio(new ByteArrayInputStream(sent), OutputStream.nullOutputStream()));
        HeldOutput closed = new HeldOutput();
        closed.goAway();
        Backend output = new ReplayOutput(closed);
        assertEquals(first, run(Sessions.replay(directory.resolve("log"), UartMachine.config()), output));
        assertEquals("Broken pipe", output.counters().failure());
        assertEquals(0, output.counters().bytesOut());
        assertEquals(sent.length, output.counters().lostBytes());
    }

    @Test
    void shouldEndAReplayBeforeAHostThatNeverReadsAndCountWhatItHasNotTaken() {
        byte[] sent = noise(300_000);
        RunResult first = run(Sessions.record(directory.resolve("log"), UartMachine.config()),
                stdio(new ByteArrayInputStream(sent), OutputStream.nullOutputStream()));
        HeldOutput stalled = new HeldOutput();
        Backend output = new ReplayOutput(stalled);
        Session replay = Sessions.replay(directory.resolve("log"), UartMachine.config().outputPatience(50_000_000));
        output.start(replay, UartMachine.DEVICE);
        assertEquals(first, replay.run(new UartMachine(replay, true, false)));
        replay.close();
        assertTrue(output.drain(0), "it was waited for already");
        output.stop();
        assertEquals(0, output.counters().bytesOut());
        assertEquals(sent.length, output.counters().lostBytes());
        stalled.permitAll();
    }

    @Test
    void shouldCountHowOftenAndHowLongTheDeviceWaitedForRoom() throws InterruptedException {
        byte[] sent = noise(1_000);
        SessionConfig config = UartMachine.config().outputBytes(16);
        HeldOutput host = new HeldOutput();
        StdioBackend backend = stdio(new ByteArrayInputStream(sent), host);
        Session session = Sessions.record(directory.resolve("log"), config);
        Thread slow = new Thread(() -> {
            while (session.stats().events().getOrDefault("CHAR_WRITE", 0L) == 0) {
                LockSupport.parkNanos(100_000);
            }
            host.permitAll();
        });
        slow.start();
        run(session, backend);
        slow.join();
        assertTrue(backend.counters().roomWaits() > 0 && backend.counters().roomWaitedNs() > 0, backend.counters().toString());
        long refusals = session.stats().events().get("CHAR_WRITE");
        assertTrue(backend.counters().roomWaits() <= refusals, "a wait is at least one refusal: " + backend.counters());
        assertTrue(backend.counters().hostWaitedNs() > 0, backend.counters().toString());
    }

    @Test
    void shouldReadNothingInAReplay() {
        byte[] sent = noise(500);
        run(Sessions.record(directory.resolve("log"), UartMachine.config()),
                stdio(new ByteArrayInputStream(sent), OutputStream.nullOutputStream()));
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Session session = Sessions.replay(directory.resolve("log"), UartMachine.config());
        Backend backend = new ReplayOutput(OutputStream.nullOutputStream());
        backend.start(session, UartMachine.DEVICE);
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> !before.contains(t) && t.getName().endsWith("-in")));
        session.run(new UartMachine(session, true, false));
        session.close();
        backend.stop();
    }
}
