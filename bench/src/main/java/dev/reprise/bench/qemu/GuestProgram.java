package dev.reprise.bench.qemu;

import java.nio.file.Path;
import java.util.List;

/**
 * A guest, and what tells each side to run it.
 *
 * @param name without its kind, as in {@code sort}
 * @param kind how long it takes, and how its consoles are compared
 * @param qemu options of QEMU beside the board's
 * @param ours options of {@code run} and {@code record}
 */
record GuestProgram(String name, Kind kind, List<String> qemu, List<String> ours) {

    enum Kind {
        SHORT("short", 1.5), LONG("long", 12), BOOT("boot", 30);

        final String id;
        /** A guess, for the time left as long as nothing is measured. */
        final double nominalSeconds;

        Kind(String id, double nominalSeconds) {
            this.id = id;
            this.nominalSeconds = nominalSeconds;
        }
    }

    /** Entropy for the kernel, which waits for some; any 32 bytes. QEMU puts fresh ones into its device tree. */
    private static final String SEED = "5265707269736520626f6f7473207468652073616d65206b65726e656c206f6e";

    static final String BOOT = "boot";

    /** One of the programs in guests/bench. */
    static GuestProgram bare(String name, Kind kind, Path folder) {
        String elf = folder.resolve(name + "-" + kind.id + ".elf").toString();
        return new GuestProgram(name, kind, List.of("-m", "128M", "-bios", "none", "-kernel", elf),
                List.of("--memory", "128M", "--clock", "host", "--kernel", elf));
    }

    /** The Debian kernel, from the folder that scripts/fetch-debian-guest has filled. */
    static GuestProgram boot(Path folder) {
        String bios = folder.resolve("fw_dynamic.bin").toString();
        String kernel = folder.resolve("Image").toString();
        String initrd = folder.resolve("initramfs.cpio.gz").toString();
        String append = "console=ttyS0";
        return new GuestProgram(BOOT, Kind.BOOT,
                List.of("-m", "512M", "-bios", bios, "-kernel", kernel, "-initrd", initrd, "-append", append),
                List.of("--memory", "512M", "--clock", "host", "--rng-seed", SEED, "--bios", bios, "--kernel", kernel,
                        "--initrd", initrd, "--append", append));
    }

    String title() {
        return kind == Kind.BOOT ? "Debian boot" : name + " " + kind.id;
    }
}
