package dev.reprise.engine.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.HookedFiles;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.ring.InputPort;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a session's log begins, and what it says once it has ended. */
class LiveJournalTest {

    @TempDir
    Path temp;

    private static final class Still implements Guest {
        @Override
        public Status runUntil(long limit) {
            return Status.RAN;
        }

        @Override
        public long position() {
            return 7;
        }

        @Override
        public void apply(Event input) {
            // It has no state.
        }

        @Override
        public void reset(ResetCause cause) {
            // It has no state.
        }

        @Override
        public void digest(StateSink sink) {
            // It has no state.
        }
    }

    private static SessionConfig config() {
        return SessionConfig.of("still").digestEvery(0).device("out", "text");
    }

    /** What it took would be acknowledged and nowhere. */
    @Test
    void shouldTakeNothingOnceItIsClosed() {
        Path directory = temp.resolve("run");
        LiveSession session = new LiveSession(config(), Recording.create(directory, config(), false));
        assertTrue(session.boundary(new Still()));
        assertEquals(5, session.ask(1, () -> 5));
        session.close();
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> session.ask(1, () -> 6));
        assertTrue(refused.getMessage().contains("ANSWER at 7"), refused.getMessage());
        assertEquals(1, Recording.open(directory).check().events());
    }

    @Test
    void shouldGiveTheRecordingBackWhenNoMemoryIsLeftToBeginIt() {
        Path directory = temp.resolve("run");
        Recording recording = Recording.create(directory, config(), false).decorate(files -> HookedFiles.of(files, call -> {
            if (call.equals("create")) {
                throw new OutOfMemoryError("at the beginning");
            }
        }));
        assertThrows(OutOfMemoryError.class, () -> new LiveSession(config(), recording));
        Recording again = Recording.create(directory, config(), false);
        LiveSession session = new LiveSession(config(), again);
        session.boundary(new Still());
        session.ask(1, () -> 5);
        session.close();
        assertEquals(1, Recording.open(directory).check().events());
    }

    /** The guest would be given it, and the log would not hold it, or not be readable behind it. */
    @Test
    void shouldRefuseAnInputThatItsKindCannotHold() {
        LiveSession session = new LiveSession(config(), null);
        InputPort port = session.inputPort(1);
        byte[] bytes = new byte[300];
        assertThrows(IllegalArgumentException.class, () -> port.publish(EventKind.USER_INPUT_SYNC, 0, 0, bytes, 0, 300));
        assertThrows(IllegalArgumentException.class, () -> port.publish(EventKind.USER_INPUT_SYNC, 1, 0, bytes, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> port.publish(EventKind.NET_PACKET, 0, 1, bytes, 0, 10));
        assertThrows(IllegalArgumentException.class, () -> port.publish(EventKind.END, 0, 0, bytes, 0, 40));
        assertThrows(IllegalArgumentException.class, () -> port.publish(EventKind.ANSWER, 1, 1, bytes, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> port.publish(EventKind.CLOCK_ADJUST, 1, 1, bytes, 0, 0));
        assertTrue(port.publish(EventKind.NET_PACKET, 1, 0, bytes, 0, 300));
        assertTrue(port.publish(EventKind.USER_INPUT_SYNC, 0, 0, bytes, 0, 0));
        session.close();
    }

    @Test
    void shouldRefuseAnInterruptLineOfADeviceThatIsNot() {
        LiveSession session = new LiveSession(config(), null);
        for (int device : new int[] {-1, 0, 2, Integer.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> session.publishInterruptLine(device, 0, true));
        }
        session.publishInterruptLine(1, 0, true);
        session.close();
    }
}
