package dev.reprise.proptest.run;

import dev.reprise.engine.Host;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A host whose clocks wander, also back, and whose entropy comes from a seed; it counts what it is asked. */
public final class SeededHost implements Host {

    private static final long EPOCH_NS = 1_700_000_000_000_000_000L;

    private final SplittableRandom random;
    private final AtomicLong calls = new AtomicLong();
    private long now = EPOCH_NS;

    public SeededHost(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public long clockNs(int clockKind) {
        calls.incrementAndGet();
        now += random.nextInt(8) == 0 ? -random.nextLong(1L << 20) : random.nextLong(1L << random.nextInt(1, 40));
        return now;
    }

    @Override
    public void random(byte[] into, int offset, int length) {
        calls.incrementAndGet();
        for (int i = 0; i < length; i++) {
            into[offset + i] = (byte) random.nextInt();
        }
    }

    long calls() {
        return calls.get();
    }
}
