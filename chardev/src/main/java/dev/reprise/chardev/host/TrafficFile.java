package dev.reprise.chardev.host;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of a {@link TrafficLog}: bytes in order, until it takes no more; from then on they are counted and nothing else,
 * so that what it holds is a whole beginning. One thread writes; any may ask.
 *
 * <p>A regular file is written by the caller. Where somebody reads at another end, a pipe's or a terminal's, a thread of its
 * own writes: a reader who stalls holds up the guest's output and the operator's keys for a moment, once, and not for ever.
 */
final class TrafficFile {

    /** What may wait for a reader. */
    static final int CAPACITY = 1 << 20;
    /** A pipe takes so much whole or not at all (POSIX, PIPE_BUF), so that what it has is known. */
    private static final int PIECE_BYTES = 1 << 12;
    private static final long PATIENCE_NS = 2_000_000_000;
    private static final long LAST_WORDS_NS = 200_000_000;

    private final FileChannel file;
    private final long patienceNs;
    private final long lastWordsNs;
    /** Null for a regular file. */
    private final Thread writer;

    // Under this object's lock.
    private long passedBytes;
    private long writtenBytes;
    private String failure;
    private boolean ended;
    private boolean closed;
    /** Bytes from {@link #writtenBytes} to {@link #queuedBytes}, at their places modulo the capacity. */
    private final byte[] queue;
    private long queuedBytes;

    /** @throws IOException if it cannot be made; waits for somebody to open the other end of a pipe */
    TrafficFile(String path) throws IOException {
        this(path, PATIENCE_NS, LAST_WORDS_NS);
    }

    /**
     * @param patienceNs how long a reader is waited for who takes nothing
     * @param lastWordsNs the same at the end, where one who takes a little has ten times as long
     */
    TrafficFile(String path, long patienceNs, long lastWordsNs) throws IOException {
        this.patienceNs = patienceNs;
        this.lastWordsNs = lastWordsNs;
        file = new FileOutputStream(path).getChannel();
        boolean hasReader = !Files.isRegularFile(Path.of(path));
        queue = hasReader ? new byte[CAPACITY] : null;
        writer = hasReader ? new Thread(this::run, "chardev-logfile") : null;
        if (hasReader) {
            writer.setDaemon(true);
            writer.start();
        }
    }

    synchronized void write(byte[] bytes, int offset, int length) {
        passedBytes += length;
        if (writer != null) {
            enqueue(bytes, offset, length);
            return;
        }
        ByteBuffer from = ByteBuffer.wrap(bytes, offset, length);
        try {
            while (from.hasRemaining() && takes()) {
                writtenBytes += file.write(from);
            }
        } catch (IOException refused) {
            fail(refused);
        }
    }

    private boolean takes() {
        return failure == null && !ended;
    }

    private void enqueue(byte[] bytes, int offset, int length) {
        for (int done = 0; done < length && takes(); ) {
            int at = (int) (queuedBytes % CAPACITY);
            int room = Math.min(CAPACITY - (int) (queuedBytes - writtenBytes), CAPACITY - at);
            int count = Math.min(room, length - done);
            if (count == 0) {
                if (!awaitProgress(patienceNs) && takes()) {
                    failure = "its reader takes nothing";
                }
                continue;
            }
            System.arraycopy(bytes, offset + done, queue, at, count);
            queuedBytes += count;
            done += count;
            notifyAll();
        }
    }

    /** Whether something has been written, or nothing will be any more, within that time. */
    private boolean awaitProgress(long timeoutNs) {
        long before = writtenBytes;
        long until = System.nanoTime() + timeoutNs;
        try {
            while (writtenBytes == before && failure == null) {
                long leftMs = (until - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return false;
                }
                wait(leftMs);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---- The thread of its own.

    private void run() {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            for (int count = take(piece); count > 0; count = take(piece)) {
                ByteBuffer from = ByteBuffer.wrap(piece, 0, count);
                while (from.hasRemaining()) {
                    wrote(file.write(from));
                }
            }
        } catch (IOException refused) {
            fail(refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int take(byte[] into) throws InterruptedException {
        while (queuedBytes == writtenBytes && !ended) {
            wait();
        }
        int at = (int) (writtenBytes % CAPACITY);
        int count = (int) Math.min(Math.min(queuedBytes - writtenBytes, into.length), CAPACITY - at);
        System.arraycopy(queue, at, into, 0, count);
        return failure == null ? count : 0;
    }

    private synchronized void wrote(int count) {
        writtenBytes += count;
        notifyAll();
    }

    private synchronized void fail(IOException why) {
        // Closing ends a write to a reader who stalls; that is no failure of its own.
        if (failure == null && !closed) {
            failure = why.getMessage() == null ? why.toString() : why.getMessage();
        }
        notifyAll();
    }

    // ---- Any thread.

    /** What has not been written a moment later is given up. Idempotent. */
    void close() {
        synchronized (this) {
            ended = true;
            notifyAll();
            long until = System.nanoTime() + 10 * lastWordsNs;
            while (queuedBytes > writtenBytes && failure == null) {
                if (!awaitProgress(lastWordsNs) || System.nanoTime() > until) {
                    failure = "its reader takes nothing";
                }
            }
            closed = true;
        }
        try {
            // Not under the lock: whoever is in a write leaves it first.
            file.close();
        } catch (IOException late) {
            synchronized (this) {
                failure = failure == null ? late.getMessage() : failure;
            }
        }
    }

    /** Bytes that are missing in the file: before the end those after a failure. */
    synchronized long lostBytes() {
        return failure == null && !closed ? 0 : passedBytes - writtenBytes;
    }

    /** Why it takes nothing more, or null. */
    synchronized String failure() {
        return failure;
    }
}
