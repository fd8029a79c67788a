package dev.reprise.proptest.arbitrary;

import dev.reprise.engine.ResetCause;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.proptest.arbitrary.HostAction.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Arbitraries of what a host does: random inputs at random times, slow backends, seeds of answers. */
public final class Scenarios {

    private static final byte[] NONE = new byte[0];
    private static final int MAX_ACTIONS = 40;

    private Scenarios() {}

    /**
     * @param what kinds of actions to draw from ({@link What#QUIT} is always there)
     * @param devices devices of the session; with none, only resets are drawn
     * @param lastPosition no run goes on after this position; at least 1
     */
    public static Arbitrary<Scenario> of(Set<What> what, int devices, long lastPosition) {
        return of(actions(what, devices), lastPosition);
    }

    /** With actions of one's own: their positions are drawn anew. */
    public static Arbitrary<Scenario> of(Arbitrary<HostAction> actions, long lastPosition) {
        Arbitrary<Long> positions = uniform(0, lastPosition);
        Arbitrary<List<HostAction>> timed = Combinators.combine(actions, positions)
                .as((action, at) -> new HostAction(at, action.what(), action.device(), action.a(), action.b(),
                        action.bytes()))
                .list().ofMaxSize(MAX_ACTIONS);
        Arbitrary<Long> ends = uniform(1, lastPosition);
        Arbitrary<Integer> codes = Arbitraries.integers();
        return Combinators.combine(timed, ends, codes, Arbitraries.longs(), Arbitraries.of(256, 16, 4096),
                        positions.list().ofMaxSize(5))
                .as((acts, end, code, seed, room, digests) -> new Scenario(endingAt(acts, end, code), seed, room,
                        digests.stream().sorted().distinct().toList()));
    }

    /** Small numbers are no likelier than others: most of a run is not its beginning. Shrinks to {@code from}. */
    private static Arbitrary<Long> uniform(long from, long to) {
        return Arbitraries.longs().between(from, to).shrinkTowards(from).withDistribution(RandomDistribution.uniform());
    }

    private static List<HostAction> endingAt(List<HostAction> actions, long end, int code) {
        List<HostAction> ordered = new ArrayList<>();
        actions.stream().filter(action -> action.at() <= end).sorted().forEach(ordered::add);
        ordered.add(new HostAction(end, What.QUIT, 0, code, 0, NONE));
        return List.copyOf(ordered);
    }

    /** Actions of these kinds, at position 0. */
    public static Arbitrary<HostAction> actions(Set<What> what, int devices) {
        List<Tuple.Tuple2<Integer, Arbitrary<HostAction>>> weighted = new ArrayList<>();
        for (What one : What.values()) {
            if (what.contains(one) && one != What.QUIT && (devices > 0 || one == What.RESET)) {
                weighted.add(Tuple.of(weight(one), actionsOf(one, devices)));
            }
        }
        if (weighted.isEmpty()) {
            throw new IllegalArgumentException("no action can be drawn: what=" + what + " devices=" + devices);
        }
        return Arbitraries.frequencyOf(weighted);
    }

    private static int weight(What what) {
        return switch (what) {
            case BYTES, TAKE -> 8;
            case EMBEDDER -> 6;
            case RESET, CLOSE -> 1;
            default -> 3;
        };
    }

    private static Arbitrary<HostAction> actionsOf(What what, int devices) {
        Arbitrary<Integer> device = Arbitraries.integers().between(1, Math.max(1, devices));
        return switch (what) {
            case BYTES -> combine(what, device, none(), none(), bytes(1, 40));
            case LINK -> combine(what, device, Arbitraries.longs().between(LinkEvent.OPENED, LinkEvent.MUX_OUT), none(),
                    noBytes());
            case LINE -> combine(what, device, Arbitraries.longs().between(0, 31), Arbitraries.longs().between(0, 1),
                    noBytes());
            case EMBEDDER, USER -> combine(what, device, Events.fields(), Events.fields(), bytes(0, 16));
            case PACKET -> combine(what, device, Events.fields(), none(), bytes(0, 1600));
            case RESET -> combine(what, Arbitraries.just(0),
                    Arbitraries.of((long) ResetCause.HOST.code(), (long) ResetCause.SUBSYSTEM.code()), none(), noBytes());
            case TAKE -> combine(what, device, Arbitraries.longs().between(1, 4096), none(), noBytes());
            case CLOSE -> combine(what, device, none(), none(), noBytes());
            case QUIT -> throw new IllegalArgumentException("every scenario has its own end");
        };
    }

    private static Arbitrary<HostAction> combine(What what, Arbitrary<Integer> device, Arbitrary<Long> a,
            Arbitrary<Long> b, Arbitrary<byte[]> bytes) {
        return Combinators.combine(device, a, b, bytes)
                .as((d, fieldA, fieldB, payload) -> new HostAction(0, what, d, fieldA, fieldB, payload));
    }

    private static Arbitrary<Long> none() {
        return Arbitraries.just(0L);
    }

    private static Arbitrary<byte[]> noBytes() {
        return Arbitraries.just(NONE);
    }

    private static Arbitrary<byte[]> bytes(int min, int max) {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(min).ofMaxSize(max);
    }
}
