package dev.reprise.bench.engine;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Events as recordings hold them, by name; {@link #next} moves one on as a guest would. Single-threaded. */
final class SampleEvents {

    /** Bytes of the payload that the journal's figures are stated for. */
    static final int PAYLOAD_BYTES = 40;

    /** Steps between two events: what lies between two console writes of a booting kernel. */
    private static final long STEPS = 4_000;

    private SampleEvents() {}

    /** @param name {@code character}, {@code clock}, {@code output} or {@code payload40} */
    static Event of(String name) {
        Event event = Event.slot();
        switch (name) {
            case "character" -> event.set(EventKind.CHAR_INPUT, 1, 0, 0, 0).payload(new byte[] {'x'}, 0, 1);
            case "clock" -> event.set(EventKind.CLOCK_READ, 0, 0, 0, 1_767_225_600_000_000_000L);
            case "output" -> event.set(EventKind.OUTPUT, 1, 0, 0, 0x9e3779b97f4a7c15L);
            case "payload40" -> event.set(EventKind.EMBEDDER_INPUT, 1, 0, 7, 1).payload(payload(), 0, PAYLOAD_BYTES);
            default -> throw new IllegalArgumentException("no such sample: " + name);
        }
        return event;
    }

    /** Half numbers that change a little, half text: what compression finds in small messages. */
    static byte[] payload() {
        ByteBuffer bytes = ByteBuffer.allocate(PAYLOAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(1).putLong(1_767_225_600_000L).put("order 4711 of account 12".getBytes(StandardCharsets.US_ASCII));
        return bytes.array();
    }

    /** The next event of its kind: a later stamp, other numbers. */
    static Event next(Event event) {
        long position = event.position() + STEPS;
        if (event.length() == PAYLOAD_BYTES) {
            byte[] payload = event.payload();
            payload[0] += 1;
            payload[1] += (byte) (payload[0] == 0 ? 1 : 0);
            return event.position(position);
        }
        if (event.length() > 0) {
            event.payload()[0] ^= 1;
            return event.position(position);
        }
        return event.set(event.kind(), event.source(), position, event.a() + (event.kind().hasFixedB() ? 80 : 0),
                event.kind().hasFixedB() ? event.b() * 0x9e3779b97f4a7c15L + 1 : event.b() + 40_000);
    }
}
