package dev.reprise.machine.board;

/** What a guest can do to the machine as a whole. Called by the guest thread, while a step is being made. */
public interface PowerControl {

    /** The guest ends the run; takes effect after the step. */
    void powerOff(boolean pass, int code);

    /** The guest asks to be reset; takes effect after the step. */
    void reset();
}
