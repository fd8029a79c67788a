package dev.reprise.machine.config;

import dev.reprise.engine.ClockMode;
import dev.reprise.machine.board.EntropyKind;
import dev.reprise.machine.board.MemoryMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything, the images apart, that decides what a guest finds: the machine's part of the manifest.
 *
 * @param ramBytes size of RAM, a multiple of 1 MiB
 * @param mmuType as in the device tree: "riscv,sv39" or "riscv,sv48"
 * @param append the kernel's command line, or null
 * @param clock how guest time passes
 * @param rtcEpochSeconds the wall clock when the machine is switched on, with {@link ClockMode#INSTRUCTIONS}
 * @param rngSeedHex entropy in the device tree in hex, or null
 * @param entropy which entropy device the board has
 */
public record MachineConfig(
        long ramBytes, String mmuType, String append, ClockMode clock, long rtcEpochSeconds, String rngSeedHex,
        EntropyKind entropy) {

    /** 2026-01-01T00:00:00Z: a fixed moment, so that two runs without input are equal. */
    public static final long DEFAULT_RTC_EPOCH_SECONDS = 1_767_225_600L;
    public static final long DEFAULT_RAM_BYTES = 512L << 20;
    public static final String DEFAULT_MMU = "riscv,sv48";

    /** Nanoseconds of guest time per step, before any adjustment: a machine of 100 million steps a second. */
    public static final long STEP_NS = 10;

    /** Raised by every change of the board that a guest or a digest can see; devices have revisions of their own. */
    public static final int BOARD_REVISION = 5;

    private static final long MIB = 1L << 20;
    private static final long MAX_RTC_EPOCH_SECONDS = 8_000_000_000L;
    private static final int MAX_APPEND_CHARS = 4096;
    private static final int MAX_SEED_CHARS = 512;

    private static final String RAM = "ramBytes";
    private static final String MMU = "mmu";
    private static final String APPEND = "append";
    private static final String RTC = "rtcEpochSeconds";
    private static final String SEED = "rngSeed";
    private static final String ENTROPY = "entropy";
    private static final String STEP = "stepNs";
    private static final String ACCESSED_DIRTY = "accessedDirty";
    /** A page-table walk sets the A and D bits itself, as QEMU's does. */
    private static final String BY_WALK = "by-walk";

    /** Without an entropy device. */
    public MachineConfig(long ramBytes, String mmuType, String append, ClockMode clock, long rtcEpochSeconds,
            String rngSeedHex) {
        this(ramBytes, mmuType, append, clock, rtcEpochSeconds, rngSeedHex, EntropyKind.NONE);
    }

    public MachineConfig {
        if (clock == null) {
            throw new IllegalArgumentException("a machine has a clock");
        }
    }

    /**
     * This configuration, after checking it.
     *
     * @throws ConfigException if a value is out of its range
     */
    public MachineConfig checked() throws ConfigException {
        if (ramBytes < MemoryMap.MIN_RAM_BYTES || ramBytes > MemoryMap.MAX_RAM_BYTES || ramBytes % MIB != 0) {
            throw new ConfigException("memory must be 1M to " + (MemoryMap.MAX_RAM_BYTES >> 30)
                    + "G in whole MiB: " + ramBytes + " bytes");
        }
        if (!"riscv,sv39".equals(mmuType) && !"riscv,sv48".equals(mmuType)) {
            throw new ConfigException("unknown MMU: " + mmuType);
        }
        if (append != null && (append.length() > MAX_APPEND_CHARS || append.indexOf('\0') >= 0)) {
            throw new ConfigException("the kernel's command line is longer than " + MAX_APPEND_CHARS
                    + " characters or holds a zero");
        }
        if (rtcEpochSeconds < 0 || rtcEpochSeconds > MAX_RTC_EPOCH_SECONDS) {
            throw new ConfigException("the RTC's start must be 0 to " + MAX_RTC_EPOCH_SECONDS + ": " + rtcEpochSeconds);
        }
        rngSeed();
        return this;
    }

    /** The seed's bytes, or null. */
    public byte[] rngSeed() throws ConfigException {
        if (rngSeedHex == null) {
            return null;
        }
        if (rngSeedHex.isEmpty() || rngSeedHex.length() > MAX_SEED_CHARS) {
            throw new ConfigException("the rng-seed must be 2 to " + MAX_SEED_CHARS + " hex digits");
        }
        try {
            return HexFormat.of().parseHex(rngSeedHex);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("the rng-seed is not hex: " + rngSeedHex);
        }
    }

    /** The manifest's settings, sorted; the clock's mode stands in the manifest by itself. */
    public SortedMap<String, String> toSettings() {
        SortedMap<String, String> entries = new TreeMap<>();
        entries.put(RAM, Long.toString(ramBytes));
        entries.put(MMU, mmuType);
        entries.put(RTC, Long.toString(rtcEpochSeconds));
        entries.put(STEP, Long.toString(STEP_NS));
        entries.put(ACCESSED_DIRTY, BY_WALK);
        if (append != null) {
            entries.put(APPEND, append);
        }
        if (rngSeedHex != null) {
            entries.put(SEED, rngSeedHex);
        }
        if (entropy != EntropyKind.NONE) {
            entries.put(ENTROPY, entropy.text());
        }
        return entries;
    }

    /**
     * From a manifest, which is hostile until checked.
     *
     * @throws ConfigException if an entry is missing, malformed or out of its range
     */
    public static MachineConfig ofSettings(Map<String, String> entries, ClockMode clock) throws ConfigException {
        if (number(entries, STEP) != STEP_NS) {
            throw new ConfigException("this machine makes a step in " + STEP_NS + " ns, the recording's in "
                    + entries.get(STEP));
        }
        return new MachineConfig(number(entries, RAM), need(entries, MMU), entries.get(APPEND), clock,
                number(entries, RTC), entries.get(SEED), entropy(entries)).checked();
    }

    private static EntropyKind entropy(Map<String, String> entries) throws ConfigException {
        String device = entries.getOrDefault(ENTROPY, "");
        for (EntropyKind kind : EntropyKind.values()) {
            if (kind.text().equals(device)) {
                return kind;
            }
        }
        throw new ConfigException("the recording's entropy device is unknown here: " + device);
    }

    private static String need(Map<String, String> entries, String key) throws ConfigException {
        String value = entries.get(key);
        if (value == null) {
            throw new ConfigException("the machine's configuration lacks " + key);
        }
        return value;
    }

    private static long number(Map<String, String> entries, String key) throws ConfigException {
        String value = need(entries, key);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new ConfigException("the machine's configuration has " + key + "=" + value);
        }
    }
}
