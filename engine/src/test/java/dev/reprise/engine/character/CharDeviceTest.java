package dev.reprise.engine.character;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.ClockKind;
import dev.reprise.engine.DeviceRefusedException;
import dev.reprise.engine.Host;
import dev.reprise.engine.IncompatibleRecordingException;
import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.RecordingRefusedException;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.StepGuest;
import dev.reprise.engine.replay.DivergenceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording is of, who may take part in it, and where a replay that differs is stopped. */
class CharDeviceTest {

    @TempDir
    Path temp;

    private static SessionConfig config() {
        return SessionConfig.of("devices").device("console", "character").device("modem", "character").digestEvery(1000);
    }

    private static StepGuest.Step until(long end, StepGuest.Step step) {
        return (guest, position) -> {
            step.at(guest, position);
            if (position == end) {
                guest.end(0);
            }
        };
    }

    private static RunResult run(Session session, StepGuest.Step step) {
        try (session) {
            return session.run(new StepGuest(session, step));
        }
    }

    // ---- Blockers, and the set of devices.

    @Test
    void shouldRefuseToRecordWithAllTheReasonsOnce() {
        Path directory = temp.resolve("r");
        SessionConfig blocked = config().blockRecording("the console is not in the log").blockRecording("a card is passed on")
                .blockRecording("a card is passed on");
        RecordingRefusedException refused = assertThrows(RecordingRefusedException.class,
                () -> Sessions.record(directory, blocked));
        assertEquals("this run cannot be recorded: the console is not in the log; a card is passed on", refused.getMessage());
        assertEquals(2, refused.reasons().size());
        assertEquals(2, refused.exitStatus());
        assertFalse(Files.exists(directory), "nothing has been made");
        run(Sessions.off(blocked), until(10, (guest, position) -> { }));
    }

    @Test
    void shouldRefuseAReplayWithOtherDevicesListingBothSets() {
        Path directory = temp.resolve("r");
        run(Sessions.record(directory, config()), until(10, (guest, position) -> { }));
        SessionConfig none = SessionConfig.of("devices").digestEvery(1000);
        requireRefusal("none", none, directory);
        // In another order they have other numbers in the log.
        requireRefusal("modem (character, revision 1), console (character, revision 1)",
                SessionConfig.of("devices").device("modem", "character").device("console", "character").digestEvery(1000), directory);
        requireRefusal("console (character, revision 1)", SessionConfig.of("devices").device("console", "character")
                .digestEvery(1000), directory);
        requireRefusal("console (character, revision 1), modem (uart, revision 3)", SessionConfig.of("devices")
                .device("console", "character").device("modem", "uart", 3).digestEvery(1000), directory);
    }

    private static void requireRefusal(String here, SessionConfig other, Path directory) {
        assertEquals("devices differ: recorded console (character, revision 1), modem (character, revision 1); here " + here,
                assertThrows(IncompatibleRecordingException.class, () -> Sessions.replay(directory, other)).getMessage());
    }

    @Test
    void shouldRefuseByNameToRemoveADeviceOfARecording() {
        Path directory = temp.resolve("r");
        StepGuest.Step removes = until(100, (guest, position) -> {
            if (position == 50) {
                DeviceRefusedException refused = assertThrows(DeviceRefusedException.class,
                        () -> guest.session().remove(2));
                assertTrue(refused.getMessage().startsWith("device modem cannot be removed: this run is "), refused.getMessage());
            }
            guest.learn(guest.session().output(2, (byte) position));
        });
        RunResult recorded = run(Sessions.record(directory, config()), removes);
        assertEquals(recorded, run(Sessions.replay(directory, config()), removes));
    }

    @Test
    void shouldAnswerForARemovedDeviceWithRecordingOff() {
        CharAnswer answer = new CharAnswer();
        byte[] into = new byte[4];
        run(Sessions.off(config()), until(100, (guest, position) -> {
            CharFrontEnd front = CharFrontEnd.of(guest.session(), 2);
            if (position == 50) {
                assertEquals(1, front.write((byte) 1));
                guest.session().remove(2);
            } else if (position == 51) {
                assertEquals(CharStatus.NO_DEVICE, front.write((byte) 1));
                front.readAll(into, 0, 4, answer);
                assertEquals(CharStatus.NO_DEVICE, answer.status());
                front.control(CharControl.GET_MODEM, into, 0, into, answer);
                assertEquals(CharStatus.NO_DEVICE, answer.status());
            }
        }));
    }

    // ---- Ports that no log knows.

    @Test
    void shouldServeANoreplayPortInEveryModeAndKeepItOutOfTheLog() throws Exception {
        List<Long> askedAt = new ArrayList<>();
        RunResult[] results = new RunResult[3];
        for (int i = 0; i < 3; i++) {
            SessionConfig config = config().quantum(1_000);
            Session session = i == 0 ? Sessions.off(config) : i == 1 ? Sessions.record(temp.resolve("r"), config)
                    : Sessions.replay(temp.resolve("r"), config);
            StepGuest[] running = new StepGuest[1];
            NoReplayPort monitor = session.noReplay("monitor", (bytes, port) -> {
                assertEquals("where?", new String(bytes, StandardCharsets.US_ASCII));
                askedAt.add(running[0].position());
                port.answer(("at " + running[0].position()).getBytes(StandardCharsets.US_ASCII));
            });
            AtomicInteger asked = new AtomicInteger();
            Thread operator = new Thread(() -> {
                for (int n = 0; n < 20; n++) {
                    monitor.send("where?".getBytes(StandardCharsets.US_ASCII), 1_000_000_000L);
                    asked.incrementAndGet();
                }
            });
            monitor.send("where?".getBytes(StandardCharsets.US_ASCII), 0);
            operator.start();
            try (session) {
                running[0] = new StepGuest(session, until(200_000, (guest, position) -> {
                    while (asked.get() < Math.min(20, position / 2_000)) {
                        // The operator comes along, also on a host that has much else to do.
                        Thread.onSpinWait();
                    }
                    guest.learn(position);
                }));
                results[i] = session.run(running[0]);
                operator.join();
                assertFalse(session.stats().events().containsKey("CHAR_INPUT"));
            }
            byte[] answer = new byte[400];
            int count = monitor.output().take(answer, 0, answer.length, 0);
            assertTrue(new String(answer, 0, count, StandardCharsets.US_ASCII).startsWith("at 0at "), "answers went out");
        }
        assertEquals(3 * 21, askedAt.size());
        assertEquals(results[0], results[1]);
        assertEquals(results[1], results[2]);
    }

    // ---- The ledger.

    private static StepGuest.Step writes(long wrongAt) {
        return until(500, (guest, position) -> {
            if (position % 7 == 0) {
                byte[] line = ("line of " + position + "\n").getBytes(StandardCharsets.US_ASCII);
                if (position == wrongAt) {
                    line[3] ^= 0x20;
                }
                guest.session().output(2, line, 0, line.length);
                guest.session().output(1, (byte) position);
            }
        });
    }

    @Test
    void shouldNameDeviceOffsetAndInstructionOfTheFirstByteThatDiffers() {
        Path directory = temp.resolve("r");
        SessionConfig config = config().ledgerBytes("modem").quantum(90);
        RunResult recorded = run(Sessions.record(directory, config), writes(-1));
        assertEquals(recorded, run(Sessions.replay(directory, config), writes(-1)));
        for (long wrongAt : new long[] {0, 7, 91, 490}) {
            DivergenceException stopped = assertThrows(DivergenceException.class,
                    () -> run(Sessions.replay(directory, config), writes(wrongAt)));
            long offset = 3;
            for (long position = 0; position < wrongAt; position += 7) {
                offset += ("line of " + position + "\n").length();
            }
            assertEquals(wrongAt, stopped.position());
            assertEquals("has put out on device modem at offset " + offset + " 45, in the log 65", stopped.guestDid());
        }
    }

    @Test
    void shouldSayBetweenWhichOffsetsTheFirstDifferenceIsWhereOnlyHashesAreKept() {
        Path directory = temp.resolve("r");
        SessionConfig config = config().quantum(90);
        run(Sessions.record(directory, config), writes(-1));
        DivergenceException stopped = assertThrows(DivergenceException.class,
                () -> run(Sessions.replay(directory, config), writes(91)));
        assertTrue(stopped.guestDid().contains("on device modem") && stopped.guestDid().contains(
                "the first that differs is at an offset from 141 to ")
                && stopped.guestDid().contains("put out from 91 to "), stopped.guestDid());
    }

    @Test
    void shouldSeeOutputThatIsMissingOrTooMuch() {
        Path directory = temp.resolve("r");
        SessionConfig config = config().ledgerBytes("modem").ledgerBytes("console");
        run(Sessions.record(directory, config), until(50, (guest, position) -> guest.session().output(1, (byte) position)));
        for (int extra = -1; extra <= 1; extra += 2) {
            int change = extra;
            DivergenceException stopped = assertThrows(DivergenceException.class, () -> run(
                    Sessions.replay(directory, config), until(50, (guest, position) -> {
                        for (int i = 0; i < (position == 20 ? 1 + change : 1); i++) {
                            guest.session().output(1, (byte) position);
                        }
                    })));
            assertTrue(stopped.guestDid().contains("device console"), stopped.guestDid());
        }
    }

    // ---- Clocks.

    @Test
    void shouldGiveOneValueOfAClockPerStepAndRecordOneThatGoesBack() {
        Path directory = temp.resolve("r");
        long[] wall = {1_000};
        Host host = new Host() {
            @Override
            public long clockNs(int clockKind) {
                // Back by 3 each time, and another clock forward.
                return clockKind == ClockKind.HOST ? wall[0] -= 3 : clockKind * 1_000_000L + (wall[0] = wall[0] - 1);
            }

            @Override
            public void random(byte[] into, int offset, int length) {
                into[offset] = 9;
            }
        };
        List<Long> seen = new ArrayList<>();
        StepGuest.Step reads = until(20, (guest, position) -> {
            long first = guest.session().readClock(ClockKind.HOST);
            assertEquals(first, guest.session().readClock(ClockKind.HOST), "the same at the same step");
            seen.add(first);
            seen.add(guest.session().readClock(ClockKind.VIRTUAL_REALTIME));
            seen.add(guest.session().readClock(ClockKind.MAX_KIND));
            guest.learn(first);
        });
        RunResult recorded;
        try (Session session = Sessions.record(directory, config().host(host))) {
            recorded = session.run(new StepGuest(session, reads));
            assertEquals(63L, session.stats().events().get("CLOCK_READ"), "a second read costs no event");
            assertEquals(63L, session.stats().hostCalls());
        }
        assertTrue(seen.get(3) < seen.get(0), "the host's clock went back");
        List<Long> recordedClocks = List.copyOf(seen);
        seen.clear();
        try (Session session = Sessions.replay(directory, config().host(host))) {
            assertEquals(recorded, session.run(new StepGuest(session, reads)));
            assertEquals(0, session.stats().hostCalls());
        }
        assertEquals(recordedClocks, seen);
    }

    // ---- A policy.

    @Test
    void shouldMakeEachTryOfAPolicyAnOutcome() {
        Path directory = temp.resolve("r");
        int[] offers = new int[1];
        CharBackEnd stingy = new CharBackEnd() {
            @Override
            public int offer(int length) {
                return switch (offers[0]++ % 4) {
                    case 0 -> 2;
                    case 1 -> CharStatus.WOULD_BLOCK;
                    case 2 -> 0;
                    default -> Math.min(length, 3);
                };
            }
        };
        List<String> told = new ArrayList<>();
        StepGuest.Step step = until(10, (guest, position) -> {
            if (position < 3) {
                CharAnswer answer = new CharAnswer();
                CharFrontEnd.of(guest.session(), 1).writeAll("hello".getBytes(StandardCharsets.US_ASCII), 0, 5,
                        new WritePolicy((int) position * 2 + 1, 1), answer);
                told.add(answer.toString());
            }
        });
        try (Session session = Sessions.record(directory, config())) {
            session.attach(1, stingy);
            session.run(new StepGuest(session, step));
            assertEquals(8, offers[0]);
            assertEquals(List.of("count=2 status=-11", "count=3 status=-11", "count=5 status=0"), told);
            assertEquals(7L, session.stats().events().get("CHAR_WRITE"), "all but those accepted whole");
        }
        List<String> recorded = List.copyOf(told);
        told.clear();
        run(Sessions.replay(directory, config()), step);
        assertEquals(recorded, told);
        assertArrayEquals(new int[] {8}, offers);
    }
}
