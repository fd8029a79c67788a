package dev.reprise.cpu.bus;

/**
 * Thrown by a device for an access that it refuses; the guest gets an access fault. There is one instance, without a
 * stack trace, so that a guest which provokes faults for ever costs no allocation.
 */
public final class BusFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The only instance. */
    public static final BusFault INSTANCE = new BusFault();

    private BusFault() {
        super("bus fault", null, false, false);
    }
}
