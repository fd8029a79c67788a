package dev.reprise.bench.qemu;

import java.util.Locale;

/**
 * Foretells how long the rest takes: what a peer took on a guest it takes again, and what has not been run takes its
 * nominal time, scaled by how the nominal times have fared so far.
 */
public final class TimeLeft {

    private static final double START_UP_SECONDS = 0.5;

    private final Results results;
    private double nominalSeconds;
    private double measuredSeconds;

    TimeLeft(Results results) {
        this.results = results;
    }

    void took(GuestProgram guest, Peer peer, double seconds) {
        nominalSeconds += nominal(guest, peer);
        measuredSeconds += seconds;
    }

    /** Of one run that is still to come. */
    double expectedSeconds(GuestProgram guest, Peer peer) {
        Spread known = results.seconds(guest, peer);
        if (known != null) {
            return known.median();
        }
        double scale = nominalSeconds == 0 ? 1 : measuredSeconds / nominalSeconds;
        return nominal(guest, peer) * scale;
    }

    private static double nominal(GuestProgram guest, Peer peer) {
        return peer == Peer.START_UP ? START_UP_SECONDS : guest.kind().nominalSeconds;
    }

    /** As in 1:05:09 or 2:07. */
    public static String text(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
