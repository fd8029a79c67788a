package dev.reprise.proptest.arbitrary;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A whole event of a log as a value: kept, compared and changed, which the engine's flyweights are not for.
 *
 * @param payload at most {@link Event#MAX_MESSAGE_BYTES} bytes; longer than a slot's, it becomes several records
 */
public record EventRecord(EventKind kind, int source, long position, long a, long b, byte[] payload) {

    public static EventRecord of(Event event) {
        return new EventRecord(event.kind(), event.source(), event.position(), event.a(), event.b(),
                Arrays.copyOf(event.payload(), event.length()));
    }

    public EventRecord at(long newPosition) {
        return new EventRecord(kind, source, newPosition, a, b, payload);
    }

    public EventRecord withSource(int newSource) {
        return new EventRecord(kind, newSource, position, a, b, payload);
    }

    public EventRecord withA(long newA) {
        return new EventRecord(kind, source, position, newA, b, payload);
    }

    public EventRecord withB(long newB) {
        return new EventRecord(kind, source, position, a, newB, payload);
    }

    public EventRecord withPayload(byte[] newPayload) {
        return new EventRecord(kind, source, position, a, b, newPayload);
    }

    /** Fills the flyweight with all of it; for a payload of at most a slot this is the log's record. */
    public Event into(Event event) {
        return event.set(kind, source, position, a, b).payload(payload, 0, payload.length);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof EventRecord e && kind == e.kind && source == e.source && position == e.position
                && a == e.a && b == e.b && Arrays.equals(payload, e.payload);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new long[] {kind.id(), source, position, a, b, Arrays.hashCode(payload)});
    }

    @Override
    public String toString() {
        String hex = HexFormat.of().formatHex(payload, 0, Math.min(payload.length, 32));
        return kind + " @" + position + (kind.hasSource() ? " source=" + source : "") + (kind.hasA() ? " a=" + a : "")
                + (kind.hasB() ? " b=" + b : "") + (kind.hasPayload() ? " bytes=" + payload.length + " " + hex : "");
    }
}
