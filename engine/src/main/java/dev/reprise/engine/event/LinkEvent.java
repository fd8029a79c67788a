package dev.reprise.engine.event;

/** Changes of a character device's link. The codes are part of the log's format. */
public final class LinkEvent {

    /**
     * A peer has come. A backend that refuses output without one says so as it happens, while what an earlier peer has sent is
     * still held, and again when the turn of this one's bytes has come; not every one then has a CLOSED of its own.
     */
    public static final int OPENED = 1;
    public static final int CLOSED = 2;
    public static final int BREAK = 3;
    /** A front end of a mux is given the focus; argument: its index. */
    public static final int MUX_IN = 4;
    /** A front end of a mux loses the focus; argument: its index. */
    public static final int MUX_OUT = 5;
    /** The backend has room for output again, after it had refused some. */
    public static final int WRITABLE = 6;
    /**
     * The backend has refused input, because its guest could not receive and its own bound was reached; argument: how many
     * bytes, at most {@link #MAX_ARGUMENT}. Told as it happens: bytes that are held arrive after it.
     */
    public static final int REFUSED = 7;

    /** The largest argument. */
    public static final int MAX_ARGUMENT = (1 << 23) - 1;

    private static final int CHANGE_BITS = 8;

    private LinkEvent() {}

    /** A change with its argument, as {@code a} of the event holds it. */
    public static int of(int change, int argument) {
        if (argument < 0 || argument > MAX_ARGUMENT) {
            throw new IllegalArgumentException("an argument is 0 to " + MAX_ARGUMENT + ": argument=" + argument);
        }
        return change | argument << CHANGE_BITS;
    }

    /** The change, of an event's {@code a}; -1 if that can be none. */
    public static int change(long a) {
        return a < 0 || a > Integer.MAX_VALUE ? -1 : (int) a & (1 << CHANGE_BITS) - 1;
    }

    /** The argument, of an event's {@code a}. */
    public static int argument(long a) {
        return a < 0 || a > Integer.MAX_VALUE ? 0 : (int) a >>> CHANGE_BITS;
    }
}
