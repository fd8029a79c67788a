package dev.reprise.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.engine.ClockKind;
import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.OutputRing;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest is given to apply must be the same in replay as it was live, also while the guest asks. */
class AppliedInputTest {

    @TempDir
    Path temp;

    /** Idles; echoes what it is given and asks the clock between the bytes. */
    private static final class Echo implements Guest {
        private final Session session;
        private long position;
        private long sum;

        Echo(Session session) {
            this.session = session;
        }

        @Override
        public Status runUntil(long limit) {
            return Status.IDLE;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void apply(Event input) {
            for (int i = 0; i < input.length(); i++) {
                session.output(1, input.payload()[i]);
                sum = sum * 31 + session.readClock(ClockKind.HOST) + input.payload()[i] + input.a() + input.source();
            }
        }

        @Override
        public void digest(StateSink sink) {
            sink.putLong(sum);
        }

        @Override
        public void reset(ResetCause cause) {
            sum = 0;
        }
    }

    private RunResult recordAndReplay(int... lengths) {
        SessionConfig config = SessionConfig.of("echo").device("serial", "uart");
        Path directory = temp.resolve("r");
        RunResult recorded;
        try (Session session = Sessions.record(directory, config)) {
            for (int length : lengths) {
                session.inputPort(1).publish(EventKind.USER_INPUT, 5, 0, new byte[length], 0, length);
            }
            session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
            recorded = session.run(new Echo(session));
        }
        try (Session session = Sessions.replay(directory, config)) {
            assertEquals(recorded, session.run(new Echo(session)));
        }
        return recorded;
    }

    @Test
    void shouldReleaseWhatIsPutOutWhileTheLastInputIsApplied() {
        SessionConfig config = SessionConfig.of("echo").device("serial", "uart");
        Path directory = temp.resolve("r");
        RunResult recorded;
        try (Session session = Sessions.record(directory, config)) {
            OutputRing backend = session.outputRing(1);
            session.inputPort(1).publish(EventKind.USER_INPUT, 5, 0, new byte[3], 0, 3);
            session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
            recorded = session.run(new Echo(session));
            assertEquals(3, backend.take(new byte[10], 0, 10, 0));
            assertEquals(1, session.stats().events().get("OUTPUT"));
        }
        try (Session session = Sessions.replay(directory, config)) {
            assertEquals(recorded, session.run(new Echo(session)));
        }
    }

    @Test
    void shouldReplayAnInputOfOneByte() {
        recordAndReplay(1);
    }

    @Test
    void shouldKeepAnInputAsItIsWhileTheGuestAsks() {
        recordAndReplay(3, 200, 1, 7);
    }
}
