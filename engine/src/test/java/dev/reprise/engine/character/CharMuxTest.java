package dev.reprise.engine.character;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StepGuest;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.snapshot.StateBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several front ends on one back end, recorded at the base. */
class CharMuxTest {

    private static final int FRONTS = 3;

    @TempDir
    Path temp;

    private static SessionConfig config() {
        return SessionConfig.of("muxed").device("base", "character").digestEvery(100);
    }

    /** Three consumers behind one device: each keeps what it was given, and echoes it with its own mark. */
    private static final class Muxed extends StepGuest {

        private final CharMux mux;
        private final StringBuilder[] given = new StringBuilder[FRONTS];
        private final int[] lent = new int[FRONTS];
        private boolean started;

        Muxed(Session session) {
            super(session, (guest, position) -> ((Muxed) guest).step(position));
            mux = new CharMux(CharFrontEnd.of(session, 1), FRONTS);
            for (int i = 0; i < FRONTS; i++) {
                int index = i;
                given[i] = new StringBuilder();
                mux.receiver(i, new CharReceiver() {
                    @Override
                    public void onBytes(byte[] bytes, int offset, int length) {
                        given[index].append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
                        lent[index] -= length;
                        mux.frontEnd(index).write((byte) ('0' + index));
                    }

                    @Override
                    public void onLink(int change, int argument) {
                        given[index].append('<').append(change).append('>');
                    }
                });
            }
        }

        private void step(long position) {
            if (!started) {
                started = true;
                mux.start();
            }
            for (int i = 0; i < FRONTS; i++) {
                // The last reads seldom and little: its queue fills, and is emptied in pieces.
                if (lent[i] == 0 && position % (i == 2 ? 97 : 3) == 0) {
                    lent[i] = i == 2 ? 5 : 40;
                    mux.frontEnd(i).canReceive(lent[i]);
                }
            }
            int total = 0;
            for (StringBuilder text : given) {
                total += text.toString().replaceAll("<\\d+>", "").length();
            }
            if (total == 2_000 || position == 10_000_000) {
                end(total);
            }
        }

        @Override
        public void apply(Event input) {
            switch (input.kind()) {
                case CHAR_INPUT -> mux.onBytes(input.payload(), 0, input.length());
                case CHAR_LINK -> mux.onLink(LinkEvent.change(input.a()), LinkEvent.argument(input.a()));
                default -> { }
            }
        }

        @Override
        public void digest(StateSink sink) {
            super.digest(sink);
            mux.write(sink);
            for (StringBuilder text : given) {
                sink.putLong(text.toString().hashCode());
            }
        }
    }

    private static void type(InputPort port) {
        byte[] bytes = new byte[2_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        int sent = 0;
        int turn = 0;
        while (sent < bytes.length) {
            int until = Math.min(bytes.length, sent + 100);
            while (sent < until) {
                int count = port.publishBytes(bytes, sent, until - sent);
                if (count < 0) {
                    return;
                }
                sent += count;
                if (count == 0) {
                    port.awaitCredit(10_000_000);
                }
            }
            port.publishLink(LinkEvent.of(LinkEvent.MUX_IN, ++turn % FRONTS));
        }
    }

    @Test
    void shouldGiveEachFrontEndItsPartAndReplayFromTheBase() throws Exception {
        Path directory = temp.resolve("r");
        Muxed recorded;
        RunResult result;
        try (Session session = Sessions.record(directory, config())) {
            InputPort port = session.inputPort(1);
            Thread host = new Thread(() -> type(port));
            host.start();
            recorded = new Muxed(session);
            result = session.run(recorded);
            host.join();
        }
        assertEquals(2_000, result.code(), "nothing is lost");
        assertTrue(recorded.given[0].toString().contains("<" + LinkEvent.MUX_OUT + ">"));
        assertTrue(recorded.given[1].toString().startsWith("<" + LinkEvent.MUX_IN + ">"), "bytes 100 to 199 are its first");
        assertTrue(recorded.given[1].toString().contains("wxyzabcd"));
        try (Session session = Sessions.replay(directory, config())) {
            Muxed replayed = new Muxed(session);
            assertEquals(result, session.run(replayed));
            for (int i = 0; i < FRONTS; i++) {
                assertEquals(recorded.given[i].toString(), replayed.given[i].toString());
            }
        }
    }

    @Test
    void shouldReadItsStateBackAndRefuseOneThatCannotBe() {
        try (Session session = Sessions.off(config())) {
            Muxed guest = new Muxed(session);
            guest.mux.start();
            guest.mux.onBytes("waiting".getBytes(StandardCharsets.US_ASCII), 0, 7);
            guest.mux.onLink(LinkEvent.MUX_IN, 2);
            StateBuffer state = new StateBuffer();
            guest.mux.write(state);
            CharMux copy = new CharMux(CharFrontEnd.of(session, 1), FRONTS);
            copy.read(new StateBuffer(state.toBytes()));
            StateBuffer again = new StateBuffer();
            copy.write(again);
            org.junit.jupiter.api.Assertions.assertArrayEquals(state.toBytes(), again.toBytes());
            assertEquals(2, copy.focus());
            byte[] bad = state.toBytes();
            bad[0] = 3;
            assertThrows(MalformedStateException.class, () -> copy.read(new StateBuffer(bad)));
            assertThrows(IllegalStateException.class, () -> guest.mux.onLink(LinkEvent.MUX_IN, FRONTS));
            assertThrows(IllegalStateException.class, () -> guest.mux.onBytes(new byte[600], 0, 600));
        }
    }
}
