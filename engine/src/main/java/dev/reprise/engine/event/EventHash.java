package dev.reprise.engine.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A running hash over the events of a run, in order, as the guest thread handed them to the journal or took them from
 * the log. The end event of a recording holds its value, so a replay that comes to its end has been given exactly the
 * events that the guest thread journaled: whatever a ring, the journaler, the files or an editor lost, changed or moved
 * on the way is seen, even if the guest's state does not show it. Not part of a digest, because it depends on where
 * output and digests were journaled. Guest thread only.
 */
public final class EventHash {

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private static final VarHandle LONG_LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long hash;

    /** Adds an event; of an end event the payload is left out, because it holds this hash. */
    public void add(EventKind kind, int source, long position, long a, long b, byte[] payload, int offset, int length) {
        int count = kind == EventKind.END ? 0 : length;
        long h = mix(hash, kind.id() | (long) count << 8);
        h = mix(h, source);
        h = mix(h, position);
        h = mix(h, a);
        h = mix(h, b);
        int i = offset;
        int end = offset + count;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            h = mix(h, (long) LONG_LE.get(payload, i));
        }
        for (; i < end; i++) {
            h = mix(h, payload[i]);
        }
        hash = h;
    }

    public void add(Event event) {
        add(event.kind(), event.source(), event.position(), event.a(), event.b(), event.payload(), 0, event.length());
    }

    private static long mix(long h, long value) {
        long x = (h ^ value) * MULTIPLIER + 1;
        return x ^ (x >>> 32);
    }

    public long value() {
        return hash;
    }
}
