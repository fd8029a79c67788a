package dev.reprise.chardev.guest;

import dev.reprise.engine.event.LinkEvent;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * One thing that happens to a UART.
 *
 * @param value a register's value, a count or a time, as the kind needs it
 */
record UartAction(Kind kind, int register, int value) {

    enum Kind { LOAD, STORE, RECEIVE, BREAK, LINK, ROOM, TIME, RESET }

    static Arbitrary<List<UartAction>> sequences(int longest) {
        Arbitrary<Kind> kinds = Arbitraries.frequencyOf(
                Tuple.of(40, Arbitraries.just(Kind.LOAD)),
                Tuple.of(35, Arbitraries.just(Kind.STORE)),
                Tuple.of(12, Arbitraries.just(Kind.RECEIVE)),
                Tuple.of(3, Arbitraries.just(Kind.BREAK)),
                Tuple.of(1, Arbitraries.just(Kind.LINK)),
                Tuple.of(5, Arbitraries.just(Kind.ROOM)),
                Tuple.of(8, Arbitraries.just(Kind.TIME)),
                Tuple.of(1, Arbitraries.just(Kind.RESET)));
        // Mostly the data register: a UART that is never read or written shows little.
        Arbitrary<Integer> registers = Arbitraries.frequency(Tuple.of(8, 0),
                Tuple.of(3, 1), Tuple.of(3, 2), Tuple.of(1, 3),
                Tuple.of(2, 4), Tuple.of(4, 5), Tuple.of(2, 6),
                Tuple.of(1, 7));
        return Combinators.combine(kinds, registers, Arbitraries.integers().between(0, 255)).as(UartAction::new)
                .list().ofMinSize(1).ofMaxSize(longest);
    }

    /** LCR without the latch bit most of the time, MCR without loopback: or the rest would hardly happen. */
    int stored() {
        if (register == UartBits.LCR && value < 224) {
            return value & ~UartBits.LCR_DLAB;
        }
        if (register == UartBits.MCR && value < 160) {
            return value & ~UartBits.MCR_LOOP;
        }
        if (register == UartBits.IIR_FCR && value < 200) {
            return value & ~(UartBits.FCR_RESET_RECEIVER | UartBits.FCR_RESET_TRANSMITTER) | UartBits.FCR_ENABLE;
        }
        return value;
    }

    byte[] received() {
        byte[] bytes = new byte[1 + value % 40];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (value * 31 + i);
        }
        return bytes;
    }

    long timeNs() {
        return (long) value * value * 100;
    }

    /** Does it; the answer is what a guest saw, 0 where nothing is seen. */
    int on(UartBench bench) {
        switch (kind) {
            case LOAD:
                return bench.get(register);
            case STORE:
                bench.put(register, stored());
                break;
            case RECEIVE:
                byte[] bytes = received();
                if (bytes.length <= bench.credit()) {
                    bench.receive(bytes);
                }
                break;
            case BREAK:
                bench.receiveBreak();
                break;
            case LINK:
                bench.link(value % 2 == 0 ? LinkEvent.OPENED : LinkEvent.CLOSED);
                break;
            case ROOM:
                bench.line.closed = value > 250;
                bench.receiveRoom(value % 24);
                break;
            case TIME:
                bench.advanceNs(timeNs());
                break;
            default:
                bench.uart.reset();
                break;
        }
        return 0;
    }
}
