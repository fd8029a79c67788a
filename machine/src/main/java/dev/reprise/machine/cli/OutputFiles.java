package dev.reprise.machine.cli;

import dev.reprise.chardev.host.BackendSpec;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.run.ImagePaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a run would write, held against what it must not write over: its recording, and what the machine starts with. */
final class OutputFiles {

    private final Path recording;
    private final Map<Path, String> taken = new HashMap<>();

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
            taken.put(path, option);
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
        String other = taken.putIfAbsent(path, option);
        if (other != null && !other.equals(option)) {
            throw new ConfigException(option + " " + file + ": is the file of " + other);
        }
    }
}
