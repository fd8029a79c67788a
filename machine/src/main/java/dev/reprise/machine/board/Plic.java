package dev.reprise.machine.board;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import java.util.Arrays;

/**
 * Platform-level interrupt controller (RISC-V PLIC specification 1.0.0) with {@value #SOURCES} level-sensitive sources
 * and two contexts: machine and supervisor mode of hart 0.
 *
 * <pre>
 *   0x000000 + 4 n             priority of source n, 0 to 7 (0: never interrupts)
 *   0x001000 + 4 w             pending, 32 sources a word
 *   0x002000 + 0x80 c + 4 w    enabled in context c
 *   0x200000 + 0x1000 c        threshold of context c: only higher priorities interrupt
 *   0x200004 + 0x1000 c        claim (load), complete (store)
 * </pre>
 *
 * <p>Where the specification leaves a choice this does as QEMU: a line that falls before its claim is no longer
 * pending, completion asks neither who claimed nor whether the source is enabled. A line that is still high at
 * completion is pending again (section 1.2, the gateway of a level-triggered source). Aligned words only; other
 * registers read as zero, other accesses fault.
 */
public final class Plic implements BoardDevice {

    /** Sources 1 to this; 0 means none. */
    public static final int SOURCES = 96;

    private static final int WORDS = SOURCES / 32 + 1;
    private static final int CONTEXTS = 2;
    private static final int MAX_PRIORITY = 7;
    private static final int PENDING_OFFSET = 0x1000;
    private static final int ENABLE_OFFSET = 0x2000;
    private static final int ENABLE_STRIDE_SHIFT = 7;
    private static final int CONTEXT_OFFSET = 0x20_0000;
    private static final int CONTEXT_STRIDE_SHIFT = 12;

    private final InterruptLine[] targets;
    private final int[] priority = new int[SOURCES + 1];
    private final int[] level = new int[WORDS];
    private final int[] pending = new int[WORDS];
    private final int[] claimed = new int[WORDS];
    private final int[][] enabled = new int[CONTEXTS][WORDS];
    private final int[] threshold = new int[CONTEXTS];

    public Plic(InterruptLine machineLine, InterruptLine supervisorLine) {
        targets = new InterruptLine[] {machineLine, supervisorLine};
    }

    @Override
    public String name() {
        return "plic";
    }

    @Override
    public int revision() {
        return 1;
    }

    /** The wire of a source, 1 to {@value #SOURCES}. */
    public InterruptLine line(int source) {
        if (source < 1 || source > SOURCES) {
            throw new IllegalArgumentException("source out of 1.." + SOURCES + ": source=" + source);
        }
        return high -> setLevel(source, high);
    }

    private void setLevel(int source, boolean high) {
        int word = source >> 5;
        int bit = 1 << (source & 31);
        if (high == ((level[word] & bit) != 0)) {
            return;
        }
        if (high) {
            level[word] |= bit;
            pending[word] |= bit & ~claimed[word];
        } else {
            level[word] &= ~bit;
            pending[word] &= ~bit;
        }
        update();
    }

    private int best(int context) {
        int best = 0;
        int bestPriority = threshold[context];
        for (int word = 0; word < WORDS; word++) {
            int candidates = pending[word] & ~claimed[word] & enabled[context][word];
            while (candidates != 0) {
                int source = (word << 5) + Integer.numberOfTrailingZeros(candidates);
                candidates &= candidates - 1;
                if (priority[source] > bestPriority) {
                    best = source;
                    bestPriority = priority[source];
                }
            }
        }
        return best;
    }

    private void update() {
        for (int context = 0; context < CONTEXTS; context++) {
            targets[context].set(best(context) != 0);
        }
    }

    private int claim(int context) {
        int source = best(context);
        if (source != 0) {
            int bit = 1 << (source & 31);
            pending[source >> 5] &= ~bit;
            claimed[source >> 5] |= bit;
            update();
        }
        return source;
    }

    private void complete(long value) {
        if (value < 1 || value > SOURCES) {
            return;
        }
        int word = (int) value >> 5;
        int bit = 1 << ((int) value & 31);
        claimed[word] &= ~bit;
        pending[word] |= level[word] & bit;
        update();
    }

    @Override
    public long load(long offset, int size) {
        check(offset, size);
        int at = (int) offset;
        long value = 0;
        if (at < PENDING_OFFSET) {
            value = at >> 2 <= SOURCES ? priority[at >> 2] : 0;
        } else if (at < ENABLE_OFFSET) {
            int word = (at - PENDING_OFFSET) >> 2;
            value = word < WORDS ? pending[word] : 0;
        } else if (at < CONTEXT_OFFSET) {
            int context = (at - ENABLE_OFFSET) >> ENABLE_STRIDE_SHIFT;
            int word = (at & (1 << ENABLE_STRIDE_SHIFT) - 1) >> 2;
            value = context < CONTEXTS && word < WORDS ? enabled[context][word] : 0;
        } else {
            int context = (at - CONTEXT_OFFSET) >> CONTEXT_STRIDE_SHIFT;
            int register = at & (1 << CONTEXT_STRIDE_SHIFT) - 1;
            if (context < CONTEXTS) {
                value = switch (register) {
                    case 0 -> threshold[context];
                    case 4 -> claim(context);
                    default -> 0;
                };
            }
        }
        return value & 0xffff_ffffL;
    }

    @Override
    public void store(long offset, int size, long value) {
        check(offset, size);
        int at = (int) offset;
        if (at < PENDING_OFFSET) {
            if (at >> 2 <= SOURCES && at != 0) {
                priority[at >> 2] = (int) value & MAX_PRIORITY;
                update();
            }
        } else if (at >= CONTEXT_OFFSET) {
            storeContext((at - CONTEXT_OFFSET) >> CONTEXT_STRIDE_SHIFT, at & (1 << CONTEXT_STRIDE_SHIFT) - 1, value);
        } else if (at >= ENABLE_OFFSET) {
            int context = (at - ENABLE_OFFSET) >> ENABLE_STRIDE_SHIFT;
            int word = (at & (1 << ENABLE_STRIDE_SHIFT) - 1) >> 2;
            if (context < CONTEXTS && word < WORDS) {
                enabled[context][word] = (int) value & existing(word);
                update();
            }
        }
    }

    private void storeContext(int context, int register, long value) {
        if (context >= CONTEXTS) {
            return;
        }
        if (register == 0) {
            threshold[context] = (int) value & MAX_PRIORITY;
            update();
        } else if (register == 4) {
            complete(value & 0xffff_ffffL);
        }
    }

    /** Bits of the sources of a word that exist. */
    private static int existing(int word) {
        int mask = word == 0 ? ~1 : -1;
        return word == WORDS - 1 ? mask & (int) ((1L << (SOURCES % 32 + 1)) - 1) : mask;
    }

    private static void check(long offset, int size) {
        if (size != Integer.BYTES || (offset & 3) != 0) {
            throw BusFault.INSTANCE;
        }
    }

    @Override
    public void reset() {
        Arrays.fill(priority, 0);
        for (int word = 0; word < WORDS; word++) {
            level[word] = 0;
            pending[word] = 0;
            claimed[word] = 0;
            enabled[0][word] = 0;
            enabled[1][word] = 0;
        }
        threshold[0] = 0;
        threshold[1] = 0;
        update();
    }

    @Override
    public void save(StateSink sink) {
        for (int p : priority) {
            sink.putInt(p);
        }
        for (int word = 0; word < WORDS; word++) {
            sink.putInt(level[word]);
            sink.putInt(pending[word]);
            sink.putInt(claimed[word]);
        }
        for (int context = 0; context < CONTEXTS; context++) {
            sink.putInt(threshold[context]);
            for (int word = 0; word < WORDS; word++) {
                sink.putInt(enabled[context][word]);
            }
        }
    }

    @Override
    public void load(StateSource source) {
        for (int i = 0; i < priority.length; i++) {
            priority[i] = bounded(source.getInt(), MAX_PRIORITY);
        }
        for (int word = 0; word < WORDS; word++) {
            level[word] = bounded(source.getInt(), existing(word));
            pending[word] = bounded(source.getInt(), existing(word));
            claimed[word] = bounded(source.getInt(), existing(word));
        }
        for (int context = 0; context < CONTEXTS; context++) {
            threshold[context] = bounded(source.getInt(), MAX_PRIORITY);
            for (int word = 0; word < WORDS; word++) {
                enabled[context][word] = bounded(source.getInt(), existing(word));
            }
        }
        // A device that was loaded before may have driven its line into the state that this replaces.
        update();
    }

    private static int bounded(int value, int mask) {
        if ((value & ~mask) != 0) {
            throw new MalformedStateException("plic: value=" + value + " mask=" + mask);
        }
        return value;
    }
}
