package dev.reprise.bench.journal;

import java.io.IOException;

/** A log under test: one thread publishes payloads, and now and then waits until all of them have arrived. */
interface EventLog extends AutoCloseable {

    /** Bytes of a payload. */
    int PAYLOAD_BYTES = 40;

    /** Publishes a payload; waits for room. */
    void publish(byte[] payload) throws IOException;

    /** Returns once everything published is in the page cache, or on the disk if that is what this log promises. */
    void await();

    @Override
    void close() throws IOException;

    /** The log of that name. */
    static EventLog of(String name) throws IOException {
        return switch (name) {
            case "reprise" -> new RepriseLog(false, false);
            case "reprise-compressed" -> new RepriseLog(true, false);
            case "reprise-durable" -> new RepriseLog(false, true);
            case "chronicle" -> new ChronicleLog();
            case "encode-only" -> new EncodeOnly();
            case "clock-only" -> new ClockOnly();
            case "archive" -> new ArchiveLog(0);
            case "archive-durable" -> new ArchiveLog(2);
            default -> throw new IllegalArgumentException("no such log: " + name);
        };
    }
}
