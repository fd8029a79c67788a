package dev.reprise.engine.replay;

import dev.reprise.engine.CheckpointKind;
import dev.reprise.engine.DeviceRefusedException;
import dev.reprise.engine.Digest;
import dev.reprise.engine.Guest;
import dev.reprise.engine.IncompatibleRecordingException;
import dev.reprise.engine.Mode;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.SessionBase;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.SessionStats;
import dev.reprise.engine.SessionTerms;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.character.CharOutcomes;
import dev.reprise.engine.character.CharStatus;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.EventRole;
import dev.reprise.engine.journal.BadRecordingException;
import dev.reprise.engine.journal.DamagedLogException;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Manifest;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.engine.ring.ReplayRing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * A session whose inputs and answers come from a log. The host is asked nothing; what the guest puts out goes to
 * whatever backend is attached now, and is compared with the ledger.
 */
public final class ReplaySession extends SessionBase {

    private static final int RING_SLOTS = 1 << 13;

    private final Recording recording;
    private final LogCheck.Report report;
    private final LogCursor log;
    private final LogSource source;
    private final ReplayedOutputs outputs;
    private final Event applied = new Event(Event.SLOT_PAYLOAD_BYTES);
    private final byte[] digestBytes = new byte[Digest.BYTES];
    private boolean closed;

    // Written by the host thread that interrupts, the flag last.
    private ShutdownCause interruptCause;
    private int interruptCode;
    private volatile boolean interrupted;

    /**
     * @param config the guest's description as this program has it, compared with the manifest, and the host's own part
     * @throws IncompatibleRecordingException if guest, devices, revisions or settings differ
     * @throws DamagedLogException if the log is damaged; a torn log is replayed to where it is whole
     */
    public ReplaySession(SessionConfig config, Recording recording) {
        super(config, SessionTerms.of(recording.manifest()));
        this.recording = recording;
        LogChecks.requireSame(config, recording.manifest());
        report = recording.check();
        if (report.verdict() == LogCheck.Verdict.UNSUPPORTED) {
            throw new BadRecordingException(report.reason());
        }
        if (report.verdict() == LogCheck.Verdict.DAMAGED && !config.acceptPrefix()) {
            throw new DamagedLogException(report.reason() + "; whole up to group " + report.groups() + ", step "
                    + report.lastPosition());
        }
        ReplayRing ring = new ReplayRing(RING_SLOTS, poison);
        log = new LogCursor(ring, eventHash, eventCounts);
        outputs = new ReplayedOutputs(log, ledgers, terms.devices(), config, poison, this::interrupted);
        for (int device = 1; device < ledgers.length; device++) {
            if (keepsBytes(device)) {
                outputs.keep(device);
            }
        }
        source = new LogSource(recording, ring, poison, report.groups());
        source.start();
    }

    @Override
    public Mode mode() {
        return Mode.REPLAY;
    }

    /** What the check before the replay has found. */
    public LogCheck.Report report() {
        return report;
    }

    /** Whether somebody has ended the replay before the recording's own end. */
    public boolean interrupted() {
        return interrupted;
    }

    public Manifest manifest() {
        return recording.manifest();
    }

    // ---- Boundaries.

    @Override
    protected long nextStop(long position) {
        Event next = log.peek();
        if (next == null) {
            return position + 1;
        }
        // No guest comes to the last position there is, but a log may name it.
        return LogCursor.asked(next) && next.position() < Long.MAX_VALUE ? next.position() + 1 : next.position();
    }

    @Override
    protected void flushOutput(long position) {
        outputs.flush();
    }

    @Override
    protected void applyDue(long position, Guest.Status status) {
        // What is applied here may wake the guest: only a guest that idles on and is given nothing is stuck.
        boolean stuck = status == Guest.Status.IDLE;
        while (true) {
            // Looked at for each event: a log that is not to be trusted may hold any number of them at one position.
            if (interrupted) {
                stop(interruptCause, interruptCode);
                return;
            }
            Event next = log.peek();
            if (next == null) {
                incomplete();
                return;
            }
            if (next.position() < position || (stopping() && (next.position() > position || LogCursor.asked(next)))) {
                throw log.diverged(position, next, stopping() ? "ended the run" : "came past it");
            }
            if (next.position() > position || LogCursor.asked(next)) {
                if (stuck && !jumpToDeadline(position)) {
                    throw log.diverged(position, next, "idles here, and nothing wakes it");
                }
                return;
            }
            // A guest that asks while it applies an input moves the ring on; the input must stay as it is.
            applied.copyFrom(next);
            log.take(next);
            stuck &= applied.kind().role() != EventRole.INPUT;
            if (applied.kind() == EventKind.END) {
                end(position, applied);
                return;
            }
            apply(position, applied);
        }
    }

    private void apply(long position, Event event) {
        switch (event.kind()) {
            case OUTPUT -> outputs.compareLedger(position, event);
            case OUTPUT_BYTES -> outputs.compareBytes(position, event);
            case DIGEST -> compareDigest(position, event, Digest.BYTES, "digest");
            case SNAPSHOT, RESUME -> {
                // They speak of the recording, not of the guest.
            }
            case CLOCK_ADJUST -> {
                adjustClock(position, event);
                guest.apply(event);
            }
            case SHUTDOWN_REQUEST -> stop(LogChecks.cause(event), LogChecks.code(event));
            case RESET_REQUEST -> guest.reset(LogChecks.resetCause(event));
            default -> applyInput(position, event);
        }
    }

    /** A guest that refuses an input of the log says so in a report: the log is not to be trusted, nor is the guest. */
    private void applyInput(long position, Event event) {
        try {
            guest.apply(event);
        } catch (IllegalStateException | IllegalArgumentException refused) {
            throw log.diverged(position, event, "refuses it: " + refused.getMessage());
        }
    }

    private void adjustClock(long position, Event event) {
        try {
            clock.adjust(position, Math.addExact(clock.ns(position), event.a()), event.b());
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            throw new DamagedLogException("clock event at " + position + ": " + impossible.getMessage());
        }
    }

    private void compareDigest(long position, Event event, int length, String what) {
        digestInto(position, digestBytes);
        if (event.length() != length
                || !Arrays.equals(event.payload(), 0, Digest.BYTES, digestBytes, 0, Digest.BYTES)) {
            throw log.diverged(position, event, "has the " + what + " " + Digest.of(digestBytes, 0));
        }
    }

    private void end(long position, Event event) {
        ShutdownCause cause = LogChecks.cause(event);
        int code = LogChecks.code(event);
        if (stopping() && (stopCause() != cause || stopCode() != code)) {
            throw log.diverged(position, event, "ended with " + stopCause() + " code " + stopCode());
        }
        compareDigest(position, event, END_BYTES, "final digest");
        long journaled = ByteBuffer.wrap(event.payload()).order(ByteOrder.LITTLE_ENDIAN).getLong(Digest.BYTES);
        if (journaled != eventHash.value()) {
            throw new DamagedLogException("the log's events are not those that were recorded, though the guest's state"
                    + " does not show it: hash " + Long.toHexString(eventHash.value()) + ", recorded "
                    + Long.toHexString(journaled));
        }
        stop(cause, code);
    }

    // ---- Questions: the answer is the next event, or this is another run.

    /** The next event, if it is of the kind, stamped here. */
    private Event expect(EventKind kind, long a, boolean compareA) {
        long position = guest.position();
        Event next = log.peek();
        if (next == null) {
            throw endOfLog();
        }
        if (next.kind() != kind || next.position() != position || (compareA && next.a() != a)) {
            throw log.diverged(position, next, "asked for " + kind + (compareA ? " a=" + a : ""));
        }
        log.take(next);
        return next;
    }

    @Override
    protected long liveClock(int clockKind, long position) {
        return expect(EventKind.CLOCK_READ, clockKind, true).b();
    }

    @Override
    public long ask(int question, LongSupplier live) {
        checkOwner();
        return expect(EventKind.ANSWER, question, true).b();
    }

    @Override
    public int askBytes(int question, ByteAnswer live, byte[] into, int offset, int length) {
        checkOwner();
        Event answer = expect(EventKind.ANSWER_BYTES, question, true);
        if (answer.b() != (int) answer.b() || answer.length() != Math.max(0, answer.b())) {
            throw LogChecks.malformed(answer, "as many bytes as its status says");
        }
        copy(answer, into, offset, length);
        return (int) answer.b();
    }

    @Override
    public void random(byte[] into, int offset, int length) {
        checkOwner();
        Event answer = expect(EventKind.RANDOM, length, true);
        if (answer.length() != length) {
            throw LogChecks.malformed(answer, length + " bytes");
        }
        copy(answer, into, offset, length);
    }

    private void copy(Event answer, byte[] into, int offset, int length) {
        if (answer.length() > length) {
            throw log.diverged(guest.position(), answer, "asked for at most " + length + " bytes");
        }
        System.arraycopy(answer.payload(), 0, into, offset, answer.length());
    }

    @Override
    protected void witness(EventKind kind, long position, long a, long b) {
        Event event = expect(kind, a, true);
        if (event.b() != b) {
            throw log.diverged(position, event, "did " + kind + " a=" + a + " b=" + b);
        }
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
        Event event = expectOf(EventKind.CHAR_READ_ALL, device);
        int asked = CharOutcomes.length(event.a());
        int status = CharOutcomes.status(event.a());
        if (!CharStatus.isStatus(status) || (status == CharStatus.OK) != (event.length() == asked)) {
            throw LogChecks.malformed(event, "an answer to a read");
        }
        if (asked != length) {
            throw log.diverged(guest.position(), event, "asked for " + length + " bytes, in the log " + asked);
        }
        copy(event, into, offset, length);
        answer.set(event.length(), status);
    }

    @Override
    public void control(int device, int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        checkOwner();
        ledger(device);
        checkControl(request, argument, argumentLength);
        Event event = expectOf(EventKind.CHAR_CONTROL, device);
        int recordedLength = CharOutcomes.length(event.b());
        int status = CharOutcomes.status(event.b());
        if (!CharStatus.isStatus(status) || recordedLength < 0 || recordedLength > event.length()) {
            throw LogChecks.malformed(event, "an answer to a request");
        }
        if (event.a() != request || recordedLength != argumentLength || !Arrays.equals(argument, 0, argumentLength,
                event.payload(), 0, argumentLength)) {
            throw log.diverged(guest.position(), event, "made request " + request + " with an argument of " + argumentLength
                    + " bytes, or of others");
        }
        int count = event.length() - argumentLength;
        if (count > into.length) {
            throw log.diverged(guest.position(), event, "has room for an answer of " + into.length + " bytes");
        }
        System.arraycopy(event.payload(), argumentLength, into, 0, count);
        answer.set(count, status);
    }

    private Event expectOf(EventKind kind, int device) {
        Event event = expect(kind, 0, false);
        if (event.source() != device) {
            throw log.diverged(guest.position(), event, "asked " + kind + " of device " + deviceName(device));
        }
        return event;
    }

    @Override
    protected void witnessDescriptors(int device, int request) {
        Event event = expectOf(EventKind.CHAR_DESCRIPTORS, device);
        if (event.a() != request || event.b() != CharStatus.NOT_SUPPORTED) {
            throw log.diverged(guest.position(), event, "asked for descriptors with request " + request + " and was refused");
        }
    }

    @Override
    protected boolean pass(long position, int checkpointKind) {
        if (log.peek() == null) {
            throw endOfLog();
        }
        return log.takeIf(EventKind.CHECKPOINT, position, checkpointKind) != null;
    }

    @Override
    protected RuntimeException unmet(long position, int checkpointKind) {
        return log.diverged(position, log.peek(), "passes the checkpoint " + CheckpointKind.name(checkpointKind));
    }

    @Override
    public void remove(int device) {
        ledger(device);
        throw new DeviceRefusedException("device " + deviceName(device) + " cannot be removed: this run is replayed, and a"
                + " recording is of all its devices from its start to its end");
    }

    @Override
    public void attach(int device, CharBackEnd backEnd) {
        // The answers are the log's.
        ledger(device);
    }

    @Override
    protected void wakeGuest() {
        // A replayed guest never waits for the host.
    }

    @Override
    public void grant(int device, int bytes) {
        ledger(device);
    }

    // ---- Ends.

    @Override
    protected void finish(long position, ShutdownCause cause, int code, Digest digest, boolean atEnd) {
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
        outputs.end();
        poison.stop();
        try {
            source.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- Host threads.

    @Override
    public InputPort inputPort(int device) {
        ledger(device);
        return new InputPort(null, poison, device);
    }

    @Override
    public OutputRing outputRing(int device) {
        ledger(device);
        return outputs.ring(device);
    }

    @Override
    public void publishShutdown(ShutdownCause cause, int code) {
        interruptCause = cause;
        interruptCode = code;
        interrupted = true;
    }

    @Override
    public void publishReset(ResetCause cause) {
        // Live input is ignored in replay.
    }

    @Override
    public void publishInterruptLine(int device, int line, boolean high) {
        // Live input is ignored in replay.
    }

    @Override
    public SessionStats stats() {
        return new SessionStats(countsByName(), boundaries, 0, 0, 0, 0, 0, report.groups(), report.logBytes(),
                report.headHash(), host.calls(), askedDigests(), witnessed());
    }
}
