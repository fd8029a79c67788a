package dev.reprise.engine.ring;

import com.lmax.disruptor.Cursored;
import com.lmax.disruptor.Sequence;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;

/**
 * A consumer of a {@link JournalRing}, used by one thread: {@link #next} goes to the next event, whose fields are read in
 * place, and {@link #release} gives the room of all that were taken back to the producer.
 */
public final class JournalPoller {

    private final byte[] words;
    private final int mask;
    private final Cursored ring;
    private final Sequence taken = new Sequence();

    private long next;
    private long published = -1;

    private EventKind kind;
    private boolean more;
    private int source;
    private long position;
    private long a;
    private long b;
    private int payloadOffset;
    private int length;

    JournalPoller(byte[] words, Cursored ring) {
        this.words = words;
        this.ring = ring;
        mask = words.length / Long.BYTES - 1;
    }

    Sequence sequence() {
        return taken;
    }

    /** Goes to the next event; false if none is published. What was read of the one before must not be used any more. */
    public boolean next() {
        while (true) {
            if (next > published) {
                published = ring.getCursor();
                if (next > published) {
                    return false;
                }
            }
            int at = ((int) next & mask) << 3;
            long head = (long) JournalRing.WORD.get(words, at);
            next += head >>> JournalRing.WORDS_SHIFT;
            int id = (int) head & JournalRing.MORE - 1;
            if (id != 0) {
                read(head, id, at);
                return true;
            }
        }
    }

    private void read(long head, int id, int offset) {
        int at = offset + Long.BYTES;
        kind = EventKind.ofId(id);
        more = (head & JournalRing.MORE) != 0;
        length = (int) (head >>> JournalRing.LENGTH_SHIFT) & 0xff;
        source = (int) (head >>> JournalRing.SOURCE_SHIFT) & JournalRing.SOURCE_MASK;
        position = (long) JournalRing.WORD.get(words, at);
        at += Long.BYTES;
        a = 0;
        b = 0;
        if (kind.hasA()) {
            a = (long) JournalRing.WORD.get(words, at);
            at += Long.BYTES;
        }
        if (kind.hasB()) {
            b = (long) JournalRing.WORD.get(words, at);
            at += Long.BYTES;
        }
        payloadOffset = at;
    }

    /** Gives back the room of all events that {@link #next} has come past, the last included. */
    public void release() {
        taken.set(next - 1);
    }

    /** The ring's sequence of the event that {@link #next} came to. */
    public long lastSequence() {
        return next - 1;
    }

    /** The sequence up to which room was given back. Any thread. */
    public long releasedSequence() {
        return taken.get();
    }

    public EventKind kind() {
        return kind;
    }

    /** Whether the message goes on in the next event. */
    public boolean more() {
        return more;
    }

    public int source() {
        return source;
    }

    public long position() {
        return position;
    }

    public long a() {
        return a;
    }

    public long b() {
        return b;
    }

    /** The ring's own bytes: the payload is {@link #length} of them from {@link #payloadOffset} on. */
    public byte[] bytes() {
        return words;
    }

    public int payloadOffset() {
        return payloadOffset;
    }

    public int length() {
        return length;
    }

    /** Copies the event. */
    public Event copyTo(Event event) {
        return event.set(kind, source, position, a, b).more(more).payload(words, payloadOffset, length);
    }
}
