package dev.reprise.proptest.fault;

import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.LogFile;
import dev.reprise.engine.journal.MemoryFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A disk that can crash at any moment: remembers what was forced and what was not, and makes states that a crash could
 * leave. Nothing is atomic but a sector, and only a force orders: of what was written since the last one, each sector is
 * there in any of its versions or not at all; a file may have grown without its data and then shows zeros or what an
 * older file has left there; a name that was made or removed since the folder was forced may be there or not.
 * Single-threaded.
 */
public final class CrashFiles extends FileDecorator {

    /** What is written at once, or not. */
    public static final int SECTOR_BYTES = 512;

    /** A write (bytes) or a truncation (no bytes) since the last force. */
    private record Pending(long position, byte[] bytes) {}

    private static final class Tracked {
        byte[] durable = new byte[0];
        final List<Pending> pending = new ArrayList<>();
        boolean entryDurable;
        boolean present = true;
    }

    private final Map<String, Tracked> tracked = new TreeMap<>();
    private final byte[] stale;
    private final Runnable beforeEach;

    /**
     * @param stale what old blocks of the disk hold
     * @param beforeEach called before each operation that changes something or forces it
     */
    public CrashFiles(FileLayer files, byte[] stale, Runnable beforeEach) {
        super(files);
        this.stale = stale;
        this.beforeEach = beforeEach;
    }

    /** Begins with files that are on the disk: those of an earlier crash. */
    public static CrashFiles of(MemoryFiles files, byte[] stale, Runnable beforeEach) {
        CrashFiles crash = new CrashFiles(files, stale, beforeEach);
        files.snapshot().forEach((name, bytes) -> {
            Tracked file = new Tracked();
            file.durable = bytes;
            file.entryDurable = true;
            crash.tracked.put(name, file);
        });
        return crash;
    }

    /** A state that the disk may be in if the machine lost its power now. */
    public MemoryFiles crash(SplittableRandom random) {
        MemoryFiles state = new MemoryFiles();
        double luck = random.nextDouble();
        tracked.forEach((name, file) -> {
            boolean there = file.entryDurable ? file.present || random.nextBoolean()
                    : file.present && random.nextDouble() < luck;
            if (there) {
                state.put(name, content(file, luck, random));
            }
        });
        return state;
    }

    private byte[] content(Tracked file, double luck, SplittableRandom random) {
        int extent = file.durable.length;
        for (Pending pending : file.pending) {
            extent = Math.max(extent, (int) pending.position + (pending.bytes == null ? 0 : pending.bytes.length));
        }
        int room = (extent + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
        byte[] now = Arrays.copyOf(file.durable, room);
        byte[] left = Arrays.copyOf(file.durable, room);
        boolean[] kept = new boolean[room / SECTOR_BYTES + 1];
        Arrays.fill(kept, 0, (file.durable.length + SECTOR_BYTES - 1) / SECTOR_BYTES, true);
        int size = file.durable.length;
        int logical = size;
        for (Pending pending : file.pending) {
            int from = (int) pending.position;
            int to = pending.bytes == null ? room : from + pending.bytes.length;
            if (pending.bytes == null) {
                Arrays.fill(now, Math.min(from, room), room, (byte) 0);
                logical = Math.min(logical, from);
            } else {
                System.arraycopy(pending.bytes, 0, now, from, pending.bytes.length);
                logical = Math.max(logical, to);
            }
            for (int sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < to; sector++) {
                if (random.nextDouble() < luck) {
                    System.arraycopy(now, sector * SECTOR_BYTES, left, sector * SECTOR_BYTES, SECTOR_BYTES);
                    kept[sector] = true;
                }
            }
            if (random.nextDouble() < luck) {
                size = logical;
            }
        }
        boolean zeros = random.nextBoolean();
        for (int sector = 0; sector * SECTOR_BYTES < room; sector++) {
            if (!kept[sector]) {
                for (int i = sector * SECTOR_BYTES; i < (sector + 1) * SECTOR_BYTES; i++) {
                    left[i] = zeros || stale.length == 0 ? 0 : stale[i % stale.length];
                }
            }
        }
        return Arrays.copyOf(left, size);
    }

    @Override
    public LogFile create(String name) throws IOException {
        beforeEach.run();
        return super.create(name);
    }

    @Override
    public void delete(String name) throws IOException {
        beforeEach.run();
        super.delete(name);
        Tracked file = tracked.get(name);
        file.present = false;
        if (!file.entryDurable) {
            tracked.remove(name);
        }
    }

    @Override
    public void rename(String from, String to) {
        throw new UnsupportedOperationException("the journal renames nothing: " + from + " to " + to);
    }

    @Override
    public void forceFolder(String name) throws IOException {
        beforeEach.run();
        super.forceFolder(name);
        tracked.entrySet().removeIf(entry -> inFolder(entry.getKey(), name) && !entry.getValue().present);
        tracked.forEach((file, state) -> state.entryDurable |= inFolder(file, name));
    }

    private static boolean inFolder(String name, String folder) {
        int slash = name.lastIndexOf('/');
        return folder.equals(slash < 0 ? "" : name.substring(0, slash));
    }

    @Override
    protected LogFile wrap(String name, LogFile file) {
        Tracked state = tracked.computeIfAbsent(name, created -> new Tracked());
        return new DecoratedFile(file) {
            @Override
            public int write(ByteBuffer from, long position) throws IOException {
                beforeEach.run();
                byte[] bytes = new byte[from.remaining()];
                from.slice().get(bytes);
                int count = file.write(from, position);
                state.pending.add(new Pending(position, Arrays.copyOf(bytes, count)));
                return count;
            }

            @Override
            public void truncate(long size) throws IOException {
                beforeEach.run();
                file.truncate(size);
                state.pending.add(new Pending(size, null));
            }

            @Override
            public void force() throws IOException {
                beforeEach.run();
                file.force();
                byte[] bytes = new byte[(int) file.size()];
                file.readFully(ByteBuffer.wrap(bytes), 0);
                state.durable = bytes;
                state.pending.clear();
            }
        };
    }
}
