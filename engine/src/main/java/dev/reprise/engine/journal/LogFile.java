package dev.reprise.engine.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file of a recording. One thread writes; several may read at once. */
public interface LogFile extends Closeable {

    /** Calls in a row that may take nothing before a write is given up. */
    int MAX_EMPTY_WRITES = 1000;

    /** Writes some of the remaining bytes at {@code position}; returns how many: perhaps 0, if the call was interrupted. */
    int write(ByteBuffer from, long position) throws IOException;

    /** Reads some bytes; returns how many, or -1 at the end of the file. */
    int read(ByteBuffer into, long position) throws IOException;

    long size() throws IOException;

    /** Returns once data and size are on the disk. */
    void force() throws IOException;

    void truncate(long size) throws IOException;

    /**
     * Writes all the remaining bytes; a short or interrupted write is gone on with.
     *
     * @throws IOException also if the file goes on taking nothing
     */
    default void writeFully(ByteBuffer from, long position) throws IOException {
        long at = position;
        int empty = 0;
        while (from.hasRemaining()) {
            int count = write(from, at);
            empty = count == 0 ? empty + 1 : 0;
            if (empty > MAX_EMPTY_WRITES) {
                throw new IOException("the file takes nothing, " + from.remaining() + " bytes left at " + at);
            }
            at += count;
        }
    }

    /** Reads until the buffer is full or the file ends; returns the bytes read. */
    default int readFully(ByteBuffer into, long position) throws IOException {
        int total = 0;
        while (into.hasRemaining()) {
            int count = read(into, position + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }
}
