package dev.reprise.machine.properties;

import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.fixture.RandomPrograms;
import java.util.concurrent.atomic.AtomicLong;

/** A machine under a random program, with counts of what its runs have met. */
final class CountingMachine implements Guest {

    static final AtomicLong EXCEPTIONS = new AtomicLong();
    static final AtomicLong INTERRUPTS_INSIDE_QUANTA = new AtomicLong();

    private final MachineGuest machine;

    CountingMachine(MachineGuest machine) {
        this.machine = machine;
    }

    private long count(int index) {
        return machine.board().bus().load(RandomPrograms.DATA + 8L * index, 8);
    }

    @Override
    public Status runUntil(long limit) {
        long position = machine.position();
        long exceptions = count(0);
        long interrupts = count(1);
        Status status = machine.runUntil(limit);
        EXCEPTIONS.addAndGet(Math.max(0, count(0) - exceptions));
        if (machine.position() > position + 1) {
            INTERRUPTS_INSIDE_QUANTA.addAndGet(Math.max(0, count(1) - interrupts));
        }
        return status;
    }

    @Override
    public long position() {
        return machine.position();
    }

    @Override
    public void apply(Event input) {
        machine.apply(input);
    }

    @Override
    public void digest(StateSink sink) {
        machine.digest(sink);
    }

    @Override
    public void reset(ResetCause cause) {
        machine.reset(cause);
    }

    @Override
    public long idleDeadlineNs() {
        return machine.idleDeadlineNs();
    }

    @Override
    public boolean canSave() {
        return machine.canSave();
    }

    @Override
    public void save(StateSink sink) {
        machine.save(sink);
    }

    @Override
    public void load(StateSource source) {
        machine.load(source);
    }
}
