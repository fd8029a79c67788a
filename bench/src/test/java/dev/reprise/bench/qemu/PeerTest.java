package dev.reprise.bench.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerTest {

    private static final Set<Peer> ALL = EnumSet.allOf(Peer.class);

    @Test
    void shouldRunEveryPeerOnceARoundAndRecordBeforeItReplays() {
        for (int round = 1; round <= 2; round++) {
            List<Peer> turns = Peer.turns(round, ALL);
            assertEquals(ALL.size(), turns.size());
            assertEquals(ALL, EnumSet.copyOf(turns));
            assertTrue(turns.indexOf(Peer.RECORD) < turns.indexOf(Peer.REPLAY), turns::toString);
            assertTrue(turns.indexOf(Peer.QEMU_RECORD) < turns.indexOf(Peer.QEMU_REPLAY), turns::toString);
        }
    }

    @Test
    void shouldLetEachOfTwoCounterpartsGoFirstInTurn() {
        Set<Peer> both = EnumSet.of(Peer.QEMU_RECORD, Peer.RECORD);
        assertEquals(List.of(Peer.RECORD, Peer.QEMU_RECORD), Peer.turns(1, both));
        assertEquals(List.of(Peer.QEMU_RECORD, Peer.RECORD), Peer.turns(2, both));
    }

    @Test
    void shouldAddTheRecordingThatAReplayNeeds() {
        assertEquals(EnumSet.of(Peer.RECORD, Peer.REPLAY), Peer.withRecordings(EnumSet.of(Peer.REPLAY)));
    }

    @Test
    void shouldNameThePeersThereAreWhenOneIsUnknown() {
        assertEquals(Peer.QEMU_REPLAY, Peer.of("qemu-replay"));
        String message = assertThrows(IllegalArgumentException.class, () -> Peer.of("bochs")).getMessage();
        assertTrue(message.contains("bochs") && message.contains("qemu-record"), message);
    }
}
