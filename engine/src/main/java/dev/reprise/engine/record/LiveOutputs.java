package dev.reprise.engine.record;

import dev.reprise.engine.KeptOutput;
import dev.reprise.engine.OutputLedger;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.character.CharOutcomes;
import dev.reprise.engine.character.CharStatus;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.InboxRing;
import dev.reprise.engine.ring.OutputRing;
import dev.reprise.engine.ring.Poison;

/**
 * What a live session's devices are given and answered: asks the back ends, takes bytes into the output rings, keeps the
 * ledgers, and lets go at a boundary what an output event speaks of. Guest thread only, but for {@link #ring}.
 */
final class LiveOutputs {

    private static final byte[] NONE = new byte[0];

    private final LiveJournal journal;
    private final OutputLedger[] ledgers;
    private final OutputRing[] rings;
    private final BackEnds backEnds;
    /** Null where the hash alone is kept. */
    private final KeptOutput[] kept;
    private final InboxRing inbox;
    private final Poison poison;
    private final int ringBytes;
    private final byte[] single = new byte[1];

    /** @param ledgers by device; the first is 1 */
    LiveOutputs(SessionConfig config, LiveJournal journal, OutputLedger[] ledgers, InboxRing inbox, Poison poison) {
        this.journal = journal;
        this.ledgers = ledgers;
        this.inbox = inbox;
        this.poison = poison;
        ringBytes = config.outputBytes();
        rings = new OutputRing[ledgers.length];
        backEnds = new BackEnds(config.devices());
        kept = new KeptOutput[ledgers.length];
    }

    /** The log is to hold the bytes of the device. */
    void keep(int device) {
        kept[device] = new KeptOutput();
    }

    void attach(int device, CharBackEnd backEnd) {
        backEnds.attach(device, backEnd);
    }

    void remove(int device) {
        backEnds.remove(device);
    }

    // ---- Calls of the guest's.

    int write(int device, byte[] bytes, int offset, int length, long position) {
        OutputRing output = rings[device];
        if (length == 0) {
            return 0;
        }
        int count = backEnds.offer(device, length);
        if (count > 0 && output != null) {
            count = ringAnswer(output.accept(bytes, offset, count));
        }
        if (count < length) {
            notWhole(device, position, count);
        }
        if (count > 0) {
            ledgers[device].add(bytes, offset, count);
            if (kept[device] != null) {
                kept[device].add(bytes, offset, count, position);
            }
        }
        return count;
    }

    int write(int device, byte value, long position) {
        OutputRing output = rings[device];
        int count = backEnds.offer(device, 1);
        if (count > 0 && output != null) {
            count = ringAnswer(output.accept(value));
        }
        if (count < 1) {
            notWhole(device, position, count);
            return count;
        }
        ledgers[device].add(value);
        if (kept[device] != null) {
            single[0] = value;
            kept[device].add(single, 0, 1, position);
        }
        return 1;
    }

    /** An acceptance that is not whole is an outcome, stamped with its place in the stream. */
    private void notWhole(int device, long position, int count) {
        journal.add(EventKind.CHAR_WRITE, device, position, count, ledgers[device].bytes());
    }

    /** A ring without room has taken nothing because it could not; a back end that takes none has chosen so. */
    private static int ringAnswer(int accepted) {
        return accepted == 0 ? CharStatus.WOULD_BLOCK : accepted;
    }

    void readAll(int device, byte[] into, int offset, int length, CharAnswer answer, long position) {
        backEnds.readAll(device, into, offset, length, answer);
        journal.add(EventKind.CHAR_READ_ALL, device, position, CharOutcomes.pack(length, answer.status()), 0, into, offset,
                answer.count());
    }

    void control(int device, int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer,
            long position) {
        byte[] both = backEnds.control(device, request, argument, argumentLength, into, answer);
        journal.add(EventKind.CHAR_CONTROL, device, position, request, CharOutcomes.pack(argumentLength, answer.status()),
                both, 0, argumentLength + answer.count());
    }

    // ---- Boundaries.

    /** Journals what was put out since the last boundary, and lets it go. */
    void flush(long position, boolean stopping) {
        boolean commits = journal.commits();
        for (int device = 1; device < rings.length; device++) {
            OutputRing output = rings[device];
            boolean marked = output == null || !commits || output.canMark();
            // A backend that lags so far gets the rest with a later output event; at the end there is no later one.
            if (!ledgers[device].hasNews() || (!marked && !stopping)) {
                continue;
            }
            long sequence = 0;
            if (journal.records()) {
                journalKept(device, position);
                sequence = journal.add(EventKind.OUTPUT, device, position, ledgers[device].bytes(), ledgers[device].hash());
            }
            ledgers[device].witnessed();
            if (output == null) {
                continue;
            }
            if (commits) {
                if (marked) {
                    output.releaseWhenDurable(sequence);
                } else {
                    output.releaseLastWhenDurable(sequence);
                }
                journal.requestSeal();
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
            journal.add(EventKind.OUTPUT_BYTES, device, position, offset + done, 0, bytes.bytes(), done, count);
        }
        bytes.clear();
    }

    /** Whether a backend that has refused something will say when there is room again. */
    boolean someoneRefused() {
        for (OutputRing output : rings) {
            if (output != null && output.refused()) {
                return true;
            }
        }
        return false;
    }

    void end() {
        for (OutputRing output : rings) {
            if (output != null) {
                output.end();
            }
        }
    }

    // ---- Host threads.

    OutputRing ring(int device) {
        synchronized (rings) {
            if (rings[device] == null) {
                rings[device] = new OutputRing(ringBytes, poison, journal.commits() ? journal::durableSequence : null,
                        () -> inbox.publish(EventKind.CHAR_LINK, device, LinkEvent.WRITABLE, 0, NONE, 0, 0));
            }
            return rings[device];
        }
    }
}
