package dev.reprise.engine.character;

import dev.reprise.engine.Session;

/**
 * The half of a character device that a device model calls: guest thread only. Every answer is an outcome, the same in
 * record and in replay; none is retried, waited for or changed on the way.
 */
public interface CharFrontEnd {

    /** The front end of a device of the session. */
    static CharFrontEnd of(Session session, int device) {
        return new SessionFrontEnd(session, device);
    }

    /**
     * Hands bytes to the back end; never waits.
     *
     * @return how many were accepted from the start of the range, perhaps fewer than {@code length}, perhaps 0; or a
     *     {@link CharStatus} below 0, and then none were
     */
    int write(byte[] bytes, int offset, int length);

    /** As {@link #write(byte[], int, int)} with one byte: 1, 0 or a status. */
    int write(byte value);

    /**
     * Writes, and writes the rest again as the policy says. Each try is an outcome of its own. Ends when all is accepted,
     * at the policy's last try, or at the first status that is not {@link CharStatus#WOULD_BLOCK}.
     *
     * @param answer takes how many were accepted; {@link CharStatus#OK} if that is all, else the last try's status
     *     ({@link CharStatus#WOULD_BLOCK} if that was short)
     */
    void writeAll(byte[] bytes, int offset, int length, WritePolicy policy, CharAnswer answer);

    /**
     * Reads {@code length} bytes from the back end, synchronously: the guest waits for the host.
     *
     * @param length 1 to {@link dev.reprise.engine.event.Event#MAX_MESSAGE_BYTES}; a replay that asks for another length
     *     diverges
     * @param answer takes the count and {@link CharStatus#OK}; or the bytes read before, and why no more came
     */
    void readAll(byte[] into, int offset, int length, CharAnswer answer);

    /**
     * A request that is no data; see {@link CharControl}. A replay whose request or argument differs diverges.
     *
     * @param argument its first {@code argumentLength} bytes, at most {@link CharControl#MAX_BYTES}
     * @param into room for the answer
     * @param answer takes the bytes of the answer and the status
     */
    void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer);

    /**
     * Asks to pass message descriptors along. A descriptor names an object of one host's kernel, which no log can hold,
     * so the answer is {@link CharStatus#NOT_SUPPORTED} in every mode, as an outcome that the guest sees.
     *
     * @param request the caller's number of what it asked, compared in replay
     */
    int descriptors(int request);

    /** Allows the back end to publish that many more bytes; what was allowed cannot be taken back. */
    void canReceive(int bytes);
}
