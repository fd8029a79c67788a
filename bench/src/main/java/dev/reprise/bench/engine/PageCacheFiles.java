package dev.reprise.bench.engine;

import dev.reprise.bench.Folders;
import dev.reprise.engine.journal.DiskFiles;
import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.LogFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The real file layer up to the page cache: nothing is forced, and a segment is removed when the one after the next is
 * made, so that a benchmark of any length needs no disk. The files stand in the JVM's folder for temporary files.
 */
public final class PageCacheFiles implements FileLayer, AutoCloseable {

    private static final int KEPT_SEGMENTS = 2;

    private final int keptSegments;
    private final Path root;
    private final DiskFiles disk;
    private final Deque<String> segments = new ArrayDeque<>();
    private volatile Thread remover;

    public PageCacheFiles() {
        this(KEPT_SEGMENTS);
    }

    /** @param keptSegments segments that stay: giving one's pages back disturbs who measures single events */
    public PageCacheFiles(int keptSegments) {
        this.keptSegments = keptSegments;
        try {
            root = Files.createTempDirectory("reprise-bench");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        disk = new DiskFiles(root);
    }

    @Override
    public LogFile create(String name) throws IOException {
        LogFile file = new Unforced(disk.create(name));
        if (name.endsWith(".seg")) {
            segments.add(name);
            if (segments.size() > keptSegments) {
                remove(segments.remove());
            }
        }
        return file;
    }

    /** On a thread of its own: giving the pages back takes milliseconds, and a journal never does that. */
    private void remove(String name) {
        Thread before = remover;
        Thread thread = new Thread(() -> {
            try {
                join(before);
                disk.delete(name);
            } catch (IOException goneWithTheFolder) {
                // It was to go.
            }
        }, "remover");
        thread.setDaemon(true);
        remover = thread;
        thread.start();
    }

    private static void join(Thread thread) {
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public LogFile open(String name) throws IOException {
        return disk.open(name);
    }

    @Override
    public LogFile openForWrite(String name) throws IOException {
        return new Unforced(disk.openForWrite(name));
    }

    @Override
    public boolean exists(String name) {
        return disk.exists(name);
    }

    @Override
    public void createFolder(String name) throws IOException {
        disk.createFolder(name);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public void forceFolder(String name) {
        // The page cache is as far as this goes.
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    /** Removes the folder with all that is left in it. */
    @Override
    public void close() throws IOException {
        join(remover);
        Folders.remove(root);
    }

    private record Unforced(LogFile file) implements LogFile {

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            return file.write(from, position);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void force() {
            // The page cache is as far as this goes.
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
