package dev.reprise.proptest.arbitrary;

import java.util.List;

/**
 * All that the outside does to a guest in one run.
 *
 * @param actions in the order of their positions; the last is the only {@link HostAction.What#QUIT}
 * @param answersSeed decides what the host answers: clocks, entropy
 * @param outputBytes room that each device's backend has for output, a power of two
 * @param digestsAt positions at which the state is compared, ascending
 */
public record Scenario(List<HostAction> actions, long answersSeed, int outputBytes, List<Long> digestsAt) {

    /** Where the host ends the run at the latest. */
    public long endAt() {
        return actions.get(actions.size() - 1).at();
    }
}
