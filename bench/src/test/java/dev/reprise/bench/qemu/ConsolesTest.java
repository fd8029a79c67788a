package dev.reprise.bench.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class ConsolesTest {

    private static final GuestProgram SORT = GuestProgram.bare("sort", GuestProgram.Kind.SHORT, Path.of("/guests"));
    private static final GuestProgram BOOT = GuestProgram.boot(Path.of("/debian"));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A boot as init tells it, at a time of its own. */
    private static byte[] boot(int at, String sorted) {
        return bytes("""
                OpenSBI v1.6
                [%1$d ns] hash: 0123456789abcdef
                [%1$d1 ns] numbers: 40000 in 420000 bytes
                [%1$d2 ns] sort: %2$s
                [%1$d3 ns] gzip: 190000 bytes, back: same
                [%1$d4 ns] bzip2: 180000 bytes, back: same
                [%1$d5 ns] computed
                """.formatted(at, sorted).replace("\n", "\r\n"));
    }

    @Test
    void shouldFindNothingWrongWhenAllSayTheSame() {
        Consoles consoles = new Consoles(SORT);
        for (Peer peer : Peer.turns(1, EnumSet.complementOf(EnumSet.of(Peer.START_UP)))) {
            assertNull(consoles.check(peer, bytes("sort 21 checksum 62bf\r\n")), peer.title);
        }
    }

    @Test
    void shouldFindOneDifferentByte() {
        Consoles consoles = new Consoles(SORT);
        assertNull(consoles.check(Peer.QEMU, bytes("sort 21 checksum 62bf\r\n")));
        String wrong = consoles.check(Peer.RUN, bytes("sort 21 checksum 62be\r\n"));
        assertEquals("said \"sort 21 checksum 62be\" where QEMU said \"sort 21 checksum 62bf\"", wrong);
    }

    @Test
    void shouldRefuseAnEmptyConsole() {
        assertEquals("the console is empty", new Consoles(SORT).check(Peer.QEMU, new byte[0]));
    }

    @Test
    void shouldCompareTheResultsOfABootAndNotItsTimes() {
        Consoles consoles = new Consoles(BOOT);
        assertNull(consoles.check(Peer.QEMU, boot(17, "1 to 9, aa")));
        assertNull(consoles.check(Peer.RUN, boot(99, "1 to 9, aa")));
        String wrong = consoles.check(Peer.QEMU_RECORD, boot(17, "1 to 9, ab"));
        assertTrue(wrong.contains("where QEMU said"), wrong);
    }

    @Test
    void shouldHoldAReplayToEveryByteOfItsRecording() {
        Consoles consoles = new Consoles(BOOT);
        assertNull(consoles.check(Peer.RECORD, boot(17, "1 to 9, aa")));
        assertNull(consoles.check(Peer.REPLAY, boot(17, "1 to 9, aa")));
        String wrong = consoles.check(Peer.REPLAY, boot(18, "1 to 9, aa"));
        assertEquals("the console differs from that of reprise record at byte 16", wrong);
    }

    @Test
    void shouldRefuseABootThatStoppedHalfWay() {
        String wrong = new Consoles(BOOT).check(Peer.QEMU, bytes("[17 ns] hash: 0123\r\nKernel panic\r\n"));
        assertTrue(wrong.startsWith("the console has not the 6 results of the boot") && wrong.contains("panic"), wrong);
    }
}
