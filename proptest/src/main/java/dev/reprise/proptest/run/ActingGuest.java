package dev.reprise.proptest.run;

import dev.reprise.engine.Guest;
import dev.reprise.proptest.arbitrary.HostAction;
import dev.reprise.proptest.arbitrary.HostAction.What;
import dev.reprise.proptest.arbitrary.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets the host of a recording act at positions of the guest and not at times of its own, so that a scenario gives the
 * same recording each time, whatever the quantum. A guest that idles is given the next action at once.
 */
final class ActingGuest extends GuestDecorator {

    private static final long MAX_WAIT_NS = 2_000_000;

    private final Scenario scenario;
    private final HostActor host;
    private final Coverage coverage;
    private final boolean waitsForDeadlines;
    private final boolean jumpsToDeadlines;
    private final long startNs = System.nanoTime();
    private final List<HostAction> afterBoundary = new ArrayList<>();
    private int next;
    private int idles;
    /** The session has let guest time jump, and did not look at what was published: it shall look at the next position. */
    private boolean jumped;

    /**
     * @param waitsForDeadlines whether an idle guest may be left to wake by itself, which takes time of the host
     * @param jumpsToDeadlines whether an idle guest's time jumps to its deadline at once, without time of the host
     */
    ActingGuest(Guest inner, Scenario scenario, HostActor host, Coverage coverage,
            boolean waitsForDeadlines, boolean jumpsToDeadlines) {
        super(inner);
        this.scenario = scenario;
        this.host = host;
        this.coverage = coverage;
        this.waitsForDeadlines = waitsForDeadlines;
        this.jumpsToDeadlines = jumpsToDeadlines;
    }

    /** What is due before the guest has run at all. */
    ActingGuest begin() {
        actUpTo(inner.position());
        return this;
    }

    @Override
    public Status runUntil(long limit) {
        if (!afterBoundary.isEmpty()) {
            // The boundary has released what was put out, so what is taken now does not depend on the quantum; and what
            // taking it publishes is given to the guest here, before it runs on.
            afterBoundary.forEach(host::perform);
            afterBoundary.clear();
            return Status.RAN;
        }
        long stop = limit;
        if (next < scenario.actions().size()) {
            stop = Math.min(limit, Math.max(inner.position() + 1, scenario.actions().get(next).at()));
        }
        if (jumped) {
            stop = inner.position() + 1;
            jumped = false;
        }
        Status status = inner.runUntil(stop);
        boolean published = actUpTo(inner.position());
        if (status == Status.IDLE && jumpsToDeadlines && inner.idleDeadlineNs() != Long.MAX_VALUE) {
            coverage.add("idle until a deadline");
            jumped = true;
        } else if (status == Status.IDLE && !published) {
            idle();
        }
        return status;
    }

    private boolean actUpTo(long position) {
        boolean published = false;
        while (next < scenario.actions().size() && scenario.actions().get(next).at() <= position) {
            published |= act();
        }
        return published;
    }

    private boolean act() {
        HostAction action = scenario.actions().get(next++);
        if (HostActor.takesOutput(action)) {
            afterBoundary.add(action);
            return false;
        }
        return host.perform(action);
    }

    private void idle() {
        coverage.add("idle");
        long choice = scenario.answersSeed() >>> (idles++ & 31);
        long deadline = inner.idleDeadlineNs();
        if (deadline != Long.MAX_VALUE && waitsForDeadlines && (choice & 1) == 0
                && deadline <= System.nanoTime() - startNs + MAX_WAIT_NS) {
            coverage.add("idle until a deadline");
            return;
        }
        while (next < scenario.actions().size()) {
            if (scenario.actions().get(next).what() == What.QUIT && deadline == Long.MAX_VALUE && (choice & 2) == 0
                    && !host.owesRoom()) {
                coverage.add("idle for ever");
                host.detachAll();
                return;
            }
            if (act()) {
                return;
            }
        }
    }
}
