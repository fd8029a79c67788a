package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads a whole log, checks every byte of segments and mark, and says what it is.
 *
 * <pre>
 *   the reader stops at          known durable      bytes after     verdict
 *   ---------------------------  -----------------  --------------  ----------------------------------------------
 *   the end, after an end event  at most there      none            WHOLE
 *   the end, no end event        at most there      none            TORN: the recorder was killed
 *   the end                      further            -               DAMAGED: durable groups are missing
 *   a bad group                  at most there      -               TORN: a tail that was never durable
 *   a bad group                  further            -               DAMAGED: loss of durable data
 *   an end event                 -                  some            DAMAGED: bytes after the end
 *   any                          no mark is whole   -               DAMAGED, unless nothing was ever written
 *   any                          a mark of another manifest         DAMAGED: the manifest was changed
 *   the end, after an end event  at most there      a bad mark slot DAMAGED: the mark was changed
 * </pre>
 *
 * Known durable is the highest of what the mark, the groups before, and any whole group found after the bad place say.
 */
public final class LogCheck {

    /** What a log is. */
    public enum Verdict { WHOLE, TORN, DAMAGED }

    /**
     * The result.
     *
     * @param reason one line; null for a whole log
     * @param groups whole groups from the start
     * @param events records in them
     * @param lastPosition position of the last of them
     * @param logBytes bytes of them, segment headers included
     * @param headHash last link
     */
    public record Report(Verdict verdict, String reason, long groups, long events, long lastPosition, long logBytes,
            long durableGroups, String headHash) {}

    private final FileLayer files;
    private final byte[] manifest;
    private boolean markSeen;
    private boolean markSlotBad;
    private boolean markForeign;
    private long durableGroups;

    private LogCheck(FileLayer files, byte[] manifest) {
        this.files = files;
        this.manifest = manifest;
    }

    /** Checks the log of the recording that has this manifest. */
    public static Report check(FileLayer files, byte[] manifest) throws IOException {
        return new LogCheck(files, manifest).run();
    }

    private Report run() throws IOException {
        readMark();
        try (JournalReader reader = new JournalReader(files, manifest)) {
            Event event = Event.slot();
            boolean ended = false;
            boolean afterEnd = false;
            while (reader.next(event)) {
                afterEnd |= ended;
                ended |= event.kind() == EventKind.END;
            }
            JournalReader.Finding stop = reader.finding();
            durableGroups = Math.max(durableGroups, reader.durableGroups());
            if (stop.reason() != null) {
                lookBehind(stop);
            }
            Verdict verdict;
            String reason = null;
            if (markForeign) {
                verdict = Verdict.DAMAGED;
                reason = "'" + Layout.MARK + "' belongs to another manifest: " + Layout.MANIFEST + " was changed";
            } else if (durableGroups > stop.group()) {
                verdict = Verdict.DAMAGED;
                reason = stop + "; loss of durable data: " + durableGroups + " groups were durable";
            } else if (ended && (stop.reason() != null || afterEnd)) {
                verdict = Verdict.DAMAGED;
                reason = stop + "; bytes after the end of the log";
            } else if (!markSeen && reader.groups() > 0) {
                verdict = Verdict.DAMAGED;
                reason = "the mark file '" + Layout.MARK + "' is missing or has no whole slot";
            } else if (ended && markSlotBad) {
                verdict = Verdict.DAMAGED;
                reason = "a slot of the mark file '" + Layout.MARK + "' has a bad checksum";
            } else if (ended) {
                verdict = Verdict.WHOLE;
            } else {
                verdict = Verdict.TORN;
                reason = stop + (stop.reason() == null ? " of a log without end event" : "; a torn tail");
            }
            return new Report(verdict, reason, reader.groups(), reader.events(), reader.lastPosition(),
                    reader.logBytes(), durableGroups, reader.headHash());
        }
    }

    private void readMark() throws IOException {
        if (!files.exists(Layout.MARK)) {
            return;
        }
        byte[] bytes = new byte[MarkDescriptor.BYTES + 1];
        int got;
        try (LogFile file = files.open(Layout.MARK)) {
            got = file.read(ByteBuffer.wrap(bytes), 0);
        }
        markSlotBad = got != MarkDescriptor.BYTES;
        byte[] link0 = new Chain(manifest).link0();
        for (int slot = 0; slot < 2 && got >= (slot + 1) * MarkDescriptor.SLOT_BYTES; slot++) {
            MarkDescriptor.Mark mark = MarkDescriptor.decode(bytes, slot * MarkDescriptor.SLOT_BYTES, link0);
            if (mark == null) {
                markSlotBad = true;
                markForeign |= MarkDescriptor.isForeign(bytes, slot * MarkDescriptor.SLOT_BYTES, link0);
            } else {
                markSeen = true;
                durableGroups = Math.max(durableGroups, mark.durableGroups());
            }
        }
    }

    /** Looks for whole groups behind the bad place: what they say of the durable position makes it rot. */
    private void lookBehind(JournalReader.Finding stop) throws IOException {
        CRC32C crc = new CRC32C();
        for (int number = stop.segment(); files.exists(Layout.segment(number)); number++) {
            try (LogFile file = files.open(Layout.segment(number))) {
                long from = number == stop.segment() ? stop.offset() + 1 : SegmentDescriptor.BYTES;
                scan(file, from, stop.group(), crc);
            }
        }
    }

    private void scan(LogFile file, long from, long badGroup, CRC32C crc) throws IOException {
        int h = GroupDescriptor.HEADER_BYTES;
        byte[] window = new byte[1 << 20];
        long start = from;
        while (true) {
            int got = file.read(ByteBuffer.wrap(window), start);
            int last = got - h;
            int i = 0;
            while (i <= last) {
                if (GroupDescriptor.hasMagic(window, i) && GroupDescriptor.checkBounds(window, i) == null) {
                    int stored = GroupDescriptor.int32(window, i + GroupDescriptor.STORED_OFFSET);
                    if (i + h + stored > got && i > 0 && got == window.length) {
                        break;
                    }
                    if (i + h + stored <= got && GroupDescriptor.int32(window, i + GroupDescriptor.CRC_OFFSET)
                            == GroupDescriptor.checksum(window, i, stored, crc)) {
                        long group = GroupDescriptor.uint32(window, i + GroupDescriptor.NUMBER_OFFSET);
                        if (group > badGroup) {
                            durableGroups = Math.max(durableGroups,
                                    GroupDescriptor.uint32(window, i + GroupDescriptor.DURABLE_OFFSET));
                        }
                        i += h + stored;
                        continue;
                    }
                }
                i++;
            }
            if (got < window.length) {
                return;
            }
            start += i;
        }
    }
}
