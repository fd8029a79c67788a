package dev.reprise.engine.journal;

import dev.reprise.engine.journal.JournalReader.Finding;
import dev.reprise.engine.journal.RecoveryRow.MarkState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads a whole log, checks every byte of segments and mark, and says what it is, by the table of {@link RecoveryRow}.
 * Of a long log many groups are looked at in parallel; what needs their order follows on the caller's thread.
 */
public final class LogCheck {

    /** What a log is. */
    public enum Verdict {
        /** Ended, every byte as it was written. */
        WHOLE,
        /** Whole up to a tail that was never known to be durable, or without end event. */
        TORN,
        /** Not as it was written. */
        DAMAGED,
        /** Written by a newer release. */
        UNSUPPORTED
    }

    /**
     * The result.
     *
     * @param row of the decision table
     * @param reason one line; null for a whole log
     * @param groups whole groups from the start
     * @param events records in them
     * @param lastPosition position of the last of them
     * @param logBytes bytes of them, segment headers included
     * @param durableGroups groups that are known to have been durable
     * @param headHash last link
     * @param endSegment segment in which the whole groups end
     * @param endOffset byte in it at which they end; 0 if the segment has not even a header
     */
    public record Report(Verdict verdict, RecoveryRow row, String reason, long groups, long events, long lastPosition,
            long logBytes, long durableGroups, String headHash, int endSegment, long endOffset) {}

    /** Groups that are handed to another thread at once hold about this much. */
    private static final int RUN_BYTES = 1 << 19;
    /** A shorter log is not worth another thread. */
    private static final long PARALLEL_BYTES = 4L << 20;

    private final FileLayer files;
    private final byte[] manifest;
    private final Chain chain;
    private final byte[] link0;
    private final GroupCheck firstCheck;
    private final LogOrder order;
    private final MarkDescriptor.File mark;
    private final Deque<GroupRun> spare = new ArrayDeque<>();
    private final Deque<GroupRun> underWay = new ArrayDeque<>();
    private ExecutorService workers;
    private int threads;
    private Finding stop;

    private LogCheck(FileLayer files, byte[] manifest) throws IOException {
        this.files = files;
        this.manifest = manifest;
        chain = new Chain(manifest);
        link0 = chain.link0();
        firstCheck = new GroupCheck(link0);
        order = new LogOrder(chain);
        mark = readMark(files, link0);
    }

    /** Checks the log of the recording that has this manifest. */
    public static Report check(FileLayer files, byte[] manifest) throws IOException {
        return new LogCheck(files, manifest).run(false);
    }

    /**
     * As {@link #check}, but trusts what the mark says is durable and reads only what lies behind: for an opening after
     * a crash, whatever the log's length.
     */
    static Report checkTail(FileLayer files, byte[] manifest) throws IOException {
        LogCheck check = new LogCheck(files, manifest);
        return check.run(check.mark.best() != null && check.mark.best().link() != null
                && check.mark.best().durableGroups() > 0);
    }

    static MarkDescriptor.File readMark(FileLayer files, byte[] link0) throws IOException {
        byte[] bytes = new byte[MarkDescriptor.BYTES + 1];
        int got = 0;
        if (files.exists(Layout.MARK)) {
            try (LogFile file = files.open(Layout.MARK)) {
                got = file.readFully(ByteBuffer.wrap(bytes), 0);
            }
        }
        return MarkDescriptor.read(bytes, got, link0);
    }

    private Report run(boolean fromMark) throws IOException {
        long floorEpoch = mark.best() == null ? 0 : mark.best().epoch();
        long known = mark.best() == null ? 0 : mark.best().durableGroups();
        try (LogWalk walk = new LogWalk(files, link0, floorEpoch)) {
            if (fromMark) {
                order.startAt(mark.best());
                if (!walk.startAt(mark.best())) {
                    // What the mark speaks of is not there: say exactly what is.
                    return check(files, manifest);
                }
            }
            long bytes = readGroups(walk);
            if (stop == null) {
                stop = new Finding(Math.max(0, walk.segment()), walk.offset(), order.groups(), walk.fault(),
                        walk.reason());
            }
            known = Math.max(known, Math.max(order.durableGroups(), stop.fault() == Fault.END ? 0 : behind(walk, floorEpoch)));
            if (stop.fault() == Fault.OUT_OF_PLACE || stop.fault() == Fault.END) {
                known = Math.max(known, walk.durableGroups());
            }
            long headers = (long) (stop.segment() + (stop.offset() > 0 ? 1 : 0)) * SegmentDescriptor.BYTES;
            long before = fromMark
                    ? mark.best().durableBytes() - (mark.best().segment() + 1L) * SegmentDescriptor.BYTES : 0;
            return report(known, before + headers + bytes, fromMark);
        } finally {
            if (workers != null) {
                workers.shutdown();
            }
            firstCheck.close();
            underWay.forEach(GroupRun::close);
            spare.forEach(GroupRun::close);
        }
    }

    private Report report(long known, long bytes, boolean fromMark) {
        boolean ended = order.records.ended() || (fromMark && order.records.events() == mark.best().events()
                && mark.bestEnded());
        RecoveryRow row = RecoveryRow.of(stop.fault(), known > order.groups(), ended, markState());
        String reason = null;
        if (row.text() != null) {
            reason = stop + "; " + row.text() + (known > order.groups() ? " (" + known + " groups were durable, "
                    + order.groups() + " are whole)" : "");
        }
        return new Report(row.verdict(), row, reason, order.groups(), order.records.events(),
                order.records.lastPosition(), bytes, known, chain.headHex(), stop.segment(), stop.offset());
    }

    private MarkState markState() {
        if (mark.best() == null) {
            return mark.foreign() ? MarkState.FOREIGN : order.groups() > 0 ? MarkState.MISSING : MarkState.NOT_BEGUN;
        }
        if (mark.whole() == 2) {
            return mark.best().durableGroups() < order.groups() ? MarkState.OLDER : MarkState.CURRENT;
        }
        return mark.bestEnded() ? MarkState.SLOT_BAD : MarkState.SLOT_TORN;
    }

    // ---- The groups.

    /** Takes groups in order until something stops that; returns their bytes, new segments' headers not included. */
    private long readGroups(LogWalk walk) throws IOException {
        long bytes = 0;
        boolean more = walk.next();
        while (more) {
            GroupRun run = spare.isEmpty() ? new GroupRun(underWay.isEmpty() && workers == null ? firstCheck
                    : new GroupCheck(link0)) : spare.remove();
            run.begin(walk);
            do {
                run.add(walk);
                more = walk.next();
            } while (more && walk.segment() == run.segment && run.bytes + walk.length() <= RUN_BYTES);
            if (workers == null && walk.size() > PARALLEL_BYTES) {
                threads = Runtime.getRuntime().availableProcessors();
                workers = Executors.newFixedThreadPool(threads, LogCheck::worker);
            }
            if (workers == null) {
                run.run();
            } else {
                run.future = workers.submit(run);
            }
            underWay.add(run);
            while (stop == null && !underWay.isEmpty() && (workers == null || underWay.size() > 2 * threads)) {
                bytes += take(walk);
                more &= stop == null;
            }
        }
        while (!underWay.isEmpty()) {
            if (stop == null) {
                bytes += take(walk);
            } else {
                // Behind the bad place: only to be over before the files are closed.
                GroupRun run = underWay.remove();
                run.settle();
                spare.add(run);
            }
        }
        return bytes;
    }

    private static Thread worker(Runnable work) {
        Thread thread = new Thread(work, "verifier");
        thread.setDaemon(true);
        return thread;
    }

    /** Joins the oldest run to what was read. */
    private long take(LogWalk walk) throws IOException {
        GroupRun run = underWay.remove();
        run.await();
        long bytes = 0;
        for (int i = 0; i < run.count; i++) {
            GroupResult group = run.results[i];
            if (!order.accept(group, true)) {
                stop = new Finding(run.segment, run.start + run.offsets[i], order.groups(), order.fault(), order.reason());
                break;
            }
            bytes += group.bytes;
        }
        walk.release(run.segment);
        spare.add(run);
        return bytes;
    }

    /** The highest durable position that whole groups and segments behind the bad place know of. */
    private long behind(LogWalk walk, long floorEpoch) throws IOException {
        long badGroup = order.groups();
        long[] known = new long[1];
        new TailScan(files, link0, firstCheck, new TailScan.Visitor() {
            @Override
            public void group(byte[] bytes, int offset, int length) {
                if (GroupDescriptor.uint32(bytes, offset + GroupDescriptor.NUMBER_OFFSET) > badGroup
                        && GroupDescriptor.uint32(bytes, offset + GroupDescriptor.EPOCH_OFFSET) >= floorEpoch) {
                    known[0] = Math.max(known[0],
                            GroupDescriptor.uint32(bytes, offset + GroupDescriptor.DURABLE_OFFSET));
                }
            }

            @Override
            public void segment(byte[] header) {
                if (SegmentDescriptor.epoch(header) >= floorEpoch) {
                    known[0] = Math.max(known[0], SegmentDescriptor.firstGroup(header));
                }
            }
        }).scan(stop.segment(), stop.offset() == 0 ? 0 : stop.offset() + 1,
                stop.segment() == walk.segment() ? walk.size() : Long.MAX_VALUE, walk.lastSegment());
        return known[0];
    }

    /** Some consecutive groups of one segment, looked at each alone. */
    private static final class GroupRun implements Runnable {

        private final GroupCheck check;
        private LogFile file;
        private int segment;
        private int version;
        private long start;
        private int bytes;
        private int count;
        private int[] offsets = new int[16];
        private GroupResult[] results = new GroupResult[16];
        private byte[] buffer = new byte[0];
        private IOException failure;
        private Future<?> future;

        GroupRun(GroupCheck check) {
            this.check = check;
        }

        void begin(LogWalk walk) {
            file = walk.file();
            segment = walk.segment();
            version = walk.version();
            start = walk.offset();
            bytes = 0;
            count = 0;
            failure = null;
            future = null;
        }

        void add(LogWalk walk) {
            if (count == offsets.length) {
                offsets = java.util.Arrays.copyOf(offsets, 2 * count);
                results = java.util.Arrays.copyOf(results, 2 * count);
            }
            offsets[count] = (int) (walk.offset() - start);
            if (results[count] == null) {
                results[count] = new GroupResult();
            }
            count++;
            bytes += walk.length();
        }

        @Override
        public void run() {
            try {
                if (buffer.length < bytes) {
                    buffer = new byte[bytes];
                }
                if (file.readFully(ByteBuffer.wrap(buffer, 0, bytes), start) < bytes) {
                    throw new IOException("the log became shorter while it was read");
                }
                for (int i = 0; i < count; i++) {
                    check.check(buffer, offsets[i], version, true, results[i]);
                }
            } catch (IOException e) {
                failure = e;
            }
        }

        void settle() {
            try {
                await();
            } catch (IOException behindTheBadPlace) {
                // Nothing of it is used.
            }
        }

        void await() throws IOException {
            if (future != null) {
                try {
                    future.get();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while the log was read", interrupted);
                } catch (ExecutionException bug) {
                    throw new IllegalStateException(bug.getCause());
                }
            }
            if (failure != null) {
                throw failure;
            }
        }

        void close() {
            check.close();
        }
    }
}
