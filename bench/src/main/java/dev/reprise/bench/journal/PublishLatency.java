package dev.reprise.bench.journal;

import java.io.IOException;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The publisher's latency at a steady rate: from the moment at which an event was due to the return of its publication.
 * A publisher that is held up is late for all events that were due meanwhile, and each of them counts: that is the
 * correction for coordinated omission. Arguments: the log's name, seconds, and the events per second (0: half of what
 * the log takes in the same process just before).
 */
public final class PublishLatency {

    private static final int WARMUP_SECONDS = 4;
    private static final long HIGHEST_NS = 10_000_000_000L;

    private PublishLatency() {}

    public static void main(String[] args) throws IOException {
        String log = args.length > 0 ? args[0] : "reprise";
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        double rate = args.length > 2 ? Double.parseDouble(args[2]) : 0;
        System.out.println(measure(log, seconds, rate));
    }

    /** One line: rate, and latencies in nanoseconds. */
    static String measure(String log, int seconds, double eventsPerSecond) throws IOException {
        double saturated = 0;
        byte[] payload = new byte[EventLog.PAYLOAD_BYTES];
        try (EventLog events = EventLog.of(log)) {
            for (int second = 0; second < WARMUP_SECONDS; second++) {
                saturated = Math.max(saturated, saturate(events, payload));
            }
        }
        double rate = eventsPerSecond > 0 ? eventsPerSecond : saturated / 2;
        Histogram histogram = new Histogram(HIGHEST_NS, 3);
        try (EventLog events = log.startsWith("reprise") && !log.endsWith("durable")
                ? RepriseLog.keeping(log.endsWith("compressed")) : EventLog.of(log)) {
            paced(events, payload, rate, 1, new Histogram(HIGHEST_NS, 3));
            paced(events, payload, rate, seconds, histogram);
            events.await();
        }
        return String.format(Locale.ROOT, "%s: saturated %.2f M/s, at %.2f M/s for %d s: 50%% %d ns, 90%% %d,"
                + " 99%% %d, 99.9%% %d, 99.99%% %d, max %d", log, saturated / 1e6, rate / 1e6, seconds, histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90), histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9), histogram.getValueAtPercentile(99.99), histogram.getMaxValue());
    }

    private static double saturate(EventLog events, byte[] payload) throws IOException {
        long start = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - start < 1_000_000_000L) {
            for (int i = 0; i < 10_000; i++) {
                payload[0]++;
                events.publish(payload);
            }
            count += 10_000;
        }
        events.await();
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static void paced(EventLog events, byte[] payload, double rate, int seconds, Histogram into)
            throws IOException {
        double interval = 1e9 / rate;
        long count = (long) (rate * seconds);
        long start = System.nanoTime();
        for (long i = 0; i < count; i++) {
            long due = start + (long) (i * interval);
            while (System.nanoTime() < due) {
                Thread.onSpinWait();
            }
            payload[0]++;
            events.publish(payload);
            into.recordValue(Math.min(HIGHEST_NS, Math.max(0, System.nanoTime() - due)));
        }
    }
}
