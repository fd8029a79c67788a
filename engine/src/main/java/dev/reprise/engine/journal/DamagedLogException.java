package dev.reprise.engine.journal;

import dev.reprise.engine.RepriseException;

/** A recording whose bytes are not what was written: exit status 4. The message names the first bad position. */
public final class DamagedLogException extends RepriseException {

    private static final long serialVersionUID = 1L;

    public DamagedLogException(String message) {
        super(4, message, null);
    }
}
