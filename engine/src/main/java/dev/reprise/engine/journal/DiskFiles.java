package dev.reprise.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The real file layer: a directory. FileChannel writes, not mapped memory, because a full disk must be an exception
 * and not a signal.
 */
public final class DiskFiles implements FileLayer {

    private static final Set<String> FOLDERS = Set.of(Layout.SEGMENTS, Layout.IMAGES, Layout.SNAPSHOTS);

    private final Path root;

    public DiskFiles(Path root) {
        this.root = root;
    }

    public Path root() {
        return root;
    }

    /** A folder of the recording that is a link would lead elsewhere: there is nothing in it, and nothing is done there. */
    private Path path(String name) throws FileSystemException {
        if (isUnderLink(name)) {
            throw new FileSystemException(name, null, "its folder is a link");
        }
        return root.resolve(name);
    }

    private boolean isUnderLink(String name) {
        int slash = name.indexOf('/');
        String folder = slash < 0 ? name : name.substring(0, slash);
        return (slash >= 0 || FOLDERS.contains(name)) && Files.isSymbolicLink(root.resolve(folder));
    }

    @Override
    public LogFile create(String name) throws IOException {
        return new DiskFile(FileChannel.open(path(name), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public LogFile open(String name) throws IOException {
        if (!exists(name)) {
            throw new FileSystemException(name, null, name + " is missing, or no regular file");
        }
        return new DiskFile(FileChannel.open(path(name), StandardOpenOption.READ,
                LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public LogFile openForWrite(String name) throws IOException {
        return new DiskFile(FileChannel.open(path(name), StandardOpenOption.READ, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
    }

    /** A link or a pipe is no file of a recording: it would lead elsewhere, have no end, or wait for ever. */
    @Override
    public boolean exists(String name) {
        return !isUnderLink(name) && Files.isRegularFile(root.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void createFolder(String name) throws IOException {
        Files.createDirectories(path(name));
    }

    @Override
    public List<String> list(String folder) throws IOException {
        List<String> names = new ArrayList<>();
        Path path = root.resolve(folder);
        if (!isUnderLink(folder) && Files.isDirectory(path)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    names.add(entry.getFileName().toString());
                }
            }
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public void forceFolder(String name) throws IOException {
        try (FileChannel folder = FileChannel.open(path(name), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(path(name));
    }

    private record DiskFile(FileChannel channel) implements LogFile {

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            return channel.write(from, position);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return channel.read(into, position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
