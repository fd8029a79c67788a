package dev.reprise.engine;

import dev.reprise.engine.character.CharControl;
import dev.reprise.engine.character.CharStatus;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventHash;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.Poison;
import dev.reprise.engine.ring.PoisonedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a live and a replayed session share: the run loop, the owner thread, guest time, ledgers, digests, the cached
 * clocks, and how a run ends. Stands alone so that record and replay cannot drift apart in what a guest sees.
 */
public abstract class SessionBase implements Session {

    /** Host nanoseconds that an adaptive quantum aims at. */
    private static final long QUANTUM_NS = 1_000_000;
    private static final long FIRST_QUANTUM = 20_000;
    private static final long MAX_QUANTUM = 1L << 24;

    protected final SessionConfig config;
    protected final Poison poison = new Poison();
    /** What a guest is told of the host comes through here; a replay has no use for it, and its count shows that. */
    protected final CountingHost host;
    protected final GuestClock clock;
    protected final OutputLedger[] ledgers;
    protected final long[] eventCounts = new long[128];
    /** Of what was journaled or taken from the log; stands still with recording off. */
    protected final EventHash eventHash = new EventHash();
    protected Guest guest;
    protected long boundaries;

    protected final SessionTerms terms;

    private final WitnessLedger witnesses = new WitnessLedger();
    private final List<NoReplayPort> noReplay = new ArrayList<>();
    private final DigestSink digestSink = new DigestSink();
    private final byte[] digestBytes = new byte[Digest.BYTES];
    private final long[] clockPosition = new long[ClockKind.MAX_KIND + 1];
    private final long[] clockValue = new long[ClockKind.MAX_KIND + 1];
    private final long[] digestAt;
    private final Map<Long, String> askedDigests = new LinkedHashMap<>();
    private int nextDigestAt;
    private long adaptiveQuantum = FIRST_QUANTUM;
    private Thread owner;
    private ShutdownCause stopCause;
    private int stopCode;
    private ResetCause resetCause;
    private boolean complete = true;
    private boolean ownsItsLoop;
    private long jumpedAt = Long.MIN_VALUE;
    private RunResult result;

    protected SessionBase(SessionConfig config, SessionTerms terms) {
        this.config = config;
        this.terms = terms;
        host = new CountingHost(config.host());
        clock = new GuestClock(terms.clockRate());
        ledgers = new OutputLedger[terms.devices().size() + 1];
        for (int i = 1; i < ledgers.length; i++) {
            ledgers[i] = new OutputLedger(terms.revision());
        }
        Arrays.fill(clockPosition, Long.MIN_VALUE);
        digestAt = config.digestAt();
    }

    // ---- The run loop.

    @Override
    public final RunResult run(Guest theGuest) {
        try {
            Guest.Status status = Guest.Status.RAN;
            while (atBoundary(theGuest, status)) {
                status = runSlice();
            }
        } catch (EndOfLogException endOfTornLog) {
            endIncomplete();
        } catch (PoisonedException failed) {
            throw unwrap(failed);
        }
        return result;
    }

    private Guest.Status runSlice() {
        long position = guest.position();
        long limit = nextStop(position);
        if (nextDigestAt < digestAt.length) {
            limit = Math.min(limit, Math.max(position + 1, digestAt[nextDigestAt]));
        }
        if (config.until() > position) {
            limit = Math.min(limit, config.until());
        }
        long quantum = config.quantum() > 0 ? config.quantum() : adaptiveQuantum;
        if (limit - position <= quantum) {
            return guest.runUntil(limit);
        }
        long start = System.nanoTime();
        Guest.Status status = guest.runUntil(position + quantum);
        if (status == Guest.Status.RAN && config.quantum() == 0) {
            adapt(guest.position() - position, System.nanoTime() - start);
        }
        return status;
    }

    private void adapt(long units, long ns) {
        long ideal = (long) ((double) units * QUANTUM_NS / Math.max(1, ns));
        adaptiveQuantum = Math.max(1, Math.min(MAX_QUANTUM, (3 * adaptiveQuantum + ideal + 3) / 4));
    }

    @Override
    public final boolean boundary(Guest theGuest) {
        if (result != null) {
            return false;
        }
        ownsItsLoop = true;
        try {
            return atBoundary(theGuest, Guest.Status.RAN);
        } catch (EndOfLogException endOfTornLog) {
            // Asked while an input was applied here, so it need not leave the guest's loop.
            return false;
        } catch (PoisonedException failed) {
            throw unwrap(failed);
        }
    }

    private void endIncomplete() {
        if (result == null) {
            complete = false;
            stop(ShutdownCause.NONE, 0);
            conclude(false);
        }
    }

    /** The guest has asked more than the log can answer; to be thrown. */
    protected final EndOfLogException endOfLog() {
        long position = guest.position();
        if (ownsItsLoop) {
            // Whether the loop comes to another boundary is the embedder's affair: the session has ended here.
            endIncomplete();
        }
        return new EndOfLogException(position);
    }

    /** Applies what is due at the guest's position; false if the run is over. */
    private boolean atBoundary(Guest theGuest, Guest.Status status) {
        if (owner == null) {
            owner = Thread.currentThread();
            guest = theGuest;
        }
        checkOwner();
        poison.check();
        boundaries++;
        pollNoReplay();
        long position = guest.position();
        if (resetCause != null) {
            // Before the output event: what the guest asks while it is reset must be asked in this order in replay too.
            ResetCause cause = resetCause;
            resetCause = null;
            guest.reset(cause);
        }
        flushOutput(position);
        while (nextDigestAt < digestAt.length && digestAt[nextDigestAt] <= position) {
            askedDigests.put(digestAt[nextDigestAt++], digest(position).toHex());
        }
        if (stopCause == null && position >= config.until()) {
            stop(ShutdownCause.LIMIT, 0);
            conclude(false);
            return false;
        }
        if (stopCause == null || mode() == Mode.REPLAY) {
            applyDue(position, status);
        }
        if (result == null && stopCause != null) {
            conclude(true);
        }
        return result == null;
    }

    /** Serves the ports that no log knows; true if one of them has more. */
    protected final boolean pollNoReplay() {
        boolean more = false;
        for (int i = 0; i < noReplay.size(); i++) {
            more |= noReplay.get(i).poll();
        }
        return more;
    }

    private void conclude(boolean atEnd) {
        long position = guest.position();
        // What the guest put out while it was given its last inputs.
        flushOutput(position);
        Digest digest = digest(position);
        finish(position, stopCause, stopCode, digest, atEnd);
        result = new RunResult(stopCause, stopCode, position, digest, complete);
    }

    // ---- What record and replay do differently.

    /** Where the guest must stop at the latest, beyond {@code position}; {@link Long#MAX_VALUE} for nowhere. */
    protected abstract long nextStop(long position);

    /** Journals and releases, or compares, what was put out since the last boundary. */
    protected abstract void flushOutput(long position);

    /** Applies inputs and everything else that the position brings. */
    protected abstract void applyDue(long position, Guest.Status status);

    /** The run is over; {@code atEnd} is false if it was only cut short by a limit or by the end of a torn log. */
    protected abstract void finish(long position, ShutdownCause cause, int code, Digest digest, boolean atEnd);

    protected abstract long liveClock(int clockKind, long position);

    protected abstract void witness(EventKind kind, long position, long a, long b);

    /** Whether the checkpoint is met at the position; it is an event. */
    protected abstract boolean pass(long position, int checkpointKind);

    /** Ends a wait of the guest thread for the host. */
    protected abstract void wakeGuest();

    // ---- Shared parts.

    /** Bytes of an end event's payload: the digest and the hash of the events. */
    public static final int END_BYTES = Digest.BYTES + Long.BYTES;

    /** Marks the run as ending at this boundary. */
    protected final void stop(ShutdownCause cause, int code) {
        if (stopCause == null) {
            stopCause = cause;
            stopCode = code;
        }
    }

    protected final boolean stopping() {
        return stopCause != null;
    }

    protected final ShutdownCause stopCause() {
        return stopCause;
    }

    protected final int stopCode() {
        return stopCode;
    }

    /** The log ended before its end event. */
    protected final void incomplete() {
        complete = false;
        stop(ShutdownCause.NONE, 0);
    }

    /** The digest of the state at the position, a pure function of it. */
    protected final Digest digest(long position) {
        digestInto(position, digestBytes);
        return Digest.of(digestBytes, 0);
    }

    protected final void digestInto(long position, byte[] into) {
        digestSink.putLong(position);
        guest.digest(digestSink);
        clock.write(digestSink);
        for (int i = 1; i < ledgers.length; i++) {
            ledgers[i].write(digestSink);
        }
        if (terms.witnesses()) {
            witnesses.write(digestSink);
        }
        digestSink.finish(into, 0);
    }

    /**
     * An idle guest whose time is a function of its position alone goes on at its own deadline at once, without an event:
     * record and replay both come here when a guest idles and no input of that position is left to be applied.
     *
     * @return false if time does not jump, or there is no deadline within {@link GuestClock#MAX_NS}
     */
    protected final boolean jumpToDeadline(long position) {
        if (terms.clockMode() != ClockMode.INSTRUCTIONS) {
            return false;
        }
        long deadline = guest.idleDeadlineNs();
        if (deadline > GuestClock.MAX_NS) {
            return false;
        }
        if (position == jumpedAt) {
            throw new IllegalStateException("the guest idles again at " + position
                    + ", where its deadline has come: a deadline that is served must count a unit");
        }
        jumpedAt = position;
        clock.jumpTo(position, deadline);
        return true;
    }

    /** Whether guest time has jumped at the position: an input stamped there would be applied before the jump in replay. */
    protected final boolean jumpedAt(long position) {
        return position == jumpedAt;
    }

    /** Figures of what was witnessed: interrupts, exceptions, checkpoints. */
    protected final Map<String, Long> witnessed() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("interrupts", witnesses.interrupts());
        counts.put("exceptions", witnesses.exceptions());
        counts.put("checkpoints", witnesses.checkpoints());
        return counts;
    }

    protected final void endNoReplay() {
        noReplay.forEach(NoReplayPort::end);
    }

    protected final String deviceName(int device) {
        return terms.devices().get(device - 1).name();
    }

    protected final boolean keepsBytes(int device) {
        return terms.ledgerBytes().contains(deviceName(device));
    }

    protected final void checkOwner() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("asked from thread " + Thread.currentThread().getName() + ", owner "
                    + (owner == null ? "none yet" : owner.getName()));
        }
    }

    protected final OutputLedger ledger(int device) {
        if (device < 1 || device >= ledgers.length) {
            throw new IllegalArgumentException("no such device: device=" + device + " of 1.." + (ledgers.length - 1));
        }
        return ledgers[device];
    }

    protected final Map<Long, String> askedDigests() {
        return new LinkedHashMap<>(askedDigests);
    }

    protected final Map<String, Long> countsByName() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (EventKind kind : EventKind.values()) {
            if (eventCounts[kind.id()] > 0) {
                counts.put(kind.name(), eventCounts[kind.id()]);
            }
        }
        return counts;
    }

    private static RuntimeException unwrap(PoisonedException failed) {
        return failed.getCause() instanceof RuntimeException own ? own : failed;
    }

    // ---- Session.

    @Override
    public final GuestClock clock() {
        return clock;
    }

    @Override
    public final long readClock(int clockKind) {
        checkOwner();
        if (clockKind < 0 || clockKind > ClockKind.MAX_KIND) {
            throw new IllegalArgumentException("clock kind out of 0.." + ClockKind.MAX_KIND + ": kind=" + clockKind);
        }
        long position = guest.position();
        if (clockPosition[clockKind] != position) {
            clockValue[clockKind] = liveClock(clockKind, position);
            clockPosition[clockKind] = position;
        }
        return clockValue[clockKind];
    }

    @Override
    public final void requestShutdown(ShutdownCause cause, int code) {
        checkOwner();
        if (cause.fromHost()) {
            throw new IllegalArgumentException("not a cause that a guest can compute: " + cause);
        }
        witness(EventKind.SHUTDOWN, guest.position(), cause.code(), code);
        stop(cause, code);
    }

    @Override
    public final void requestReset(ResetCause cause) {
        checkOwner();
        witness(EventKind.RESET, guest.position(), cause.code(), 0);
        resetCause = cause;
    }

    @Override
    public final void interruptTaken(long cause) {
        witnessTrap(EventKind.INTERRUPT, cause);
    }

    @Override
    public final void exceptionRaised(long cause) {
        witnessTrap(EventKind.EXCEPTION, cause);
    }

    private void witnessTrap(EventKind kind, long cause) {
        checkOwner();
        long position = guest.position();
        if (terms.witness() == WitnessMode.EVENTS) {
            witness(kind, position, cause, 0);
        }
        witnesses.add(kind, position, cause);
    }

    @Override
    public final boolean checkpoint(int kind) {
        checkOwner();
        if (kind < 0 || kind > CheckpointKind.MAX_KIND) {
            throw new IllegalArgumentException("checkpoint kind out of 0.." + CheckpointKind.MAX_KIND + ": kind=" + kind);
        }
        long position = guest.position();
        if (terms.witness() != WitnessMode.DIGEST && !pass(position, kind)) {
            return false;
        }
        witnesses.add(EventKind.CHECKPOINT, position, kind);
        return true;
    }

    @Override
    public final void requireCheckpoint(int kind) {
        if (!checkpoint(kind)) {
            throw unmet(guest.position(), kind);
        }
    }

    /** What is thrown where a checkpoint had to be met and is not in the log. */
    protected abstract RuntimeException unmet(long position, int checkpointKind);

    @Override
    public final int descriptors(int device, int request) {
        checkOwner();
        ledger(device);
        witnessDescriptors(device, request);
        return CharStatus.NOT_SUPPORTED;
    }

    /** Journals, or compares, that the guest asked for message descriptors and was refused. */
    protected abstract void witnessDescriptors(int device, int request);

    @Override
    public final NoReplayPort noReplay(String name, NoReplayPort.Handler handler) {
        if (owner != null) {
            throw new IllegalStateException("the run has begun");
        }
        NoReplayPort port = new NoReplayPort(name, handler, this::wakeGuest, poison);
        noReplay.add(port);
        return port;
    }

    /** @throws IllegalArgumentException if a range, a request or an argument is none that an event can hold */
    protected static void checkRead(byte[] into, int offset, int length) {
        if (length < 1 || length > Event.MAX_MESSAGE_BYTES || offset < 0 || offset > into.length - length) {
            throw new IllegalArgumentException("a read is of 1 to " + Event.MAX_MESSAGE_BYTES + " bytes within its array:"
                    + " offset=" + offset + " length=" + length + " array=" + into.length);
        }
    }

    /** @throws IllegalArgumentException if a request or an argument is none that an event can hold */
    protected static void checkControl(int request, byte[] argument, int argumentLength) {
        if (request < 0 || request > CharControl.MAX_REQUEST || argumentLength < 0
                || argumentLength > Math.min(argument.length, CharControl.MAX_BYTES)) {
            throw new IllegalArgumentException("no request: request=" + request + " argumentLength=" + argumentLength);
        }
    }

    @Override
    public final RunResult result() {
        return result;
    }

    @Override
    public final int deviceId(String name) {
        for (int i = 0; i < terms.devices().size(); i++) {
            if (terms.devices().get(i).name().equals(name)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("no such device: " + name);
    }
}
