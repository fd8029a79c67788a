package dev.reprise.engine.character;

/**
 * The half of a character device that a host adapter implements: what it answers when the guest asks. Attached with
 * {@link dev.reprise.engine.Session#attach}; a device without one takes all that its output ring has room for, and has
 * nothing else to say.
 *
 * <p>Every method is called by the guest thread, in record and with recording off, once per call of the front end; never
 * in replay. None but {@link #readAll} may wait. The bytes themselves travel through the device's
 * {@link dev.reprise.engine.ring.OutputRing} (host-ward, once they have been released) and
 * {@link dev.reprise.engine.ring.InputPort} (guest-ward), which the adapter serves with threads of its own.
 */
public interface CharBackEnd {

    /**
     * How many of the bytes that are being written are taken now, before the ring is asked for room.
     *
     * @param length at least 1
     * @return 0 to {@code length}, or a status below 0. Who answers {@link CharStatus#WOULD_BLOCK} or fewer than all
     *     publishes {@link dev.reprise.engine.event.LinkEvent#WRITABLE} when more can be taken.
     */
    default int offer(int length) {
        return length;
    }

    /**
     * Reads until {@code length} bytes are there; may wait, and the guest with it.
     *
     * @param answer takes the count, with status {@link CharStatus#OK} if that is {@code length}; else the bytes read
     *     before and {@link CharStatus#END_OF_FILE} or the error that ended the read
     */
    default void readAll(byte[] into, int offset, int length, CharAnswer answer) {
        answer.set(0, CharStatus.NOT_SUPPORTED);
    }

    /**
     * Obeys a request of {@link CharControl}, or of the embedder's own.
     *
     * @param argument the first {@code argumentLength} bytes count; not to be changed
     * @param into room for an answer
     * @param answer takes the number of bytes that were put into {@code into}, and the status
     */
    default void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        answer.set(0, CharStatus.NOT_SUPPORTED);
    }
}
