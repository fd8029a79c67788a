package dev.reprise.engine.journal;

/**
 * How much the long tests of the journal do: {@code -Dreprise.journal=full} is what the project promises,
 * {@code large} ten times that; without it they do a small part, so that an ordinary build stays short.
 */
final class JournalSizes {

    private static final int QUICK_PART = 64;
    private static final int LARGE = 10;
    private static final String SIZE = System.getProperty("reprise.journal", "quick");

    private JournalSizes() {}

    /** @param full the size that is promised */
    static int of(int full) {
        return switch (SIZE) {
            case "quick" -> Math.max(1, full / QUICK_PART);
            case "full" -> full;
            case "large" -> LARGE * full;
            default -> throw new IllegalArgumentException("reprise.journal=" + SIZE + ": must be quick, full or large");
        };
    }

    /** How many of a thing that is looked at from end to end. */
    static int things() {
        return SIZE.equals("large") ? LARGE : 1;
    }

    /** Of such a thing, from place to place: an odd step, so that every bit of a byte has its turn. */
    static int step() {
        return SIZE.equals("quick") ? QUICK_PART - 1 : 1;
    }
}
