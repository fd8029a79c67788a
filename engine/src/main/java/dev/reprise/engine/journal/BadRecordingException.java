package dev.reprise.engine.journal;

import dev.reprise.engine.RepriseException;

/** A path that is no recording, or one that this release cannot use: exit status 2. */
public final class BadRecordingException extends RepriseException {

    private static final long serialVersionUID = 1L;

    public BadRecordingException(String message) {
        super(2, message, null);
    }
}
