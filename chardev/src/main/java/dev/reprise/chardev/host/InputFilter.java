package dev.reprise.chardev.host;

/** Takes out of what the host sends what is not for the guest. Reader thread only; a sequence may be cut between reads. */
interface InputFilter {

    /** Told, in ascending order, what stands between the bytes. */
    @FunctionalInterface
    interface Marks {
        /**
         * @param index before which byte it stands, as an index of the array
         * @param linkEvent what the guest is to be told there, of {@link dev.reprise.engine.event.LinkEvent}
         */
        void mark(int index, int linkEvent);
    }

    /**
     * Works in place.
     *
     * @return how many bytes are left for the guest, from {@code offset} on
     */
    int filter(byte[] bytes, int offset, int length, Marks marks);

    /** Whether it obeys an operator, whose keys must be seen whatever the guest takes. */
    default boolean hasOperator() {
        return false;
    }

    /** What a filter leaves, filtered again; each of the two may be null. */
    static InputFilter chain(InputFilter first, InputFilter second) {
        return first == null ? second : second == null ? first : new FilterChain(first, second);
    }
}
