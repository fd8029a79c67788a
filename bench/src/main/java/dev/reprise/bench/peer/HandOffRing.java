package dev.reprise.bench.peer;

/**
 * A ring under test: slots preallocated, payload copied in by one thread and read by another, which polls. One
 * instance is used by one publishing and one polling thread.
 */
interface HandOffRing {

    /** Slots of every ring here, or as many bytes as that many slots hold. */
    int SLOTS = 1 << 13;

    /** Publishes stamp and payload; waits for room. */
    void publish(long stamp, byte[] payload, int length);

    /** Takes what is there; 0 if that was nothing. */
    int poll();

    /** The sum of what was read, so that nothing of it is left out. */
    long sum();

    /** The ring of that name. */
    static HandOffRing of(String name) {
        return switch (name) {
            case "journal" -> new JournalRingUnderTest();
            case "journal-blocks" -> new JournalBlocksUnderTest();
            case "disruptor" -> new DisruptorUnderTest(false);
            case "agrona" -> new AgronaUnderTest(false);
            case "inbox" -> new InboxRingUnderTest();
            case "disruptor-multi" -> new DisruptorUnderTest(true);
            case "agrona-multi" -> new AgronaUnderTest(true);
            default -> throw new IllegalArgumentException("no such ring: " + name);
        };
    }
}
