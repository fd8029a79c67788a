package dev.reprise.bench.qemu;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** All that was measured, by guest and peer, in the order in which the guests were run. */
final class Results {

    /** What ours are compared with. */
    static final Peer BASE = Peer.QEMU_RECORD;

    private final Map<GuestProgram, Map<Peer, List<Sample>>> samples = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    /**
     * One run that ended well.
     *
     * @param round from 1
     * @param instructions that the guest retired, 0 if the peer does not say
     * @param logBytes of the recording, 0 if there is none
     */
    record Sample(int round, double seconds, double cpuSeconds, long instructions, long logBytes) {}

    void add(GuestProgram guest, Peer peer, Sample sample) {
        samples.computeIfAbsent(guest, g -> new EnumMap<>(Peer.class)).computeIfAbsent(peer, p -> new ArrayList<>())
                .add(sample);
    }

    void addFailure(GuestProgram guest, Peer peer, int round, String what) {
        failures.add(guest.title() + ", " + peer.title + ", round " + round + ": " + what);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    List<GuestProgram> guests() {
        return List.copyOf(samples.keySet());
    }

    /** Empty if no run of that peer ended well. */
    List<Sample> samples(GuestProgram guest, Peer peer) {
        return samples.getOrDefault(guest, Map.of()).getOrDefault(peer, List.of());
    }

    /** Of wall time, in seconds; null without samples. */
    Spread seconds(GuestProgram guest, Peer peer) {
        List<Sample> all = samples(guest, peer);
        return all.isEmpty() ? null : Spread.of(all.stream().map(Sample::seconds).toList());
    }

    /** The median time by that of QEMU's recording; nothing if one of them is missing. */
    OptionalDouble ratio(GuestProgram guest, Peer peer) {
        Spread base = seconds(guest, BASE);
        Spread ours = seconds(guest, peer);
        return base == null || ours == null ? OptionalDouble.empty() : OptionalDouble.of(ours.median() / base.median());
    }

    /** Over the guests of a kind that have a ratio; NaN if none has. */
    double geometricMean(GuestProgram.Kind kind, Peer peer) {
        List<Double> ratios = new ArrayList<>();
        for (GuestProgram guest : guests()) {
            if (guest.kind() == kind) {
                ratio(guest, peer).ifPresent(ratios::add);
            }
        }
        return Spread.geometricMean(ratios);
    }

    /** The most that any of the peers says of the guest: 0 if none does. */
    long instructions(GuestProgram guest) {
        long most = 0;
        for (Peer peer : Peer.values()) {
            for (Sample sample : samples(guest, peer)) {
                most = Math.max(most, sample.instructions());
            }
        }
        return most;
    }
}
