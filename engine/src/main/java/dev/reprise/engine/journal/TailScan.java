package dev.reprise.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Looks for whole groups of a recording behind a place where reading stopped, at every byte and in every later segment. */
final class TailScan {

    private static final int H = GroupDescriptor.HEADER_BYTES;
    private static final int WINDOW_BYTES = 1 << 18;

    /** Is given what was found. */
    interface Visitor {
        /** A whole group of this recording. */
        void group(byte[] bytes, int offset, int length);

        /** The whole header of a later segment of this recording. */
        default void segment(byte[] header) {}
    }

    private final FileLayer files;
    private final byte[] link0;
    private final GroupCheck check;
    private final Visitor visitor;

    TailScan(FileLayer files, byte[] link0, GroupCheck check, Visitor visitor) {
        this.files = files;
        this.link0 = link0;
        this.check = check;
        this.visitor = visitor;
    }

    /** Scans from a byte of a segment to the end of the last. */
    void scan(int segment, long offset) throws IOException {
        scan(segment, offset, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * As {@link #scan(int, long)}, but looks at no more than was there when reading stopped: a recorder may have gone on.
     *
     * @param end bytes of the segment
     * @param last the last segment
     */
    void scan(int segment, long offset, long end, int last) throws IOException {
        for (String name : files.list(Layout.SEGMENTS)) {
            int number = Layout.segmentNumber(name);
            if (number < segment || number > last || !files.exists(Layout.segment(number))) {
                continue;
            }
            try (LogFile file = files.open(Layout.segment(number))) {
                boolean first = number == segment;
                if (!first || offset == 0) {
                    header(file);
                }
                long size = Math.min(file.size(), SegmentDescriptor.MAX_BYTES);
                scan(file, first ? Math.max(offset, 1) : 1, first ? Math.min(end, size) : size);
            }
        }
    }

    private void header(LogFile file) throws IOException {
        byte[] header = new byte[SegmentDescriptor.BYTES];
        int got = file.readFully(ByteBuffer.wrap(header), 0);
        if (SegmentDescriptor.isWhole(header, got) && SegmentDescriptor.isReadable(header)
                && SegmentDescriptor.isOf(header, link0)) {
            visitor.segment(header);
        }
    }

    private void scan(LogFile file, long from, long end) throws IOException {
        byte[] window = new byte[(int) Math.min(WINDOW_BYTES, Math.max(H, end - from))];
        long start = from;
        while (true) {
            int wanted = (int) Math.max(0, Math.min(window.length, end - start));
            int got = file.readFully(ByteBuffer.wrap(window, 0, wanted), start);
            int last = got - H;
            int i = 0;
            while (i <= last) {
                if (GroupDescriptor.hasMagic(window, i) && GroupDescriptor.checkBounds(window, i) == null) {
                    int stored = GroupDescriptor.int32(window, i + GroupDescriptor.STORED_OFFSET);
                    if (i + H + stored > got && i > 0 && got == window.length) {
                        break;
                    }
                    if (i + H + stored <= got && check.isWhole(window, i, stored)) {
                        visitor.group(window, i, H + stored);
                        i += H + stored;
                        continue;
                    }
                }
                i++;
            }
            if (got < window.length || i == 0) {
                return;
            }
            start += i;
        }
    }
}
