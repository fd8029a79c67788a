package dev.reprise.bench.journal;

import dev.reprise.bench.Folders;
import io.aeron.ExclusivePublication;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * Aeron Archive over IPC, driver and archive on one thread each, in this process: what suits two cores best. The level
 * is its own: 0 leaves it to the operating system, 2 forces data and metadata before it says that they are recorded.
 */
final class ArchiveLog implements EventLog {

    private static final String IPC = "aeron:ipc";
    private static final int STREAM = 7;

    private final Path folder;
    private final ArchivingMediaDriver driver;
    private final AeronArchive archive;
    private final ExclusivePublication publication;
    private final CountersReader counters;
    private final int recorded;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[PAYLOAD_BYTES]);

    ArchiveLog(int level) throws IOException {
        folder = Files.createTempDirectory("archive-bench");
        MediaDriver.Context media = new MediaDriver.Context().aeronDirectoryName(folder.resolve("aeron").toString())
                .threadingMode(ThreadingMode.SHARED).dirDeleteOnStart(true).dirDeleteOnShutdown(true);
        Archive.Context storing = new Archive.Context().aeronDirectoryName(media.aeronDirectoryName())
                .archiveDir(folder.resolve("archive").toFile()).controlChannelEnabled(false)
                .archiveClientContext(new AeronArchive.Context().controlResponseChannel(IPC))
                .replicationChannel("aeron:udp?endpoint=localhost:0").threadingMode(ArchiveThreadingMode.SHARED)
                .fileSyncLevel(level).catalogFileSyncLevel(level).deleteArchiveOnStart(true);
        driver = ArchivingMediaDriver.launch(media, storing);
        archive = AeronArchive.connect(new AeronArchive.Context().aeronDirectoryName(media.aeronDirectoryName())
                .controlRequestChannel(IPC).controlResponseChannel(IPC)
                .controlRequestStreamId(storing.localControlStreamId()));
        publication = archive.addRecordedExclusivePublication("aeron:ipc?term-length=16m", STREAM);
        counters = archive.context().aeron().countersReader();
        int found = RecordingPos.findCounterIdBySession(counters, publication.sessionId(), archive.archiveId());
        while (found < 0) {
            Thread.onSpinWait();
            found = RecordingPos.findCounterIdBySession(counters, publication.sessionId(), archive.archiveId());
        }
        recorded = found;
    }

    @Override
    public void publish(byte[] payload) {
        buffer.wrap(payload);
        long result = publication.offer(buffer, 0, PAYLOAD_BYTES);
        while (result < 0) {
            if (result == ExclusivePublication.CLOSED || result == ExclusivePublication.MAX_POSITION_EXCEEDED) {
                throw new IllegalStateException("the publication takes nothing more: " + result);
            }
            Thread.onSpinWait();
            result = publication.offer(buffer, 0, PAYLOAD_BYTES);
        }
    }

    @Override
    public void await() {
        while (counters.getCounterValue(recorded) < publication.position()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        publication.close();
        archive.close();
        driver.close();
        Folders.remove(folder);
    }
}
