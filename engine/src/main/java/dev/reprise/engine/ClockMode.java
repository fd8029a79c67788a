package dev.reprise.engine;

import java.util.Locale;

/** How guest time follows the position. */
public enum ClockMode {
    /** Time is the position times the rate; an idle guest jumps to its deadline. No clock events. */
    INSTRUCTIONS,
    /** As before, and recorded adjustments keep guest time near the host's. */
    HOST;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other text than {@code instructions} and {@code host} */
    public static ClockMode ofText(String text) {
        for (ClockMode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("unknown clock: " + text);
    }
}
