package dev.reprise.bench.qemu;

import dev.reprise.bench.qemu.Results.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The results as text. */
final class Tables {

    private static final List<Peer> OURS = List.of(Peer.RUN, Peer.RECORD, Peer.REPLAY);

    private Tables() {}

    static String surroundings(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-12s %s%n", name, value)));
        return text.toString();
    }

    /** One guest: each peer's median and spread, and its ratio to QEMU's recording. */
    static String guest(Results results, GuestProgram guest) {
        StringBuilder text = new StringBuilder(guest.title());
        long instructions = results.instructions(guest);
        if (instructions > 0) {
            text.append(String.format(Locale.ROOT, ", %.2f G instructions", instructions / 1e9));
        }
        text.append(String.format(Locale.ROOT, "%n  %-18s %9s  %19s %7s %13s %12s%n", "", "median s", "min .. max s", "CPU s",
                "/ QEMU record", "log bytes"));
        for (Peer peer : Peer.values()) {
            Spread seconds = results.seconds(guest, peer);
            if (seconds == null) {
                continue;
            }
            List<Sample> samples = results.samples(guest, peer);
            Spread cpu = Spread.of(samples.stream().map(Sample::cpuSeconds).toList());
            long logBytes = samples.getLast().logBytes();
            text.append(String.format(Locale.ROOT, "  %-18s %9.3f  %8.3f .. %7.3f %7.2f %13s %12s%n", peer.title,
                    seconds.median(), seconds.min(), seconds.max(), cpu.median(),
                    ratio(peer == Peer.START_UP ? OptionalDouble.empty() : results.ratio(guest, peer)),
                    logBytes == 0 ? "" : Long.toString(logBytes)));
        }
        return text.toString();
    }

    /** All guests: the ratios of ours to QEMU's recording, and their geometric means by kind. */
    static String summary(Results results) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-20s %13s %9s %9s %9s%n", "times QEMU record",
                "QEMU record s", "run", "record", "replay"));
        for (GuestProgram.Kind kind : GuestProgram.Kind.values()) {
            long count = results.guests().stream().filter(guest -> guest.kind() == kind).count();
            for (GuestProgram guest : results.guests()) {
                if (guest.kind() == kind) {
                    Spread base = results.seconds(guest, Results.BASE);
                    text.append(String.format(Locale.ROOT, "%-20s %13s", guest.title(),
                            base == null ? "-" : String.format(Locale.ROOT, "%.3f", base.median())));
                    OURS.forEach(peer -> text.append(String.format(" %9s", ratio(results.ratio(guest, peer)))));
                    text.append(System.lineSeparator());
                }
            }
            if (count > 0 && kind != GuestProgram.Kind.BOOT) {
                text.append(String.format(Locale.ROOT, "%-34s", "geometric mean, " + kind.id));
                OURS.forEach(peer -> text.append(String.format(" %9s", ratio(mean(results, kind, peer)))));
                text.append(System.lineSeparator());
            }
        }
        return text.toString();
    }

    private static OptionalDouble mean(Results results, GuestProgram.Kind kind, Peer peer) {
        double mean = results.geometricMean(kind, peer);
        return Double.isNaN(mean) ? OptionalDouble.empty() : OptionalDouble.of(mean);
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? String.format(Locale.ROOT, "%.3f", ratio.getAsDouble()) : "-";
    }
}
