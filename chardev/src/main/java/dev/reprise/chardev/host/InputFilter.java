package dev.reprise.chardev.host;

import java.util.function.IntConsumer;

/** Takes out of what the host sends what is not for the guest. Reader thread only; a sequence may be cut between reads. */
interface InputFilter {

    /**
     * Works in place.
     *
     * @param breakAt told, in ascending order, the index before which the guest is to see a BREAK
     * @return how many bytes are left for the guest, from {@code offset} on
     */
    int filter(byte[] bytes, int offset, int length, IntConsumer breakAt);
}
