package dev.reprise.engine;

/** The clocks of the host that a guest can read. The codes are part of the log's format. */
public final class ClockKind {

    /** The wall clock: nanoseconds since 1970-01-01T00:00:00Z. May go back, and is recorded as it went. */
    public static final int HOST = 0;
    /** A monotonic clock of the host: nanoseconds since some moment, running while the guest does not. */
    public static final int VIRTUAL_REALTIME = 1;
    /** Kinds from here to {@link #MAX_KIND} are the embedder's. */
    public static final int FIRST_EMBEDDER_KIND = 16;
    public static final int MAX_KIND = 63;

    private ClockKind() {}
}
