package dev.reprise.engine.journal;

import java.io.IOException;
import java.util.List;

/**
 * Makes a log of which a crash left a torn tail into one that ends with a whole group: what the {@link RecoveryRow} says
 * may be cut is cut, and said.
 *
 * <p>The order of the steps is such that a crash between any two of them leaves a log that the same call recovers: the
 * groups that stay are forced; a mark of the next epoch says so, in one slot, forced; only then is anything cut (what
 * the cut-off groups say belongs to an earlier epoch and does not count any more); the folder is forced; the other slot
 * follows. One thread, and nobody else may write.
 */
public final class Recovery {

    /**
     * What was done.
     *
     * @param before what the log was
     * @param changed whether anything was written: a whole log and one that was recovered before stay as they are
     * @param epoch the log's epoch now
     * @param cutBytes bytes that were cut off
     * @param lostEvents events that could be made out in them, in whole groups and in the torn one that would have been the
     *     next; there may have been more
     * @param lostPosition position of the last of those; -1 if there is none
     * @param unreadGroups groups from the start that were not read again, because the mark says that they are on the disk
     */
    public record Result(LogCheck.Report before, boolean changed, long epoch, long cutBytes, long lostEvents,
            long lostPosition, long unreadGroups) {}

    private final FileLayer files;
    private final byte[] manifest;
    private final byte[] link0;

    private Recovery(FileLayer files, byte[] manifest) {
        this.files = files;
        this.manifest = manifest;
        link0 = new Chain(manifest).link0();
    }

    /**
     * Recovers a log. Of one with a torn tail, what the mark says is durable is not read again, unless
     * {@code acceptLoss}: so this takes no longer for a longer log, and {@link LogCheck} reads it.
     *
     * @param acceptLoss to cut at the first bad place even if what is behind it is known to have been durable
     * @throws DamagedLogException if the log is damaged and the loss not accepted, or the manifest was changed
     * @throws BadRecordingException if a newer release wrote it
     */
    public static Result recover(FileLayer files, byte[] manifest, boolean acceptLoss) throws IOException {
        return new Recovery(files, manifest).run(acceptLoss);
    }

    private Result run(boolean acceptLoss) throws IOException {
        MarkDescriptor.File mark = LogCheck.readMark(files, link0);
        LogCheck.Report report = acceptLoss ? LogCheck.check(files, manifest) : LogCheck.checkTail(files, manifest);
        if (!acceptLoss && (report.verdict() == LogCheck.Verdict.WHOLE || isRecovered(report, mark))) {
            // No crash to be quick about: before it is said that nothing has to be done, everything is read.
            report = LogCheck.check(files, manifest);
        }
        if (report.verdict() == LogCheck.Verdict.UNSUPPORTED) {
            throw new BadRecordingException(report.reason());
        }
        if (report.row() == RecoveryRow.MANIFEST_CHANGED) {
            throw new DamagedLogException(report.reason());
        }
        if (report.verdict() == LogCheck.Verdict.DAMAGED && !acceptLoss) {
            throw new DamagedLogException(report.reason() + "; nothing was cut (--accept-loss keeps the first "
                    + report.groups() + " groups)");
        }
        long epoch = mark.best() == null ? 1 : mark.best().epoch();
        if (report.verdict() == LogCheck.Verdict.WHOLE || isRecovered(report, mark)) {
            return new Result(report, false, epoch, 0, 0, -1, 0);
        }
        Tail tail = new Tail(report);
        tail.measure();
        MarkDescriptor.Mark now = tail.mark(mark, epoch + 1);
        force(tail);
        writeMark(now, mark);
        long cut = cut(tail);
        MarkDescriptor.Mark again = new MarkDescriptor.Mark(now.sequence() + 1, now.epoch(), now.durableGroups(),
                now.durableBytes(), now.segment(), now.offset(), now.events(), now.position(), now.link(), now.ended());
        try (LogFile file = files.openForWrite(Layout.MARK)) {
            file.writeFully(MarkDescriptor.encode(again, link0), MarkDescriptor.slotOffset(again.sequence()));
            if (file.size() > MarkDescriptor.BYTES) {
                file.truncate(MarkDescriptor.BYTES);
            }
            file.force();
        }
        long unread = acceptLoss || mark.best() == null || mark.best().link() == null ? 0 : mark.best().durableGroups();
        return new Result(report, true, epoch + 1, cut, tail.lostEvents, tail.lostPosition, unread);
    }

    private static boolean isRecovered(LogCheck.Report report, MarkDescriptor.File mark) {
        return report.row() == RecoveryRow.KILLED && mark.whole() == 2 && mark.best().link() != null
                && mark.best().durableGroups() == report.groups() && mark.best().epoch() > 1;
    }

    /** Where the whole groups end, and what is behind. */
    private final class Tail {
        final LogCheck.Report report;
        final int segment;
        final long offset;
        long lostEvents;
        long lostPosition = -1;

        Tail(LogCheck.Report report) throws IOException {
            this.report = report;
            boolean noHeader = report.endOffset() < SegmentDescriptor.BYTES;
            // A segment without a header goes; the log then ends with the segment before it.
            segment = noHeader ? report.endSegment() - 1 : report.endSegment();
            offset = !noHeader ? report.endOffset() : segment < 0 ? 0 : size(segment);
        }

        /** Finds out what is to be lost: whole groups behind, and what can be made out of a torn one. */
        void measure() throws IOException {
            try (GroupCheck check = new GroupCheck(link0)) {
                GroupResult result = new GroupResult();
                new TailScan(files, link0, check, (bytes, at, length) -> {
                    check.check(bytes, at, GroupDescriptor.version(bytes, at), true, result);
                    // A group that stays may stand there once more.
                    if (result.fault == null && result.contentReason == null && result.number >= report.groups()) {
                        lost(result.records);
                    }
                }).scan(Math.max(0, segment), Math.max(1, offset));
                if (segment >= 0) {
                    byte[] torn = new byte[GroupDescriptor.HEADER_BYTES + GroupDescriptor.MAX_STORED_BYTES];
                    try (LogFile file = files.open(Layout.segment(segment))) {
                        int got = file.readFully(java.nio.ByteBuffer.wrap(torn), offset);
                        int h = GroupDescriptor.HEADER_BYTES;
                        if (got > h && GroupDescriptor.checkBounds(torn, 0) == null
                                && GroupDescriptor.uint32(torn, GroupDescriptor.NUMBER_OFFSET) == report.groups()
                                && !(got >= h + GroupDescriptor.int32(torn, GroupDescriptor.STORED_OFFSET)
                                && check.isWhole(torn, 0, GroupDescriptor.int32(torn, GroupDescriptor.STORED_OFFSET)))) {
                            // What goes back behind that was never in this log.
                            result.records.startAt(report.lastPosition(), 0);
                            check.salvage(torn, 0, got, result.records);
                            lost(result.records);
                        }
                    }
                }
            }
        }

        private void lost(RecordOrder records) {
            lostEvents += records.events();
            if (records.events() > 0) {
                lostPosition = Math.max(lostPosition, records.lastPosition());
            }
        }

        MarkDescriptor.Mark mark(MarkDescriptor.File old, long epoch) {
            boolean ended = report.row() == RecoveryRow.MARK_SLOT_TORN || report.row() == RecoveryRow.MARK_SLOT_BAD
                    || report.row() == RecoveryRow.BYTES_AFTER_END;
            return new MarkDescriptor.Mark(old.best() == null ? 0 : old.best().sequence() + 1, epoch, report.groups(),
                    report.logBytes(), Math.max(0, segment), Math.max(0, offset), report.events(),
                    report.lastPosition(), java.util.HexFormat.of().parseHex(report.headHash()), ended);
        }
    }

    private long size(int segment) throws IOException {
        try (LogFile file = files.open(Layout.segment(segment))) {
            return file.size();
        }
    }

    /** Everything that stays is on the disk before the mark says so. */
    private void force(Tail tail) throws IOException {
        for (String name : files.list(Layout.SEGMENTS)) {
            int number = Layout.segmentNumber(name);
            if (number >= 0 && number <= tail.segment) {
                try (LogFile file = files.openForWrite(Layout.segment(number))) {
                    file.force();
                }
            }
        }
        if (!files.list(Layout.SEGMENTS).isEmpty()) {
            files.forceFolder(Layout.SEGMENTS);
        }
    }

    private void writeMark(MarkDescriptor.Mark now, MarkDescriptor.File old) throws IOException {
        boolean anew = !files.exists(Layout.MARK);
        try (LogFile file = anew ? files.create(Layout.MARK) : files.openForWrite(Layout.MARK)) {
            if (old.best() != null && old.best().link() == null) {
                // A mark of version 1 has both slots where this version's first one goes: it is written anew.
                file.truncate(0);
            }
            file.writeFully(MarkDescriptor.encode(now, link0), MarkDescriptor.slotOffset(now.sequence()));
            file.force();
        }
        files.forceFolder("");
    }

    private long cut(Tail tail) throws IOException {
        long cut = 0;
        List<String> names = files.list(Layout.SEGMENTS);
        for (int i = names.size() - 1; i >= 0; i--) {
            int number = Layout.segmentNumber(names.get(i));
            if (number > tail.segment) {
                cut += size(number);
                files.delete(Layout.segment(number));
                // One by one: after a crash no earlier one may be missing while a later one is there.
                files.forceFolder(Layout.SEGMENTS);
            }
        }
        if (tail.segment >= 0) {
            try (LogFile file = files.openForWrite(Layout.segment(tail.segment))) {
                cut += Math.max(0, file.size() - tail.offset);
                file.truncate(tail.offset);
                file.force();
            }
        }
        return cut;
    }
}
