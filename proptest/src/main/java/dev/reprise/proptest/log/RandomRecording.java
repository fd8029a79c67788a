package dev.reprise.proptest.log;

import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.MemoryFiles;
import dev.reprise.engine.journal.Recording;
import dev.reprise.proptest.arbitrary.EventRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole recording of any events, as a plan that can be written as often as one likes: for programs that read, check,
 * convert or copy recordings. No guest has made it, so none can replay it.
 *
 * @param events in order, without an end
 * @param ended whether an end event follows and the recorder closed the log; else it was killed
 * @param durable whether the recorder forced the log now and then
 * @param compressed whether groups are compressed
 * @param groupEvents events after which a group is sealed, at least 1
 * @param segmentBytes after which another segment begins
 */
public record RandomRecording(List<EventRecord> events, boolean ended, boolean durable, boolean compressed, int groupEvents,
        long segmentBytes) {

    private static final int FORCE_GROUPS = 3;
    private static final int END_BYTES = 40;

    /** All events of the log: these, and the end if there is one. */
    public List<EventRecord> allEvents() {
        List<EventRecord> all = new ArrayList<>(events);
        if (ended) {
            long last = events.isEmpty() ? 0 : events.get(events.size() - 1).position();
            all.add(new EventRecord(EventKind.END, 0, last, 6, 0, new byte[END_BYTES]));
        }
        return all;
    }

    /** The log alone, in memory, as of the recording whose manifest has these bytes. */
    public MemoryFiles inMemory(byte[] manifest) {
        MemoryFiles files = new MemoryFiles();
        writeLog(files, manifest);
        return files;
    }

    /** A directory with manifest, mark and log; it must not be there yet. */
    public Recording write(Path directory, SessionConfig config) {
        Recording recording = Recording.create(directory, config, false);
        writeLog(recording.files(), recording.manifestBytes());
        recording.unlock();
        return recording;
    }

    private void writeLog(FileLayer files, byte[] manifest) {
        try (JournalWriter writer = new JournalWriter(files, manifest, compressed, segmentBytes)) {
            Event slot = Event.slot();
            int count = 0;
            for (EventRecord event : allEvents()) {
                LogEditor.append(writer, event, slot);
                if (++count % groupEvents == 0) {
                    writer.seal();
                    if (durable && count % (FORCE_GROUPS * groupEvents) == 0) {
                        writer.force();
                    }
                }
            }
            if (ended) {
                writer.finish(durable);
            } else {
                writer.seal();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return (ended ? "ended, " : "killed, ") + (durable ? "durable, " : "") + (compressed ? "compressed, " : "")
                + groupEvents + " events to a group, segments of " + segmentBytes + " bytes, events " + events;
    }
}
