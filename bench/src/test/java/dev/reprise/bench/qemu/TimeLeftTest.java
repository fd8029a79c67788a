package dev.reprise.bench.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TimeLeftTest {

    private static final GuestProgram SORT = GuestProgram.bare("sort", GuestProgram.Kind.LONG, Path.of("/guests"));
    private static final GuestProgram HASH = GuestProgram.bare("hash", GuestProgram.Kind.LONG, Path.of("/guests"));
    private static final double NOMINAL = GuestProgram.Kind.LONG.nominalSeconds;

    private final Results results = new Results();
    private final TimeLeft timeLeft = new TimeLeft(results);

    @Test
    void shouldGuessBeforeAnythingIsMeasured() {
        assertEquals(NOMINAL, timeLeft.expectedSeconds(SORT, Peer.RUN));
    }

    @Test
    void shouldExpectWhatWasMeasuredAndScaleTheRest() {
        timeLeft.took(SORT, Peer.RUN, 2 * NOMINAL);
        results.add(SORT, Peer.RUN, new Results.Sample(1, 2 * NOMINAL, 1, 1, 0));
        timeLeft.took(SORT, Peer.QEMU, NOMINAL);
        results.add(SORT, Peer.QEMU, new Results.Sample(1, NOMINAL, 1, 1, 0));
        assertEquals(2 * NOMINAL, timeLeft.expectedSeconds(SORT, Peer.RUN));
        assertEquals(NOMINAL, timeLeft.expectedSeconds(SORT, Peer.QEMU));
        assertEquals(1.5 * NOMINAL, timeLeft.expectedSeconds(HASH, Peer.RUN), 1e-9);
    }

    @Test
    void shouldWriteMinutesAndHours() {
        assertEquals("0:09", TimeLeft.text(8.6));
        assertEquals("2:07", TimeLeft.text(127));
        assertEquals("1:05:09", TimeLeft.text(3909));
    }
}
