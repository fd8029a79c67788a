package dev.reprise.machine.board;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.engine.Session;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * Entropy for the guest: one 32-bit register whose every load is four fresh bytes of the host, a recorded outcome. It is
 * what Linux calls a {@code timeriomem_rng} (devicetree binding of that name: one word of memory, a period in microseconds),
 * so an unmodified kernel uses it. There on request alone ({@code --entropy}); QEMU's board has none.
 */
public final class Entropy implements BoardDevice {

    /** The name in the manifest. */
    public static final String NAME = "entropy";
    public static final int REVISION = 1;
    /** Microseconds that a driver is asked to wait between two words: none that it would notice. */
    public static final int PERIOD_US = 1;

    private final Session session;
    private final byte[] word = new byte[Integer.BYTES];

    public Entropy(Session session) {
        this.session = session;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int revision() {
        return REVISION;
    }

    @Override
    public long load(long offset, int size) {
        if (size != Integer.BYTES || offset != 0) {
            throw BusFault.INSTANCE;
        }
        session.random(word, 0, word.length);
        return (word[0] & 0xffL) | (word[1] & 0xffL) << 8 | (word[2] & 0xffL) << 16 | (word[3] & 0xffL) << 24;
    }

    /** Read-only. */
    @Override
    public void store(long offset, int size, long value) {
        throw BusFault.INSTANCE;
    }

    @Override
    public void reset() {
        // Every word is a new question: there is nothing to go back to.
    }

    @Override
    public void save(StateSink sink) {
        // No state.
    }

    @Override
    public void load(StateSource source) {
        // No state.
    }
}
