package dev.reprise.engine.journal;

/**
 * All checks of a group that need the groups before it: number, epoch, durable position, link, and the order of records
 * over the border of two groups. What needs no other group is {@link GroupCheck}'s. One thread.
 */
final class LogOrder {

    private final Chain chain;
    final RecordOrder records = new RecordOrder();
    private long groups;
    private long epoch;
    private long durableGroups;
    private final byte[] head = new byte[Chain.LINK_BYTES];
    private Fault fault;
    private String reason;

    LogOrder(Chain chain) {
        this.chain = chain;
        chain.copyTo(head);
    }

    /** Begins behind the durable part that a mark speaks of. */
    void startAt(MarkDescriptor.Mark mark) {
        chain.restore(mark.link());
        chain.copyTo(head);
        groups = mark.durableGroups();
        records.startAt(mark.position(), mark.events());
    }

    /**
     * Takes the next group; false if something is wrong, which {@link #fault} and {@link #reason} say.
     *
     * @param joined whether its records are joined here; else the caller takes them one by one
     */
    boolean accept(GroupResult group, boolean joined) {
        if (group.fault != null) {
            return stop(group.fault, group.reason);
        }
        if (group.epoch < epoch) {
            return stop(Fault.OLD_EPOCH, "epoch goes back: " + group.epoch + " after " + epoch);
        }
        if (group.number != groups) {
            return stop(Fault.OUT_OF_PLACE, "group out of place: says " + group.number);
        }
        if (group.durable < durableGroups || group.durable > groups) {
            return stop(Fault.OUT_OF_PLACE, "durable position out of order: " + group.durable);
        }
        chain.append(group.number, group.hash);
        if (chain.check() != group.linkCheck) {
            return stop(Fault.CHAIN, "chain broken");
        }
        String content = group.contentReason;
        if (content == null && joined) {
            content = records.join(group.records);
        }
        if (content != null) {
            return stop(Fault.CONTENT, content);
        }
        epoch = group.epoch;
        durableGroups = group.durable;
        groups++;
        chain.copyTo(head);
        return true;
    }

    private boolean stop(Fault what, String why) {
        fault = what;
        reason = why;
        // The head is that of the groups that were taken.
        chain.restore(head);
        return false;
    }

    Fault fault() {
        return fault;
    }

    String reason() {
        return reason;
    }

    /** Groups taken. */
    long groups() {
        return groups;
    }

    long epoch() {
        return epoch;
    }

    /** What the groups say is durable. */
    long durableGroups() {
        return durableGroups;
    }

    Chain chain() {
        return chain;
    }
}
