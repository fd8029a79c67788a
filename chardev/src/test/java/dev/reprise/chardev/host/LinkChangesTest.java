package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.OutputRing;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The places of BREAK and of the focus among what is typed, whenever the guest comes to take it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkChangesTest {

    private static final String KEYS = "a\001\001b\001c\001cZ\001cinfo\001b\001b\001c\001b\001b!\001c\001c\001c\001cq\001c";
    private static final String HEARD = "a\001b{>}{<}Z{>}{<}{!}!{>}{<}{>}{<}q{>}";

    private final NoReplayPort monitor = endedPort();

    /** Of a session that has ended: it takes nothing, and nobody waits for it. */
    private static NoReplayPort endedPort() {
        try (Session session = Sessions.off(UartMachine.config())) {
            return session.noReplay("monitor", (bytes, port) -> { });
        }
    }

    /** A guest that has no room for the first {@code refusals} times that it is asked. */
    private static class Taker implements Attachment {

        private final StringBuilder heard = new StringBuilder();
        private final int atOnce;
        private int refusals;

        Taker(int refusals, int atOnce) {
            this.refusals = refusals;
            this.atOnce = atOnce;
        }

        @Override
        public int publishBytes(byte[] bytes, int offset, int length) {
            int count = refusals-- > 0 ? 0 : Math.min(atOnce, length);
            heard.append(new String(bytes, offset, count, StandardCharsets.ISO_8859_1));
            return count;
        }

        @Override
        public boolean awaitCredit(long timeoutNs) {
            return false;
        }

        @Override
        public boolean publishLink(int linkEvent) {
            boolean focus = LinkEvent.change(linkEvent) == LinkEvent.MUX_IN;
            assertTrue(focus || linkEvent == LinkEvent.BREAK || LinkEvent.change(linkEvent) == LinkEvent.REFUSED);
            if (LinkEvent.change(linkEvent) != LinkEvent.REFUSED) {
                heard.append(!focus ? "{!}" : LinkEvent.argument(linkEvent) == EscapeKeys.MONITOR ? "{>}" : "{<}");
            }
            return true;
        }

        @Override
        public void detach() { }

        @Override
        public OutputRing output() {
            throw new AssertionError("a reader puts nothing out");
        }

        @Override
        public boolean dropsUnheard() {
            return false;
        }

        @Override
        public void attach(CharBackEnd backEnd) { }

        @Override
        public void endRun(ShutdownCause cause) {
            throw new AssertionError(cause.toString());
        }
    }

    private String heard(byte[] keys, Taker guest, WhenFull whenFull) {
        InputReader reader = new InputReader("reader", whenFull, null);
        assertTrue(reader.pump(guest, new ByteArrayInputStream(keys), new EscapeKeys(command -> { }, monitor),
                InputReader.Echo.NONE, () -> { }));
        return guest.heard.toString();
    }

    @Test
    void shouldTellEachChangeOfTheFocusInOrderHoweverLateTheGuestComes() {
        byte[] keys = KEYS.getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(HEARD, heard(keys, new Taker(0, 1 << 20), WhenFull.WAIT));
        assertEquals(HEARD, heard(keys, new Taker(1000, 1 << 20), WhenFull.WAIT));
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            assertEquals(HEARD, heard(keys, new Taker(random.nextInt(30), 1 + random.nextInt(3)) {
                @Override
                public boolean awaitCredit(long timeoutNs) {
                    return random.nextBoolean();
                }
            }, random.nextBoolean() ? WhenFull.WAIT : WhenFull.REFUSE));
        }
    }

    @Test
    void shouldHoldABoundedNumberOfChangesAndKeepTheLastOfThem() {
        // The operator goes to and fro, and holds BREAK, before a guest that takes nothing for long.
        StringBuilder keys = new StringBuilder("x");
        for (int i = 0; i < 60_000; i++) {
            keys.append(i % 3 == 0 ? "\001b" : "\001c");
        }
        int[] most = {0};
        InputReader[] reader = {null};
        Taker guest = new Taker(200, 1 << 20) {
            @Override
            public boolean awaitCredit(long timeoutNs) {
                most[0] = Math.max(most[0], reader[0].heldMarks());
                return false;
            }
        };
        reader[0] = new InputReader("reader", WhenFull.REFUSE, null);
        assertTrue(reader[0].pump(guest, new ByteArrayInputStream(keys.append("\001c").toString()
                .getBytes(StandardCharsets.ISO_8859_1)), new EscapeKeys(command -> { }, monitor),
                InputReader.Echo.NONE, () -> { }));
        int room = InputReader.HELD_BYTES / InputReader.MARK_BYTES;
        assertTrue(most[0] <= room + 2 && most[0] >= room, "held: " + most[0]);
        assertTrue(guest.heard.toString().startsWith("x{!}{>}{<}{!}{>}{<}"), "in order");
        assertTrue(guest.heard.toString().endsWith("{>}"), "40,001 changes: the focus is the monitor's");
    }
}
