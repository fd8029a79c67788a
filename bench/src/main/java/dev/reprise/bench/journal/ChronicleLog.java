package dev.reprise.bench.journal;

import dev.reprise.bench.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;

/** Chronicle Queue: the publishing thread writes into mapped memory; there is no other level. */
final class ChronicleLog implements EventLog {

    private final Path folder;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;

    ChronicleLog() throws IOException {
        folder = Files.createTempDirectory("chronicle-bench");
        queue = SingleChronicleQueueBuilder.binary(folder.resolve("queue").toFile())
                .rollCycle(LargeRollCycles.LARGE_DAILY).build();
        appender = queue.createAppender();
    }

    @Override
    public void publish(byte[] payload) {
        try (DocumentContext document = appender.writingDocument()) {
            document.wire().bytes().write(payload, 0, PAYLOAD_BYTES);
        }
    }

    @Override
    public void await() {
        // What is published is in the page cache.
    }

    @Override
    public void close() throws IOException {
        appender.close();
        queue.close();
        Folders.remove(folder);
    }
}
