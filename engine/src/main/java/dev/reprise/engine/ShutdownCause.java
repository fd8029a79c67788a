package dev.reprise.engine;

/** Why a run ends. The codes are part of the log's format. */
public enum ShutdownCause {
    /** No cause was given. */
    NONE(0, true),
    /** An error on the host's side, such as a full disk. */
    HOST_ERROR(1, true),
    /** The operator ended the run (Ctrl-A x, a monitor's quit). */
    HOST_QUIT(2, true),
    /** The operator asked for a reset and resets end the run. */
    HOST_RESET(3, true),
    /** SIGINT, SIGTERM or SIGHUP. */
    HOST_SIGNAL(4, true),
    /** A window was closed. */
    HOST_UI(5, true),
    /** The guest powered itself off; the code is the guest's. */
    GUEST_SHUTDOWN(6, false),
    /** The guest asked for a reset and resets end the run. */
    GUEST_RESET(7, false),
    /** The guest reported that it cannot go on. */
    GUEST_PANIC(8, false),
    /** A part of the machine asked for a reset and resets end the run. */
    SUBSYSTEM_RESET(9, false),
    /** The state is replaced by a snapshot. */
    SNAPSHOT_LOAD(10, true),
    /** The guest idles, and nothing that could wake it is left. */
    GUEST_IDLE_FOREVER(11, false),
    /** A limit that was set for the run ({@code --until}) was reached. */
    LIMIT(12, true);

    private final int code;
    private final boolean fromHost;

    ShutdownCause(int code, boolean fromHost) {
        this.code = code;
        this.fromHost = fromHost;
    }

    public int code() {
        return code;
    }

    /** True if the cause comes from outside (an input), false if the guest computes it itself. */
    public boolean fromHost() {
        return fromHost;
    }

    public static ShutdownCause ofCode(long code) {
        for (ShutdownCause cause : values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        throw new IllegalArgumentException("unknown shutdown cause: code=" + code);
    }
}
