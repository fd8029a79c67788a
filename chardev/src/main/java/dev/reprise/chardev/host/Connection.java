package dev.reprise.chardev.host;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** One peer of a backend, from its coming to its going. One thread reads, others write, one at a time; any may close. */
interface Connection extends Closeable {

    /** What the peer sends; {@code available} never waits. Ends where the peer has ended its side. */
    InputStream input();

    /** What is to be taken out of the input, or null. */
    default InputFilter filter() {
        return null;
    }

    /**
     * Writes some of the bytes; waits for the peer to take one, at most about 50 ms.
     *
     * @return how many were taken, perhaps 0
     * @throws IOException if the peer is gone
     */
    int write(byte[] bytes, int offset, int length) throws IOException;

    /** Writes what the peer takes at once and never waits; 0 also where there is no way to know what it would take. */
    int offer(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Sends what was taken and could not be sent yet: the second half of what the peer's protocol makes of a byte. Where it can
     * be known, waits for the peer to read what was sent. Waits as {@link #write} does.
     *
     * @return whether nothing is left
     */
    default boolean flush() throws IOException {
        return true;
    }

    /** Tells the peer that the guest holds the line in BREAK; false if there is no way to. */
    default boolean sendBreak() throws IOException {
        return false;
    }

    /**
     * How many of the last bytes that {@link #write} took were still read by nobody when it was closed; 0 where that cannot be
     * known, as behind a socket.
     */
    default long untakenBytes() {
        return 0;
    }

    /** Nothing more will be written; what was is still delivered. */
    default void end() throws IOException {
        // Where one side cannot be ended alone, closing ends both.
    }
}
