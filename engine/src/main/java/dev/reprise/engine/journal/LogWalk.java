package dev.reprise.engine.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Goes over a log from group to group by their headers, from segment to segment; checks the segments' headers and the
 * groups' bounds, and reads no group. One thread; the files that it opens may be read by others until they are released.
 */
final class LogWalk implements Closeable {

    private static final int H = GroupDescriptor.HEADER_BYTES;
    /** Large groups are stepped over without reading them; small ones share a read. */
    private static final int WINDOW_BYTES = 4096;

    private record Opened(int number, LogFile file) {}

    private final FileLayer files;
    private final byte[] link0;
    private final long floorEpoch;
    private final int lastSegment;
    private final Deque<Opened> opened = new ArrayDeque<>();
    private final byte[] window = new byte[WINDOW_BYTES];
    private final ByteBuffer windowBuffer = ByteBuffer.wrap(window);
    private long windowStart;
    private int windowBytes;

    private LogFile file;
    private int segment = -1;
    private int version;
    private long size;
    private boolean tooLong;
    private long at;
    private int length;
    private long groups;
    private long durable;
    private Fault fault;
    private String reason;

    /** @param floorEpoch what is of an earlier epoch does not count */
    LogWalk(FileLayer files, byte[] link0, long floorEpoch) throws IOException {
        this.files = files;
        this.link0 = link0;
        this.floorEpoch = floorEpoch;
        int last = -1;
        List<String> names = files.list(Layout.SEGMENTS);
        for (String name : names) {
            last = Math.max(last, Layout.segmentNumber(name));
        }
        lastSegment = last;
    }

    /** Begins at a place that a mark names. */
    boolean startAt(MarkDescriptor.Mark mark) throws IOException {
        groups = mark.durableGroups();
        segment = mark.segment();
        if (!open(segment, false)) {
            return false;
        }
        if (mark.offset() < SegmentDescriptor.BYTES || mark.offset() > size) {
            at = size;
            return stop(Fault.END, null);
        }
        at = mark.offset();
        length = 0;
        return true;
    }

    /** Moves to the next group; false at the end or at what is no group, which {@link #fault} says. */
    boolean next() throws IOException {
        if (fault != null || (file == null && !open(0, true))) {
            return false;
        }
        at += length;
        length = 0;
        while (at == size) {
            if (tooLong) {
                return stop(Fault.NO_GROUP, "the file is longer than any segment");
            }
            if (segment >= lastSegment) {
                return stop(Fault.END, null);
            }
            if (!open(segment + 1, true)) {
                return false;
            }
        }
        int got = header();
        if (got < H) {
            return stop(isZeros(at, size) ? Fault.ZEROS : Fault.CUT, "group header is cut after " + got + " bytes");
        }
        int i = (int) (at - windowStart);
        String bounds = GroupDescriptor.checkBounds(window, i);
        if (bounds != null) {
            boolean zeros = isZeros(at, size);
            return stop(zeros ? Fault.ZEROS : Fault.NO_GROUP, zeros ? "zeros to the end of the file" : bounds);
        }
        int whole = H + GroupDescriptor.int32(window, i + GroupDescriptor.STORED_OFFSET);
        if (size - at < whole) {
            return stop(Fault.CUT, "group is cut: " + (size - at) + " bytes of " + whole);
        }
        length = whole;
        groups++;
        return true;
    }

    /** Makes the header at {@link #at} stand in the window; returns its bytes that are there, at most all. */
    private int header() throws IOException {
        if (at < windowStart || at + H > windowStart + windowBytes) {
            windowStart = at;
            windowBuffer.clear();
            windowBytes = file.readFully(windowBuffer, at);
        }
        return (int) Math.min(H, windowStart + windowBytes - at);
    }

    private boolean open(int number, boolean fromStart) throws IOException {
        segment = number;
        at = 0;
        length = 0;
        windowBytes = 0;
        String name = Layout.segment(number);
        if (!files.exists(name)) {
            size = 0;
            String missing = "the segment is missing or no regular file";
            return number < lastSegment ? stop(Fault.SEGMENT_MISSING, missing + ", a later one is there")
                    : stop(Fault.SEGMENT_CUT, missing);
        }
        file = files.open(name);
        opened.add(new Opened(number, file));
        long there = file.size();
        size = Math.min(there, SegmentDescriptor.MAX_BYTES);
        tooLong = there > size;
        windowBuffer.clear();
        windowStart = 0;
        windowBytes = file.readFully(windowBuffer, 0);
        boolean headerOnly = size <= SegmentDescriptor.BYTES;
        if (!SegmentDescriptor.isWhole(window, windowBytes)) {
            return stop(headerOnly ? Fault.SEGMENT_CUT : Fault.SEGMENT_BAD, "segment header is cut or has a bad checksum");
        }
        if (!SegmentDescriptor.isReadable(window)) {
            return stop(Fault.NEWER, "segment version " + SegmentDescriptor.version(window) + "; this release reads up to "
                    + SegmentDescriptor.VERSION);
        }
        if (!SegmentDescriptor.isOf(window, link0)) {
            return stop(headerOnly ? Fault.SEGMENT_CUT : Fault.SEGMENT_FOREIGN, "segment of another recording");
        }
        version = SegmentDescriptor.version(window);
        int says = SegmentDescriptor.segment(window);
        long first = SegmentDescriptor.firstGroup(window);
        if (SegmentDescriptor.epoch(window) >= floorEpoch) {
            durable = Math.max(durable, first);
        }
        if (says != number || (fromStart && first != groups)) {
            return stop(SegmentDescriptor.epoch(window) < floorEpoch ? Fault.OLD_EPOCH : Fault.OUT_OF_PLACE,
                    "segment out of place: says segment " + says + " from group " + first);
        }
        at = SegmentDescriptor.BYTES;
        return true;
    }

    private boolean isZeros(long from, long to) throws IOException {
        byte[] bytes = new byte[(int) Math.min(1 << 16, Math.max(1, to - from))];
        long place = from;
        while (place < to) {
            int got = file.readFully(ByteBuffer.wrap(bytes), place);
            for (int i = 0; i < got; i++) {
                if (bytes[i] != 0) {
                    return false;
                }
            }
            if (got < bytes.length) {
                return true;
            }
            place += got;
        }
        return true;
    }

    private boolean stop(Fault what, String why) {
        fault = what;
        reason = why;
        return false;
    }

    /** Closes files of segments before this one: nobody reads them any more. */
    void release(int before) throws IOException {
        while (!opened.isEmpty() && opened.peek().number < before) {
            opened.remove().file.close();
        }
    }

    LogFile file() {
        return file;
    }

    int segment() {
        return segment;
    }

    /** The last segment that was there at the beginning. */
    int lastSegment() {
        return lastSegment;
    }

    int version() {
        return version;
    }

    /** Bytes of the segment. */
    long size() {
        return size;
    }

    /** Where the group begins, or where the walk stopped. */
    long offset() {
        return at;
    }

    /** Bytes of the group. */
    int length() {
        return length;
    }

    /** What the segments' headers say is durable. */
    long durableGroups() {
        return durable;
    }

    Fault fault() {
        return fault;
    }

    String reason() {
        return reason;
    }

    @Override
    public void close() throws IOException {
        release(Integer.MAX_VALUE);
    }
}
