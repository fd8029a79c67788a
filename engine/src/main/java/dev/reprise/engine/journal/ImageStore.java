package dev.reprise.engine.journal;

import dev.reprise.engine.SessionConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The images of a recording: copied in, and found again by their hash. */
final class ImageStore {

    /** An image on its way in; a killed recorder leaves it behind. */
    static final String PART = "part";

    private static final int BUFFER_BYTES = 1 << 16;

    private ImageStore() {}

    /**
     * Hashes an image and copies it into the recording.
     *
     * @throws BadRecordingException if it cannot be read, or its bytes are not those that the guest was made from
     */
    static Manifest.ImageEntry copy(Path directory, SessionConfig.Image image, boolean store) throws IOException {
        MessageDigest sha = Chain.sha256();
        Path folder = directory.resolve(Layout.IMAGES);
        Files.createDirectories(folder);
        Path part = folder.resolve(PART);
        long total = 0;
        try (InputStream in = open(image); OutputStream out = store ? Files.newOutputStream(part)
                : OutputStream.nullOutputStream()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = read(in, buffer, image); count >= 0; count = read(in, buffer, image)) {
                sha.update(buffer, 0, count);
                out.write(buffer, 0, count);
                total += count;
            }
        }
        String hash = HexFormat.of().formatHex(sha.digest());
        if (image.sha256() != null && !image.sha256().equals(hash)) {
            throw new BadRecordingException(image.name() + " " + image.file()
                    + " was changed while the recording was being made: the guest was loaded from other bytes");
        }
        if (store) {
            Files.move(part, folder.resolve(hash), StandardCopyOption.REPLACE_EXISTING);
        }
        return new Manifest.ImageEntry(image.name(), hash, total, store);
    }

    static InputStream open(SessionConfig.Image image) {
        if (Files.exists(image.file()) && !Files.isRegularFile(image.file())) {
            // A pipe gives its bytes once, to the guest: the copy would be empty and the recording worthless.
            throw new BadRecordingException("cannot record from " + image.name() + " " + image.file()
                    + ": not a regular file");
        }
        try {
            return Files.newInputStream(image.file());
        } catch (IOException failure) {
            throw new BadRecordingException("cannot read " + image.name() + " " + image.file() + ": "
                    + Recording.describe(failure));
        }
    }

    private static int read(InputStream in, byte[] buffer, SessionConfig.Image image) {
        try {
            return in.read(buffer);
        } catch (IOException failure) {
            throw new BadRecordingException("cannot read " + image.name() + " " + image.file() + ": "
                    + Recording.describe(failure));
        }
    }

    /** Whether the recording was unpacked without its images: then it has no folder for them. */
    static boolean leftOut(Path directory) {
        return !Files.exists(directory.resolve(Layout.IMAGES), LinkOption.NOFOLLOW_LINKS);
    }

    /** As {@link Recording#image}. */
    static Path find(Path directory, Manifest.ImageEntry image, Path elsewhere) {
        Path folder = directory.resolve(Layout.IMAGES);
        Path copy = folder.resolve(image.sha256());
        try {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)) {
                if (Files.size(copy) != image.bytes() || !sha256(copy).equals(image.sha256())) {
                    throw new DamagedLogException("image '" + image.name() + "' was changed: " + copy);
                }
                return copy;
            }
            if (image.stored() && !leftOut(directory)) {
                throw new DamagedLogException("image '" + image.name() + "' is missing: " + copy);
            }
            if (elsewhere != null && Files.isDirectory(elsewhere)) {
                try (var list = Files.list(elsewhere)) {
                    for (Path file : (Iterable<Path>) list.sorted()::iterator) {
                        if (Files.isRegularFile(file) && Files.size(file) == image.bytes()
                                && sha256(file).equals(image.sha256())) {
                            return file;
                        }
                    }
                }
            }
        } catch (IOException failure) {
            throw new DamagedLogException("cannot read image '" + image.name() + "': " + Recording.describe(failure));
        }
        throw new BadRecordingException("image '" + image.name() + "' (SHA-256 " + image.sha256()
                + ") is not in the recording; name a folder that holds it with --images");
    }

    /** SHA-256 of a file in hexadecimal. */
    static String sha256(Path file) throws IOException {
        MessageDigest sha = Chain.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
