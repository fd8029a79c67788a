package dev.reprise.proptest.fault;

import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * A disk that fails once, at a call that is named by its number, and seems well again afterwards: what comes then must
 * not be believed. It can also be slow in taking: short writes, and calls that are interrupted and take nothing.
 * Single-threaded, as the layer below.
 */
public final class FaultyFiles extends FileDecorator {

    /** What fails. */
    public enum Failure {
        /** The k-th write takes a part and then finds no space. */
        NO_SPACE,
        /** The k-th write fails; nothing of it is there. */
        WRITE_ERROR,
        /** The k-th force fails, of a file or a folder; what was written since the last is not on the disk. */
        FORCE_ERROR
    }

    private final Failure failure;
    private final long failAt;
    private final SplittableRandom shortWrites;
    private long writes;
    private long forces;
    private boolean failed;

    /** @param failAt the number of the write or force that fails, from 1 on; 0 for none */
    public FaultyFiles(FileLayer files, Failure failure, long failAt) {
        this(files, failure, failAt, null);
    }

    /** @param shortWrites decides how much a write takes; null for all of it */
    public FaultyFiles(FileLayer files, Failure failure, long failAt, SplittableRandom shortWrites) {
        super(files);
        this.failure = failure;
        this.failAt = failAt;
        this.shortWrites = shortWrites;
    }

    /** Writes so far. */
    public long writes() {
        return writes;
    }

    /** Forces so far. */
    public long forces() {
        return forces;
    }

    /** Whether the failure has happened. */
    public boolean failed() {
        return failed;
    }

    @Override
    public void forceFolder(String name) throws IOException {
        countForce();
        super.forceFolder(name);
    }

    private void countForce() throws IOException {
        if (++forces == failAt && failure == Failure.FORCE_ERROR) {
            failed = true;
            throw new IOException("Input/output error");
        }
    }

    @Override
    protected LogFile wrap(String name, LogFile file) {
        return new DecoratedFile(file) {
            @Override
            public int write(ByteBuffer from, long position) throws IOException {
                writes++;
                if (writes == failAt && failure == Failure.WRITE_ERROR) {
                    failed = true;
                    throw new IOException("Input/output error");
                }
                if (writes == failAt && failure == Failure.NO_SPACE) {
                    failed = true;
                    ByteBuffer part = from.slice().limit(from.remaining() / 2);
                    file.writeFully(part, position);
                    throw new IOException("No space left on device");
                }
                if (shortWrites == null) {
                    return file.write(from, position);
                }
                int count = shortWrites.nextInt(from.remaining() + 1);
                ByteBuffer part = from.slice().limit(count);
                file.writeFully(part, position);
                from.position(from.position() + count);
                return count;
            }

            @Override
            public void force() throws IOException {
                countForce();
                super.force();
            }
        };
    }
}
