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
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A session whose inputs and answers come from a log. The host is asked nothing; what the guest puts out goes to
 * whatever backend is attached now, and is compared with the ledger.
 */
public final class ReplaySession extends SessionBase {

    private static final int RING_SLOTS = 1 << 13;
    private static final long OUTPUT_PARK_NS = 100_000;

    private final Recording recording;
    private final LogCheck.Report report;
    private final ReplayRing ring;
    private final LogSource source;
    private final OutputRing[] outputs;
    private final OutputComparison comparison;
    private final EventTrail trail = new EventTrail();
    private final Event applied = new Event(Event.SLOT_PAYLOAD_BYTES);
    private final byte[] digestBytes = new byte[Digest.BYTES];
    private final byte[] single = new byte[1];
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
        outputs = new OutputRing[ledgers.length];
        comparison = new OutputComparison(ledgers.length);
        for (int device = 1; device < ledgers.length; device++) {
            if (keepsBytes(device)) {
                comparison.keep(device);
            }
        }
        ring = new ReplayRing(RING_SLOTS, poison);
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
        Event next = ring.peek();
        if (next == null) {
            return position + 1;
        }
        // No guest comes to the last position there is, but a log may name it.
        return asked(next) && next.position() < Long.MAX_VALUE ? next.position() + 1 : next.position();
    }

    /** Whether the guest must ask for, or do, what the event says, within a step. */
    private static boolean asked(Event event) {
        EventRole role = event.kind().role();
        return role == EventRole.OUTCOME || role == EventRole.WITNESS;
    }

    @Override
    protected void flushOutput(long position) {
        for (int device = 1; device < outputs.length; device++) {
            if (outputs[device] != null && ledgers[device].hasNews()) {
                outputs[device].release();
            }
            ledgers[device].witnessed();
        }
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
            Event next = ring.peek();
            if (next == null) {
                incomplete();
                return;
            }
            if (next.position() < position || (stopping() && (next.position() > position || asked(next)))) {
                throw diverged(position, next, stopping() ? "ended the run" : "came past it");
            }
            if (next.position() > position || asked(next)) {
                if (stuck && !jumpToDeadline(position)) {
                    throw diverged(position, next, "idles here, and nothing wakes it");
                }
                return;
            }
            // A guest that asks while it applies an input moves the ring on; the input must stay as it is.
            applied.copyFrom(next);
            take(next);
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
            case OUTPUT -> compareOutput(position, event);
            case OUTPUT_BYTES -> compareBytes(position, event);
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
            throw diverged(position, event, "refuses it: " + refused.getMessage());
        }
    }

    private void adjustClock(long position, Event event) {
        try {
            clock.adjust(position, Math.addExact(clock.ns(position), event.a()), event.b());
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            throw new DamagedLogException("clock event at " + position + ": " + impossible.getMessage());
        }
    }

    private void compareOutput(long position, Event event) {
        int device = checkedDevice(position, event);
        if (ledger(device).bytes() != event.a() || ledger(device).hash() != event.b()) {
            throw diverged(position, event, "has put out " + comparison.difference(deviceName(device), device,
                    ledger(device), event.a()));
        }
        comparison.agreed(device, ledger(device).bytes());
    }

    private void compareBytes(long position, Event event) {
        int device = checkedDevice(position, event);
        int at = comparison.compare(device, ledger(device).bytes(), event);
        if (at != OutputComparison.EQUAL) {
            throw diverged(comparison.positionOf(device, at, position), event,
                    comparison.firstDifference(deviceName(device), device, event, at));
        }
    }

    private int checkedDevice(long position, Event event) {
        int device = event.source();
        if (device < 1 || device >= ledgers.length) {
            throw diverged(position, event, "has no device " + device);
        }
        return device;
    }

    private void compareDigest(long position, Event event, int length, String what) {
        digestInto(position, digestBytes);
        if (event.length() != length
                || !Arrays.equals(event.payload(), 0, Digest.BYTES, digestBytes, 0, Digest.BYTES)) {
            throw diverged(position, event, "has the " + what + " " + Digest.of(digestBytes, 0));
        }
    }

    private void end(long position, Event event) {
        ShutdownCause cause = LogChecks.cause(event);
        int code = LogChecks.code(event);
        if (stopping() && (stopCause() != cause || stopCode() != code)) {
            throw diverged(position, event, "ended with " + stopCause() + " code " + stopCode());
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
        Event next = ring.peek();
        if (next == null) {
            throw endOfLog();
        }
        if (next.kind() != kind || next.position() != position || (compareA && next.a() != a)) {
            throw diverged(position, next, "asked for " + kind + (compareA ? " a=" + a : ""));
        }
        take(next);
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
            throw diverged(guest.position(), answer, "asked for at most " + length + " bytes");
        }
        System.arraycopy(answer.payload(), 0, into, offset, answer.length());
    }

    @Override
    protected void witness(EventKind kind, long position, long a, long b) {
        Event event = expect(kind, a, true);
        if (event.b() != b) {
            throw diverged(position, event, "did " + kind + " a=" + a + " b=" + b);
        }
    }

    @Override
    public int output(int device, byte[] bytes, int offset, int length) {
        checkOwner();
        if (length == 0) {
            return 0;
        }
        int answer = recordedAnswer(device, length);
        int accepted = Math.max(0, answer);
        ledger(device).add(bytes, offset, accepted);
        comparison.add(device, bytes, offset, accepted, guest.position());
        for (int done = 0; done < accepted; ) {
            done += pass(device, bytes, offset + done, accepted - done);
        }
        return answer;
    }

    @Override
    public int output(int device, byte value) {
        checkOwner();
        int answer = recordedAnswer(device, 1);
        if (answer > 0) {
            ledger(device).add(value);
            single[0] = value;
            comparison.add(device, single, 0, 1, guest.position());
            while (pass(device, single, 0, 1) == 0) {
                Thread.onSpinWait();
            }
        }
        return answer;
    }

    /** Accepted whole unless the log's next event says otherwise of this very write. */
    private int recordedAnswer(int device, int length) {
        long offset = ledger(device).bytes();
        Event next = ring.peek();
        if (next != null && next.kind() == EventKind.CHAR_WRITE && next.source() == device
                && next.position() == guest.position() && next.b() == offset) {
            take(next);
            // An acceptance in whole is never journaled.
            if (next.a() < CharStatus.END_OF_FILE || next.a() > Integer.MAX_VALUE) {
                throw LogChecks.malformed(next, "an answer to a write");
            }
            if (next.a() >= length) {
                throw diverged(guest.position(), next, "wrote only " + length + " bytes");
            }
            return (int) next.a();
        }
        return length;
    }

    /** Hands bytes to a backend if there is one; a backend that is gone, slow or absent changes nothing. */
    private int pass(int device, byte[] bytes, int offset, int length) {
        OutputRing output = outputs[device];
        if (output == null) {
            return length;
        }
        int count = output.accept(bytes, offset, length);
        if (count < 0 || interrupted || poison.stopped()) {
            return length;
        }
        if (count == 0) {
            output.release();
            LockSupport.parkNanos(OUTPUT_PARK_NS);
        }
        return count;
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
            throw diverged(guest.position(), event, "asked for " + length + " bytes, in the log " + asked);
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
            throw diverged(guest.position(), event, "made request " + request + " with an argument of " + argumentLength
                    + " bytes, or of others");
        }
        int count = event.length() - argumentLength;
        if (count > into.length) {
            throw diverged(guest.position(), event, "has room for an answer of " + into.length + " bytes");
        }
        System.arraycopy(event.payload(), argumentLength, into, 0, count);
        answer.set(count, status);
    }

    private Event expectOf(EventKind kind, int device) {
        Event event = expect(kind, 0, false);
        if (event.source() != device) {
            throw diverged(guest.position(), event, "asked " + kind + " of device " + deviceName(device));
        }
        return event;
    }

    @Override
    protected void witnessDescriptors(int device, int request) {
        Event event = expectOf(EventKind.CHAR_DESCRIPTORS, device);
        if (event.a() != request || event.b() != CharStatus.NOT_SUPPORTED) {
            throw diverged(guest.position(), event, "asked for descriptors with request " + request + " and was refused");
        }
    }

    @Override
    protected boolean pass(long position, int checkpointKind) {
        Event next = ring.peek();
        if (next == null) {
            throw endOfLog();
        }
        if (next.kind() != EventKind.CHECKPOINT || next.position() != position || next.a() != checkpointKind) {
            return false;
        }
        take(next);
        return true;
    }

    @Override
    protected RuntimeException unmet(long position, int checkpointKind) {
        return diverged(position, ring.peek(), "passes the checkpoint " + CheckpointKind.name(checkpointKind));
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

    // ---- Reports.

    private void take(Event event) {
        trail.add(event);
        count(event.kind());
        eventHash.add(event);
        ring.take();
    }

    private DivergenceException diverged(long position, Event event, String guestDid) {
        String logSays = event.toString();
        return new DivergenceException(position, logSays, guestDid, trail.around(ring));
    }

    // ---- Ends.

    @Override
    protected void finish(long position, ShutdownCause cause, int code, Digest digest, boolean atEnd) {
        endOutputs();
        endNoReplay();
        poison.stop();
    }

    private void endOutputs() {
        for (OutputRing output : outputs) {
            if (output != null) {
                output.release();
                output.end();
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        endOutputs();
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
        synchronized (outputs) {
            if (outputs[device] == null) {
                outputs[device] = new OutputRing(config.outputBytes(), poison, null, null);
            }
            return outputs[device];
        }
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
