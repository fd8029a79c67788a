package dev.reprise.proptest.log;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.proptest.arbitrary.EventRecord;
import dev.reprise.proptest.arbitrary.Events;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Arbitraries of recordings, whole and damaged, of events of every kind. They shrink to few events and early places. */
public final class Recordings {

    private static final int MAX_SEGMENT_BYTES = 1 << 20;

    private Recordings() {}

    /** Recordings of up to so many events, ended or killed, of one segment or many, forced or not. */
    public static Arbitrary<RandomRecording> whole(int maxEvents) {
        Arbitrary<Long> segments = Arbitraries.of(1L << 16, 500L, 4_000L, (long) MAX_SEGMENT_BYTES);
        Arbitrary<Integer> groups = Arbitraries.of(1, 3, 10, 1_000);
        return Combinators.combine(streams(maxEvents), Arbitraries.of(true, false), Arbitraries.of(true, false),
                Arbitraries.of(false, true), groups, segments).as(RandomRecording::new);
    }

    /** The same, and one thing that happens to the files of each. */
    public static Arbitrary<DamagedRecording> damaged(int maxEvents) {
        return Combinators.combine(whole(maxEvents), damages()).as(DamagedRecording::new);
    }

    /** What can happen to the files of a recording. */
    public static Arbitrary<Damage> damages() {
        Arbitrary<Integer> bytes = Arbitraries.oneOf(Arbitraries.integers().between(1, 16),
                Arbitraries.of(36, 48, 512, 4096, 1 << 16));
        return Combinators.combine(Arbitraries.of(Damage.What.class), Arbitraries.integers().between(0, 50),
                Arbitraries.longs().between(0, Integer.MAX_VALUE), bytes, Arbitraries.longs()).as(Damage::new);
    }

    /** Events in a log's order, with messages longer than a slot among them. */
    private static Arbitrary<List<EventRecord>> streams(int maxEvents) {
        Arbitrary<byte[]> packets = Events.payloads(5 * Event.SLOT_PAYLOAD_BYTES);
        Arbitrary<EventRecord> messages = Combinators.combine(Events.positions(), packets).as((position, bytes) ->
                new EventRecord(EventKind.NET_PACKET, 1, position, 0, 0, bytes));
        Arbitrary<EventRecord> any =
                Arbitraries.frequencyOf(Tuple.of(9, Events.records()), Tuple.of(1, messages));
        return any.filter(event -> event.kind() != EventKind.END).list().ofMaxSize(maxEvents).map(Recordings::inOrder);
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
