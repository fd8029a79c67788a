package dev.reprise.proptest.log;

import dev.reprise.engine.event.EventKind;
import dev.reprise.proptest.arbitrary.EventRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** One change of one event of a log: what a tester does to find out whether a replay notices. */
public enum LogChange {

    /** The event is gone. */
    DROP {
        @Override
        Optional<List<EventRecord>> change(List<EventRecord> events, int index, SplittableRandom random) {
            List<EventRecord> changed = new ArrayList<>(events);
            changed.remove(index);
            return Optional.of(changed);
        }
    },
    /** One field is another, or the payload is. */
    ALTER {
        @Override
        Optional<List<EventRecord>> change(List<EventRecord> events, int index, SplittableRandom random) {
            List<EventRecord> changed = new ArrayList<>(events);
            changed.set(index, altered(events.get(index), random));
            return changed.get(index).equals(events.get(index)) ? Optional.empty() : Optional.of(changed);
        }
    },
    /** The event has another stamp, between those of its neighbours. */
    RESTAMP {
        @Override
        Optional<List<EventRecord>> change(List<EventRecord> events, int index, SplittableRandom random) {
            long now = events.get(index).position();
            long low = index == 0 ? 0 : events.get(index - 1).position();
            long high = index == events.size() - 1 ? now + 100 : events.get(index + 1).position();
            if (low == high) {
                return Optional.empty();
            }
            long to = now;
            while (to == now) {
                to = random.nextBoolean() ? Math.max(low, Math.min(high, now + random.nextInt(-2, 3)))
                        : random.nextLong(low, high + 1);
            }
            List<EventRecord> changed = new ArrayList<>(events);
            changed.set(index, events.get(index).at(to));
            return Optional.of(changed);
        }
    },
    /** The event and the one after it have changed places; the places keep their stamps. */
    EXCHANGE {
        @Override
        Optional<List<EventRecord>> change(List<EventRecord> events, int index, SplittableRandom random) {
            int other = index == events.size() - 1 ? index - 1 : index + 1;
            if (other < 0) {
                return Optional.empty();
            }
            List<EventRecord> changed = new ArrayList<>(events);
            changed.set(index, events.get(other).at(events.get(index).position()));
            changed.set(other, events.get(index).at(events.get(other).position()));
            return changed.equals(events) ? Optional.empty() : Optional.of(changed);
        }
    };

    /**
     * The log with the event at {@code index} changed; empty if this event cannot be changed so (an event between two of
     * the same stamp cannot get another, two equal ones cannot change places).
     */
    public Optional<List<EventRecord>> apply(List<EventRecord> events, int index, SplittableRandom random) {
        return change(events, index, random);
    }

    abstract Optional<List<EventRecord>> change(List<EventRecord> events, int index, SplittableRandom random);

    private static EventRecord altered(EventRecord event, SplittableRandom random) {
        EventKind kind = event.kind();
        List<EventRecord> ways = new ArrayList<>();
        if (kind.hasSource()) {
            ways.add(event.withSource(event.source() + 1));
            ways.add(event.withSource(0));
        }
        if (kind.hasA()) {
            ways.add(event.withA(other(event.a(), random)));
        }
        if (kind.hasB()) {
            ways.add(event.withB(other(event.b(), random)));
        }
        if (kind.hasPayload()) {
            byte[] bytes = event.payload();
            ways.add(event.withPayload(Arrays.copyOf(bytes, bytes.length + 1)));
            if (bytes.length > 0) {
                byte[] flipped = bytes.clone();
                flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                ways.add(event.withPayload(flipped));
                ways.add(event.withPayload(Arrays.copyOf(bytes, bytes.length - 1)));
            }
        }
        return ways.get(random.nextInt(ways.size()));
    }

    /** Near values, one bit, and the same low 32 bits: what a narrowing would let through. */
    private static long other(long value, SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> value + 1;
            case 1 -> value - 1;
            case 2 -> value ^ 1L << random.nextInt(64);
            default -> value + (1L << 32);
        };
    }
}
