package dev.reprise.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.replay.DivergenceException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings of other revisions of the session are replayed as they were made, or refused with both named. */
class SessionRevisionTest {

    @TempDir
    Path temp;

    private Path oldRecording() throws IOException, URISyntaxException {
        Path from = Path.of(SessionRevisionTest.class.getResource("revision1/manifest.json").toURI()).getParent();
        Path copy = temp.resolve("old");
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all.sorted()::iterator) {
                Files.copy(path, copy.resolve(from.relativize(path).toString()));
            }
        }
        return copy;
    }

    @Test
    void shouldReplayARecordingOfRevision1() throws Exception {
        try (Session session = Sessions.replay(oldRecording(), OldRun.config())) {
            RunResult result = session.run(new StepGuest(session, new OldRun()::step));
            assertEquals(7, result.code());
            assertEquals(5_001, result.position());
            assertTrue(result.complete());
            assertEquals("47d7d4ff778bba1e03427f01d8945f7c80c700edd098e0d2017045ab8d43b552", result.digest().toHex());
            assertEquals(198, session.stats().events().get("CHAR_WRITE"));
            assertEquals(1, session.stats().events().get("CLOCK_ADJUST"), "where time jumps now without an event");
        }
    }

    @Test
    void shouldSeeAnotherByteInARecordingOfRevision1() throws Exception {
        Path directory = oldRecording();
        try (Session session = Sessions.replay(directory, OldRun.config())) {
            OldRun run = new OldRun();
            assertThrows(DivergenceException.class, () -> session.run(new StepGuest(session, (guest, position) -> {
                run.step(guest, position);
                if (position == 4_000) {
                    session.output(1, (byte) 1);
                }
            })));
        }
    }

    @Test
    void shouldRefuseARecordingOfALaterRevisionNamingBoth() {
        IncompatibleRecordingException refused = assertThrows(IncompatibleRecordingException.class,
                () -> SessionRevision.of(Map.of(SessionRevision.KEY, "9")));
        assertEquals("session revisions differ: recorded 9, here 1 to 2", refused.getMessage());
        assertThrows(IncompatibleRecordingException.class,
                () -> SessionRevision.witnessOf(Map.of(SessionRevision.WITNESS, "dreams")));
    }

    @Test
    void shouldKeepTheEnginesSettingsFromTheGuest() {
        assertThrows(IllegalArgumentException.class, () -> OldRun.config().setting("engine.revision", "1"));
        assertEquals(Map.of("colour", "green"), SessionConfig.guestSettings(OldRun.config().settings()));
    }

    @Test
    void shouldHashTheSameBytesAlikeHoweverTheyAreCut() {
        for (int version = 1; version <= 2; version++) {
            byte[] bytes = "a line that is cut into pieces of every length there is".getBytes(StandardCharsets.US_ASCII);
            OutputLedger whole = new OutputLedger(version);
            whole.add(bytes, 0, bytes.length);
            SplittableRandom random = new SplittableRandom(4);
            for (int i = 0; i < 200; i++) {
                OutputLedger cut = new OutputLedger(version);
                for (int at = 0; at < bytes.length; ) {
                    int count = random.nextInt(Math.min(20, bytes.length - at) + 1);
                    if (count == 1) {
                        cut.add(bytes[at]);
                    } else {
                        cut.add(bytes, at, count);
                    }
                    at += count;
                }
                assertEquals(whole.hash(), cut.hash());
                assertEquals(whole.bytes(), cut.bytes());
            }
            for (int bit = 0; bit < 8 * bytes.length; bit++) {
                byte[] other = bytes.clone();
                other[bit / 8] ^= (byte) (1 << bit % 8);
                OutputLedger differs = new OutputLedger(version);
                differs.add(other, 0, other.length);
                assertTrue(whole.hash() != differs.hash(), "bit " + bit);
            }
        }
    }

    @Test
    void shouldTellZerosApartByTheirNumber() {
        OutputLedger ledger = new OutputLedger(2);
        java.util.Set<Long> seen = new java.util.TreeSet<>();
        for (int i = 0; i < 100; i++) {
            assertTrue(seen.add(ledger.hash()), "zeros: " + i);
            ledger.add((byte) 0);
        }
    }
}
