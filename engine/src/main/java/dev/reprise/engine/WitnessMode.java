package dev.reprise.engine;

import java.util.Locale;

/**
 * How interrupts, exceptions and checkpoints of a guest are kept in a recording. They are counted into the state in
 * either mode, so a digest is the same in both.
 */
public enum WitnessMode {
    /** In the digests alone: costs no event; a guest that differs is stopped at the next digest. */
    DIGEST,
    /** Checkpoints are events, and a replay that misses one is stopped there; the others are in the digests. */
    CHECKPOINTS,
    /** Each one is an event, and a replay that would take one at another place is stopped there. */
    EVENTS;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if the text names no mode */
    public static WitnessMode ofText(String text) {
        for (WitnessMode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("no such way to witness: " + text);
    }
}
