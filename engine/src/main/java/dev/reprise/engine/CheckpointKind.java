package dev.reprise.engine;

/**
 * The checkpoints of a run: places on the guest's path that record and replay must pass at the same positions. The codes
 * are part of the log's format; the names are those of QEMU's list, so that the two can be compared.
 */
public final class CheckpointKind {

    /** An idle guest is about to move its time to its own deadline. */
    public static final int CLOCK_WARP_START = 0;
    /** That move has been made and accounted for. */
    public static final int CLOCK_WARP_ACCOUNT = 1;
    /** The guest has asked for a reset. */
    public static final int RESET_REQUESTED = 2;
    /** The guest has asked to be switched off. */
    public static final int SUSPEND_REQUESTED = 3;
    /** Deadlines in guest time are about to be served. */
    public static final int CLOCK_VIRTUAL = 4;
    /** The host's wall clock is about to be read. */
    public static final int CLOCK_HOST = 5;
    /** Guest time is about to be moved towards the host's monotonic clock. */
    public static final int CLOCK_VIRTUAL_REALTIME = 6;
    /** The machine is made and is about to run. */
    public static final int INIT = 7;
    /** The machine has been reset. */
    public static final int RESET = 8;

    /** Kinds from here to {@link #MAX_KIND} are the embedder's. */
    public static final int FIRST_EMBEDDER_KIND = 16;
    public static final int MAX_KIND = 63;

    private static final String[] NAMES = {"clock warp start", "clock warp account", "reset requested",
        "suspend requested", "clock virtual", "clock host", "clock virtual-rt", "init", "reset"};

    private CheckpointKind() {}

    public static String name(int kind) {
        return kind >= 0 && kind < NAMES.length ? NAMES[kind] : "embedder's " + kind;
    }
}
