package dev.reprise.bench.journal;

import dev.reprise.bench.Folders;
import dev.reprise.bench.engine.PageCacheFiles;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.DiskFiles;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.Journaler;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The engine's journal. Up to the page cache it forces nothing, not even a segment that is complete; durable it is at
 * level 2, and a release waits all the time, so that the journaler commits as many events at once as have come.
 */
final class RepriseLog implements EventLog {

    static final byte[] MANIFEST = "{\"guest\":\"bench\"}".getBytes(StandardCharsets.US_ASCII);

    private static final long SEGMENT_BYTES = 64L << 20;
    private static final int MANY_SEGMENTS = 64;
    private static final long STEPS = 4_000;
    private static final long COMMIT_EVENTS = 1024;
    private static final long PARK_NS = 20_000;

    private final boolean durable;
    private final PageCacheFiles cache;
    private final Path folder;
    private final JournalRing ring;
    private final Journaler journaler;
    private long position;

    RepriseLog(boolean compress, boolean durable) throws IOException {
        this(compress, durable, durable ? null : new PageCacheFiles());
    }

    /** Up to the page cache, which keeps 4 GiB. */
    static RepriseLog keeping(boolean compress) throws IOException {
        return new RepriseLog(compress, false, new PageCacheFiles(MANY_SEGMENTS));
    }

    private RepriseLog(boolean compress, boolean durable, PageCacheFiles cache) throws IOException {
        this.durable = durable;
        this.cache = cache;
        folder = durable ? Files.createTempDirectory("reprise-bench") : null;
        Poison poison = new Poison();
        ring = new JournalRing(JournalRing.DEFAULT_BYTES, poison);
        journaler = new Journaler(new JournalWriter(durable ? new DiskFiles(folder) : cache, MANIFEST, compress,
                SEGMENT_BYTES), ring, poison, durable ? 2 : 0);
        journaler.start();
    }

    @Override
    public void publish(byte[] payload) {
        position += STEPS;
        ring.publish(EventKind.EMBEDDER_INPUT, 1, position, 7, 1, payload, 0, PAYLOAD_BYTES);
        if (durable && position % (COMMIT_EVENTS * STEPS) == 0) {
            journaler.requestSeal();
        }
    }

    @Override
    public void await() {
        long last = ring.cursor();
        while ((durable ? journaler.durableSequence() : journaler.writtenSequence()) < last) {
            journaler.requestSeal();
            LockSupport.parkNanos(PARK_NS);
        }
    }

    @Override
    public void close() throws IOException {
        journaler.close();
        if (durable) {
            Folders.remove(folder);
        } else {
            cache.close();
        }
    }
}
