package dev.reprise.cpu.trap;

/** Told of each trap as it is entered: a witness of the hart's path. Guest thread; must not change the hart. */
@FunctionalInterface
public interface TrapListener {

    /**
     * Called once per trap, before its entry, with the step still that of the trap.
     *
     * @param cause the code of the exception or of the interrupt
     */
    void onTrap(boolean interrupt, int cause);
}
