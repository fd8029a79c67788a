package dev.reprise.proptest.arbitrary;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitraries of a log's events, with every field at its extremes often. */
public final class Events {

    /** The largest source that a log holds. */
    public static final int MAX_SOURCE = 1 << 20;

    /** Values of a field at which an encoding can go wrong: the ends, and each length of a variable-length integer. */
    private static final List<Long> EXTREMES = extremes();

    private Events() {}

    private static List<Long> extremes() {
        List<Long> values = new ArrayList<>(List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
        for (int bits = 6; bits < 64; bits++) {
            values.add((1L << bits) - 1);
            values.add(1L << bits);
            values.add(-(1L << bits));
        }
        return List.copyOf(values);
    }

    /** Any long, an extreme half of the time. */
    public static Arbitrary<Long> fields() {
        return Arbitraries.oneOf(Arbitraries.of(EXTREMES), Arbitraries.longs());
    }

    /** Any position, an extreme half of the time. */
    public static Arbitrary<Long> positions() {
        return fields().map(value -> value & Long.MAX_VALUE);
    }

    /** Up to {@code max} bytes, none and exactly that many included often. */
    public static Arbitrary<byte[]> payloads(int max) {
        Arbitrary<Integer> lengths = Arbitraries.oneOf(Arbitraries.of(0, 1, max - 1, max),
                Arbitraries.integers().between(0, max));
        return lengths.flatMap(length -> Arbitraries.bytes().array(byte[].class).ofSize(length));
    }

    public static Arbitrary<EventKind> kinds() {
        return Arbitraries.of(EventKind.class);
    }

    /** An event of any kind that fits in one record. */
    public static Arbitrary<EventRecord> records() {
        return kinds().flatMap(Events::recordsOf);
    }

    /** An event of the kind that fits in one record; fields that the kind does not have are 0. */
    public static Arbitrary<EventRecord> recordsOf(EventKind kind) {
        Arbitrary<Integer> sources = kind.hasSource()
                ? Arbitraries.oneOf(Arbitraries.of(0, 1, 127, 128, MAX_SOURCE), Arbitraries.integers().between(0, MAX_SOURCE))
                : Arbitraries.just(0);
        Arbitrary<Long> as = kind.hasA() ? fields() : Arbitraries.just(0L);
        Arbitrary<Long> bs = kind.hasB() ? fields() : Arbitraries.just(0L);
        Arbitrary<byte[]> payloads =
                kind.hasPayload() ? payloads(Event.SLOT_PAYLOAD_BYTES) : Arbitraries.just(new byte[0]);
        return Combinators.combine(sources, positions(), as, bs, payloads)
                .as((source, position, a, b, payload) -> new EventRecord(kind, source, position, a, b, payload));
    }

    /** A log's events without its end: any kinds in any order, positions that never go back. */
    public static Arbitrary<List<EventRecord>> streams(int maxEvents) {
        return records().filter(e -> e.kind() != EventKind.END).list().ofMaxSize(maxEvents).map(Events::inOrder);
    }

    private static List<EventRecord> inOrder(List<EventRecord> events) {
        List<Long> positions = events.stream().map(EventRecord::position).sorted().toList();
        List<EventRecord> ordered = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            ordered.add(events.get(i).at(positions.get(i)));
        }
        return ordered;
    }
}
