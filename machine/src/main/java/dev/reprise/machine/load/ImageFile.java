package dev.reprise.machine.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes of an input file and the name by which messages speak of it.
 *
 * @param name what the user typed, or the role of an image of a recording
 * @param bytes the content; not to be changed
 */
public record ImageFile(String name, byte[] bytes) {

    /** The largest file that is read: what a Java array holds, with room to spare. */
    public static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    /**
     * Reads a file whole. What is no file is refused: opening a pipe may wait for ever, and it gives its bytes once.
     *
     * @throws LoadException if it is missing, no regular file, unreadable, empty or longer than {@code limitBytes}
     */
    public static ImageFile read(Path path, long limitBytes) throws LoadException {
        int limit = (int) Math.min(limitBytes, MAX_BYTES);
        if (path.toString().isEmpty()) {
            throw new LoadException("the name of an image is empty");
        }
        if (Files.isDirectory(path)) {
            throw new LoadException(path + ": is a directory");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new LoadException(path + ": is not a regular file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            // Bounded while reading too: a file may grow.
            bytes = in.readNBytes(limit);
            if (bytes.length == limit && in.read() >= 0) {
                throw new LoadException(path + ": longer than " + limit + " bytes, the most that this machine can take");
            }
        } catch (OutOfMemoryError e) {
            throw new LoadException(path + ": too large for the heap of this JVM (see -Xmx)");
        } catch (NoSuchFileException e) {
            throw new LoadException(path + ": no such file");
        } catch (IOException e) {
            throw new LoadException(path + ": cannot be read: " + e.getMessage());
        }
        if (bytes.length == 0) {
            throw new LoadException(path + ": is empty");
        }
        return new ImageFile(path.toString(), bytes);
    }

    /** SHA-256 of the content, 64 hexadecimal digits. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
