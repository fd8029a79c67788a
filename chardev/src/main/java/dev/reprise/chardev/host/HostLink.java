package dev.reprise.chardev.host;

import java.io.Closeable;
import java.io.IOException;

/** Where a backend's peers come from: one peer at a time. */
interface HostLink extends Closeable {

    /** As in the threads' names, {@code chardev-NAME-in}. */
    String name();

    /**
     * Waits for the next peer. Reader thread.
     *
     * @return null if there will be none: the link was closed, or it has but one
     */
    Connection next() throws IOException;

    /** As {@link #next}, but waits for nobody: null also if there is none just now. */
    Connection poll() throws IOException;

    /** Whether a peer that goes may be followed by another. */
    boolean mayReturn();

    /** Whether {@link #next} gives its first peer without waiting for anybody. */
    default boolean hasPeerAtOnce() {
        return false;
    }

    /** What a user must know to connect, in one line; null if there is nothing. */
    default String announcement() {
        return null;
    }
}
