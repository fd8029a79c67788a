package dev.reprise.machine.config;

/** A configuration that no machine can have. The message is one line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
