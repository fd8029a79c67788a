package dev.reprise.engine.replay;

import dev.reprise.engine.RepriseException;
import java.util.List;

/**
 * The guest did something else than the log says: exit status 3. The first difference ends the run; nothing is skipped
 * to find a footing again.
 */
public final class DivergenceException extends RepriseException {

    private static final long serialVersionUID = 1L;

    private final long position;
    private final String logSays;
    private final String guestDid;
    private final transient List<String> around;

    DivergenceException(long position, String logSays, String guestDid, List<String> around) {
        super(3, "divergence at " + position + ": the log says " + logSays + "; the guest " + guestDid, null);
        this.position = position;
        this.logSays = logSays;
        this.guestDid = guestDid;
        this.around = List.copyOf(around);
    }

    /** Where the guest stood. */
    public long position() {
        return position;
    }

    public String logSays() {
        return logSays;
    }

    public String guestDid() {
        return guestDid;
    }

    /** The events taken before, oldest first, and those that the log has next. */
    public List<String> around() {
        return around;
    }

    /** The report of several lines. */
    public String report() {
        StringBuilder text = new StringBuilder(getMessage()).append('\n');
        for (String line : around) {
            text.append("    ").append(line).append('\n');
        }
        return text.toString();
    }
}
