package dev.reprise.engine;

import dev.reprise.engine.event.EventKind;

/**
 * How many interrupts, exceptions and checkpoints a guest has passed, and a running hash over each one's kind, code and
 * position, in order. Part of the digest. Guest thread only.
 */
final class WitnessLedger {

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private long interrupts;
    private long exceptions;
    private long checkpoints;
    private long hash;

    void add(EventKind kind, long position, long code) {
        switch (kind) {
            case INTERRUPT -> interrupts++;
            case EXCEPTION -> exceptions++;
            default -> checkpoints++;
        }
        long x = ((hash ^ position) * MULTIPLIER + (code << 7 | kind.id())) * MULTIPLIER;
        hash = x ^ x >>> 32;
    }

    long interrupts() {
        return interrupts;
    }

    long exceptions() {
        return exceptions;
    }

    long checkpoints() {
        return checkpoints;
    }

    /** Order: interrupts, exceptions, checkpoints, hash. */
    void write(StateSink sink) {
        sink.putLong(interrupts);
        sink.putLong(exceptions);
        sink.putLong(checkpoints);
        sink.putLong(hash);
    }
}
