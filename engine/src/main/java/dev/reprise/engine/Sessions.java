package dev.reprise.engine;

import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.record.LiveSession;
import dev.reprise.engine.replay.ReplaySession;
import java.nio.file.Path;

/** Makes sessions: the entrance for an embedder. */
public final class Sessions {

    private Sessions() {}

    /** A run that is not recorded. */
    public static Session off(SessionConfig config) {
        return new LiveSession(config, null);
    }

    /**
     * A run that is recorded into a new directory.
     *
     * @throws RepriseException if the directory cannot become a recording
     */
    public static Session record(Path directory, SessionConfig config) {
        return record(directory, config, false);
    }

    /**
     * @param force replaces a recording of ours that stands there
     * @throws RecordingRefusedException if something of the run cannot be recorded; nothing has been made then
     */
    public static Session record(Path directory, SessionConfig config, boolean force) {
        requireRecordable(config);
        return new LiveSession(config, Recording.create(directory, config, force));
    }

    /** @throws RecordingRefusedException with every reason, if something of the run cannot be recorded */
    public static void requireRecordable(SessionConfig config) {
        if (!config.blockers().isEmpty()) {
            throw new RecordingRefusedException(config.blockers());
        }
    }

    /**
     * A replay of the recording; {@code config} describes the guest as this program has it, and must agree.
     *
     * @throws RepriseException if there is no recording, it is damaged, or it is of something else
     */
    public static ReplaySession replay(Path directory, SessionConfig config) {
        return new ReplaySession(config, Recording.open(directory));
    }
}
