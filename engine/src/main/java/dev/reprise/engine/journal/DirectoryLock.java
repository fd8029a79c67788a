package dev.reprise.engine.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The exclusive lock of a recording's directory, held by whoever writes there: a locked file, which goes when it is
 * released. Because the file goes, a lock may turn out to be that of a file which has no name any more; because the
 * system gives up a process's locks of a file when <em>any</em> of its descriptors is closed, a file that this process
 * has locked is never opened again. Thread-safe.
 */
final class DirectoryLock {

    private static final int TRIES = 100;
    /** Keys of the files that this process has locked. */
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final Object key;

    private DirectoryLock(Path file, FileChannel channel, Object key) {
        this.file = file;
        this.channel = channel;
        this.key = key;
    }

    /**
     * Takes the lock; null if somebody has it.
     *
     * @throws FileSystemException if what stands there is a link, a pipe or the like
     */
    static DirectoryLock tryAcquire(Path directory) throws IOException {
        Path file = directory.resolve(Layout.LOCK);
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                Files.createFile(file);
            } catch (FileAlreadyExistsException there) {
                // Of another, or left behind.
            }
            Object key = key(file);
            if (key == null) {
                continue;
            }
            if (!HELD.add(key)) {
                return null;
            }
            DirectoryLock lock = null;
            try {
                lock = lock(file, key);
                if (lock == null || key.equals(key(file))) {
                    return lock;
                }
                // Its file went with the lock of the one before.
                lock.channel.close();
                lock = null;
            } catch (NoSuchFileException gone) {
                // As above, a moment earlier.
            } finally {
                if (lock == null) {
                    HELD.remove(key);
                }
            }
        }
        return null;
    }

    private static DirectoryLock lock(Path file, Object key) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            // By other code than this.
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        return locked ? new DirectoryLock(file, channel, key) : null;
    }

    /** What tells a file from all others that exist now; null if there is none. */
    private static Object key(Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new FileSystemException(file.toString(), null, file + " is no regular file");
            }
            Object key = attributes.fileKey();
            return key == null ? file.toAbsolutePath() : key;
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** Whether somebody has it now. */
    static boolean isHeld(Path directory) throws IOException {
        Path file = directory.resolve(Layout.LOCK);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Object key = key(file);
        if (key == null) {
            return false;
        }
        if (!HELD.add(key)) {
            return true;
        }
        try {
            DirectoryLock lock = lock(file, key);
            if (lock != null) {
                lock.channel.close();
            }
            return lock == null;
        } catch (NoSuchFileException gone) {
            return false;
        } finally {
            HELD.remove(key);
        }
    }

    /** Gives the lock back; the file goes with it. */
    void release() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            // The file alone locks nothing.
        }
        releaseAndLeave();
    }

    /** Gives the lock back; where the file is already gone, or goes with its folder. */
    void releaseAndLeave() {
        try {
            channel.close();
        } catch (IOException closed) {
            // Nothing was written to it.
        }
        HELD.remove(key);
    }
}
