package dev.reprise.engine;

import java.util.List;

/** Something that the guest was given cannot be recorded: exit status 2. The message lists every reason, once. */
public final class RecordingRefusedException extends RepriseException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;

    public RecordingRefusedException(List<String> reasons) {
        super(2, "this run cannot be recorded: " + String.join("; ", reasons), null);
        this.reasons = List.copyOf(reasons);
    }

    public List<String> reasons() {
        return reasons;
    }
}
