package dev.reprise.engine;

/** Why a guest is reset. The codes are part of the log's format. */
public enum ResetCause {
    /** The guest asked for it (a write to a reset register, an SBI call). */
    GUEST(1),
    /** The operator asked for it, from the host. */
    HOST(2),
    /** A watchdog or a part of the machine, not the processor, asked for it. */
    SUBSYSTEM(3);

    private final int code;

    ResetCause(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static ResetCause ofCode(long code) {
        for (ResetCause cause : values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        throw new IllegalArgumentException("unknown reset cause: code=" + code);
    }
}
