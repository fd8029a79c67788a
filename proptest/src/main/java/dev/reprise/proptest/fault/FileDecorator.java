package dev.reprise.proptest.fault;

import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Passes everything on; what a fault changes is overridden. */
public abstract class FileDecorator implements FileLayer {

    protected final FileLayer files;

    protected FileDecorator(FileLayer files) {
        this.files = files;
    }

    /** Called with each file that is opened or made for writing. */
    protected abstract LogFile wrap(String name, LogFile file);

    @Override
    public LogFile create(String name) throws IOException {
        return wrap(name, files.create(name));
    }

    @Override
    public LogFile open(String name) throws IOException {
        return files.open(name);
    }

    @Override
    public LogFile openForWrite(String name) throws IOException {
        return wrap(name, files.openForWrite(name));
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

    /** A file that passes everything on. */
    public abstract static class DecoratedFile implements LogFile {

        protected final LogFile file;

        protected DecoratedFile(LogFile file) {
            this.file = file;
        }

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
    }
}
