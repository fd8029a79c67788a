package dev.reprise.engine;

/** Contract checks whose messages carry the value. */
public final class EngineAssert {

    private EngineAssert() {}

    /** @throws IllegalStateException with {@code what} and the value if the condition does not hold */
    public static void that(boolean condition, String what, long value) {
        if (!condition) {
            throw new IllegalStateException(what + ": value=" + value);
        }
    }
}
