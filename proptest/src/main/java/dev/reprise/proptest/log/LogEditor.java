package dev.reprise.proptest.log;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.DiskFiles;
import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.JournalReader;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.Layout;
import dev.reprise.engine.journal.Recording;
import dev.reprise.proptest.arbitrary.EventRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the events of a recording, and writes a recording of the same manifest and images with other events. */
public final class LogEditor {

    private LogEditor() {}

    /** Every event of the log, messages of several records whole. */
    public static List<EventRecord> read(Path directory) {
        Recording recording = Recording.open(directory);
        List<EventRecord> events = new ArrayList<>();
        JournalReader.Finding finding = read(recording.files(), recording.manifestBytes(), events);
        if (finding.reason() != null) {
            throw new IllegalArgumentException("not a whole log: " + finding);
        }
        return events;
    }

    /**
     * Reads as far as the log is whole, messages of several records whole too; one that is cut is left out, wherever.
     *
     * @return where reading ended, and why
     */
    public static JournalReader.Finding read(FileLayer files, byte[] manifest, List<EventRecord> into) {
        try (JournalReader reader = new JournalReader(files, manifest)) {
            Event record = Event.slot();
            Event message = new Event(Event.SLOT_PAYLOAD_BYTES);
            boolean open = false;
            while (reader.next(record)) {
                if (open && record.kind() != EventKind.RESUME) {
                    message.append(record.payload(), 0, record.length());
                } else {
                    message.copyFrom(record);
                }
                open = record.more();
                if (!open) {
                    into.add(EventRecord.of(message));
                }
            }
            return reader.finding();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Writes a recording with these events to {@code to}, everything else as in {@code from}. */
    public static void write(Path from, Path to, List<EventRecord> events) {
        try {
            Files.createDirectories(to);
            Files.copy(from.resolve(Layout.MANIFEST), to.resolve(Layout.MANIFEST));
            copyImages(from.resolve(Layout.IMAGES), to.resolve(Layout.IMAGES));
            byte[] manifest = Files.readAllBytes(to.resolve(Layout.MANIFEST));
            try (JournalWriter writer = new JournalWriter(new DiskFiles(to), manifest, false)) {
                Event slot = Event.slot();
                for (EventRecord event : events) {
                    append(writer, event, slot);
                }
                writer.finish(false);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Appends an event, in as many records as its payload takes. */
    static void append(JournalWriter writer, EventRecord event, Event slot) throws IOException {
        int at = 0;
        do {
            int count = Math.min(Event.SLOT_PAYLOAD_BYTES, event.payload().length - at);
            slot.set(event.kind(), event.source(), event.position(), event.a(), event.b())
                    .payload(event.payload(), at, count);
            at += count;
            writer.append(slot.more(at < event.payload().length));
        } while (at < event.payload().length);
    }

    private static void copyImages(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.createDirectories(to);
        try (DirectoryStream<Path> images = Files.newDirectoryStream(from)) {
            for (Path image : images) {
                Files.copy(image, to.resolve(image.getFileName()));
            }
        }
    }
}
