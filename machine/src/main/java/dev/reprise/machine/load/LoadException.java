package dev.reprise.machine.load;

/** An input file that cannot be used. The message is one line for the person at the command line, and names the file. */
public final class LoadException extends Exception {
    private static final long serialVersionUID = 1L;

    public LoadException(String message) {
        super(message);
    }
}
