package dev.reprise.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a session is made from. The first part describes the guest and goes into the manifest; the second part (quantum,
 * durability, ring sizes) belongs to the host, is invisible to the guest and may differ between two runs.
 */
public final class SessionConfig {

    /** A device that takes part in the recording; its number is its place in the list, from 1 on. */
    public record Device(String name, String kind, int revision) {}

    /**
     * A file that the guest is made from; the recording holds a copy named by its SHA-256.
     *
     * @param sha256 of the bytes that the guest was made from, 64 hexadecimal digits, to be compared with those copied;
     *     null not to compare
     */
    public record Image(String name, Path file, String sha256) {}

    /** Steps between digests by default. */
    public static final long DEFAULT_DIGEST_INTERVAL = 50_000_000;

    private final String guest;
    private String unit = "steps";
    private ClockMode clockMode = ClockMode.INSTRUCTIONS;
    private long clockRate = 10 * GuestClock.RATE_ONE;
    private long digestInterval = DEFAULT_DIGEST_INTERVAL;
    private final List<Device> devices = new ArrayList<>();
    private final List<Image> images = new ArrayList<>();
    private final Map<String, Integer> revisions = new TreeMap<>();
    private final Map<String, String> settings = new TreeMap<>();

    private WitnessMode witness = WitnessMode.CHECKPOINTS;
    private final TreeSet<String> ledgerBytes = new TreeSet<>();
    private final List<String> blockers = new ArrayList<>();

    private long quantum;
    private int durability = 1;
    private boolean compress = true;
    private boolean copyImages = true;
    private int inboxSlots = 1024;
    private int outputBytes = 1 << 16;
    private long outputPatienceNs = Long.MAX_VALUE;
    private Host host = Host.SYSTEM;
    private long until = Long.MAX_VALUE;
    private boolean prefix;
    private final TreeSet<Long> digestAt = new TreeSet<>();

    private SessionConfig(String guest) {
        this.guest = guest;
    }

    /** @param guest the name of the guest: a replay by another guest is refused */
    public static SessionConfig of(String guest) {
        return new SessionConfig(guest);
    }

    // ---- Part of the manifest.

    /** What positions count: {@code steps}, {@code cycles}, {@code frames}. */
    public SessionConfig unit(String name) {
        unit = name;
        return this;
    }

    /** @param rate guest nanoseconds per position unit, in 2^-32 ns; 10 ns by default */
    public SessionConfig clock(ClockMode mode, long rate) {
        clockMode = mode;
        clockRate = rate;
        return this;
    }

    /** A digest of the state is journaled at multiples of this many position units; 0 for none. */
    public SessionConfig digestEvery(long interval) {
        if (interval < 0) {
            throw new IllegalArgumentException("digest interval must not be negative: interval=" + interval);
        }
        digestInterval = interval;
        return this;
    }

    /** Adds a device; the revision is raised with each change of it that a guest can see. */
    public SessionConfig device(String name, String kind, int revision) {
        if (name.indexOf(',') >= 0) {
            throw new IllegalArgumentException("a device's name has no comma: " + name);
        }
        for (Device d : devices) {
            if (d.name.equals(name)) {
                throw new IllegalArgumentException("two devices of one name: " + name);
            }
        }
        devices.add(new Device(name, kind, revision));
        return this;
    }

    public SessionConfig device(String name, String kind) {
        return device(name, kind, 1);
    }

    /** Names a part of the model and its revision, raised with each change that a guest can see. */
    public SessionConfig revision(String part, int revision) {
        revisions.put(part, revision);
        return this;
    }

    /** A setting of the guest; equal in record and replay, so it is read back from the manifest. */
    public SessionConfig setting(String key, String value) {
        if (key.startsWith(SessionRevision.PREFIX)) {
            throw new IllegalArgumentException("settings that begin with " + SessionRevision.PREFIX + " are the engine's: "
                    + key);
        }
        settings.put(key, value);
        return this;
    }

    /** How interrupts, exceptions and checkpoints are kept; by default checkpoints are events. */
    public SessionConfig witness(WitnessMode mode) {
        witness = mode;
        return this;
    }

    /**
     * Puts the bytes of that device's output into the log and not only their hash, so that a replay that differs names the
     * first byte. Costs as much log as there is output.
     */
    public SessionConfig ledgerBytes(String device) {
        if (devices.stream().noneMatch(d -> d.name().equals(device))) {
            throw new IllegalArgumentException("no such device: " + device);
        }
        ledgerBytes.add(device);
        return this;
    }

    /** Registers why this run cannot be recorded; starting a recording then fails with all the reasons. */
    public SessionConfig blockRecording(String reason) {
        if (!blockers.contains(reason)) {
            blockers.add(reason);
        }
        return this;
    }

    public SessionConfig image(String name, Path file) {
        return image(name, file, null);
    }

    /**
     * As {@link #image(String, Path)}; a recording is refused if the file is not any more what the guest was made from.
     *
     * @param sha256 of the bytes that were loaded, 64 hexadecimal digits
     */
    public SessionConfig image(String name, Path file, String sha256) {
        images.add(new Image(name, file, sha256));
        return this;
    }

    // ---- The host's own.

    /** Position units between two looks at the inbox; 0 (the default) adapts to about a millisecond of host time. */
    public SessionConfig quantum(long units) {
        if (units < 0) {
            throw new IllegalArgumentException("quantum must not be negative: quantum=" + units);
        }
        quantum = units;
        return this;
    }

    /**
     * 0: the operating system decides when the log is on the disk. 1: it is forced twice a second. 2: as 1, and output
     * commit: a backend never gets a byte that a replay of what is on the disk would not produce.
     */
    public SessionConfig durability(int level) {
        if (level < 0 || level > 2) {
            throw new IllegalArgumentException("durability must be 0, 1 or 2: durability=" + level);
        }
        durability = level;
        return this;
    }

    public SessionConfig compress(boolean on) {
        compress = on;
        return this;
    }

    /** Whether the recording holds copies of the images (the default) or only their hashes. */
    public SessionConfig copyImages(boolean on) {
        copyImages = on;
        return this;
    }

    /** Slots of the inbox, a power of two of at least 512. */
    public SessionConfig inboxSlots(int slots) {
        inboxSlots = slots;
        return this;
    }

    /** Bytes that each device's output ring holds, a power of two. */
    public SessionConfig outputBytes(int bytes) {
        outputBytes = bytes;
        return this;
    }

    /**
     * For how long a replay waits for a backend that takes nothing of what its guest puts out: a recorded guest was told that
     * there is no room, a replayed one can only be told what the log says. Then the backend is given up, and what it does
     * not get is skipped and counted. For ever, by default, or until somebody ends the replay; at least 1 ns.
     */
    public SessionConfig outputPatience(long ns) {
        if (ns < 1) {
            throw new IllegalArgumentException("patience must be positive: ns=" + ns);
        }
        outputPatienceNs = ns;
        return this;
    }

    /** Who answers the guest's questions in record and with recording off; never asked in replay. */
    public SessionConfig host(Host answering) {
        host = answering;
        return this;
    }

    /** Ends the run at the first stop point at or after this position, before the inputs stamped there. */
    public SessionConfig until(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("position must not be negative: until=" + position);
        }
        until = position;
        return this;
    }

    /** Asks for the digest at that position, beside those of the interval; reported, not journaled. */
    public SessionConfig digestAt(long position) {
        digestAt.add(position);
        return this;
    }

    /** Whether a replay of a damaged log uses the groups before the damage; refused otherwise. */
    public SessionConfig acceptPrefix(boolean accept) {
        prefix = accept;
        return this;
    }

    public String guest() {
        return guest;
    }

    public String unit() {
        return unit;
    }

    public ClockMode clockMode() {
        return clockMode;
    }

    public long clockRate() {
        return clockRate;
    }

    public long digestInterval() {
        return digestInterval;
    }

    public List<Device> devices() {
        return List.copyOf(devices);
    }

    public List<Image> images() {
        return List.copyOf(images);
    }

    public Map<String, Integer> revisions() {
        return new LinkedHashMap<>(revisions);
    }

    /** The guest's, and what the engine has to find again in the manifest. */
    public Map<String, String> settings() {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(SessionRevision.KEY, Integer.toString(SessionRevision.CURRENT));
        all.put(SessionRevision.WITNESS, witness.text());
        if (!ledgerBytes.isEmpty()) {
            all.put(SessionRevision.LEDGER_BYTES, String.join(",", ledgerBytes));
        }
        return new LinkedHashMap<>(all);
    }

    /** The guest's settings alone, without those of the engine. */
    public static Map<String, String> guestSettings(Map<String, String> settings) {
        Map<String, String> own = new TreeMap<>(settings);
        own.keySet().removeIf(key -> key.startsWith(SessionRevision.PREFIX));
        return own;
    }

    public WitnessMode witness() {
        return witness;
    }

    public List<String> ledgerBytes() {
        return List.copyOf(ledgerBytes);
    }

    /** Why this run cannot be recorded; empty if it can. */
    public List<String> blockers() {
        return List.copyOf(blockers);
    }

    public long quantum() {
        return quantum;
    }

    public int durability() {
        return durability;
    }

    public boolean compress() {
        return compress;
    }

    public boolean copyImages() {
        return copyImages;
    }

    public int inboxSlots() {
        return inboxSlots;
    }

    public int outputBytes() {
        return outputBytes;
    }

    public long outputPatienceNs() {
        return outputPatienceNs;
    }

    public Host host() {
        return host;
    }

    public long until() {
        return until;
    }

    public boolean acceptPrefix() {
        return prefix;
    }

    /** In ascending order. */
    public long[] digestAt() {
        return digestAt.stream().mapToLong(Long::longValue).toArray();
    }
}
