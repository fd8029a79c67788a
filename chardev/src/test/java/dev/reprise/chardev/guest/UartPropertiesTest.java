package dev.reprise.chardev.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.MalformedStateException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever a guest, a backend and the time do to a UART. */
class UartPropertiesTest {

    private static final int[] SEEN_INTERRUPTS = new int[16];
    private static int seenHeld;
    private static int seenBreaks;
    private static int seenLost;

    @Provide
    Arbitrary<List<UartAction>> sequences() {
        return UartAction.sequences(300);
    }

    /** A property that never met the interesting cases has shown nothing. */
    @AfterContainer
    static void shouldHaveMetEveryCase() {
        for (int identification : new int[] {0, 1, 2, 4, 6, 12}) {
            assertTrue(SEEN_INTERRUPTS[identification] > 0, "interrupt never seen: iir=" + identification);
        }
        assertTrue(seenHeld > 0, "no character was ever held");
        assertTrue(seenBreaks > 0, "no BREAK was ever shown");
        assertTrue(seenLost > 0, "no character was ever lost in both ways");
    }

    @Property(tries = 1000, seed = "16550")
    void shouldShowAGuestWhatThePlainDescriptionShows(@ForAll("sequences") List<UartAction> actions) {
        UartBench bench = new UartBench();
        bench.uart.start();
        PlainUart plain = new PlainUart();
        for (int i = 0; i < actions.size(); i++) {
            UartAction action = actions.get(i);
            boolean published = action.kind() == UartAction.Kind.RECEIVE
                    && action.received().length <= bench.credit();
            int seen = action.on(bench);
            int expected = onPlain(plain, action, published);
            String where = "action " + i + " " + action;
            assertEquals(expected, seen, where);
            assertEquals(plain.pending() != UartBits.IIR_NONE, bench.interrupt, where);
            assertEquals(plain.due(), bench.timer.dueNs, where);
            assertArrayEquals(plain.sent.toByteArray(), bench.line.sent.toByteArray(), where);
            assertTrue(bench.credit() + plain.onTheWire() <= ReceiveLine.CAPACITY, where);
            assertEquals(new TransmitCounters(plain.unheard, plain.discarded, plain.waiting()),
                    bench.uart.transmitCounters(), where);
            note(action, seen, bench);
        }
        seenLost += plain.unheard > 0 && plain.discarded > 0 ? 1 : 0;
    }

    private static void note(UartAction action, int seen, UartBench bench) {
        if (action.kind() == UartAction.Kind.LOAD && action.register() == UartBits.IIR_FCR) {
            SEEN_INTERRUPTS[seen & 0x0f]++;
        }
        if (action.kind() == UartAction.Kind.LOAD && action.register() == UartBits.LSR
                && (seen & UartBits.LSR_BREAK) != 0) {
            seenBreaks++;
        }
        if (bench.line.room == 0) {
            seenHeld++;
        }
    }

    private static int onPlain(PlainUart plain, UartAction action, boolean published) {
        switch (action.kind()) {
            case LOAD:
                return plain.load(action.register());
            case STORE:
                plain.store(action.register(), action.stored());
                break;
            case RECEIVE:
                if (published) {
                    plain.receive(action.received());
                }
                break;
            case BREAK:
                plain.receiveBreak();
                break;
            case LINK:
                if (action.value() % 2 == 0) {
                    plain.opened();
                }
                break;
            case ROOM:
                plain.closed = action.value() > 250;
                plain.receiveRoom(action.value() % 24);
                break;
            case TIME:
                plain.advance(action.timeNs());
                break;
            case RESET:
                plain.reset();
                break;
            default:
                break;
        }
        return 0;
    }

    @Property(tries = 500, seed = "16551")
    void shouldGoOnFromASavedStateAsIfNothingHadHappened(@ForAll("sequences") List<UartAction> actions,
            @ForAll @IntRange(max = 300) int at) {
        UartBench first = new UartBench();
        first.uart.start();
        int moment = Math.min(at, actions.size());
        actions.subList(0, moment).forEach(action -> action.on(first));

        UartBench second = new UartBench();
        second.timer.nowNs = first.timer.nowNs;
        second.line.room = first.line.room;
        second.line.closed = first.line.closed;
        byte[] state = StateBytes.of(first.uart);
        second.uart.read(StateBytes.source(state));
        second.uart.start();
        assertArrayEquals(state, StateBytes.of(second.uart));
        assertEquals(first.interrupt, second.interrupt);
        assertEquals(first.timer.dueNs, second.timer.dueNs);
        assertEquals(first.credit(), second.credit());
        int sentBefore = first.line.sent.size();
        for (UartAction action : actions.subList(moment, actions.size())) {
            assertEquals(action.on(first), action.on(second));
            assertEquals(first.interrupt, second.interrupt);
            assertEquals(first.credit(), second.credit());
            assertArrayEquals(StateBytes.of(first.uart), StateBytes.of(second.uart));
        }
        byte[] sent = first.line.sent.toByteArray();
        assertArrayEquals(Arrays.copyOfRange(sent, sentBefore, sent.length), second.line.sent.toByteArray());
    }

    @Property(tries = 2000, seed = "16552", edgeCases = EdgeCasesMode.NONE)
    void shouldRefuseADamagedStateOrRunOnFromIt(@ForAll("sequences") List<UartAction> actions,
            @ForAll @IntRange(max = 3000) int where, @ForAll byte to, @ForAll boolean cut) {
        UartBench bench = new UartBench();
        bench.uart.start();
        actions.forEach(action -> action.on(bench));
        byte[] state = StateBytes.of(bench.uart);
        state[where % state.length] = to;
        byte[] damaged = cut ? Arrays.copyOf(state, where % state.length) : state;

        UartBench next = new UartBench();
        next.timer.nowNs = bench.timer.nowNs;
        try {
            next.uart.read(StateBytes.source(damaged));
        } catch (MalformedStateException refused) {
            assertTrue(refused.getMessage().length() < 120);
            return;
        }
        byte[] taken = StateBytes.of(next.uart);
        assertArrayEquals(Arrays.copyOf(damaged, taken.length), taken, "what is taken is canonical");
        next.uart.start();
        actions.forEach(action -> action.on(next));
    }
}
