package dev.reprise.engine.character;

/** What a device model is told by its back end, at the stamp. Called by the guest thread within {@code Guest.apply}. */
public interface CharReceiver {

    /** Bytes have arrived, no more than {@link CharFrontEnd#canReceive} has allowed; the array is the engine's. */
    void onBytes(byte[] bytes, int offset, int length);

    /**
     * The link has changed.
     *
     * @param change one of {@link dev.reprise.engine.event.LinkEvent}
     * @param argument 0, or what the change's documentation says
     */
    void onLink(int change, int argument);
}
