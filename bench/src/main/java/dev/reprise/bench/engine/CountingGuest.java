package dev.reprise.bench.engine;

import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;

/** A guest that is nothing but its position, so that what is measured is the session. It owns its loop. */
final class CountingGuest implements Guest {

    private long position;

    void advance(long units) {
        position += units;
    }

    @Override
    public Status runUntil(long limit) {
        throw new IllegalStateException("driven from outside");
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void apply(Event input) {
        // Nothing of it is kept.
    }

    @Override
    public void digest(StateSink sink) {
        sink.putLong(position);
    }

    @Override
    public void reset(ResetCause cause) {
        // There is no state but the position.
    }
}
