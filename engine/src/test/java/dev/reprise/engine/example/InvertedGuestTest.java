package dev.reprise.engine.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import dev.reprise.engine.replay.DivergenceException;
import dev.reprise.engine.ring.InputPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulator that owns its loop embeds the engine with one call per turn of it. */
class InvertedGuestTest {

    @TempDir
    Path temp;

    /** Owns its loop; what the engine needs of it is a view. */
    private static final class Simulator {
        private long turn;
        private long total;
        private final int increment;

        Simulator(int increment) {
            this.increment = increment;
        }

        RunResult loop(Session session) {
            Guest view = new View();
            while (session.boundary(view)) {
                turn++;
                total = total * 31 + increment;
                if (turn % 100 == 0) {
                    total += session.readClock(ClockKind.HOST) & 0xffff;
                    byte[] text = Long.toString(total).getBytes(StandardCharsets.US_ASCII);
                    session.output(1, text, 0, text.length);
                }
                if (turn == 5_000) {
                    session.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 3);
                }
            }
            return session.result();
        }

        private final class View implements Guest {
            @Override
            public Status runUntil(long limit) {
                throw new IllegalStateException("the simulator owns its loop");
            }

            @Override
            public long position() {
                return turn;
            }

            @Override
            public void apply(Event input) {
                total ^= input.a();
            }

            @Override
            public void digest(StateSink sink) {
                sink.putLong(turn);
                sink.putLong(total);
            }

            @Override
            public void reset(ResetCause cause) {
                total = 0;
            }
        }
    }

    private static SessionConfig config() {
        return SessionConfig.of("simulator").unit("turns").digestEvery(1000).device("link", "cable");
    }

    @Test
    void shouldReplayASimulatorThatOwnsItsLoop() throws Exception {
        Path directory = temp.resolve("run");
        RunResult recorded;
        try (Session session = Sessions.record(directory, config())) {
            InputPort link = session.inputPort(1);
            Thread outside = new Thread(() -> {
                for (int i = 0; i < 100; i++) {
                    link.publish(i, 0);
                }
            });
            outside.start();
            recorded = new Simulator(7).loop(session);
            outside.join();
        }
        try (Session session = Sessions.replay(directory, config())) {
            RunResult replayed = new Simulator(7).loop(session);
            assertEquals(recorded, replayed);
            assertEquals(3, replayed.code());
        }
        try (Session session = Sessions.replay(directory, config())) {
            assertThrows(DivergenceException.class, () -> new Simulator(8).loop(session));
        }
    }

    @Test
    void shouldNameBothThreadsWhenAskedFromTheWrongOne() throws Exception {
        try (Session session = Sessions.off(config())) {
            new Simulator(1).loop(session);
            IllegalStateException[] seen = new IllegalStateException[1];
            Thread stranger = new Thread(() ->
                    seen[0] = assertThrows(IllegalStateException.class, () -> session.readClock(ClockKind.HOST)),
                    "stranger");
            stranger.start();
            stranger.join();
            assertEquals("asked from thread stranger, owner " + Thread.currentThread().getName(),
                    seen[0].getMessage());
        }
    }
}
