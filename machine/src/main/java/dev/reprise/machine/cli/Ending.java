package dev.reprise.machine.cli;

import dev.reprise.engine.RunResult;
import java.util.Locale;

/**
 * How a command ended, for the exit status, for the last line on standard error and for {@code stop} in the
 * statistics.
 *
 * @param exitStatus of the process
 * @param stop one word, for programs
 * @param guestCode the code that the guest powered off with, 0 if it did not
 * @param message one line, for people
 */
record Ending(int exitStatus, String stop, int guestCode, String message) {

    private static final int SIGNAL_BASE = 128;

    /** @param exitStatus as {@link ExitStatus} has them */
    static Ending failure(int exitStatus, String message) {
        String stop = switch (exitStatus) {
            case 2 -> "bad-input";
            case 3 -> "divergence";
            case 4 -> "damaged";
            case 5 -> "io-failure";
            default -> "internal-error";
        };
        return new Ending(exitStatus, stop, 0, message);
    }

    /** The end of a run that was recorded, or not. */
    static Ending ofRun(RunResult result) {
        int code = result.code();
        String at = " at step " + result.position();
        String stop = result.cause().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (result.cause()) {
            case GUEST_SHUTDOWN -> new Ending(0, stop, code, "the guest powered off" + at);
            case GUEST_PANIC -> new Ending(ExitStatus.FAILED.code(), stop, code,
                    "the guest powered off with failure code " + code + at);
            case GUEST_IDLE_FOREVER -> new Ending(0, stop, 0,
                    "the guest waits and nothing is left that could wake it" + at);
            case HOST_QUIT -> new Ending(0, stop, 0, "ended by the operator" + at);
            case LIMIT -> new Ending(0, stop, 0, "stopped as asked" + at);
            case HOST_SIGNAL -> new Ending(SIGNAL_BASE + code, stop, 0, "ended by " + Signals.name(code) + at);
            case HOST_ERROR -> new Ending(ExitStatus.IO_FAILED.code(), stop, 0, "an input or output error ended the run" + at);
            default -> new Ending(0, stop, code, "ended: " + stop + at);
        };
    }

    /** The same, after which a signal has cut short the wait for whoever was to take the output; the guest had ended before. */
    Ending hurriedBy(int signal) {
        return new Ending(exitStatus, stop, guestCode,
                message + "; " + Signals.name(signal) + " has ended the wait for its output to be taken");
    }

    /** The end of a replay that agreed with its log as far as it went. */
    static Ending ofReplay(RunResult result) {
        Ending recorded = ofRun(result);
        if (!result.complete()) {
            return new Ending(ExitStatus.INCOMPLETE.code(), "incomplete", 0,
                    "the recording is incomplete: the replay agrees up to step " + result.position()
                            + ", where the log breaks off");
        }
        return new Ending(0, recorded.stop, recorded.guestCode,
                "the replay agrees with the recording: " + recorded.message);
    }
}
