package dev.reprise.engine.journal;

/** What stands where reading a log stopped. */
public enum Fault {
    /** Nothing: no more bytes and no more segments. */
    END,
    /** A group that the end of the file cuts. */
    CUT,
    /** Zeros up to the end of the file. */
    ZEROS,
    /** Bytes that begin no group. */
    NO_GROUP,
    /** A group without its checksum: torn, rotten, or of another recording. */
    CHECKSUM,
    /** A whole group or segment header of a version that this release does not read. */
    NEWER,
    /** A whole group or segment header of an earlier epoch than what stands before it. */
    OLD_EPOCH,
    /** A whole group or segment header that says another place, or a durable position that cannot be. */
    OUT_OF_PLACE,
    /** A whole group in its place whose link is not that of the chain. */
    CHAIN,
    /** A whole group in its place whose content no writer makes. */
    CONTENT,
    /** A segment that is not there, though a later one is. */
    SEGMENT_MISSING,
    /** A segment file that ends with or within its header, and the header is not whole: its making was interrupted. */
    SEGMENT_CUT,
    /** A segment with bytes behind a header that is not whole. */
    SEGMENT_BAD,
    /** A segment of another recording. */
    SEGMENT_FOREIGN
}
