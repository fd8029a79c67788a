package dev.reprise.engine.ring;

import com.lmax.disruptor.SingleProducerSequencer;
import dev.reprise.engine.EngineAssert;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Events on their way from the guest thread, the only producer, to the journaler. The order of this ring is the order
 * in which the guest saw the world.
 *
 * <p>The Disruptor's sequencer over words of eight bytes, and not over slots: an event is a frame of as many words as it
 * needs, so few cache lines move from one core to the other. A sequence is the ring's count of words. The numbers of a
 * frame have fixed places: the guest thread only stores them; to encode them is the journaler's work.
 *
 * <pre>
 *   word 0                                                        word 1      words that the kind has
 *   +--------+--------+---------------+------------+-----------+  +---------+ +-----+ +-----+ +-------------------+
 *   | kind   | more   | payload bytes | source     | words     |  | position| |  a  | |  b  | | payload, to whole |
 *   | 7 bits | 1 bit  | 8 bits        | 24 bits    | 24 bits   |  |         | |     | |     | | words             |
 *   +--------+--------+---------------+------------+-----------+  +---------+ +-----+ +-----+ +-------------------+
 * </pre>
 *
 * The lowest bits come first. A frame does not go over the end of the ring: one of kind 0 fills what is left there. A
 * message longer than {@link Event#SLOT_PAYLOAD_BYTES} takes consecutive frames, published at once.
 */
public final class JournalRing {

    /** Bytes by default: 7,000 to 22,000 events, and little enough for a core's own cache. */
    public static final int DEFAULT_BYTES = 1 << 19;
    /** Holds the longest message in frames. */
    public static final int MIN_BYTES = 1 << 17;

    static final int MORE = 0x80;
    static final int LENGTH_SHIFT = 8;
    static final int SOURCE_SHIFT = 16;
    static final int WORDS_SHIFT = 40;
    static final int SOURCE_MASK = (1 << WORDS_SHIFT - SOURCE_SHIFT) - 1;
    static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MAX_BYTES = 1 << 26;
    private static final int FIXED_WORDS = 2;
    private static final int MAX_FRAME_WORDS = FIXED_WORDS + 2 + Event.SLOT_PAYLOAD_BYTES / Long.BYTES;
    private static final byte[] NONE = new byte[0];

    static {
        int frames = Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES;
        if ((frames + 1) * MAX_FRAME_WORDS * Long.BYTES > MIN_BYTES || Event.SLOT_PAYLOAD_BYTES > 0xff) {
            throw new AssertionError("a message does not fit the ring, or its length the frame");
        }
    }

    private final byte[] words;
    private final int mask;
    private final SingleProducerSequencer sequencer;
    private final BoundedClaim claims;

    /** The producer's: the sequence of the next word. */
    private long next;

    /** @param bytes capacity, a power of two of at least {@link #MIN_BYTES} */
    public JournalRing(int bytes, Poison poison) {
        if (bytes < MIN_BYTES || bytes > MAX_BYTES || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two from " + MIN_BYTES + " to " + MAX_BYTES
                    + ": capacity=" + bytes);
        }
        words = new byte[bytes];
        mask = bytes / Long.BYTES - 1;
        sequencer = new SingleProducerSequencer(bytes / Long.BYTES, SpinlessWaits.INSTANCE);
        claims = new BoundedClaim(sequencer, poison);
    }

    /** A consumer; made before anything is published. The producer never overtakes it. */
    public JournalPoller newPoller() {
        JournalPoller poller = new JournalPoller(words, sequencer);
        sequencer.addGatingSequences(poller.sequence());
        return poller;
    }

    /** Names the thread to wake when the producer finds the ring full. */
    public void wakeWhenFull(Thread consumer) {
        claims.wakeWhenFull(consumer);
    }

    /**
     * Publishes an event; waits for room, bounded by stop and poison.
     *
     * @return the ring's sequence of it (of its last word); -1 if the ring was stopped
     * @throws PoisonedException if the journal has failed
     */
    public long publish(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset,
            int length) {
        if (length > Event.SLOT_PAYLOAD_BYTES) {
            return publishChunks(kind, source, position, a, b, payload, offset, length);
        }
        int count = words(kind, length);
        int pad = pad(next, count);
        long last = claims.claim(pad + count);
        if (last < 0) {
            return -1;
        }
        frame(pad, count, kind, false, source, position, a, b, payload, offset, length);
        sequencer.publish(last);
        return last;
    }

    public long publish(EventKind kind, int source, long position, long a, long b) {
        return publish(kind, source, position, a, b, NONE, 0, 0);
    }

    private long publishChunks(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset,
            int length) {
        EngineAssert.that(length <= Event.MAX_MESSAGE_BYTES, "message too long", length);
        long end = next;
        for (int from = 0; from < length; from += Event.SLOT_PAYLOAD_BYTES) {
            int count = words(kind, Math.min(Event.SLOT_PAYLOAD_BYTES, length - from));
            end += pad(end, count) + count;
        }
        long last = claims.claim((int) (end - next));
        if (last < 0) {
            return -1;
        }
        for (int from = 0; from < length; from += Event.SLOT_PAYLOAD_BYTES) {
            int chunk = Math.min(Event.SLOT_PAYLOAD_BYTES, length - from);
            int count = words(kind, chunk);
            frame(pad(next, count), count, kind, from + chunk < length, source, position, a, b, payload, offset + from, chunk);
        }
        sequencer.publish(last);
        return last;
    }

    private static int words(EventKind kind, int length) {
        return FIXED_WORDS + (kind.hasA() ? 1 : 0) + (kind.hasB() ? 1 : 0) + (length + Long.BYTES - 1 >>> 3);
    }

    /** Words to the end of the ring, if a frame does not fit there. */
    private int pad(long from, int count) {
        int left = mask + 1 - ((int) from & mask);
        return count <= left ? 0 : left;
    }

    private void frame(int pad, int count, EventKind kind, boolean more, int source, long position, long a, long b,
            byte[] payload, int offset, int length) {
        if (pad > 0) {
            WORD.set(words, ((int) next & mask) << 3, (long) pad << WORDS_SHIFT);
        }
        int at = ((int) (next + pad) & mask) << 3;
        next += pad + count;
        WORD.set(words, at, kind.id() | (more ? MORE : 0) | (long) length << LENGTH_SHIFT
                | (long) (source & SOURCE_MASK) << SOURCE_SHIFT | (long) count << WORDS_SHIFT);
        WORD.set(words, at + Long.BYTES, position);
        at += FIXED_WORDS * Long.BYTES;
        if (kind.hasA()) {
            WORD.set(words, at, a);
            at += Long.BYTES;
        }
        if (kind.hasB()) {
            WORD.set(words, at, b);
            at += Long.BYTES;
        }
        if (length > 0) {
            System.arraycopy(payload, offset, words, at, length);
        }
    }

    /** The sequence of the last published event, -1 before the first. */
    public long cursor() {
        return sequencer.getCursor();
    }

    /** Capacity, in sequences. */
    public int capacity() {
        return mask + 1;
    }

    public long waits() {
        return claims.waits();
    }

    public long waitedNs() {
        return claims.waitedNs();
    }
}
