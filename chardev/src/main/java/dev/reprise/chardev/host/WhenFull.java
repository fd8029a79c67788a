package dev.reprise.chardev.host;

import java.util.Locale;

/**
 * What happens to input for which neither the guest nor the bound on the host's side has room, and to output for which
 * there is no peer; chosen per device.
 */
public enum WhenFull {
    /** The host waits: the peer is not read from, and output is kept for the next peer until its ring is full. */
    WAIT,
    /**
     * Refused, by an event of the log: input as {@link dev.reprise.engine.event.LinkEvent#REFUSED} with the number of
     * bytes, output as the outcome {@link dev.reprise.engine.character.CharStatus#CLOSED}.
     */
    REFUSE;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
