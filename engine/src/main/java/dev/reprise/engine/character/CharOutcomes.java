package dev.reprise.engine.character;

/** How a status and a length share a field of an event, both directions: {@code length << 16 | -status}. */
public final class CharOutcomes {

    private static final int STATUS_BITS = 16;

    private CharOutcomes() {}

    /** @param status a {@link CharStatus} of at most 0 */
    public static long pack(int length, int status) {
        return (long) length << STATUS_BITS | -CharStatus.checked(status);
    }

    /** The length; -1 if it can be none. */
    public static int length(long packed) {
        long length = packed >> STATUS_BITS;
        return length < 0 || length > Integer.MAX_VALUE ? -1 : (int) length;
    }

    /** The status; 1, which is none, if it can be none. */
    public static int status(long packed) {
        long status = -(packed & (1 << STATUS_BITS) - 1);
        return CharStatus.isStatus(status) ? (int) status : 1;
    }
}
