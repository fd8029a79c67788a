package dev.reprise.machine.run;

import dev.reprise.machine.load.BootImages;
import dev.reprise.machine.load.ImageFile;
import dev.reprise.machine.load.LoadException;
import java.nio.file.Path;

/** The files that a machine is started with; each may be null. */
public record ImagePaths(Path bios, Path kernel, Path initrd) {

    /** Room for what an ELF file holds beside what is loaded. */
    private static final long ELF_EXTRA_BYTES = 256L << 20;

    /**
     * Reads them.
     *
     * @throws LoadException if one cannot be read, or could never fit into that RAM
     */
    public BootImages read(long ramBytes) throws LoadException {
        return new BootImages(
                read(bios, ramBytes + ELF_EXTRA_BYTES), read(kernel, ramBytes + ELF_EXTRA_BYTES), read(initrd, ramBytes));
    }

    private static ImageFile read(Path path, long limitBytes) throws LoadException {
        return path == null ? null : ImageFile.read(path, limitBytes);
    }
}
