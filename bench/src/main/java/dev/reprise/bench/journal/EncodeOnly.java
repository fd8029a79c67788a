package dev.reprise.bench.journal;

import dev.reprise.engine.event.EventCodec;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalRing;

/**
 * No log: encodes each event into as much memory as the ring has, without a ring, a journaler or any other thread. How late
 * its publisher is, is the machine's doing.
 */
final class EncodeOnly implements EventLog {

    private static final int GROUP_BYTES = 1 << 16;
    private static final long STEPS = 4_000;

    private final byte[] memory = new byte[JournalRing.DEFAULT_BYTES];
    private final EventCodec codec = new EventCodec();
    private int group;
    private int at;
    private long position;

    @Override
    public void publish(byte[] payload) {
        if (at > group + GROUP_BYTES - EventCodec.MAX_RECORD_BYTES) {
            group = (group + GROUP_BYTES) % memory.length;
            at = group;
            codec.reset();
        }
        position += STEPS;
        at = codec.encode(EventKind.EMBEDDER_INPUT, false, 1, position, 7, 1, payload, 0, PAYLOAD_BYTES, memory, at);
    }

    @Override
    public void await() {
        // There is nobody to wait for.
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
