package dev.reprise.engine.journal;

/** What the look at one group alone has found; reused. Filled by one thread, then read by another. */
final class GroupResult {

    int bytes;
    long number;
    long epoch;
    long durable;
    long linkCheck;
    /** {@link Chain#inner}. */
    final byte[] hash = new byte[Chain.LINK_BYTES];
    /** The order of its records, if they were looked at. */
    final RecordOrder records = new RecordOrder();
    /** What is wrong with the bytes; null for nothing. */
    Fault fault;
    String reason;
    /** What is wrong with the content of a group whose bytes are right; null for nothing. */
    String contentReason;
}
