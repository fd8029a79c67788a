package dev.reprise.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.replay.DivergenceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts, exceptions and checkpoints: saved in record, validated in replay. */
class WitnessTest {

    private static final long END = 1_000;

    @TempDir
    Path temp;

    private static SessionConfig config(WitnessMode mode) {
        return SessionConfig.of("witnessed").digestEvery(100).witness(mode);
    }

    private static void witness(StepGuest guest, long position, long interruptAt, long exceptionAt, long checkpointAt) {
        if (position == interruptAt) {
            guest.session().interruptTaken(7);
        }
        if (position == exceptionAt) {
            guest.session().exceptionRaised(2);
        }
        if (position == checkpointAt) {
            guest.session().checkpoint(CheckpointKind.FIRST_EMBEDDER_KIND);
        }
        if (position == END) {
            guest.end(0);
        }
    }

    private RunResult run(Session session, long interruptAt, long exceptionAt, long checkpointAt) {
        try (session) {
            RunResult result = session.run(new StepGuest(session,
                    (guest, position) -> witness(guest, position, interruptAt, exceptionAt, checkpointAt)));
            assertEquals(1L, session.stats().witnessed().get("interrupts"));
            return result;
        }
    }

    @ParameterizedTest
    @EnumSource(WitnessMode.class)
    void shouldStopAReplayThatTakesOrPassesOneElsewhere(WitnessMode mode) {
        Path directory = temp.resolve("r");
        RunResult recorded = run(Sessions.record(directory, config(mode)), 510, 620, 730);
        assertEquals(recorded, run(Sessions.replay(directory, config(mode)), 510, 620, 730));
        long[][] others = {{511, 620, 730}, {509, 620, 730}, {510, 619, 730}, {510, 621, 730}, {510, 620, 729},
            {510, 620, 731}, {510, 620, -1}, {510, -1, 730}, {-1, 620, 730}, {620, 510, 730}};
        for (long[] other : others) {
            DivergenceException stopped = assertThrows(DivergenceException.class,
                    () -> run(Sessions.replay(directory, config(mode)), other[0], other[1], other[2]));
            long first = Math.min(Math.min(other[0] != 510 ? earlier(other[0], 510) : END,
                    other[1] != 620 ? earlier(other[1], 620) : END), other[2] != 730 ? earlier(other[2], 730) : END);
            boolean atOnce = mode == WitnessMode.EVENTS || mode == WitnessMode.CHECKPOINTS && other[2] != 730;
            long latest = atOnce ? Math.max(first, other[2] != 730 ? 731 : 0) + 1 : (first / 100 + 1) * 100;
            assertTrue(stopped.position() >= first && stopped.position() <= latest, stopped.getMessage());
        }
    }

    private static long earlier(long a, long b) {
        return a < 0 ? b : Math.min(a, b);
    }

    @Test
    void shouldGiveTheSameDigestInEveryMode() {
        Path directory = temp.resolve("r");
        RunResult events = run(Sessions.record(directory, config(WitnessMode.EVENTS)), 1, 2, 3);
        assertEquals(events, run(Sessions.off(config(WitnessMode.DIGEST)), 1, 2, 3));
        assertNotEquals(events, run(Sessions.off(config(WitnessMode.DIGEST)), 1, 2, 4));
        assertNotEquals(events, run(Sessions.off(config(WitnessMode.DIGEST)), 2, 1, 3));
    }

    @Test
    void shouldTellTheCallerWhetherACheckpointIsMetOrNotYet() {
        Path directory = temp.resolve("r");
        List<Boolean> met = new ArrayList<>();
        StepGuest.Step step = (guest, position) -> {
            boolean asks = position >= 10 && position <= 30 && (guest.session().mode() == Mode.REPLAY || position == 20);
            if (asks) {
                met.add(guest.session().checkpoint(CheckpointKind.CLOCK_VIRTUAL));
            }
            if (position == 40) {
                guest.end(0);
            }
        };
        try (Session session = Sessions.record(directory, config(WitnessMode.CHECKPOINTS))) {
            session.run(new StepGuest(session, step));
        }
        assertEquals(List.of(true), met);
        met.clear();
        try (Session session = Sessions.replay(directory, config(WitnessMode.CHECKPOINTS))) {
            session.run(new StepGuest(session, step));
        }
        assertEquals(21, met.size());
        assertTrue(met.get(10));
        assertEquals(1, met.stream().filter(m -> m).count(), "not met before, and once only");
    }

    @Test
    void shouldAnswerTheReplayedModeAndNotTheOneConfiguredNow() {
        Path directory = temp.resolve("r");
        RunResult recorded = run(Sessions.record(directory, config(WitnessMode.EVENTS)), 510, 620, 730);
        assertEquals(recorded, run(Sessions.replay(directory, config(WitnessMode.DIGEST)), 510, 620, 730));
    }

    @Test
    void shouldRefuseAKindThatIsNone() {
        try (Session session = Sessions.off(config(WitnessMode.DIGEST))) {
            assertThrows(IllegalArgumentException.class, () -> session.run(
                    new StepGuest(session, (guest, position) -> session.checkpoint(CheckpointKind.MAX_KIND + 1))));
        }
    }

    @Test
    void shouldPassACheckpointWithinAResetInTheSameOrderInReplay() {
        Path directory = temp.resolve("r");
        StepGuest.Step step = (guest, position) -> {
            guest.session();
            if (position % 100 == 50 && position < 400) {
                guest.session().output(1, (byte) position);
                guest.askForReset();
            }
            if (position == END) {
                guest.end(0);
            }
        };
        SessionConfig config = config(WitnessMode.CHECKPOINTS).device("serial", "uart");
        RunResult recorded;
        try (Session session = Sessions.record(directory, config)) {
            recorded = session.run(new Resetting(session, step));
            assertEquals(4L, session.stats().events().get("RESET"), "a reset is one event");
            assertEquals(4L, session.stats().events().get("CHECKPOINT"));
        }
        try (Session session = Sessions.replay(directory, config)) {
            assertEquals(recorded, session.run(new Resetting(session, step)));
            assertFalse(session.stats().events().isEmpty());
        }
    }

    /** Passes a checkpoint and puts something out while it is reset. */
    private static final class Resetting extends StepGuest {
        Resetting(Session session, Step step) {
            super(session, step);
        }

        @Override
        public void reset(ResetCause cause) {
            super.reset(cause);
            session.checkpoint(CheckpointKind.RESET);
            session.output(1, (byte) 'r');
        }
    }
}
