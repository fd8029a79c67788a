package dev.reprise.engine.record;

import dev.reprise.engine.Digest;
import dev.reprise.engine.EngineAssert;
import dev.reprise.engine.SessionBase;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.event.EventHash;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.EventRole;
import dev.reprise.engine.journal.JournalFailedException;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.Journaler;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The way of a live session's events to their log: counts and hashes each, and hands it to the journaler. With recording
 * off it counts alone. Guest thread only, but for the figures.
 */
final class LiveJournal {

    private static final byte[] NONE = new byte[0];

    private final Recording recording;
    private final JournalRing ring;
    private final Journaler journaler;
    private final EventHash hash;
    private final long[] counts;
    private final int durability;
    private boolean hasNews;
    private volatile boolean closed;

    /**
     * @param recording null with recording off
     * @param counts of the events, by the identifier of their kind
     */
    LiveJournal(SessionConfig config, Recording recording, Poison poison, EventHash hash, long[] counts) {
        this.recording = recording;
        this.hash = hash;
        this.counts = counts;
        durability = config.durability();
        if (recording == null) {
            ring = null;
            journaler = null;
            return;
        }
        try {
            JournalWriter writer =
                    new JournalWriter(recording.files(), recording.manifestBytes(), config.compress());
            ring = new JournalRing(JournalRing.DEFAULT_BYTES, poison);
            journaler = new Journaler(writer, ring, poison, durability);
            journaler.start();
        } catch (IOException failure) {
            recording.discard();
            throw new JournalFailedException("cannot begin the log: " + failure.getMessage(), failure);
        } catch (RuntimeException | Error failure) {
            // No memory for the ring, or no thread: nobody else would give the lock back.
            recording.discard();
            throw failure;
        }
    }

    /** Whether there is a log. */
    boolean records() {
        return journaler != null;
    }

    /** Whether output may leave only behind its durable event. */
    boolean commits() {
        return journaler != null && durability == 2;
    }

    long add(EventKind kind, int source, long position, long a, long b) {
        return add(kind, source, position, a, b, NONE, 0, 0);
    }

    /** @return the event's sequence, which {@link #durableSequence} comes to; 0 with recording off */
    long add(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset, int length) {
        counts[kind.id()]++;
        if (journaler == null) {
            return 0;
        }
        if (closed) {
            throw new IllegalStateException("the log is closed, and takes no " + kind + " at " + position);
        }
        hasNews |= kind.role() != EventRole.WITNESS && kind != EventKind.CLOCK_ADJUST && kind != EventKind.DIGEST;
        hash.add(kind, source, position, a, b, payload, offset, length);
        long sequence = ring.publish(kind, source, position, a, b, payload, offset, length);
        // Another thread has closed the session meanwhile. Below 0 it would be less than anything that is durable.
        EngineAssert.that(sequence >= 0, "the log was closed while the guest ran; position", position);
        return sequence;
    }

    /**
     * Whether something has been added since the last request that a crash must not take with it. What a guest that idles
     * from tick to tick adds of itself is nothing of the kind: the journaler's own clock is soon enough for that, and a
     * group for each tick would be three fifths of such a log.
     */
    boolean hasNews() {
        return hasNews;
    }

    /** With a log: what has been added need not wait for its group to be full. */
    void requestSeal() {
        hasNews = false;
        journaler.requestSeal();
    }

    /** Any thread, with a log. */
    long durableSequence() {
        return journaler.durableSequence();
    }

    /** The run's end, with the digest of its last state and the hash of all events; nothing comes after it. */
    void end(long position, ShutdownCause cause, int code, Digest digest) {
        if (journaler == null) {
            return;
        }
        counts[EventKind.END.id()]++;
        hash.add(EventKind.END, 0, position, cause.code(), code, NONE, 0, 0);
        byte[] payload = ByteBuffer.allocate(SessionBase.END_BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .put(digest.toBytes()).putLong(hash.value()).array();
        long sequence = ring.publish(EventKind.END, 0, position, cause.code(), code, payload, 0, SessionBase.END_BYTES);
        EngineAssert.that(sequence >= 0, "the log was closed while the guest ran; position", position);
        close();
    }

    /** What has been added is written; without an end event the log is one that was cut short. */
    void close() {
        if (journaler == null) {
            return;
        }
        closed = true;
        journaler.close();
    }

    /** Another may use the recording. */
    void unlock() {
        if (recording != null) {
            recording.unlock();
        }
    }

    // ---- Figures.

    long waits() {
        return ring == null ? 0 : ring.waits();
    }

    long waitedNs() {
        return ring == null ? 0 : ring.waitedNs();
    }

    long groups() {
        return journaler == null ? 0 : journaler.writer().groups();
    }

    long logBytes() {
        return journaler == null ? 0 : journaler.writer().logBytes();
    }

    /** Null with recording off. */
    String headHash() {
        return journaler == null ? null : journaler.writer().headHash();
    }
}
