package dev.reprise.proptest.run;

import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;

/** Passes everything on to a guest. */
abstract class GuestDecorator implements Guest {

    /** Not final: a decorator may put a loaded guest in the place of the one that was saved. */
    protected Guest inner;

    GuestDecorator(Guest inner) {
        this.inner = inner;
    }

    @Override
    public Status runUntil(long limit) {
        return inner.runUntil(limit);
    }

    @Override
    public long position() {
        return inner.position();
    }

    @Override
    public void apply(Event input) {
        inner.apply(input);
    }

    @Override
    public void digest(StateSink sink) {
        inner.digest(sink);
    }

    @Override
    public void reset(ResetCause cause) {
        inner.reset(cause);
    }

    @Override
    public long idleDeadlineNs() {
        return inner.idleDeadlineNs();
    }

    @Override
    public boolean canSave() {
        return inner.canSave();
    }

    @Override
    public void save(StateSink sink) {
        inner.save(sink);
    }

    @Override
    public void load(StateSource source) {
        inner.load(source);
    }
}
