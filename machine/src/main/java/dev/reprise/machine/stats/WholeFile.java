package dev.reprise.machine.stats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file whole or not at all: beside its place, then by rename. */
public final class WholeFile {

    private WholeFile() {}

    /**
     * Whether something stands there that is no file: a rename would put a file in the place of a device, for everybody
     * on the host.
     */
    public static boolean isTaken(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file);
    }

    /** @throws IOException if it cannot be written, or {@link #isTaken}; then nothing is left behind */
    public static void write(Path file, CharSequence text) throws IOException {
        if (isTaken(file)) {
            throw new IOException(file + " is not a regular file");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, text, StandardCharsets.UTF_8);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }
}
