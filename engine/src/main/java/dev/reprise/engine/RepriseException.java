package dev.reprise.engine;

/**
 * What a user is told in one line, with the exit status that the command line gives it.
 *
 * <p>Statuses: 2 a bad input, 3 divergence, 4 damaged recording or changed image, 5 I/O failure while recording.
 */
public abstract class RepriseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    protected RepriseException(int exitStatus, String message, Throwable cause) {
        super(oneLine(message), cause);
        this.exitStatus = exitStatus;
    }

    /** A message may quote a hostile file: it stays one line and moves no cursor. */
    private static String oneLine(String message) {
        return message == null ? "" : message.replaceAll("\\p{Cc}", "?");
    }

    public final int exitStatus() {
        return exitStatus;
    }
}
