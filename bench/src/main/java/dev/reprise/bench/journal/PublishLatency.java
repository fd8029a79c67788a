package dev.reprise.bench.journal;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The publisher's latency at a steady rate: from the moment at which an event was due to the return of its publication.
 * A publisher that is held up is late for all events that were due meanwhile, and each of them counts: that is the
 * correction for coordinated omission. The rate is half of what the same log takes for seconds on end in the same process
 * just before, all of it written; the publisher spins on its schedule.
 *
 * <p>A log is begun anew before it is a gigabyte long, so that the kernel's limits of unwritten pages are not reached; what
 * is measured goes over all of them. {@code encode-only} and {@code clock-only} are no logs but the machine's own part, at the
 * rate of the log before them: a thread that encodes the same events, and one that does nothing when they are due. Logs stand
 * in the JVM's folder for temporary files: on /dev/shm there is no disk behind the page cache. Arguments: seconds, events per
 * second (0: half of the saturated rate), names of logs.
 *
 * <p>The publisher looks at the clock all the time. Where two looks, with no more than a publication between them, are further
 * apart than a microsecond, the time between them was lost, and the share of it is said (as jHiccup does it). In
 * {@code clock-only} nothing but the machine can have taken it, and no thread of this JVM can be late less often.
 */
public final class PublishLatency {

    private static final int WARMUP_ROUNDS = 4;
    private static final int SATURATED_ROUNDS = 3;
    private static final long SATURATED_EVENTS = 16_000_000;
    private static final long WARMUP_EVENTS = 4_000_000;
    /** Less than a gigabyte in any of the logs, of which Aeron's takes 96 bytes for an event. */
    private static final long EVENTS_PER_LOG = 8_000_000;
    /** Where no log was measured before. */
    private static final double DEFAULT_RATE = 8e6;
    private static final long HIGHEST_NS = 10_000_000_000L;
    /** A longer time between two looks at the clock is a gap. */
    private static final long GAP_NS = 1_000;

    /** What one publisher thread has seen. */
    private static final class Seen {
        /** From when an event was due to the return of its publication. */
        final Histogram late = new Histogram(HIGHEST_NS, 3);
        /** From the call of a publication to its return. */
        final Histogram own = new Histogram(HIGHEST_NS, 3);
        long ns;
        long gaps;
        long gapNs;

        /** Says how far apart two looks at the clock were. */
        void looked(long apartNs) {
            if (apartNs > GAP_NS) {
                gaps++;
                gapNs += apartNs;
            }
        }
    }

    private PublishLatency() {}

    public static void main(String[] args) throws IOException {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 0;
        String[] logs = args.length > 2 ? Arrays.copyOfRange(args, 2, args.length)
                : new String[] {"reprise", "chronicle", "archive"};
        double before = DEFAULT_RATE;
        for (String log : logs) {
            double saturated = log.endsWith("-only") ? Double.NaN
                    : saturated(log, new byte[EventLog.PAYLOAD_BYTES], SATURATED_EVENTS);
            before = rate > 0 ? rate : Double.isNaN(saturated) ? before : saturated / 2;
            System.out.println(measure(log, saturated, seconds, before));
        }
    }

    /**
     * One line: rates, and latencies in nanoseconds.
     *
     * @param saturated events per second that the log was seen to take, or NaN
     */
    static String measure(String log, double saturated, double seconds, double rate) throws IOException {
        byte[] payload = new byte[EventLog.PAYLOAD_BYTES];
        Seen seen = new Seen();
        long left = (long) (rate * seconds);
        long warmup = Math.min(WARMUP_EVENTS, left);
        try (EventLog events = open(log)) {
            paced(events, payload, rate, warmup, new Seen());
        }
        while (left > 0) {
            try (EventLog events = open(log)) {
                long count = Math.min(left, EVENTS_PER_LOG);
                paced(events, payload, rate, count, seen);
                events.await();
                left -= count;
            }
        }
        Histogram late = seen.late;
        Histogram own = seen.own;
        return String.format(Locale.ROOT, "%s: %sat %.2f M/s for %.0f s: 50%% %d ns, 90%% %d,"
                + " 99%% %d, 99.9%% %d, 99.99%% %d, max %d; late by more than 1 us %.2f%%; publication alone: 50%% %d ns,"
                + " 99%% %d, 99.9%% %d, max %d; gaps over 1 us: %.0f per second, %.2f%% of the time", log,
                Double.isNaN(saturated) ? "" : String.format(Locale.ROOT, "saturated %.2f M/s, ", saturated / 1e6),
                rate / 1e6, seconds,
                late.getValueAtPercentile(50), late.getValueAtPercentile(90), late.getValueAtPercentile(99),
                late.getValueAtPercentile(99.9), late.getValueAtPercentile(99.99), late.getMaxValue(),
                100 - late.getPercentileAtOrBelowValue(1_000), own.getValueAtPercentile(50),
                own.getValueAtPercentile(99), own.getValueAtPercentile(99.9), own.getMaxValue(),
                seen.gaps * 1e9 / seen.ns, 100.0 * seen.gapNs / seen.ns);
    }

    /** Segments stay until the log is closed: giving their pages back would be measured too. */
    private static EventLog open(String log) throws IOException {
        return log.startsWith("reprise") && !log.endsWith("durable") ? RepriseLog.keeping(log.endsWith("compressed"))
                : EventLog.of(log);
    }

    /** The median of some rounds, each until everything has been written. */
    static double saturated(String log, byte[] payload, long events) throws IOException {
        double[] rates = new double[SATURATED_ROUNDS];
        for (int round = -WARMUP_ROUNDS; round < rates.length; round++) {
            try (EventLog to = open(log)) {
                long count = round < 0 ? Math.min(events, WARMUP_EVENTS) : events;
                long start = System.nanoTime();
                for (long i = 0; i < count; i++) {
                    payload[0]++;
                    to.publish(payload);
                }
                to.await();
                if (round >= 0) {
                    rates[round] = count * 1e9 / (System.nanoTime() - start);
                }
            }
        }
        Arrays.sort(rates);
        return rates[rates.length / 2];
    }

    /** Looks at the clock once for an event that is late, so that the looks do not make the next one late. */
    private static void paced(EventLog events, byte[] payload, double rate, long count, Seen seen) throws IOException {
        double interval = 1e9 / rate;
        long start = System.nanoTime();
        long now = start;
        for (long i = 0; i < count; i++) {
            long due = start + (long) (i * interval);
            while (now < due) {
                long look = System.nanoTime();
                seen.looked(look - now);
                now = look;
            }
            payload[0]++;
            long before = now;
            events.publish(payload);
            now = System.nanoTime();
            seen.looked(now - before);
            seen.own.recordValue(Math.min(HIGHEST_NS, now - before));
            seen.late.recordValue(Math.min(HIGHEST_NS, now - due));
        }
        seen.ns += now - start;
    }
}
