package dev.reprise.engine.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A recording as one file, both directions; the bytes are {@link PackDescriptor}'s. A pack is not trusted: every length
 * is bounded by what is there, every name is one of a recording, every file is made anew, and no link is followed.
 */
public final class Pack {

    private static final int BUFFER_BYTES = 1 << 18;
    private static final AtomicInteger UNIQUE = new AtomicInteger();

    private Pack() {}

    /**
     * Writes a recording into a new file.
     *
     * @param images whether to include the images
     * @param elsewhere where images are looked for, by hash, of which the recording holds no copy; or null
     * @return the log's state: whole or torn
     * @throws DamagedLogException if the recording is damaged
     * @throws BadRecordingException if somebody records into it, the file exists or would lie in it, or an image is not to be
     *     found
     * @throws JournalFailedException if the disk does not take it
     */
    public static LogCheck.Report pack(Recording recording, Path target, boolean images, Path elsewhere) {
        LogCheck.Report report = recording.check();
        if (report.verdict() == LogCheck.Verdict.DAMAGED) {
            throw new DamagedLogException(report.reason() + "; a damaged recording is not packed");
        }
        if (report.verdict() == LogCheck.Verdict.UNSUPPORTED) {
            throw new BadRecordingException(report.reason());
        }
        Path part = null;
        try {
            if (recording.isBeingWritten()) {
                throw new BadRecordingException("a recorder is writing to " + recording.directory());
            }
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new BadRecordingException(target + " is there already; nothing was written");
            }
            Path folder = target.toAbsolutePath().getParent().toRealPath();
            if (folder.startsWith(recording.directory().toRealPath())) {
                throw new BadRecordingException(target + " lies in the recording; nothing was written");
            }
            TreeMap<String, Path> entries = entries(recording, images, elsewhere);
            Path unfinished = target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + "."
                    + UNIQUE.incrementAndGet() + ".part");
            try (FileChannel out = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                part = unfinished;
                MessageDigest sha = Chain.sha256();
                put(out, sha, PackDescriptor.header(entries.size()));
                ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
                for (var entry : entries.entrySet()) {
                    copyIn(out, sha, buffer, entry.getKey(), entry.getValue());
                }
                byte[] hash = sha.digest();
                put(out, sha, PackDescriptor.trailer(hash));
                out.force(true);
            }
            // Not atomically: that would replace what has come to stand there.
            Files.move(part, target);
            return report;
        } catch (FileAlreadyExistsException there) {
            throw new BadRecordingException(there.getFile() + " is there already; nothing was written");
        } catch (IOException failure) {
            throw new JournalFailedException("cannot pack into " + target + ": " + Recording.describe(failure), failure);
        } finally {
            if (part != null) {
                deleteQuietly(part);
            }
        }
    }

    private static TreeMap<String, Path> entries(Recording recording, boolean images, Path elsewhere) throws IOException {
        TreeMap<String, Path> entries = new TreeMap<>();
        Path directory = recording.directory();
        entries.put(Layout.MANIFEST, directory.resolve(Layout.MANIFEST));
        if (recording.files().exists(Layout.MARK)) {
            entries.put(Layout.MARK, directory.resolve(Layout.MARK));
        }
        for (String name : recording.files().list(Layout.SEGMENTS)) {
            if (Layout.segmentNumber(name) >= 0) {
                entries.put(Layout.SEGMENTS + "/" + name, directory.resolve(Layout.SEGMENTS).resolve(name));
            }
        }
        if (images) {
            for (Manifest.ImageEntry image : recording.manifest().images()) {
                entries.put(Layout.IMAGES + "/" + image.sha256(), recording.image(image, elsewhere).toRealPath());
            }
        }
        return entries;
    }

    private static void copyIn(FileChannel out, MessageDigest sha, ByteBuffer buffer, String name, Path file)
            throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long left = in.size();
            if (left > PackDescriptor.maxSize(name)) {
                throw new DamagedLogException(name + " is longer than it can be: " + left + " bytes; recover the log first");
            }
            put(out, sha, PackDescriptor.entry(name, left));
            while (left > 0) {
                buffer.clear().limit((int) Math.min(BUFFER_BYTES, left));
                int count = in.read(buffer);
                if (count < 0) {
                    throw new IOException(name + " became shorter while it was packed");
                }
                left -= count;
                put(out, sha, buffer.flip());
            }
        }
    }

    private static void put(FileChannel out, MessageDigest sha, ByteBuffer bytes) throws IOException {
        sha.update(bytes.array(), bytes.position(), bytes.remaining());
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /**
     * Makes a recording's directory of a pack. Until everything is there it has no manifest, so that a part of it is
     * never taken for a recording; after a failure it is removed.
     *
     * @return the recording; its log is as it was packed
     * @throws DamagedLogException if the pack's bytes are not those that were written
     * @throws BadRecordingException if the file is no pack, or something stands at {@code directory}
     * @throws JournalFailedException if the disk does not take it
     */
    public static Recording unpack(Path pack, Path directory) {
        boolean made = false;
        boolean done = false;
        if (Files.exists(pack) && !Files.isRegularFile(pack)) {
            // A pipe would be waited for.
            throw new BadRecordingException(pack + " is no file");
        }
        try (FileChannel in = open(pack)) {
            try {
                Files.createDirectory(directory);
            } catch (FileAlreadyExistsException there) {
                throw new BadRecordingException(directory + " is there already; nothing was unpacked");
            }
            made = true;
            new Unpacking(in, directory).run();
            Recording recording = Recording.open(directory);
            done = true;
            return recording;
        } catch (EOFException cut) {
            throw new DamagedLogException(pack + " is cut");
        } catch (IOException failure) {
            throw new JournalFailedException("cannot unpack " + pack + " into " + directory + ": "
                    + Recording.describe(failure), failure);
        } finally {
            if (made && !done) {
                Recording.removeQuietly(directory);
            }
        }
    }

    private static FileChannel open(Path pack) {
        try {
            return FileChannel.open(pack, StandardOpenOption.READ);
        } catch (IOException unreadable) {
            throw new BadRecordingException("cannot unpack " + pack + ": " + Recording.describe(unreadable));
        }
    }

    private static final class Unpacking {

        private final FileChannel in;
        private final Path directory;
        private final MessageDigest sha = Chain.sha256();
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

        Unpacking(FileChannel in, Path directory) {
            this.in = in;
            this.directory = directory;
        }

        void run() throws IOException {
            int entries = PackDescriptor.entries(take(PackDescriptor.HEADER_BYTES));
            String last = "";
            boolean manifest = false;
            for (int i = 0; i < entries; i++) {
                byte[] fixed = take(PackDescriptor.ENTRY_BYTES);
                int length = PackDescriptor.nameLength(fixed);
                byte[] entry = Arrays.copyOf(fixed, fixed.length + length + Integer.BYTES);
                System.arraycopy(take(length + Integer.BYTES), 0, entry, fixed.length, length + Integer.BYTES);
                String name = PackDescriptor.name(entry, length);
                if (name.compareTo(last) <= 0) {
                    throw new DamagedLogException("the pack's entries are not in order: " + name + " after " + last);
                }
                last = name;
                manifest |= name.equals(Layout.MANIFEST);
                copyOut(name.equals(Layout.MANIFEST) ? Layout.MANIFEST_PART : name, PackDescriptor.size(entry));
            }
            byte[] hash = sha.digest();
            byte[] trailer = take(PackDescriptor.TRAILER_BYTES);
            if (!Arrays.equals(trailer, PackDescriptor.trailer(hash).array()) || in.position() != in.size()) {
                throw new DamagedLogException("the pack's bytes are not those that were written: SHA-256 differs");
            }
            if (!manifest) {
                throw new DamagedLogException("the pack holds no " + Layout.MANIFEST);
            }
            DiskFiles files = new DiskFiles(directory);
            // What the folders hold is on the disk before the manifest says that this is a recording.
            for (String folder : files.list("")) {
                if (Files.isDirectory(directory.resolve(folder))) {
                    files.forceFolder(folder);
                }
            }
            files.rename(Layout.MANIFEST_PART, Layout.MANIFEST);
            files.forceFolder("");
        }

        private void copyOut(String name, long size) throws IOException {
            if (size < 0 || size > in.size() - in.position() || size > PackDescriptor.maxSize(name)) {
                throw new DamagedLogException("the size of " + name + " is out of bounds: " + size);
            }
            Path file = directory.resolve(name);
            if (!file.getParent().equals(directory) && !Files.isDirectory(file.getParent(), LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(file.getParent());
            }
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                long left = size;
                while (left > 0) {
                    buffer.clear().limit((int) Math.min(BUFFER_BYTES, left));
                    int count = in.read(buffer);
                    if (count < 0) {
                        throw new EOFException();
                    }
                    left -= count;
                    put(out, sha, buffer.flip());
                }
                out.force(true);
            }
        }

        private byte[] take(int length) throws IOException {
            byte[] bytes = new byte[length];
            ByteBuffer into = ByteBuffer.wrap(bytes);
            while (into.hasRemaining()) {
                if (in.read(into) < 0) {
                    throw new EOFException();
                }
            }
            sha.update(bytes);
            return bytes;
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            // Its name says what it is.
        }
    }
}
