package dev.reprise.engine;

/** A saved state that cannot be loaded; the message says where and why. */
public final class MalformedStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedStateException(String message) {
        super(message);
    }
}
