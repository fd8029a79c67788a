package dev.reprise.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Files of a log that is being written: the first segment is seen with its last bytes missing once, and before it is
 * opened, or the segments are listed, again, the recorder goes on.
 */
final class GrowingFiles implements FileLayer {

    /** What the recorder does. */
    interface Work {
        void run() throws IOException;
    }

    private final FileLayer files;
    private final long firstSize;
    private final Work goOn;
    private int opened;
    private int listed;
    private boolean goneOn;

    GrowingFiles(FileLayer files, long firstSize, Work goOn) {
        this.files = files;
        this.firstSize = firstSize;
        this.goOn = goOn;
    }

    private void goOn() throws IOException {
        if (!goneOn) {
            goneOn = true;
            goOn.run();
        }
    }

    @Override
    public LogFile open(String name) throws IOException {
        if (!name.equals(Layout.segment(0))) {
            return files.open(name);
        }
        if (opened++ == 1) {
            goOn();
        }
        LogFile file = files.open(name);
        boolean first = opened == 1;
        return new LogFile() {
            @Override
            public int write(ByteBuffer from, long position) throws IOException {
                throw new IOException("opened for reading");
            }

            @Override
            public int read(ByteBuffer into, long position) throws IOException {
                if (!first) {
                    return file.read(into, position);
                }
                int room = (int) Math.min(into.remaining(), firstSize - position);
                if (room <= 0) {
                    return -1;
                }
                ByteBuffer part = into.slice().limit(room);
                int count = file.read(part, position);
                into.position(into.position() + Math.max(0, count));
                return count;
            }

            @Override
            public long size() throws IOException {
                return first ? firstSize : file.size();
            }

            @Override
            public void force() throws IOException {
                file.force();
            }

            @Override
            public void truncate(long size) throws IOException {
                file.truncate(size);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    @Override
    public LogFile create(String name) throws IOException {
        return files.create(name);
    }

    @Override
    public LogFile openForWrite(String name) throws IOException {
        return files.openForWrite(name);
    }

    @Override
    public boolean exists(String name) {
        return files.exists(name);
    }

    @Override
    public void createFolder(String name) throws IOException {
        files.createFolder(name);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        if (folder.equals(Layout.SEGMENTS) && listed++ == 1) {
            goOn();
        }
        return files.list(folder);
    }

    @Override
    public void forceFolder(String name) throws IOException {
        files.forceFolder(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        files.delete(name);
    }
}
