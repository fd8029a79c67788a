package dev.reprise.engine.journal;

import dev.reprise.engine.RepriseException;

/** The journal could not be written: exit status 5. The message says what is durable. */
public final class JournalFailedException extends RepriseException {

    private static final long serialVersionUID = 1L;

    public JournalFailedException(String message, Throwable cause) {
        super(5, message, cause);
    }
}
