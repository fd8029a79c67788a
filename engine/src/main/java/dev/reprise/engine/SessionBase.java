package dev.reprise.engine;

import dev.reprise.engine.event.EventHash;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.Poison;
import dev.reprise.engine.ring.PoisonedException;
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

    private final List<SessionConfig.Device> devices;
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
    private RunResult result;

    protected SessionBase(SessionConfig config, List<SessionConfig.Device> devices, long clockRate) {
        this.config = config;
        this.devices = devices;
        host = new CountingHost(config.host());
        clock = new GuestClock(clockRate);
        ledgers = new OutputLedger[devices.size() + 1];
        for (int i = 1; i < ledgers.length; i++) {
            ledgers[i] = new OutputLedger();
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
        } catch (LogExhaustedException endOfTornLog) {
            complete = false;
            stop(ShutdownCause.NONE, 0);
            conclude(false);
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
        try {
            return atBoundary(theGuest, Guest.Status.RAN);
        } catch (PoisonedException failed) {
            throw unwrap(failed);
        }
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
        long position = guest.position();
        flushOutput(position);
        if (resetCause != null) {
            ResetCause cause = resetCause;
            resetCause = null;
            guest.reset(cause);
        }
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

    // ---- Shared parts.

    /** Bytes of an end event's payload: the digest and the hash of the events. */
    protected static final int END_BYTES = Digest.BYTES + Long.BYTES;

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
        digestSink.finish(into, 0);
    }

    protected final void count(EventKind kind) {
        eventCounts[kind.id()]++;
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
    public final RunResult result() {
        return result;
    }

    @Override
    public final int deviceId(String name) {
        for (int i = 0; i < devices.size(); i++) {
            if (devices.get(i).name().equals(name)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("no such device: " + name);
    }

    /** The guest asked more than a torn log can answer; the run ends where it stands. */
    protected static final class LogExhaustedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public LogExhaustedException() {
            super("the log ends here", null, false, false);
        }
    }
}
