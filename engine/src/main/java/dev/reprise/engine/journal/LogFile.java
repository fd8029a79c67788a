package dev.reprise.engine.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file of a recording. Not thread-safe: one owner. */
public interface LogFile extends Closeable {

    /** Writes all the remaining bytes at {@code position}; a short write of the system is gone on with. */
    void write(ByteBuffer from, long position) throws IOException;

    /** Reads until the buffer is full or the file ends; returns the bytes read. */
    int read(ByteBuffer into, long position) throws IOException;

    long size() throws IOException;

    /** Returns once data and size are on the disk. */
    void force() throws IOException;

    void truncate(long size) throws IOException;
}
