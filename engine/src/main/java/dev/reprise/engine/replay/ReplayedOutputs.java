package dev.reprise.engine.replay;

import dev.reprise.engine.OutputLedger;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.character.CharStatus;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.engine.ring.Poison;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What a replayed guest puts out: answered as in the log, compared with the ledgers there, and handed to whatever backend
 * is attached now, whose answers change nothing. Guest thread only, but for {@link #ring}.
 */
final class ReplayedOutputs {

    private static final long PARK_NS = 100_000;
    private static final long MOVING = -1;

    private final LogCursor log;
    private final OutputLedger[] ledgers;
    private final List<SessionConfig.Device> devices;
    private final OutputComparison comparison;
    private final OutputRing[] rings;
    private final int ringBytes;
    private final long patienceNs;
    private final Poison poison;
    private final BooleanSupplier interrupted;
    private final byte[] single = new byte[1];
    /** Since when a backend is waited for, and how far it had come then. */
    private long stalledSinceNs;
    private long stalledAt = MOVING;

    /**
     * @param ledgers by device; the first is 1
     * @param interrupted whether nobody is to be waited for any more
     */
    ReplayedOutputs(LogCursor log, OutputLedger[] ledgers, List<SessionConfig.Device> devices, SessionConfig config,
            Poison poison, BooleanSupplier interrupted) {
        this.log = log;
        this.ledgers = ledgers;
        this.devices = devices;
        ringBytes = config.outputBytes();
        patienceNs = config.outputPatienceNs();
        this.poison = poison;
        this.interrupted = interrupted;
        comparison = new OutputComparison(ledgers.length);
        rings = new OutputRing[ledgers.length];
    }

    /** The log holds the bytes of the device. */
    void keep(int device) {
        comparison.keep(device);
    }

    // ---- Calls of the guest's.

    int write(int device, byte[] bytes, int offset, int length, long position) {
        if (length == 0) {
            return 0;
        }
        int answer = recordedAnswer(device, length, position);
        int accepted = Math.max(0, answer);
        ledgers[device].add(bytes, offset, accepted);
        comparison.add(device, bytes, offset, accepted, position);
        for (int done = 0; done < accepted; ) {
            done += pass(device, bytes, offset + done, accepted - done);
        }
        return answer;
    }

    int write(int device, byte value, long position) {
        int answer = recordedAnswer(device, 1, position);
        if (answer > 0) {
            ledgers[device].add(value);
            single[0] = value;
            comparison.add(device, single, 0, 1, position);
            while (pass(device, single, 0, 1) == 0) {
                Thread.onSpinWait();
            }
        }
        return answer;
    }

    /** Accepted whole unless the log's next event says otherwise of this very write. */
    private int recordedAnswer(int device, int length, long position) {
        long offset = ledgers[device].bytes();
        Event next = log.peek();
        if (next != null && next.kind() == EventKind.CHAR_WRITE && next.source() == device && next.position() == position
                && next.b() == offset) {
            log.take(next);
            // An acceptance in whole is never journaled.
            if (next.a() < CharStatus.END_OF_FILE || next.a() > Integer.MAX_VALUE) {
                throw LogChecks.malformed(next, "an answer to a write");
            }
            if (next.a() >= length) {
                throw log.diverged(position, next, "wrote only " + length + " bytes");
            }
            return (int) next.a();
        }
        return length;
    }

    /** Hands bytes to a backend if there is one; a backend that is gone, slow or absent changes nothing in the guest. */
    private int pass(int device, byte[] bytes, int offset, int length) {
        OutputRing output = rings[device];
        if (output == null) {
            return length;
        }
        int count = output.accept(bytes, offset, length);
        if (count < 0 || interrupted.getAsBoolean() || poison.stopped()) {
            output.skip(length - Math.max(0, count));
            return length;
        }
        if (count > 0) {
            stalledAt = MOVING;
        } else if (isStalled(output)) {
            output.giveUp();
            output.skip(length);
            return length;
        } else {
            output.release();
            LockSupport.parkNanos(PARK_NS);
        }
        return count;
    }

    /** Whether a ring without room has had none for as long as anybody is to be waited for. */
    private boolean isStalled(OutputRing output) {
        long now = System.nanoTime();
        long progress = output.progress();
        if (stalledAt != progress) {
            stalledAt = progress;
            stalledSinceNs = now;
        }
        return now - stalledSinceNs >= patienceNs;
    }

    // ---- Boundaries.

    void flush() {
        for (int device = 1; device < rings.length; device++) {
            if (rings[device] != null && ledgers[device].hasNews()) {
                rings[device].release();
            }
            ledgers[device].witnessed();
        }
    }

    /** The log's ledger of a device, against the guest's. */
    void compareLedger(long position, Event event) {
        int device = checkedDevice(position, event);
        OutputLedger ledger = ledgers[device];
        if (ledger.bytes() != event.a() || ledger.hash() != event.b()) {
            throw log.diverged(position, event, "has put out "
                    + comparison.difference(name(device), device, ledger, event.a()));
        }
        comparison.agreed(device, ledger.bytes());
    }

    /** The log's bytes of a device, against the guest's. */
    void compareBytes(long position, Event event) {
        int device = checkedDevice(position, event);
        int at = comparison.compare(device, ledgers[device].bytes(), event);
        if (at != OutputComparison.EQUAL) {
            throw log.diverged(comparison.positionOf(device, at, position), event,
                    comparison.firstDifference(name(device), device, event, at));
        }
    }

    private int checkedDevice(long position, Event event) {
        int device = event.source();
        if (device < 1 || device >= ledgers.length) {
            throw log.diverged(position, event, "has no device " + device);
        }
        return device;
    }

    private String name(int device) {
        return devices.get(device - 1).name();
    }

    void end() {
        for (OutputRing output : rings) {
            if (output != null) {
                output.release();
                output.end();
            }
        }
    }

    // ---- Host threads.

    OutputRing ring(int device) {
        synchronized (rings) {
            if (rings[device] == null) {
                rings[device] = new OutputRing(ringBytes, poison, null, null);
            }
            return rings[device];
        }
    }
}
