package dev.reprise.bench.journal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an event costs on its way from the publisher into the page cache, in nanoseconds of CPU time, by thread: unlike a
 * rate it hardly depends on what else the machine does, and divided by the cores it says what rate they could reach.
 * Arguments: rounds (default 5), the log's name (default reprise).
 */
public final class CpuPerEvent {

    private static final int EVENTS = 12_000_000;
    private static final double SHOWN_NS = 0.5;

    private CpuPerEvent() {}

    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        String log = args.length > 1 ? args[1] : "reprise";
        for (int round = 0; round < rounds; round++) {
            System.out.println(measure(log, EVENTS));
        }
    }

    /** One line: the rate, and nanoseconds of CPU time per event of each thread and of all. */
    static String measure(String log, int events) throws IOException {
        byte[] payload = new byte[EventLog.PAYLOAD_BYTES];
        try (EventLog to = EventLog.of(log)) {
            publish(to, payload, events / 4);
            Map<String, Long> before = cpuByThread();
            long start = System.nanoTime();
            publish(to, payload, events);
            double wallNs = (System.nanoTime() - start) / (double) events;
            StringBuilder text = new StringBuilder();
            double sum = 0;
            for (Map.Entry<String, Long> thread : cpuByThread().entrySet()) {
                double ns = (thread.getValue() - before.getOrDefault(thread.getKey(), 0L)) / (double) events;
                sum += ns;
                if (ns > SHOWN_NS) {
                    text.append(String.format(Locale.ROOT, " %s %.1f,", thread.getKey(), ns));
                }
            }
            return String.format(Locale.ROOT, "%s: %.2f M/s; ns of CPU time per event:%s all %.1f", log, 1e3 / wallNs, text, sum);
        }
    }

    private static void publish(EventLog log, byte[] payload, int events) throws IOException {
        for (int i = 0; i < events; i++) {
            payload[0]++;
            payload[9] ^= (byte) i;
            log.publish(payload);
        }
        log.await();
    }

    private static Map<String, Long> cpuByThread() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> cpu = new TreeMap<>();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            if (info != null) {
                cpu.merge(info.getThreadName(), threads.getThreadCpuTime(id), Long::sum);
            }
        }
        return cpu;
    }
}
