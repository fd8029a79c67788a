package dev.reprise.machine.cli;

import dev.reprise.engine.ClockMode;
import dev.reprise.machine.board.EntropyKind;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.config.MemorySize;
import dev.reprise.machine.run.ImagePaths;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Option;

/** What the guest is: the options that end up in the manifest. Shared by run and record. */
final class MachineOptions {

    private static final int FRESH_SEED_BYTES = 32;

    @Option(names = "--bios", paramLabel = "FILE",
            description = "Firmware, ELF or raw; a raw one is loaded at the start of RAM.")
    private Path bios;

    @Option(names = "--kernel", paramLabel = "FILE",
            description = "Linux Image or ELF. With --bios it is loaded at RAM + 2 MiB (an ELF at its own addresses)"
                    + " and started by the firmware; an ELF without --bios starts in machine mode at its entry.")
    private Path kernel;

    @Option(names = "--initrd", paramLabel = "FILE", description = "Initial RAM disk.")
    private Path initrd;

    @Option(names = "--append", paramLabel = "STRING", description = "The kernel's command line.")
    private String append;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "512M",
            description = "Size of RAM, in whole MiB (default: ${DEFAULT-VALUE}).")
    private String memory;

    @Option(names = "--clock", paramLabel = "instructions|host",
            description = "Guest time: a function of the instructions alone, or kept near the host's clock. Default:"
                    + " host if a terminal can send input, else instructions.")
    private String clock;

    @Option(names = "--rtc", paramLabel = "EPOCHSECONDS",
            description = "The wall clock at the start, with --clock instructions (default: "
                    + MachineConfig.DEFAULT_RTC_EPOCH_SECONDS + ", 2026-01-01).")
    private long rtcEpochSeconds = MachineConfig.DEFAULT_RTC_EPOCH_SECONDS;

    @Option(names = "--mmu", paramLabel = "sv39|sv48", defaultValue = "sv48",
            description = "The largest page-table format (default: ${DEFAULT-VALUE}).")
    private String mmu;

    @Option(names = "--rng-seed", paramLabel = "HEX|fresh",
            description = "Entropy in the device tree; fresh draws 32 bytes and records them. Default: none.")
    private String rngSeed;

    @Option(names = "--entropy", paramLabel = "virtio|timeriomem", arity = "0..1", fallbackValue = "virtio",
            description = "Give the board an entropy device: a virtio-rng (the default), which Debian's kernel has a driver"
                    + " for, or a timeriomem_rng. What the guest reads there is recorded.")
    private String entropy;

    /**
     * Checked.
     *
     * @param interactive whether somebody who lives in the host's time can send input
     */
    MachineConfig config(boolean interactive) throws ConfigException {
        ClockMode mode = interactive ? ClockMode.HOST : ClockMode.INSTRUCTIONS;
        if (clock != null) {
            try {
                mode = ClockMode.ofText(clock);
            } catch (IllegalArgumentException e) {
                throw new ConfigException("--clock " + clock + ": must be instructions or host");
            }
        }
        return new MachineConfig(MemorySize.parse(memory), "riscv," + mmu, append, mode, rtcEpochSeconds, seed(), entropy())
                .checked();
    }

    private EntropyKind entropy() throws ConfigException {
        if (entropy == null) {
            return EntropyKind.NONE;
        }
        for (EntropyKind kind : List.of(EntropyKind.VIRTIO, EntropyKind.TIMERIOMEM)) {
            if (kind.option().equals(entropy)) {
                return kind;
            }
        }
        throw new ConfigException("--entropy " + entropy + ": must be virtio or timeriomem");
    }

    /** The configuration is asked for more than once, and what boots must be what the manifest says: one drawing. */
    private String seed() {
        if ("fresh".equals(rngSeed)) {
            byte[] bytes = new byte[FRESH_SEED_BYTES];
            new SecureRandom().nextBytes(bytes);
            rngSeed = HexFormat.of().formatHex(bytes);
        }
        return rngSeed;
    }

    ImagePaths images() {
        return new ImagePaths(bios, kernel, initrd);
    }
}
