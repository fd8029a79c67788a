package dev.reprise.proptest.log;

import dev.reprise.engine.journal.MemoryFiles;

/** A recording, and what happens to its files. */
public record DamagedRecording(RandomRecording recording, Damage damage) {

    /** The damaged log. {@code description} says what was done. */
    public record Log(MemoryFiles files, String description) {}

    /** The damaged log in memory, as of the recording whose manifest has these bytes. */
    public Log inMemory(byte[] manifest) {
        MemoryFiles files = recording.inMemory(manifest);
        return new Log(files, damage.apply(files));
    }
}
