package dev.reprise.bench.engine;

import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A file layer in memory whose files keep nothing but the last mebibyte: what is written is copied, so that a writer
 * pays for the copy and for no system call.
 */
final class DiscardFiles implements FileLayer {

    private static final int KEPT_BYTES = 1 << 20;

    private final byte[] kept = new byte[KEPT_BYTES];

    @Override
    public LogFile create(String name) {
        return new Discard();
    }

    @Override
    public LogFile open(String name) throws IOException {
        throw new IOException("nothing was kept of " + name);
    }

    @Override
    public LogFile openForWrite(String name) throws IOException {
        throw new IOException("nothing was kept of " + name);
    }

    @Override
    public boolean exists(String name) {
        return false;
    }

    @Override
    public void createFolder(String name) {
        // There are no folders.
    }

    @Override
    public List<String> list(String folder) {
        return List.of();
    }

    @Override
    public void forceFolder(String name) {
        // There is no disk.
    }

    @Override
    public void rename(String from, String to) {
        // Names are not kept.
    }

    @Override
    public void delete(String name) {
        // Names are not kept.
    }

    private final class Discard implements LogFile {

        private long size;

        @Override
        public int write(ByteBuffer from, long position) {
            int length = from.remaining();
            int at = (int) (position & (KEPT_BYTES - 1));
            int first = Math.min(length, KEPT_BYTES - at);
            from.get(kept, at, first).get(kept, 0, length - first);
            size = Math.max(size, position + length);
            return length;
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            throw new IOException("nothing was kept");
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void force() {
            // There is no disk.
        }

        @Override
        public void truncate(long newSize) {
            size = newSize;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
