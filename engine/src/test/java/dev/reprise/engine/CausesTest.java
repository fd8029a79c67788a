package dev.reprise.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.LinkEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run ends and a guest is reset for every cause there is, in record as in replay. */
class CausesTest {

    private static final long END = 2_000;

    @TempDir
    Path temp;

    private static SessionConfig config() {
        return SessionConfig.of("ending").digestEvery(300).quantum(100).device("line", "character");
    }

    private static RunResult run(Session session, StepGuest guest) {
        try (session) {
            return session.run(guest);
        }
    }

    @ParameterizedTest
    @EnumSource(ShutdownCause.class)
    void shouldEndForTheCauseThatIsRecorded(ShutdownCause cause) {
        Path directory = temp.resolve("r");
        Session session = Sessions.record(directory, config());
        StepGuest.Step step = (guest, position) -> {
            if (position == 1_000 && !cause.fromHost()) {
                guest.end(cause, 77);
            } else if (position == 1_000) {
                guest.session().publishShutdown(cause, 77);
                assertThrows(IllegalArgumentException.class, () -> guest.session().requestShutdown(cause, 1));
            }
        };
        RunResult recorded = run(session, new StepGuest(session, step));
        assertEquals(cause, recorded.cause());
        assertEquals(77, recorded.code());
        // What a host's thread publishes in a replay ends the replay; the log does it here.
        StepGuest.Step again = (guest, position) -> {
            if (!cause.fromHost()) {
                step.at(guest, position);
            }
        };
        Session replay = Sessions.replay(directory, config());
        assertEquals(recorded, run(replay, new StepGuest(replay, again)));
    }

    @ParameterizedTest
    @EnumSource(ResetCause.class)
    void shouldResetKeepingThePositionTheTimeAndTheLink(ResetCause cause) {
        Path directory = temp.resolve("r");
        long[] timeBehind = new long[1];
        boolean fromGuest = cause != ResetCause.HOST;
        StepGuest.Step step = (guest, position) -> {
            guest.learn(position);
            if (position == 500 && fromGuest) {
                guest.askForReset(cause);
            } else if (position == 500 && guest.session().mode() == Mode.RECORD) {
                guest.session().publishReset(cause);
            }
            if (position == 999) {
                timeBehind[0] = guest.session().clock().ns(position);
            }
            if (position == END) {
                guest.end(guest.resets());
            }
        };
        Session session = Sessions.record(directory, config());
        session.inputPort(1).publishLink(LinkEvent.OPENED);
        StepGuest guest = new StepGuest(session, step);
        RunResult recorded = run(session, guest);
        assertEquals(1, recorded.code(), "reset once");
        assertEquals(END + 1, recorded.position(), "the position goes on");
        assertEquals(9_990, timeBehind[0], "and so does guest time");
        assertEquals(1L, session.stats().events().get(fromGuest ? "RESET" : "RESET_REQUEST"), "one event");
        assertEquals(1L, session.stats().events().get("CHAR_LINK"), "the link is not opened again");
        assertTrue(session.inputPort(1).attached());
        Session replay = Sessions.replay(directory, config());
        assertEquals(recorded, run(replay, new StepGuest(replay, step)));
    }
}
