package dev.reprise.engine.record;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.DeviceRefusedException;
import dev.reprise.engine.Digest;
import dev.reprise.engine.Guest;
import dev.reprise.engine.KeptOutput;
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
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.journal.JournalFailedException;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.Journaler;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.ring.InboxRing;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.engine.ring.PoisonedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    private final Recording recording;
    private final JournalRing ring;
    private final Journaler journaler;
    private final InboxRing inbox;
    private final InputPort[] ports;
    private final OutputRing[] outputs;
    private final BackEnds backEnds;
    /** Null where the hash alone is kept. */
    private final KeptOutput[] kept;
    private final ClockSteering steering;
    private final byte[] digestBytes = new byte[Digest.BYTES];
    private final byte[] single = new byte[1];
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
        this.recording = recording;
        steering = new ClockSteering(config.clockRate());
        inbox = new InboxRing(config.inboxSlots(), poison);
        int devices = config.devices().size();
        ports = new InputPort[devices + 1];
        outputs = new OutputRing[devices + 1];
        backEnds = new BackEnds(config.devices());
        kept = new KeptOutput[devices + 1];
        for (int device = 1; device <= devices; device++) {
            kept[device] = recording != null && keepsBytes(device) ? new KeptOutput() : null;
        }
        if (recording == null) {
            ring = null;
            journaler = null;
            nextDigest = Long.MAX_VALUE;
            return;
        }
        try {
            JournalWriter writer =
                    new JournalWriter(recording.files(), recording.manifestBytes(), config.compress());
            ring = new JournalRing(JournalRing.DEFAULT_BYTES, poison);
            journaler = new Journaler(writer, ring, poison, config.durability());
            journaler.start();
        } catch (IOException failure) {
            recording.discard();
            throw new JournalFailedException("cannot begin the log: " + failure.getMessage(), failure);
        }
        nextDigest = config.digestInterval() == 0 ? Long.MAX_VALUE : 0;
    }

    @Override
    public Mode mode() {
        return journaler == null ? Mode.OFF : Mode.RECORD;
    }

    // ---- Boundaries.

    @Override
    protected long nextStop(long position) {
        return nextDigest > position ? nextDigest : Long.MAX_VALUE;
    }

    @Override
    protected void flushOutput(long position) {
        for (int device = 1; device < outputs.length; device++) {
            OutputRing output = outputs[device];
            boolean marked = output == null || !commits() || output.canMark();
            // A backend that lags so far gets the rest with a later output event; at the end there is no later one.
            if (!ledgers[device].hasNews() || (!marked && !stopping())) {
                continue;
            }
            long sequence = 0;
            if (journaler != null) {
                journalKept(device, position);
                sequence = journal(EventKind.OUTPUT, device, position, ledgers[device].bytes(),
                        ledgers[device].hash(), NONE, 0, 0);
            }
            ledgers[device].witnessed();
            if (output == null) {
                continue;
            }
            if (commits()) {
                if (marked) {
                    output.releaseWhenDurable(sequence);
                } else {
                    output.releaseLastWhenDurable(sequence);
                }
                journaler.requestSeal();
            } else {
                output.release();
            }
        }
    }

    private void journalKept(int device, long position) {
        KeptOutput bytes = kept[device];
        if (bytes == null) {
            return;
        }
        long offset = ledgers[device].bytes() - bytes.length();
        for (int done = 0; done < bytes.length(); done += Event.MAX_MESSAGE_BYTES) {
            int count = Math.min(Event.MAX_MESSAGE_BYTES, bytes.length() - done);
            journal(EventKind.OUTPUT_BYTES, device, position, offset + done, 0, bytes.bytes(), done, count);
        }
        bytes.clear();
    }

    private boolean commits() {
        return journaler != null && config.durability() == 2;
    }

    @Override
    protected void applyDue(long position, Guest.Status status) {
        if (position >= nextDigest) {
            digestInto(position, digestBytes);
            journal(EventKind.DIGEST, 0, position, 0, 0, digestBytes, 0, Digest.BYTES);
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
        journal(EventKind.CLOCK_ADJUST, 0, position, forward, rate, NONE, 0, 0);
        clock.adjust(position, clock.ns(position) + forward, rate);
        guest.apply(scratch.set(EventKind.CLOCK_ADJUST, 0, position, forward, rate));
    }

    /** Waits until the guest's own deadline has come on the host's clock, or an input has. */
    private void idle(long position) {
        long from = System.nanoTime();
        boolean sealed = false;
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
                if (!sealed && journaler != null && System.nanoTime() - from >= IDLE_SEAL_NS) {
                    journaler.requestSeal();
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
        for (OutputRing output : outputs) {
            if (output != null && output.refused()) {
                return true;
            }
        }
        return false;
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
        journal(input.kind(), input.source(), position, input.a(), input.b(), input.payload(), 0, input.length());
        switch (input.kind()) {
            case SHUTDOWN_REQUEST -> stop(ShutdownCause.ofCode(input.a()), (int) input.b());
            case RESET_REQUEST -> guest.reset(ResetCause.ofCode(input.a()));
            default -> guest.apply(input);
        }
    }

    private long journal(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset,
            int length) {
        count(kind);
        if (journaler == null) {
            return 0;
        }
        eventHash.add(kind, source, position, a, b, payload, offset, length);
        return ring.publish(kind, source, position, a, b, payload, offset, length);
    }

    @Override
    protected void witness(EventKind kind, long position, long a, long b) {
        journal(kind, 0, position, a, b, NONE, 0, 0);
    }

    @Override
    protected boolean pass(long position, int checkpointKind) {
        journal(EventKind.CHECKPOINT, 0, position, checkpointKind, 0, NONE, 0, 0);
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
        journal(EventKind.CLOCK_READ, 0, position, clockKind, value, NONE, 0, 0);
        return value;
    }

    @Override
    public long ask(int question, LongSupplier live) {
        checkOwner();
        host.asked();
        long value = live.getAsLong();
        journal(EventKind.ANSWER, 0, guest.position(), question, value, NONE, 0, 0);
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
        journal(EventKind.ANSWER_BYTES, 0, guest.position(), question, status, into, offset, Math.max(0, status));
        return status;
    }

    @Override
    public void random(byte[] into, int offset, int length) {
        checkOwner();
        host.random(into, offset, length);
        journal(EventKind.RANDOM, 0, guest.position(), length, 0, into, offset, length);
    }

    @Override
    public int output(int device, byte[] bytes, int offset, int length) {
        checkOwner();
        OutputRing output = outputRingIfAny(device);
        if (length == 0) {
            return 0;
        }
        int count = backEnds.offer(device, length);
        if (count > 0 && output != null) {
            count = ringAnswer(output.accept(bytes, offset, count));
        }
        if (count < length) {
            journal(EventKind.CHAR_WRITE, device, guest.position(), count, ledgers[device].bytes(), NONE, 0, 0);
        }
        if (count > 0) {
            ledgers[device].add(bytes, offset, count);
            if (kept[device] != null) {
                kept[device].add(bytes, offset, count, guest.position());
            }
        }
        return count;
    }

    @Override
    public int output(int device, byte value) {
        checkOwner();
        OutputRing output = outputRingIfAny(device);
        int count = backEnds.offer(device, 1);
        if (count > 0 && output != null) {
            count = ringAnswer(output.accept(value));
        }
        if (count < 1) {
            // An acceptance that is not whole is an outcome, stamped with its place in the stream.
            journal(EventKind.CHAR_WRITE, device, guest.position(), count, ledgers[device].bytes(), NONE, 0, 0);
            return count;
        }
        ledgers[device].add(value);
        if (kept[device] != null) {
            single[0] = value;
            kept[device].add(single, 0, 1, guest.position());
        }
        return 1;
    }

    /** A ring without room has taken nothing because it could not; a back end that takes none has chosen so. */
    private static int ringAnswer(int accepted) {
        return accepted == 0 ? CharStatus.WOULD_BLOCK : accepted;
    }

    @Override
    public void readAll(int device, byte[] into, int offset, int length, CharAnswer answer) {
        checkOwner();
        ledger(device);
        checkRead(into, offset, length);
        host.asked();
        backEnds.readAll(device, into, offset, length, answer);
        journal(EventKind.CHAR_READ_ALL, device, guest.position(),
                CharOutcomes.pack(length, answer.status()), 0, into, offset, answer.count());
    }

    @Override
    public void control(int device, int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        checkOwner();
        ledger(device);
        checkControl(request, argument, argumentLength);
        host.asked();
        byte[] both = backEnds.control(device, request, argument, argumentLength, into, answer);
        journal(EventKind.CHAR_CONTROL, device, guest.position(), request,
                CharOutcomes.pack(argumentLength, answer.status()), both, 0, argumentLength + answer.count());
    }

    @Override
    protected void witnessDescriptors(int device, int request) {
        journal(EventKind.CHAR_DESCRIPTORS, device, guest.position(), request, CharStatus.NOT_SUPPORTED, NONE, 0, 0);
    }

    @Override
    public void remove(int device) {
        ledger(device);
        if (journaler != null) {
            throw new DeviceRefusedException("device " + deviceName(device) + " cannot be removed: this run is being"
                    + " recorded, and a recording is of all its devices from its start to its end");
        }
        backEnds.remove(device);
        inputPort(device, false).detach();
        inbox.publish(EventKind.CHAR_LINK, device, LinkEvent.CLOSED, 0, NONE, 0, 0);
    }

    @Override
    public void attach(int device, CharBackEnd backEnd) {
        ledger(device);
        backEnds.attach(device, backEnd);
    }

    private OutputRing outputRingIfAny(int device) {
        ledger(device);
        return outputs[device];
    }

    @Override
    public void grant(int device, int bytes) {
        inputPort(device, false).grant(bytes);
    }

    // ---- Ends.

    @Override
    protected void finish(long position, ShutdownCause cause, int code, Digest digest, boolean atEnd) {
        if (journaler != null) {
            count(EventKind.END);
            eventHash.add(EventKind.END, 0, position, cause.code(), code, NONE, 0, 0);
            byte[] payload = ByteBuffer.allocate(END_BYTES).order(ByteOrder.LITTLE_ENDIAN)
                    .put(digest.toBytes()).putLong(eventHash.value()).array();
            ring.publish(EventKind.END, 0, position, cause.code(), code, payload, 0, END_BYTES);
            closeJournal();
        }
        endOutputs();
        endNoReplay();
        poison.stop();
    }

    private void closeJournal() {
        try {
            journaler.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new JournalFailedException("interrupted while the log was being closed", interrupted);
        }
    }

    private void endOutputs() {
        for (OutputRing output : outputs) {
            if (output != null) {
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
        try {
            if (journaler != null && result() == null) {
                closeJournal();
            }
        } catch (PoisonedException alreadyReported) {
            // The run has thrown it; closing must not hide that.
        } finally {
            endOutputs();
            poison.stop();
            if (recording != null) {
                recording.unlock();
            }
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
        synchronized (outputs) {
            if (outputs[device] == null) {
                outputs[device] = new OutputRing(config.outputBytes(), poison,
                        commits() ? journaler::durableSequence : null, () -> publishRoom(device));
            }
            return outputs[device];
        }
    }

    private void publishRoom(int device) {
        inbox.publish(EventKind.CHAR_LINK, device, LinkEvent.WRITABLE, 0, NONE, 0, 0);
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
        inbox.publish(EventKind.INTERRUPT_LINE, device, line, high ? 1 : 0, NONE, 0, 0);
    }

    @Override
    public SessionStats stats() {
        JournalWriter writer = journaler == null ? null : journaler.writer();
        return new SessionStats(countsByName(), boundaries, inbox.waits(), inbox.waitedNs(),
                ring == null ? 0 : ring.waits(), ring == null ? 0 : ring.waitedNs(), idleNs,
                writer == null ? 0 : writer.groups(), writer == null ? 0 : writer.logBytes(),
                writer == null ? null : writer.headHash(), host.calls(), askedDigests(),
                witnessed());
    }
}
