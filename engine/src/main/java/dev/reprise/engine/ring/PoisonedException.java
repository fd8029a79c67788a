package dev.reprise.engine.ring;

/** A wait or a publication was given up because another thread of the run has failed; the cause is that failure. */
public final class PoisonedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PoisonedException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
