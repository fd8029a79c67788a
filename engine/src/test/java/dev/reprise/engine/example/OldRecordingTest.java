package dev.reprise.engine.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Manifest;
import dev.reprise.engine.journal.Recording;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording that was made before groups had the recording in their checksum, and marks a sector each. */
class OldRecordingTest {

    @TempDir
    Path temp;

    @Test
    void shouldReplayARecordingWhoseSegmentsAndMarkHaveVersionOne() throws IOException {
        Files.createDirectories(temp.resolve("segments"));
        for (String name : new String[] {"manifest.json", "synced", "segments/00000000.seg"}) {
            try (InputStream in = Manifest.class.getResourceAsStream("format-1/" + name)) {
                Files.copy(in, temp.resolve(name));
            }
        }
        LogCheck.Report report = Recording.open(temp).check();
        assertEquals(LogCheck.Verdict.WHOLE, report.verdict(), report.reason());
        try (Session session = Sessions.replay(temp, ToyConsole.config())) {
            RunResult replayed = session.run(new ToyConsole(session));
            assertTrue(replayed.complete());
        }
    }
}
