package dev.reprise.chardev;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.DeviceRefusedException;
import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.character.CharControl;
import dev.reprise.engine.character.CharFrontEnd;
import dev.reprise.engine.character.CharStatus;
import dev.reprise.engine.character.WritePolicy;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of calls and outcomes in this module's package documentation, one test for each of its rows: what the guest is
 * told in record, what stands in the log, that replay tells the guest the same, and what the back end of now is given.
 */
class CharOutcomeTableTest {

    private static final String TEXT = "0123456789";

    @TempDir
    Path directory;

    /** What the guest does at its third step; the text is what it was told. */
    private interface Call {
        String of(CharFrontEnd front, Session session);
    }

    /** Does the call, writes down what it is told, then ends. */
    private static final class Caller implements Guest {
        private final Session session;
        private final Call call;
        private final StringBuilder told = new StringBuilder();
        private long steps;
        private boolean awaits;

        Caller(Session session, Call call, boolean awaits) {
            this.session = session;
            this.call = call;
            this.awaits = awaits;
            session.grant(1, 100);
        }

        @Override
        public Status runUntil(long limit) {
            while (steps < limit) {
                if (awaits && steps == 3) {
                    return Status.IDLE;
                }
                if (steps == 2) {
                    told.append(call.of(CharFrontEnd.of(session, 1), session));
                }
                if (steps++ == 5) {
                    session.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 0);
                    return Status.STOPPED;
                }
            }
            return Status.RAN;
        }

        @Override
        public long position() {
            return steps;
        }

        @Override
        public void apply(Event input) {
            awaits = false;
            told.append(input.kind()).append('@').append(steps).append(' ').append(LinkEvent.change(input.a())).append('/')
                    .append(LinkEvent.argument(input.a())).append(' ')
                    .append(new String(input.payload(), 0, input.length(), StandardCharsets.US_ASCII));
        }

        @Override
        public void digest(StateSink sink) {
            sink.putLong(steps);
            sink.putLong(told.toString().hashCode());
        }

        @Override
        public void reset(ResetCause cause) { }
    }

    private static SessionConfig config() {
        return SessionConfig.of("caller").device("line", "character").outputBytes(16).digestEvery(0);
    }

    /**
     * One row of the table.
     *
     * @param backEnd what answers in record; null for none
     * @param host what the host does before the run, or null
     * @param told what the guest must be told, both times
     * @param events the log's events of character devices, by kind
     * @param passedOn what the back end of the replay is given
     */
    private void row(CharBackEnd backEnd, java.util.function.BiConsumer<OutputRing, InputPort> host, Call call, String told,
            String events, String passedOn) {
        RunResult result;
        try (Session session = Sessions.record(directory.resolve("r"), config())) {
            OutputRing ring = session.outputRing(1);
            InputPort port = session.inputPort(1);
            if (backEnd != null) {
                session.attach(1, backEnd);
            }
            Caller guest = new Caller(session, call, call == AWAIT);
            if (host != null) {
                host.accept(ring, port);
            }
            result = session.run(guest);
            assertEquals(told, guest.told.toString(), "told in record");
            TreeMap<String, Long> character = new TreeMap<>(session.stats().events());
            character.keySet().removeIf(kind -> !kind.startsWith("CHAR_"));
            assertEquals(events, character.toString(), "in the log");
        }
        for (boolean attached : new boolean[] {false, true}) {
            try (Session session = Sessions.replay(directory.resolve("r"), config())) {
                ByteArrayOutputStream given = new ByteArrayOutputStream();
                Thread taker = attached ? take(session.outputRing(1), given) : null;
                if (attached) {
                    session.attach(1, new Failing());
                }
                Caller guest = new Caller(session, call, call == AWAIT);
                assertEquals(result, session.run(guest));
                assertEquals(told, guest.told.toString(), "told in replay");
                if (attached) {
                    taker.join();
                    assertEquals(passedOn, given.toString(StandardCharsets.US_ASCII), "passed on");
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /** In replay nobody may ask it. */
    private static final class Failing implements CharBackEnd {
        @Override
        public int offer(int length) {
            throw new AssertionError("asked in replay");
        }

        @Override
        public void readAll(byte[] into, int offset, int length, CharAnswer answer) {
            throw new AssertionError("asked in replay");
        }

        @Override
        public void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
            throw new AssertionError("asked in replay");
        }
    }

    private static Thread take(OutputRing ring, ByteArrayOutputStream into) {
        Thread taker = new Thread(() -> {
            byte[] bytes = new byte[64];
            for (int n = ring.take(bytes, 0, 64, 10_000_000); n >= 0; n = ring.take(bytes, 0, 64, 10_000_000)) {
                into.write(bytes, 0, n);
            }
        });
        taker.start();
        return taker;
    }

    private static final Call AWAIT = (front, session) -> "";

    private static CharBackEnd offering(int answer) {
        return new CharBackEnd() {
            @Override
            public int offer(int length) {
                return answer;
            }
        };
    }

    private static Call write(int length) {
        return (front, session) -> Integer.toString(
                front.write(TEXT.repeat(3).getBytes(StandardCharsets.US_ASCII), 0, length));
    }

    // ---- write

    @Test
    void shouldLogNothingForAWriteThatIsAcceptedWhole() {
        row(null, null, write(10), "10", "{}", TEXT);
    }

    @Test
    void shouldLogTheCountOfAShortWrite() {
        row(offering(4), null, write(10), "4", "{CHAR_WRITE=1}", "0123");
    }

    @Test
    void shouldLogTheCountOfAWriteThatFillsTheRing() {
        row(null, null, (front, session) -> write(26).of(front, session) + " " + write(3).of(front, session), "16 -11",
                "{CHAR_LINK=1, CHAR_WRITE=2}".replace("CHAR_LINK=1, ", ""), "0123456789012345");
    }

    @Test
    void shouldLogAWriteOfWhichNothingWasAccepted() {
        row(offering(0), null, write(10), "0", "{CHAR_WRITE=1}", "");
    }

    @Test
    void shouldLogAWriteThatWouldBlock() {
        row(offering(CharStatus.WOULD_BLOCK), null, write(10), "-11", "{CHAR_WRITE=1}", "");
    }

    @Test
    void shouldLogEachErrorOfAWriteByItsCode() throws IOException {
        for (int code : new int[] {-1, -4, -5, -19, -22, -28, -32, -95, -104, -110, -4095}) {
            row(offering(code), null, write(10), Integer.toString(code), "{CHAR_WRITE=1}", "");
            row2();
        }
    }

    @Test
    void shouldLogTheReasonOfABackEndThatIsGone() {
        row(null, (ring, port) -> ring.close(CharStatus.CONNECTION_RESET), write(10), "-104", "{CHAR_WRITE=1}", "");
    }

    /** Makes room for a further row of the same test. */
    private void row2() throws IOException {
        try (java.util.stream.Stream<Path> all = Files.walk(directory.resolve("r"))) {
            for (Path path : (Iterable<Path>) all.sorted(java.util.Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }

    // ---- writeAll

    private static Call writeAll(int tries) {
        return (front, session) -> {
            CharAnswer answer = new CharAnswer();
            front.writeAll(TEXT.getBytes(StandardCharsets.US_ASCII), 0, 10, new WritePolicy(tries, 0), answer);
            return answer.toString();
        };
    }

    private static CharBackEnd offeringInTurn(int... answers) {
        return new CharBackEnd() {
            private int next;

            @Override
            public int offer(int length) {
                return answers[next++];
            }
        };
    }

    @Test
    void shouldLogEachTryOfAWriteAllThatIsNotAcceptedWhole() {
        row(offeringInTurn(3, CharStatus.WOULD_BLOCK, 0, 7), null, writeAll(9), "count=10 status=0", "{CHAR_WRITE=3}", TEXT);
    }

    @Test
    void shouldKeepTheBytesBeforeAnErrorOfAWriteAll() {
        row(offeringInTurn(3, CharStatus.IO_ERROR), null, writeAll(9), "count=3 status=-5", "{CHAR_WRITE=2}", "012");
    }

    // ---- readAll

    private static CharBackEnd giving(int count, int status) {
        return new CharBackEnd() {
            @Override
            public void readAll(byte[] into, int offset, int length, CharAnswer answer) {
                System.arraycopy(TEXT.getBytes(StandardCharsets.US_ASCII), 0, into, offset, count);
                answer.set(count, status);
            }
        };
    }

    private static final Call READ = (front, session) -> {
        CharAnswer answer = new CharAnswer();
        byte[] into = new byte[12];
        Arrays.fill(into, (byte) '.');
        front.readAll(into, 1, 10, answer);
        return answer + " " + new String(into, StandardCharsets.US_ASCII);
    };

    @Test
    void shouldLogTheBytesOfAReadThatIsWhole() {
        row(giving(10, CharStatus.OK), null, READ, "count=10 status=0 .0123456789.", "{CHAR_READ_ALL=1}", "");
    }

    @Test
    void shouldLogTheBytesBeforeAnErrorOfARead() {
        row(giving(4, CharStatus.IO_ERROR), null, READ, "count=4 status=-5 .0123.......", "{CHAR_READ_ALL=1}", "");
    }

    @Test
    void shouldLogTheBytesBeforeTheEndOfFile() {
        row(giving(4, CharStatus.END_OF_FILE), null, READ, "count=4 status=-4096 .0123.......", "{CHAR_READ_ALL=1}", "");
    }

    @Test
    void shouldLogTheEndOfFileAsAnOutcomeOfItsOwn() {
        row(giving(0, CharStatus.END_OF_FILE), null, READ, "count=0 status=-4096 ............", "{CHAR_READ_ALL=1}", "");
    }

    @Test
    void shouldLogAReadThatWouldBlock() {
        row(giving(0, CharStatus.WOULD_BLOCK), null, READ, "count=0 status=-11 ............", "{CHAR_READ_ALL=1}", "");
    }

    @Test
    void shouldLogThatNobodyCanBeRead() {
        row(null, null, READ, "count=0 status=-95 ............", "{CHAR_READ_ALL=1}", "");
    }

    // ---- control, descriptors

    private static final Call CONTROL = (front, session) -> {
        CharAnswer answer = new CharAnswer();
        byte[] into = new byte[4];
        front.control(CharControl.GET_MODEM, new byte[] {7, 8}, 2, into, answer);
        return answer + " " + into[0];
    };

    private static CharBackEnd controlled(int count, int status) {
        return new CharBackEnd() {
            @Override
            public void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
                assertEquals(CharControl.GET_MODEM, request);
                assertEquals(2, argumentLength);
                into[0] = (byte) (argument[0] + argument[1]);
                answer.set(count, status);
            }
        };
    }

    @Test
    void shouldLogTheAnswerToARequest() {
        row(controlled(1, CharStatus.OK), null, CONTROL, "count=1 status=0 15", "{CHAR_CONTROL=1}", "");
    }

    @Test
    void shouldLogTheErrorOfARequest() {
        row(controlled(0, CharStatus.INVALID), null, CONTROL, "count=0 status=-22 0", "{CHAR_CONTROL=1}", "");
    }

    @Test
    void shouldLogThatARequestIsNotSupported() {
        row(null, null, CONTROL, "count=0 status=-95 0", "{CHAR_CONTROL=1}", "");
    }

    @Test
    void shouldRefuseMessageDescriptorsInRecordAndInReplay() {
        row(null, null, (front, session) -> Integer.toString(front.descriptors(3)), "-95", "{CHAR_DESCRIPTORS=1}", "");
    }

    // ---- From the back end.

    @Test
    void shouldLogBytesThatArrive() {
        row(null, (ring, port) -> port.publishBytes("hello".getBytes(StandardCharsets.US_ASCII), 0, 5), AWAIT,
                "CHAR_INPUT@0 0/0 hello", "{CHAR_INPUT=1}", "");
    }

    private void link(int change, int argument) {
        row(null, (ring, port) -> port.publishLink(LinkEvent.of(change, argument)), AWAIT,
                "CHAR_LINK@0 " + change + "/" + argument + " ", "{CHAR_LINK=1}", "");
    }

    @Test
    void shouldLogALinkThatIsOpened() {
        link(LinkEvent.OPENED, 0);
    }

    @Test
    void shouldLogALinkThatIsClosed() {
        link(LinkEvent.CLOSED, 0);
    }

    @Test
    void shouldLogABreak() {
        link(LinkEvent.BREAK, 0);
    }

    @Test
    void shouldLogAFrontEndThatIsGivenTheFocus() {
        link(LinkEvent.MUX_IN, 2);
    }

    @Test
    void shouldLogAFrontEndThatLosesTheFocus() {
        link(LinkEvent.MUX_OUT, 1);
    }

    @Test
    void shouldLogThatThereIsRoomAgain() {
        link(LinkEvent.WRITABLE, 0);
    }

    @Test
    void shouldLogInputThatWasRefused() {
        link(LinkEvent.REFUSED, LinkEvent.MAX_ARGUMENT);
    }

    @Test
    void shouldLogNothingForCreditAndIgnoreLiveInputInReplay() {
        row(null, null, (front, session) -> {
            front.canReceive(50);
            byte[] typed = TEXT.getBytes(StandardCharsets.US_ASCII);
            return session.mode() == dev.reprise.engine.Mode.REPLAY
                    ? Integer.toString(session.inputPort(1).publishBytes(typed, 0, 10)) : "10";
        }, "10", "{}", "");
    }

    @Test
    void shouldRefuseToRemoveADeviceInRecordAndInReplay() {
        row(null, null, (front, session) -> assertThrows(DeviceRefusedException.class, () -> session.remove(1)).getMessage()
                .replaceAll("being recorded|replayed", "*"), "device line cannot be removed: this run is *, and a"
                + " recording is of all its devices from its start to its end", "{}", "");
    }

    // ---- The table.

    @Test
    void shouldHaveARowForEachTestAndATestForEachRow() throws IOException {
        String page = Files.readString(Path.of("src/main/java/dev/reprise/chardev/package-info.java"));
        List<String> named = new ArrayList<>();
        Matcher row = Pattern.compile("<td>\\{@code (should[A-Za-z]+)\\}</td></tr>").matcher(page);
        while (row.find()) {
            named.add(row.group(1));
        }
        Set<String> tests = new TreeSet<>();
        for (Method method : CharOutcomeTableTest.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class) && !method.getName().equals("shouldHaveARowForEachTestAndATestForEachRow")) {
                tests.add(method.getName());
            }
        }
        assertEquals(tests, new TreeSet<>(named));
        assertEquals(named.size(), new TreeSet<>(named).size(), "one row each");
        assertTrue(named.size() > 25);
        assertFalse(EventKind.CHAR_WRITE.hasPayload(), "the bytes of a write are not in its event");
        assertArrayEquals(new int[] {-11, -32}, new int[] {Session.WOULD_BLOCK, Session.OUTPUT_CLOSED});
    }
}
