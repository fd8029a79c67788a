package dev.reprise.machine.lockstep;

import dev.reprise.cpu.bus.FrozenRam;
import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.engine.Digest;
import dev.reprise.engine.DigestSink;
import dev.reprise.engine.Guest;
import dev.reprise.engine.GuestClock;
import dev.reprise.engine.StateSource;
import dev.reprise.machine.board.MachineGuest;

/**
 * One of the two machines with its clock and its session, as something that can be taken through an {@link Interval}. Guest
 * thread only.
 */
final class Follower {

    final MachineGuest guest;
    final GuestClock clock;
    private final NotedSession session;
    private final DigestSink sink = new DigestSink();
    /** The interval's next act. */
    private int nextAct;

    Follower(MachineGuest guest, GuestClock clock, NotedSession session) {
        this.guest = guest;
        this.clock = clock;
        this.session = session;
        session.position(guest::position);
    }

    /** Questions are answered by the interval's notes, from their start. */
    void rewind() {
        nextAct = 0;
        session.rewind();
    }

    /** The hash of everything but RAM's content, then of RAM's pages. */
    Digest digest() {
        guest.digest(sink);
        clock.write(sink);
        byte[] hash = new byte[Digest.BYTES];
        sink.finish(hash, 0);
        return Digest.of(hash, 0);
    }

    /** Hart, devices and clock, and the pages as they are, without a copy of them. */
    Start freeze() {
        StateBytes state = new StateBytes();
        clock.write(state);
        guest.board().saveWithoutRam(state);
        PhysicalBus bus = guest.board().bus();
        return new Start(guest.position(), state.bytes(), bus.freezeRam(), bus);
    }

    /**
     * Where an interval begins.
     *
     * @param ram of the frozen machine
     * @param frozen the memory of that machine, whose pages are as they were unless they were kept
     */
    record Start(long position, byte[] state, FrozenRam ram, PhysicalBus frozen) {
    }

    /** Back to where the interval began. Pages that are as they were stay untouched, and so does what was translated. */
    void restore(Start start) {
        PhysicalBus bus = guest.board().bus();
        for (int page = 0; page < bus.ramBytes() >>> PhysicalBus.PAGE_SHIFT; page++) {
            long[] before = start.ram().before(page);
            if (before == null && start.frozen().page(page) != bus.page(page)) {
                before = Page.toWords(start.frozen().page(page));
            }
            if (before != null && !bus.holds(page, before)) {
                bus.write(bus.ramBase() + ((long) page << PhysicalBus.PAGE_SHIFT), Page.toBytes(before), 0,
                        PhysicalBus.PAGE_BYTES);
            }
        }
        StateSource source = StateBytes.source(start.state());
        clock.read(source);
        guest.board().loadWithoutRam(source);
        rewind();
    }

    /**
     * Goes on through the interval, from where it is, to a position within it or at its end; what was done to the guest
     * there is done too.
     *
     * @throws NotedSession.Mismatch if the guest asks, or idles, otherwise than it was noted
     */
    void through(Interval interval, long position) {
        while (nextAct < interval.acts() && interval.act(nextAct).position() <= position) {
            Interval.Act act = interval.act(nextAct++);
            runTo(act.position());
            act.on(this);
        }
        runTo(position);
    }

    /** The whole interval must have been asked for. */
    void requireAtEnd() {
        if (!session.isAtEnd()) {
            throw new NotedSession.Mismatch("nothing at " + guest.position() + ", where the other one has " + session.awaited());
        }
    }

    void runTo(long position) {
        while (guest.position() < position) {
            if (guest.runUntil(position) == Guest.Status.IDLE && guest.position() < position) {
                throw new NotedSession.Mismatch("idles at " + guest.position() + ", where the other one goes on");
            }
        }
        if (guest.position() > position) {
            throw new NotedSession.Mismatch("goes on to " + guest.position() + ", where the other one stops at " + position);
        }
    }

    /** The other one idled here. */
    void idle() {
        long position = guest.position();
        if (guest.runUntil(position + 1) != Guest.Status.IDLE || guest.position() != position) {
            throw new NotedSession.Mismatch("goes on at " + position + ", where the other one idles");
        }
    }
}
