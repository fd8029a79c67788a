package dev.reprise.engine.journal;

import dev.reprise.engine.SessionConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A recording's directory: made, opened, checked. The states of a directory on its way: missing or empty; with
 * {@code manifest.json.part} (being made, never a recording); with {@code manifest.json} (a recording, perhaps without
 * groups yet).
 */
public final class Recording {

    private static final Set<String> OURS = Set.of(Layout.MANIFEST, Layout.MANIFEST_PART, Layout.SEGMENTS,
            Layout.IMAGES, Layout.SNAPSHOTS, Layout.MARK, Layout.LOCK);

    private static final Set<String> FOLDERS = Set.of(Layout.SEGMENTS, Layout.IMAGES, Layout.SNAPSHOTS);

    private final Path directory;
    private FileLayer files;
    private final byte[] manifestBytes;
    private final Manifest manifest;
    private DirectoryLock lock;

    private Recording(Path directory, byte[] manifestBytes) {
        this.directory = directory;
        this.files = new DiskFiles(directory);
        this.manifestBytes = manifestBytes;
        this.manifest = ManifestJson.read(manifestBytes);
    }

    /**
     * Makes the directory, the images' copies and the manifest, and takes the exclusive lock. A symbolic link at
     * {@code where} is followed, once, before anything is looked at: what it leads to becomes the recording, or is
     * replaced by it, and the link stays.
     *
     * @param force removes what stands there, if that is a recording of ours and nobody records into it
     * @throws BadRecordingException if the directory holds something else, or an image cannot be read
     * @throws JournalFailedException if the disk does not take it
     */
    public static Recording create(Path where, SessionConfig config, boolean force) {
        Path directory = resolveLink(where);
        isTaken(directory, config, force);
        List<Manifest.ImageEntry> images = new ArrayList<>();
        Path part = directory.resolve(Layout.MANIFEST_PART);
        DirectoryLock lock = null;
        boolean owned = false;
        try {
            Files.createDirectories(directory);
            lock = DirectoryLock.tryAcquire(directory);
            if (lock == null) {
                throw new BadRecordingException("another recorder is writing to " + directory);
            }
            clear(directory, config, force);
            owned = true;
            Files.write(part, new byte[0]);
            for (SessionConfig.Image image : config.images()) {
                images.add(ImageStore.copy(directory, image, config.copyImages()));
            }
            byte[] id = new byte[16];
            new SecureRandom().nextBytes(id);
            Manifest manifest = new Manifest(Manifest.FORMAT, HexFormat.of().formatHex(id),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), config.guest(), config.unit(),
                    config.clockMode(), config.clockRate(), config.digestInterval(), config.devices(),
                    config.revisions(), config.settings(), images);
            byte[] bytes = ManifestJson.write(manifest);
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.wrap(bytes));
                out.force(true);
            }
            DiskFiles files = new DiskFiles(directory);
            files.rename(Layout.MANIFEST_PART, Layout.MANIFEST);
            files.forceFolder("");
            Recording recording = new Recording(directory, bytes);
            recording.lock = lock;
            return recording;
        } catch (IOException | RuntimeException failure) {
            if (owned) {
                removeQuietly(directory);
            }
            if (lock != null) {
                lock.release();
            }
            if (failure instanceof IOException io) {
                throw new JournalFailedException("cannot create the recording " + directory + ": " + describe(io), io);
            }
            throw (RuntimeException) failure;
        }
    }

    private static Path resolveLink(Path where) {
        if (!Files.isSymbolicLink(where)) {
            return where;
        }
        try {
            return where.toRealPath();
        } catch (IOException dangling) {
            throw new BadRecordingException(where + " is a link that leads nowhere");
        }
    }

    /** Under the lock: what was looked at before it was taken may be another's work by now. */
    private static void clear(Path directory, SessionConfig config, boolean force) {
        if (holdsRecording(directory, config, force)) {
            try {
                remove(directory, Layout.LOCK);
            } catch (IOException failure) {
                throw new BadRecordingException("cannot replace " + directory + ": " + describe(failure));
            }
        }
    }

    /**
     * Looks whether {@link #create} could make a recording there, and changes nothing: for a caller that has other things
     * to open first.
     *
     * @return whether a recording of ours stands there, which create would remove because of {@code force}
     * @throws BadRecordingException if the directory holds something else, or is not to be replaced
     */
    public static boolean isTaken(Path directory, SessionConfig config, boolean force) {
        boolean taken = holdsRecording(directory, config, force);
        try {
            if (DirectoryLock.isHeld(directory)) {
                throw new BadRecordingException("another recorder is writing to " + directory);
            }
        } catch (IOException failure) {
            throw new BadRecordingException("cannot replace " + directory + ": " + describe(failure));
        }
        return taken;
    }

    private static boolean holdsRecording(Path directory, SessionConfig config, boolean force) {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!Files.isDirectory(directory)) {
            throw new BadRecordingException("not a directory: " + directory);
        }
        try {
            List<String> names = new ArrayList<>(new DiskFiles(directory).list(""));
            for (String name : names) {
                if (!OURS.contains(name)) {
                    throw new BadRecordingException(directory + " holds '" + name
                            + "', which is no part of a recording; nothing was removed");
                }
            }
            if (Files.isRegularFile(directory.resolve(Layout.LOCK), LinkOption.NOFOLLOW_LINKS)) {
                names.remove(Layout.LOCK);
            }
            if (names.isEmpty()) {
                return false;
            }
            if (!names.contains(Layout.MANIFEST) && !names.contains(Layout.MANIFEST_PART)) {
                throw new BadRecordingException(directory + " is not empty and no recording; nothing was removed");
            }
            if (!force) {
                throw new BadRecordingException(directory + " is a recording already; --force replaces it");
            }
            for (String name : strangers(directory)) {
                throw new BadRecordingException(directory + " holds '" + name
                        + "', which is no part of a recording; nothing was removed");
            }
            for (SessionConfig.Image image : config.images()) {
                // What is to be recorded must still be there when the old recording is gone.
                ImageStore.open(image).close();
                if (image.file().toRealPath().startsWith(directory.toRealPath())) {
                    throw new BadRecordingException(image.name() + " " + image.file()
                            + " is part of the recording that it would replace; nothing was removed");
                }
            }
            return true;
        } catch (IOException failure) {
            throw new BadRecordingException("cannot replace " + directory + ": " + describe(failure));
        }
    }

    /**
     * Opens a recording for reading. Its log is not read yet.
     *
     * @throws BadRecordingException if there is none
     */
    public static Recording open(Path directory) {
        Path file = directory.resolve(Layout.MANIFEST);
        try {
            if (!Files.isDirectory(directory)) {
                throw new BadRecordingException("no such recording: " + directory);
            }
            // A link could lead to what has no end, or waits for ever.
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                requireNoLog(directory, file);
                throw new BadRecordingException("not a recording (no " + Layout.MANIFEST + "): " + directory);
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                bytes = in.readNBytes(ManifestJson.MAX_BYTES + 1);
            }
            if (bytes.length > ManifestJson.MAX_BYTES) {
                BadRecordingException tooLong = new BadRecordingException("not a manifest (over 1 MiB): " + file);
                requireOwn(directory, bytes, tooLong);
                throw tooLong;
            }
            try {
                return new Recording(directory, bytes);
            } catch (BadRecordingException malformed) {
                requireOwn(directory, bytes, malformed);
                throw malformed;
            }
        } catch (IOException failure) {
            throw new BadRecordingException("cannot read " + file + ": " + describe(failure));
        }
    }

    /** Beside a log something of the manifest's name that is neither file nor link (a pipe, a folder) is damage. */
    private static void requireNoLog(Path directory, Path manifest) throws IOException {
        if (Files.exists(manifest, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(manifest)
                && !new DiskFiles(directory).list(Layout.SEGMENTS).isEmpty()) {
            throw new DamagedLogException(manifest + " is damaged: it is no file");
        }
    }

    /** A manifest that cannot be read is damage if a log stands beside it that another manifest began. */
    private static void requireOwn(Path directory, byte[] manifest, BadRecordingException malformed) throws IOException {
        DiskFiles files = new DiskFiles(directory);
        MarkDescriptor.File mark = LogCheck.readMark(files, new Chain(manifest).link0());
        if (mark.best() == null && (mark.foreign() || !files.list(Layout.SEGMENTS).isEmpty())) {
            throw new DamagedLogException(directory.resolve(Layout.MANIFEST) + " is damaged: " + malformed.getMessage());
        }
    }

    /** Puts a decorator around the file layer: a test's faults. Before a session is made of the recording. */
    public Recording decorate(UnaryOperator<FileLayer> decorator) {
        files = decorator.apply(files);
        return this;
    }

    /** Reads the whole log and says what it is. */
    public LogCheck.Report check() {
        try {
            return LogCheck.check(files, manifestBytes);
        } catch (IOException failure) {
            throw new DamagedLogException("cannot read the log of " + directory + ": " + describe(failure));
        }
    }

    /**
     * Recovers the log, as {@link Recovery} says.
     *
     * @throws BadRecordingException if somebody records into it
     * @throws DamagedLogException if something durable is lost and {@code acceptLoss} is not given, or if a part of the log is
     *     a link, a pipe or a folder: what should stand there may be whole elsewhere, and nothing is changed
     * @throws JournalFailedException if the disk does not take it
     */
    public Recovery.Result recover(boolean acceptLoss) {
        try {
            lock = DirectoryLock.tryAcquire(directory);
            if (lock == null) {
                throw new BadRecordingException("a recorder is writing to " + directory);
            }
            for (String name : strangers(directory)) {
                int slash = name.indexOf('/') + 1;
                if (name.equals(Layout.SEGMENTS) || name.equals(Layout.MARK) || (name.startsWith(Layout.SEGMENTS + "/")
                        && Layout.segmentNumber(name.substring(slash)) >= 0)) {
                    throw new DamagedLogException(directory.resolve(name) + " is no regular "
                            + (name.equals(Layout.SEGMENTS) ? "folder" : "file") + "; nothing was cut: remove it, or put in"
                            + " its place what it stands for");
                }
            }
            return Recovery.recover(files, manifestBytes, acceptLoss);
        } catch (IOException failure) {
            throw new JournalFailedException("cannot recover " + directory + ": " + describe(failure), failure);
        } finally {
            unlock();
        }
    }

    /** Whether somebody records into it now. */
    boolean isBeingWritten() throws IOException {
        return DirectoryLock.isHeld(directory);
    }

    /**
     * The file of an image, found by its hash in the recording or in {@code elsewhere}, and checked.
     *
     * @param elsewhere a directory whose files are looked through when the recording holds no copy; or null
     * @throws DamagedLogException if the copy's bytes are not those recorded
     * @throws BadRecordingException if no file has that hash
     */
    public Path image(Manifest.ImageEntry image, Path elsewhere) {
        return ImageStore.find(directory, image, elsewhere);
    }

    /** SHA-256 of a file in hexadecimal. */
    public static String sha256(Path file) throws IOException {
        return ImageStore.sha256(file);
    }

    /** Files that are no part of a recording, or are missing from it; empty if all is well. Reads the images whole. */
    public List<String> findings() {
        List<String> findings = new ArrayList<>();
        try {
            strangers(directory).forEach(name -> findings.add("unknown file: " + name));
            for (String name : files.list(Layout.IMAGES)) {
                if (isImageName(name) && manifest.images().stream().noneMatch(i -> i.sha256().equals(name))) {
                    findings.add("unknown file: " + Layout.IMAGES + "/" + name);
                }
            }
        } catch (IOException failure) {
            findings.add("cannot list the recording: " + describe(failure));
        }
        for (Manifest.ImageEntry image : manifest.images()) {
            if (image.stored() && !imagesLeftOut()) {
                try {
                    image(image, null);
                } catch (DamagedLogException damaged) {
                    findings.add(damaged.getMessage());
                }
            }
        }
        return findings;
    }

    /** Whether it was unpacked without its images. */
    public boolean imagesLeftOut() {
        return !manifest.images().isEmpty() && ImageStore.leftOut(directory);
    }

    /** Files of which one sees without reading them that no recorder made them: their names, or that they are links. */
    private static List<String> strangers(Path directory) throws IOException {
        DiskFiles files = new DiskFiles(directory);
        List<String> strangers = new ArrayList<>();
        for (String folder : List.of("", Layout.SEGMENTS, Layout.IMAGES, Layout.SNAPSHOTS)) {
            for (String name : files.list(folder)) {
                Path path = directory.resolve(folder).resolve(name);
                boolean isFolder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                boolean wantsFolder = folder.isEmpty() && FOLDERS.contains(name);
                if (isFolder != wantsFolder || (!isFolder && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))) {
                    strangers.add(folder.isEmpty() ? name : folder + "/" + name);
                }
            }
        }
        // This release makes no snapshots, so it knows of none.
        for (String name : files.list(Layout.SNAPSHOTS)) {
            strangers.add(Layout.SNAPSHOTS + "/" + name);
        }
        for (String name : files.list("")) {
            if (!OURS.contains(name)) {
                strangers.add(name);
            }
        }
        for (String name : files.list(Layout.SEGMENTS)) {
            if (Layout.segmentNumber(name) < 0) {
                strangers.add(Layout.SEGMENTS + "/" + name);
            }
        }
        for (String name : files.list(Layout.IMAGES)) {
            if (!isImageName(name) && !name.equals(ImageStore.PART)) {
                strangers.add(Layout.IMAGES + "/" + name);
            }
        }
        return strangers;
    }

    private static boolean isImageName(String name) {
        return name.matches("[0-9a-f]{64}");
    }

    /** Gives the lock back; the file goes with it. */
    public void unlock() {
        if (lock != null) {
            lock.release();
            lock = null;
        }
    }

    /** Removes a recording that could not be begun. */
    public void discard() {
        removeQuietly(directory);
        if (lock != null) {
            lock.releaseAndLeave();
            lock = null;
        }
    }

    /** Bytes of manifest, segments and mark: what the log costs. */
    public long logBytes() {
        long total = manifestBytes.length;
        try {
            for (String name : files.list(Layout.SEGMENTS)) {
                total += Files.size(directory.resolve(Layout.SEGMENTS).resolve(name));
            }
            if (files.exists(Layout.MARK)) {
                total += Files.size(directory.resolve(Layout.MARK));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return total;
    }

    public Path directory() {
        return directory;
    }

    public FileLayer files() {
        return files;
    }

    public Manifest manifest() {
        return manifest;
    }

    public byte[] manifestBytes() {
        return manifestBytes.clone();
    }

    /** In a person's words: no name of a class, and what the operating system gave as its reason. */
    static String describe(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException there) {
            return "there is something else of that name: " + there.getFile();
        }
        if (failure instanceof FileSystemException refused && refused.getReason() != null) {
            return refused.getReason();
        }
        return failure.getMessage() == null ? "input or output error" : failure.getMessage();
    }

    static void removeQuietly(Path directory) {
        try {
            remove(directory, null);
        } catch (IOException leftBehind) {
            // What is left shows manifest.json.part and is replaced by --force.
        }
    }

    /** @param spared a file of it that stays, and the directory with it; or null */
    private static void remove(Path directory, String spared) throws IOException {
        Path stays = spared == null ? null : directory.resolve(spared);
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(stays)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (stays == null || !folder.equals(directory)) {
                    Files.delete(folder);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
