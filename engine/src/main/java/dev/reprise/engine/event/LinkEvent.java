package dev.reprise.engine.event;

/** Changes of a character device's link. The codes are part of the log's format. */
public final class LinkEvent {

    public static final int OPENED = 1;
    public static final int CLOSED = 2;
    public static final int BREAK = 3;
    public static final int MUX_IN = 4;
    public static final int MUX_OUT = 5;
    /** The backend has room for output again, after it had refused some. */
    public static final int WRITABLE = 6;

    private LinkEvent() {}
}
