package dev.reprise.machine.board;

import java.util.Locale;

/** Which entropy device the board has; its text stands in manifests. */
public enum EntropyKind {
    /** None, as QEMU's board by default. */
    NONE(""),
    /** {@link VirtioEntropy}: Debian's kernel has a driver for it (virtio-rng). */
    VIRTIO("virtio-rng"),
    /** {@link Entropy}: the simplest there is, for kernels and programs without virtio. */
    TIMERIOMEM("timeriomem_rng");

    private final String text;

    EntropyKind(String text) {
        this.text = text;
    }

    /** As in the manifest's settings; empty for none. */
    public String text() {
        return text;
    }

    /** As on the command line. */
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }
}
