package dev.reprise.machine.cli;

/** Exit statuses of the command line; the numbers are part of its interface. */
public enum ExitStatus {
    /** The guest powered off with pass, an operator ended it, or the replay agrees. */
    OK(0),
    /** The guest powered off with a failure code, or this program failed. */
    FAILED(1),
    /** Usage, or a bad input file. */
    USAGE(2),
    /** The replay differs from the recording. */
    DIVERGED(3),
    /** A damaged recording, or a changed image. */
    DAMAGED(4),
    /** An input or output failure while recording. */
    IO_FAILED(5),
    /** The recording is incomplete: its whole prefix was replayed or verified. */
    INCOMPLETE(6);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
