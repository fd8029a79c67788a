package dev.reprise.engine.character;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.LinkEvent;

/**
 * Several front ends on one back end. One of them has the focus: it is given what arrives. All of them write. Which has
 * the focus changes by an input, {@link LinkEvent#MUX_IN} with the front end's index as its argument, published to the
 * base; so the base is the one device that is recorded, and everything here follows from its events.
 *
 * <p>Guest thread only; state of the guest, to be written with it. What arrives for a front end that cannot receive waits
 * in a queue of its own. The base is allowed no more than the fullest of these queues has room for, so nothing is ever
 * lost, and a front end that never reads holds the others up once its queue is full.
 */
public final class CharMux implements CharReceiver {

    /** Bytes that wait for one front end at most. */
    public static final int QUEUE_BYTES = 512;

    private static final int MASK = QUEUE_BYTES - 1;

    private final CharFrontEnd base;
    private final Front[] fronts;
    private int focus;
    private int allowed;
    private boolean started;

    /** @param frontEnds how many; the first has the focus */
    public CharMux(CharFrontEnd base, int frontEnds) {
        if (frontEnds < 1 || frontEnds > 64) {
            throw new IllegalArgumentException("a mux has 1 to 64 front ends: frontEnds=" + frontEnds);
        }
        this.base = base;
        fronts = new Front[frontEnds];
        for (int i = 0; i < frontEnds; i++) {
            fronts[i] = new Front();
        }
    }

    /** The front end of that index; {@link #receiver} says who is behind it. */
    public CharFrontEnd frontEnd(int index) {
        return fronts[index];
    }

    /** Whom the front end of that index tells what arrives; to be set before the run begins. */
    public void receiver(int index, CharReceiver receiver) {
        fronts[index].receiver = receiver;
    }

    /** Index of the front end that is given what arrives. */
    public int focus() {
        return focus;
    }

    /** Allows the base what there is room for: once, when the state stands as the run begins with it. */
    public void start() {
        started = true;
        base.canReceive(allowed);
        allow();
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        if (length > allowed) {
            throw new IllegalStateException("more bytes than were allowed: bytes=" + length + " allowed=" + allowed);
        }
        allowed -= length;
        fronts[focus].put(bytes, offset, length);
        fronts[focus].give();
        allow();
    }

    @Override
    public void onLink(int change, int argument) {
        if (change == LinkEvent.MUX_IN) {
            if (argument < 0 || argument >= fronts.length) {
                throw new IllegalStateException("no such front end: index=" + argument + " of " + fronts.length);
            }
            if (argument != focus) {
                fronts[focus].receiver.onLink(LinkEvent.MUX_OUT, focus);
                focus = argument;
                fronts[focus].receiver.onLink(LinkEvent.MUX_IN, focus);
            }
            return;
        }
        if (change == LinkEvent.BREAK) {
            fronts[focus].receiver.onLink(change, argument);
            return;
        }
        for (Front front : fronts) {
            front.receiver.onLink(change, argument);
        }
    }

    private void allow() {
        int room = QUEUE_BYTES;
        for (Front front : fronts) {
            room = Math.min(room, QUEUE_BYTES - front.size);
        }
        if (started && room > allowed) {
            base.canReceive(room - allowed);
            allowed = room;
        }
    }

    /** Order: focus, what the base is allowed, and of each front end its allowance, its size and its bytes. */
    public void write(StateSink sink) {
        sink.putInt(focus);
        sink.putInt(allowed);
        for (Front front : fronts) {
            sink.putInt(front.canReceive);
            sink.putInt(front.size);
            for (int i = 0; i < front.size; i++) {
                sink.putByte(front.queue[front.first + i & MASK]);
            }
        }
    }

    /** @throws MalformedStateException if no run can be in that state */
    public void read(StateSource source) {
        focus = source.getInt();
        allowed = source.getInt();
        check(focus >= 0 && focus < fronts.length && allowed >= 0 && allowed <= QUEUE_BYTES);
        for (Front front : fronts) {
            front.canReceive = source.getInt();
            front.first = 0;
            front.size = source.getInt();
            check(front.canReceive >= 0 && front.size >= 0 && front.size <= QUEUE_BYTES - allowed);
            for (int i = 0; i < front.size; i++) {
                front.queue[i] = (byte) source.getByte();
            }
        }
    }

    private static void check(boolean condition) {
        if (!condition) {
            throw new MalformedStateException("mux: a focus, an allowance or a size out of its range");
        }
    }

    /** One of the front ends: what it writes is the base's, what it may be given waits here. */
    private final class Front implements CharFrontEnd {

        private final byte[] queue = new byte[QUEUE_BYTES];
        private final byte[] chunk = new byte[QUEUE_BYTES];
        private CharReceiver receiver;
        private int first;
        private int size;
        private int canReceive;
        private boolean giving;

        private void put(byte[] bytes, int offset, int length) {
            for (int i = 0; i < length; i++) {
                queue[first + size++ & MASK] = bytes[offset + i];
            }
        }

        /** A receiver that allows more while it is being given something is given that in the same loop. */
        private void give() {
            if (giving) {
                return;
            }
            giving = true;
            try {
                while (size > 0 && canReceive > 0) {
                    int count = Math.min(size, canReceive);
                    for (int i = 0; i < count; i++) {
                        chunk[i] = queue[first + i & MASK];
                    }
                    first = first + count & MASK;
                    size -= count;
                    canReceive -= count;
                    receiver.onBytes(chunk, 0, count);
                }
            } finally {
                giving = false;
            }
        }

        @Override
        public void canReceive(int bytes) {
            canReceive = Math.addExact(canReceive, bytes);
            give();
            allow();
        }

        @Override
        public int write(byte[] bytes, int offset, int length) {
            return base.write(bytes, offset, length);
        }

        @Override
        public int write(byte value) {
            return base.write(value);
        }

        @Override
        public void writeAll(byte[] bytes, int offset, int length, WritePolicy policy, CharAnswer answer) {
            base.writeAll(bytes, offset, length, policy, answer);
        }

        @Override
        public void readAll(byte[] into, int offset, int length, CharAnswer answer) {
            base.readAll(into, offset, length, answer);
        }

        @Override
        public void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
            base.control(request, argument, argumentLength, into, answer);
        }

        @Override
        public int descriptors(int request) {
            return base.descriptors(request);
        }
    }
}
