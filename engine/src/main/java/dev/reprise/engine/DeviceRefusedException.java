package dev.reprise.engine;

/** A device cannot be removed; the message names it and says why. Nothing has changed. Exit status 2. */
public final class DeviceRefusedException extends RepriseException {

    private static final long serialVersionUID = 1L;

    public DeviceRefusedException(String message) {
        super(2, message, null);
    }
}
