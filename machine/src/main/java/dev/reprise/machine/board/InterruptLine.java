package dev.reprise.machine.board;

/** A level-sensitive wire from a device to what interrupts. Driven by the guest thread alone. */
@FunctionalInterface
public interface InterruptLine {
    void set(boolean high);
}
