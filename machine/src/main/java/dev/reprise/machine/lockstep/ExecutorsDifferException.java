package dev.reprise.machine.lockstep;

import dev.reprise.engine.RepriseException;
import java.util.List;

/** Interpreter and translator have left different states: exit status 3, and a defect of this program. */
public final class ExecutorsDifferException extends RepriseException {

    private static final long serialVersionUID = 1L;

    private final long step;
    private final transient List<String> details;

    ExecutorsDifferException(long step, String message, List<String> details) {
        super(3, message, null);
        this.step = step;
        this.details = List.copyOf(details);
    }

    /** The first stop at which the states were seen to differ. */
    public long step() {
        return step;
    }

    /** What differs, a line each. */
    public List<String> details() {
        return details;
    }

    /** The report of several lines. */
    public String report() {
        StringBuilder text = new StringBuilder(getMessage()).append('\n');
        for (String line : details) {
            text.append("    ").append(line).append('\n');
        }
        return text.toString();
    }
}
