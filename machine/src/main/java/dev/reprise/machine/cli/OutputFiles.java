package dev.reprise.machine.cli;

import dev.reprise.chardev.host.BackendSpec;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.run.ImagePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/** What a run would write, held against what it must not write over: its recording, and what the machine starts with. */
final class OutputFiles {

    private final Path recording;
    /** By what the file system knows a file by, or by its path if there is none yet. */
    private final Map<Object, String> taken = new HashMap<>();

    /**
     * @param recording the folder of the recording that is made or replayed, or null
     * @param images what the machine starts with, or null
     */
    OutputFiles(Path recording, ImagePaths images) {
        this.recording = recording == null ? null : BackendSpec.pathOf(recording.toString());
        if (images != null) {
            take("--bios", images.bios());
            take("--kernel", images.kernel());
            take("--initrd", images.initrd());
        }
    }

    private void take(String option, Path file) {
        Path path = file == null ? null : BackendSpec.pathOf(file.toString());
        if (path != null) {
            taken.put(keyOf(path), option);
        }
    }

    /** Two hard links are one file. */
    private static Object keyOf(Path path) {
        try {
            Object key = Files.exists(path) ? Files.readAttributes(path, BasicFileAttributes.class).fileKey() : null;
            return key == null ? path : key;
        } catch (IOException unreadable) {
            return path;
        }
    }

    /** @throws ConfigException if the file is in the recording, or one that is read, or that another option writes */
    void add(String option, String file) throws ConfigException {
        Path path = BackendSpec.pathOf(file);
        if (path == null || Files.exists(path) && !Files.isRegularFile(path)) {
            return;
        }
        if (recording != null && path.startsWith(recording)) {
            throw new ConfigException(option + " " + file + ": lies in the recording " + recording.getFileName());
        }
        String other = taken.putIfAbsent(keyOf(path), option);
        if (other != null && !other.equals(option)) {
            throw new ConfigException(option + " " + file + ": is the file of " + other);
        }
    }
}
