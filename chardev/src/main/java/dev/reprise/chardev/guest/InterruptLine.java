package dev.reprise.chardev.guest;

/**
 * The wire from a device to the interrupt controller. Called by the guest thread within an access, an input or a
 * deadline of the device.
 */
@FunctionalInterface
public interface InterruptLine {

    /** Drives the wire; the level that it already has is no change and does nothing. */
    void set(boolean level);
}
