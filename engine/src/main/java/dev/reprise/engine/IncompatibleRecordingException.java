package dev.reprise.engine;

/** A recording of another guest, other devices or another model revision: exit status 2. The message lists both. */
public final class IncompatibleRecordingException extends RepriseException {

    private static final long serialVersionUID = 1L;

    public IncompatibleRecordingException(String message) {
        super(2, message, null);
    }
}
