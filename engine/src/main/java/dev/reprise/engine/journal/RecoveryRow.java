package dev.reprise.engine.journal;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a log is, and what may be done with it: the decision table of recovery. The first row that fits counts.
 *
 * <pre>
 *   row                   reading stopped at            durable   log     mark             verdict      recover
 *                                                       part lost ended
 *   --------------------  ----------------------------  --------  ------  ---------------  -----------  ------------
 *   MANIFEST_CHANGED      any                           any       any     of another       DAMAGED      refuses
 *                                                                         manifest
 *   NEWER_VERSION         a version not known here      any       any     any              UNSUPPORTED  refuses
 *   MISSING_END           the end, a cut or missing     yes       any     any              DAMAGED      with consent
 *                         segment (a missing last one)
 *   ROT                   anything else                 yes       any     any              DAMAGED      with consent
 *   WRONG_RECORDING       a segment of another one      no        any     any              DAMAGED      with consent
 *   MISSING_SEGMENT       a missing segment before      no        any     any              DAMAGED      with consent
 *                         another
 *   SEGMENT_ROT           a bad header with bytes       no        any     any              DAMAGED      with consent
 *                         behind it
 *   CHAIN_BROKEN          a whole group, other link     no        any     any              DAMAGED      with consent
 *   OUT_OF_PLACE          a whole group, other place    no        any     any              DAMAGED      with consent
 *   MALFORMED             a whole group that no writer  no        any     any              DAMAGED      with consent
 *                         makes
 *   BYTES_AFTER_END       anything but the end          no        yes     any              DAMAGED      with consent
 *   MARK_MISSING          any                           no        any     missing          DAMAGED      with consent
 *   MARK_SLOT_BAD         any                           no        any     a bad slot, the  DAMAGED      with consent
 *                                                                         other says ended
 *   EPOCH_BACK            a whole group of before a     no        no      any              TORN         cuts
 *                         recovery
 *   ZEROED_TAIL           zeros to the end of the file  no        no      any              TORN         cuts
 *   TORN_TAIL             a cut group or segment header no        no      any              TORN         cuts
 *   TORN_GROUP            a group without its checksum  no        no      any              TORN         cuts
 *   STALE_BLOCKS          bytes that begin no group     no        no      any              TORN         cuts
 *   MARK_SLOT_TORN        the end                       no        yes     a bad slot       TORN         writes the mark
 *   MARK_OLDER            the end                       no        yes     says less        WHOLE        does nothing
 *   CLEAN_END             the end                       no        yes     says it all      WHOLE        does nothing
 *   KILLED                the end                       no        no      any              TORN         writes the mark
 * </pre>
 *
 * <em>Durable part lost</em>: the mark's slots of the highest epoch, the headers of segments, or a whole group behind the
 * place where reading stopped, if of no earlier epoch, know of more durable groups than were found whole. <em>With
 * consent</em>: {@code recover --accept-loss} and {@code replay --prefix} use the groups before that place.
 */
public enum RecoveryRow {

    MANIFEST_CHANGED(Cells.ANY, null, null, EnumSet.of(MarkState.FOREIGN), LogCheck.Verdict.DAMAGED,
            "'" + Layout.MARK + "' belongs to another manifest: " + Layout.MANIFEST + " was changed"),
    NEWER_VERSION(EnumSet.of(Fault.NEWER), null, null, Cells.MARKS, LogCheck.Verdict.UNSUPPORTED,
            "written by a newer release"),
    MISSING_END(EnumSet.of(Fault.END, Fault.SEGMENT_CUT, Fault.SEGMENT_MISSING), true, null, Cells.MARKS,
            LogCheck.Verdict.DAMAGED, "loss of durable data: groups or a whole segment are missing"),
    ROT(Cells.ANY, true, null, Cells.MARKS, LogCheck.Verdict.DAMAGED, "loss of durable data"),
    WRONG_RECORDING(EnumSet.of(Fault.SEGMENT_FOREIGN), false, null, Cells.MARKS, LogCheck.Verdict.DAMAGED,
            "a segment of another recording"),
    MISSING_SEGMENT(EnumSet.of(Fault.SEGMENT_MISSING), false, null, Cells.MARKS, LogCheck.Verdict.DAMAGED,
            "a segment is missing"),
    SEGMENT_ROT(EnumSet.of(Fault.SEGMENT_BAD), false, null, Cells.MARKS, LogCheck.Verdict.DAMAGED,
            "a segment header was durable and is bad"),
    CHAIN_BROKEN(EnumSet.of(Fault.CHAIN), false, null, Cells.MARKS, LogCheck.Verdict.DAMAGED,
            "a group that is not the one that was written here"),
    OUT_OF_PLACE(EnumSet.of(Fault.OUT_OF_PLACE), false, null, Cells.MARKS, LogCheck.Verdict.DAMAGED,
            "a group was moved, doubled or taken out"),
    MALFORMED(EnumSet.of(Fault.CONTENT), false, null, Cells.MARKS, LogCheck.Verdict.DAMAGED,
            "a group that no recorder writes"),
    BYTES_AFTER_END(EnumSet.complementOf(EnumSet.of(Fault.END)), false, true, Cells.MARKS, LogCheck.Verdict.DAMAGED,
            "bytes after the end of the log"),
    MARK_MISSING(Cells.ANY, false, null, EnumSet.of(MarkState.MISSING), LogCheck.Verdict.DAMAGED,
            "the mark file '" + Layout.MARK + "' is missing or has no whole slot"),
    MARK_SLOT_BAD(Cells.ANY, false, null, EnumSet.of(MarkState.SLOT_BAD), LogCheck.Verdict.DAMAGED,
            "a slot of the mark file '" + Layout.MARK + "' is bad"),
    EPOCH_BACK(EnumSet.of(Fault.OLD_EPOCH), false, false, Cells.MARKS, LogCheck.Verdict.TORN,
            "blocks of before a recovery"),
    ZEROED_TAIL(EnumSet.of(Fault.ZEROS), false, false, Cells.MARKS, LogCheck.Verdict.TORN, "a zeroed tail"),
    TORN_TAIL(EnumSet.of(Fault.CUT, Fault.SEGMENT_CUT), false, false, Cells.MARKS, LogCheck.Verdict.TORN, "a torn tail"),
    TORN_GROUP(EnumSet.of(Fault.CHECKSUM), false, false, Cells.MARKS, LogCheck.Verdict.TORN, "a torn group"),
    STALE_BLOCKS(EnumSet.of(Fault.NO_GROUP), false, false, Cells.MARKS, LogCheck.Verdict.TORN,
            "a tail of stale blocks"),
    MARK_SLOT_TORN(EnumSet.of(Fault.END), false, true, EnumSet.of(MarkState.SLOT_TORN), LogCheck.Verdict.TORN,
            "the log is whole, a slot of its mark is torn"),
    MARK_OLDER(EnumSet.of(Fault.END), false, true, EnumSet.of(MarkState.OLDER, MarkState.NOT_BEGUN),
            LogCheck.Verdict.WHOLE, null),
    CLEAN_END(EnumSet.of(Fault.END), false, true, EnumSet.of(MarkState.CURRENT), LogCheck.Verdict.WHOLE, null),
    KILLED(EnumSet.of(Fault.END), false, false, Cells.MARKS, LogCheck.Verdict.TORN, "a log without end event");

    /** What the mark file is. */
    public enum MarkState {
        /** Both slots are whole, and the newer one speaks of every group. */
        CURRENT,
        /** Both slots are whole; there are groups that they do not speak of. */
        OLDER,
        /** One slot is not whole, and the other does not say that the log has ended: a crash can have done it. */
        SLOT_TORN,
        /** One slot is not whole, but the other is that of the end: nothing was written after it. */
        SLOT_BAD,
        /** No slot is whole, though there are groups: the file was there and durable before any group was. */
        MISSING,
        /** No slot is whole, and there are no groups. */
        NOT_BEGUN,
        /** The slots are whole and speak of another manifest. */
        FOREIGN
    }

    private static final class Cells {
        static final Set<Fault> ANY = EnumSet.allOf(Fault.class);
        static final Set<MarkState> MARKS = EnumSet.allOf(MarkState.class);
    }

    private final Set<Fault> faults;
    private final Boolean durableLost;
    private final Boolean ended;
    private final Set<MarkState> marks;
    private final LogCheck.Verdict verdict;
    private final String text;

    RecoveryRow(Set<Fault> faults, Boolean durableLost, Boolean ended, Set<MarkState> marks, LogCheck.Verdict verdict,
            String text) {
        this.faults = faults;
        this.durableLost = durableLost;
        this.ended = ended;
        this.marks = marks;
        this.verdict = verdict;
        this.text = text;
    }

    /** The first row that fits; the table is total. */
    static RecoveryRow of(Fault fault, boolean durableLost, boolean ended, MarkState mark) {
        for (RecoveryRow row : values()) {
            if (row.fits(fault, durableLost, ended, mark)) {
                return row;
            }
        }
        throw new AssertionError("no row for " + fault + " lost=" + durableLost + " ended=" + ended + " mark=" + mark);
    }

    private boolean fits(Fault fault, boolean isLost, boolean hasEnded, MarkState mark) {
        return faults.contains(fault) && marks.contains(mark) && (durableLost == null || durableLost == isLost)
                && (ended == null || ended == hasEnded);
    }

    public LogCheck.Verdict verdict() {
        return verdict;
    }

    /** What the row says to a person; null for a whole log. */
    String text() {
        return text;
    }
}
