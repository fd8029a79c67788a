package dev.reprise.machine.board;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.cpu.bus.PhysicalBus;
import java.util.function.IntPredicate;

/**
 * The host-target interface of riscv-tests and RISCOF (riscv-isa-sim, "HTIF"): a program stores to its {@code tohost}
 * word in RAM.
 *
 * <pre>
 *   63      56 55      48 47                       0
 *   | device  | command  | payload                 |
 *     0         0          bit 0 set: ends with code payload >> 1, 0 is pass
 *     1         1          writes the character of the low byte to the console
 * </pre>
 *
 * <p>Other requests are answered with zero. The word is looked at after the step that stored to it; its state is RAM. A
 * character that the console does not take stays in the word, which is answered when there is room: a program that waits
 * for the answer loses none. Each try is an outcome of the log.
 */
final class Htif {

    private static final int EXIT_DEVICE = 0;
    private static final int CONSOLE_DEVICE = 1;
    private static final int CONSOLE_WRITE = 1;
    private static final long PAYLOAD_MASK = (1L << 48) - 1;

    private final PhysicalBus bus;
    private final long tohost;
    private final long fromhost;
    private final PowerControl power;
    private final IntPredicate console;

    /**
     * @param fromhost 0 if the program has none
     * @param console takes a character, or says that it cannot now
     */
    Htif(PhysicalBus bus, long tohost, long fromhost, PowerControl power, IntPredicate console) {
        this.bus = bus;
        this.tohost = tohost;
        this.fromhost = fromhost;
        this.power = power;
        this.console = console;
    }

    /** The console has room again: a character that it did not take is tried once more. */
    void retry() {
        if (waits()) {
            serve();
        }
    }

    /** Whether a character waits for the console. */
    boolean waits() {
        return isCharacter(bus.load(tohost, Long.BYTES));
    }

    private static boolean isCharacter(long request) {
        return request >>> 48 == (CONSOLE_DEVICE << 8 | CONSOLE_WRITE);
    }

    /** Serves what the word asks for, once. Called between two steps. */
    void serve() {
        long request = bus.load(tohost, Long.BYTES);
        if (request == 0) {
            return;
        }
        int device = (int) (request >>> 56);
        int command = (int) (request >>> 48) & 0xff;
        long payload = request & PAYLOAD_MASK;
        if (device == EXIT_DEVICE && command == 0 && (payload & 1) != 0) {
            int code = (int) (payload >>> 1);
            power.powerOff(payload >>> 1 == 0, code);
            return;
        }
        if (isCharacter(request) && !console.test((int) payload & 0xff)) {
            return;
        }
        bus.store(tohost, Long.BYTES, 0);
        if (fromhost != 0) {
            try {
                bus.store(fromhost, Long.BYTES, request & ~PAYLOAD_MASK);
            } catch (BusFault outsideMemory) {
                // The program's own symbol is wrong; there is nobody to answer.
            }
        }
    }
}
