package dev.reprise.engine.record;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.DeviceRefusedException;
import dev.reprise.engine.Digest;
import dev.reprise.engine.Guest;
import dev.reprise.engine.Mode;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.SessionBase;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.SessionStats;
import dev.reprise.engine.SessionTerms;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.character.CharStatus;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.ring.InboxRing;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.engine.ring.PoisonedException;
import java.util.function.LongSupplier;

/**
 * A session whose inputs and answers come from the host: with a journal it is a recording, without one it is a run
 * with recording off, and then nothing is encoded, hashed or compared.
 */
public final class LiveSession extends SessionBase {

    private static final byte[] NONE = new byte[0];
    private static final long IDLE_SLICE_NS = 50_000_000;
    /** An idle guest makes the journaler seal once it has waited this long. */
    private static final long IDLE_SEAL_NS = 2_000_000;

    private final LiveJournal journal;
    private final InboxRing inbox;
    private final InputPort[] ports;
    private final LiveOutputs outputs;
    private final ClockSteering steering;
    private final byte[] digestBytes = new byte[Digest.BYTES];
    private final InboxRing.Handler onInput = this::onInput;
    private final Event scratch = new Event(0);
    private final long startNs = System.nanoTime();

    private long nextDigest;
    private long idleNs;
    private boolean pendingWake;
    private boolean closed;

    /** @param recording null with recording off */
    public LiveSession(SessionConfig config, Recording recording) {
        super(config, SessionTerms.of(config));
        steering = new ClockSteering(config.clockRate());
        inbox = new InboxRing(config.inboxSlots(), poison);
        ports = new InputPort[ledgers.length];
        journal = new LiveJournal(config, recording, poison, eventHash, eventCounts);
        outputs = new LiveOutputs(config, journal, ledgers, inbox, poison);
        for (int device = 1; journal.records() && device < ledgers.length; device++) {
            if (keepsBytes(device)) {
                outputs.keep(device);
            }
        }
        nextDigest = !journal.records() || config.digestInterval() == 0 ? Long.MAX_VALUE : 0;
    }

    @Override
    public Mode mode() {
        return journal.records() ? Mode.RECORD : Mode.OFF;
    }

    // ---- Boundaries.

    @Override
    protected long nextStop(long position) {
        return nextDigest > position ? nextDigest : Long.MAX_VALUE;
    }

    @Override
    protected void flushOutput(long position) {
        outputs.flush(position, stopping());
    }

    @Override
    protected void applyDue(long position, Guest.Status status) {
        if (position >= nextDigest) {
            digestInto(position, digestBytes);
            journal.add(EventKind.DIGEST, 0, position, 0, 0, digestBytes, 0, Digest.BYTES);
            long interval = config.digestInterval();
            nextDigest = position - position % interval + interval;
        }
        if (status == Guest.Status.IDLE) {
            if (!jumpToDeadline(position)) {
                idle(position);
            }
            return;
        }
        if (jumpedAt(position)) {
            return;
        }
        if (config.clockMode() == ClockMode.HOST && steering.look(clock, position, hostNs())) {
            adjustClock(position);
        }
        inbox.poll(onInput);
    }

    private long hostNs() {
        return System.nanoTime() - startNs;
    }

    private void adjustClock(long position) {
        long forward = steering.forwardNs();
        long rate = steering.rate();
        journal.add(EventKind.CLOCK_ADJUST, 0, position, forward, rate);
        clock.adjust(position, clock.ns(position) + forward, rate);
        guest.apply(scratch.set(EventKind.CLOCK_ADJUST, 0, position, forward, rate));
    }

    /** Waits until the guest's own deadline has come on the host's clock, or an input has. */
    private void idle(long position) {
        long from = System.nanoTime();
        boolean sealed = !journal.hasNews();
        pendingWake = config.clockMode() == ClockMode.HOST;
        inbox.arm();
        try {
            while (true) {
                // Asked before the poll: what a backend publishes before it detaches is then seen.
                boolean live = somethingLive();
                if (inbox.poll(onInput) > 0 || stopping()) {
                    return;
                }
                poison.check();
                boolean more = pollNoReplay();
                long deadline = guest.idleDeadlineNs();
                long left = deadline == Long.MAX_VALUE ? IDLE_SLICE_NS : deadline - hostNs();
                if (deadline == Long.MAX_VALUE && !live) {
                    stop(ShutdownCause.GUEST_IDLE_FOREVER, 0);
                    return;
                }
                if (left <= 0) {
                    wakeClock(position);
                    return;
                }
                if (!sealed && System.nanoTime() - from >= IDLE_SEAL_NS) {
                    journal.requestSeal();
                    sealed = true;
                }
                inbox.await(more ? 0 : Math.min(left, sealed ? IDLE_SLICE_NS : IDLE_SEAL_NS));
            }
        } finally {
            pendingWake = false;
            inbox.disarm();
            idleNs += System.nanoTime() - from;
        }
    }

    /** One clock event per wake, before the inputs of that wake. */
    private void wakeClock(long position) {
        pendingWake = false;
        steering.wake(clock, position, hostNs());
        adjustClock(position);
    }

    @Override
    protected void wakeGuest() {
        inbox.wake();
    }

    private boolean somethingLive() {
        for (InputPort port : ports) {
            if (port != null && port.attached()) {
                return true;
            }
        }
        return outputs.someoneRefused();
    }

    private void onInput(Event input) {
        if (stopping()) {
            return;
        }
        long position = guest.position();
        if (pendingWake) {
            wakeClock(position);
        }
        input.position(position);
        journal.add(input.kind(), input.source(), position, input.a(), input.b(), input.payload(), 0, input.length());
        switch (input.kind()) {
            case SHUTDOWN_REQUEST -> stop(ShutdownCause.ofCode(input.a()), (int) input.b());
            case RESET_REQUEST -> guest.reset(ResetCause.ofCode(input.a()));
            default -> guest.apply(input);
        }
    }

    @Override
    protected void witness(EventKind kind, long position, long a, long b) {
        journal.add(kind, 0, position, a, b);
    }

    @Override
    protected boolean pass(long position, int checkpointKind) {
        journal.add(EventKind.CHECKPOINT, 0, position, checkpointKind, 0);
        return true;
    }

    @Override
    protected RuntimeException unmet(long position, int checkpointKind) {
        return new IllegalStateException("a checkpoint is met wherever it is passed: position=" + position);
    }

    // ---- Questions.

    @Override
    protected long liveClock(int clockKind, long position) {
        long value = host.clockNs(clockKind);
        journal.add(EventKind.CLOCK_READ, 0, position, clockKind, value);
        return value;
    }

    @Override
    public long ask(int question, LongSupplier live) {
        checkOwner();
        host.asked();
        long value = live.getAsLong();
        journal.add(EventKind.ANSWER, 0, guest.position(), question, value);
        return value;
    }

    @Override
    public int askBytes(int question, ByteAnswer live, byte[] into, int offset, int length) {
        checkOwner();
        host.asked();
        int status = live.answer(into, offset, length);
        if (status > length) {
            throw new IllegalStateException("the answer is longer than the range: status=" + status
                    + " length=" + length);
        }
        journal.add(EventKind.ANSWER_BYTES, 0, guest.position(), question, status, into, offset, Math.max(0, status));
        return status;
    }

    @Override
    public void random(byte[] into, int offset, int length) {
        checkOwner();
        host.random(into, offset, length);
        journal.add(EventKind.RANDOM, 0, guest.position(), length, 0, into, offset, length);
    }

    @Override
    public int output(int device, byte[] bytes, int offset, int length) {
        checkOwner();
        ledger(device);
        return outputs.write(device, bytes, offset, length, guest.position());
    }

    @Override
    public int output(int device, byte value) {
        checkOwner();
        ledger(device);
        return outputs.write(device, value, guest.position());
    }

    @Override
    public void readAll(int device, byte[] into, int offset, int length, CharAnswer answer) {
        checkOwner();
        ledger(device);
        checkRead(into, offset, length);
        host.asked();
        outputs.readAll(device, into, offset, length, answer, guest.position());
    }

    @Override
    public void control(int device, int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        checkOwner();
        ledger(device);
        checkControl(request, argument, argumentLength);
        host.asked();
        outputs.control(device, request, argument, argumentLength, into, answer, guest.position());
    }

    @Override
    protected void witnessDescriptors(int device, int request) {
        journal.add(EventKind.CHAR_DESCRIPTORS, device, guest.position(), request, CharStatus.NOT_SUPPORTED);
    }

    @Override
    public void remove(int device) {
        ledger(device);
        if (journal.records()) {
            throw new DeviceRefusedException("device " + deviceName(device) + " cannot be removed: this run is being"
                    + " recorded, and a recording is of all its devices from its start to its end");
        }
        outputs.remove(device);
        inputPort(device, false).detach();
        inbox.publish(EventKind.CHAR_LINK, device, LinkEvent.CLOSED, 0, NONE, 0, 0);
    }

    @Override
    public void attach(int device, CharBackEnd backEnd) {
        ledger(device);
        outputs.attach(device, backEnd);
    }

    @Override
    public void grant(int device, int bytes) {
        inputPort(device, false).grant(bytes);
    }

    // ---- Ends.

    @Override
    protected void finish(long position, ShutdownCause cause, int code, Digest digest, boolean atEnd) {
        journal.end(position, cause, code, digest);
        outputs.end();
        endNoReplay();
        poison.stop();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (result() == null) {
                journal.close();
            }
        } catch (PoisonedException alreadyReported) {
            // The run has thrown it; closing must not hide that.
        } finally {
            outputs.end();
            poison.stop();
            journal.unlock();
        }
    }

    // ---- Host threads.

    private InputPort inputPort(int device, boolean attach) {
        ledger(device);
        synchronized (ports) {
            if (ports[device] == null) {
                ports[device] = new InputPort(inbox, poison, device);
            }
            if (attach) {
                ports[device].attach();
            }
            return ports[device];
        }
    }

    @Override
    public InputPort inputPort(int device) {
        return inputPort(device, true);
    }

    @Override
    public OutputRing outputRing(int device) {
        ledger(device);
        return outputs.ring(device);
    }

    @Override
    public void publishShutdown(ShutdownCause cause, int code) {
        inbox.publish(EventKind.SHUTDOWN_REQUEST, 0, cause.code(), code, NONE, 0, 0);
    }

    @Override
    public void publishReset(ResetCause cause) {
        inbox.publish(EventKind.RESET_REQUEST, 0, cause.code(), 0, NONE, 0, 0);
    }

    @Override
    public void publishInterruptLine(int device, int line, boolean high) {
        ledger(device);
        inbox.publish(EventKind.INTERRUPT_LINE, device, line, high ? 1 : 0, NONE, 0, 0);
    }

    @Override
    public SessionStats stats() {
        return new SessionStats(countsByName(), boundaries, inbox.waits(), inbox.waitedNs(), journal.waits(),
                journal.waitedNs(), idleNs, journal.groups(), journal.logBytes(), journal.headHash(), host.calls(),
                askedDigests(), witnessed());
    }
}
