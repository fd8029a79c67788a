package dev.reprise.engine.character;

/**
 * Outcomes of a call to a character device, as numbers of the log's format. At least 0: that many bytes (of a write), or
 * success. Below 0: an error number of the generic Linux table, negated, so that an adapter passes on what its host said;
 * and two that no error number can be, because they are no errors.
 */
public final class CharStatus {

    /** Success where there is nothing to count. */
    public static final int OK = 0;
    /** Interrupted before anything was done (EINTR). */
    public static final int INTERRUPTED = -4;
    /** The host's device failed (EIO). */
    public static final int IO_ERROR = -5;
    /** Nothing can be taken or given now (EAGAIN). */
    public static final int WOULD_BLOCK = -11;
    /** The device is not there any more (ENODEV). */
    public static final int NO_DEVICE = -19;
    /** The request makes no sense to the back end (EINVAL). */
    public static final int INVALID = -22;
    /** The host's disk is full (ENOSPC). */
    public static final int NO_SPACE = -28;
    /** There is nobody at the other end (EPIPE). */
    public static final int CLOSED = -32;
    /** The back end, or this release, cannot do that (EOPNOTSUPP). */
    public static final int NOT_SUPPORTED = -95;
    /** The peer has ended the connection without a farewell (ECONNRESET). */
    public static final int CONNECTION_RESET = -104;
    /** The host took too long (ETIMEDOUT). */
    public static final int TIMED_OUT = -110;

    /** The last error number that an adapter may pass on. */
    public static final int LAST_ERROR = -4095;

    /** A read has come to the end of the input; no error. */
    public static final int END_OF_FILE = -4096;

    /** What kind of outcome a status is. */
    public enum Kind { ACCEPTED, NOTHING, WOULD_BLOCK, END_OF_FILE, NOT_SUPPORTED, ERROR }

    private CharStatus() {}

    /** @param status an outcome of a write: accepted in whole or in part, nothing, or why not */
    public static Kind kind(int status) {
        if (status > 0) {
            return Kind.ACCEPTED;
        }
        return switch (status) {
            case OK -> Kind.NOTHING;
            case WOULD_BLOCK -> Kind.WOULD_BLOCK;
            case END_OF_FILE -> Kind.END_OF_FILE;
            case NOT_SUPPORTED -> Kind.NOT_SUPPORTED;
            default -> Kind.ERROR;
        };
    }

    /** Whether a number can be an outcome that is no count. */
    public static boolean isStatus(long status) {
        return status <= OK && status >= END_OF_FILE;
    }

    /**
     * @return the status
     * @throws IllegalArgumentException if it is none
     */
    public static int checked(int status) {
        if (!isStatus(status)) {
            throw new IllegalArgumentException("a status is " + END_OF_FILE + " to 0: status=" + status);
        }
        return status;
    }
}
