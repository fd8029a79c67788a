package dev.reprise.bench.cpu;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Locale;

/**
 * What this JVM holds after everything that nobody refers to is gone.
 *
 * @param heapBytes used
 * @param classes loaded
 * @param metaspaceBytes what classes take beside the heap
 * @param codeBytes of machine code
 */
record Footprint(long heapBytes, long classes, long metaspaceBytes, long codeBytes) {

    private static final int COLLECTIONS = 6;
    private static final long PAUSE_MS = 60;

    static Footprint take() throws InterruptedException {
        Footprint least = null;
        // Classes and their code go when the collector has found them dead, some of it a collection later.
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(PAUSE_MS);
            Footprint now = new Footprint(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(), used("Metaspace", "Compressed"),
                    used("CodeHeap", "CodeCache"));
            least = least == null ? now : now.orLess(least);
        }
        return least;
    }

    private Footprint orLess(Footprint other) {
        return new Footprint(Math.min(heapBytes, other.heapBytes), Math.min(classes, other.classes),
                Math.min(metaspaceBytes, other.metaspaceBytes), Math.min(codeBytes, other.codeBytes));
    }

    private static long used(String... names) {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            for (String name : names) {
                bytes += pool.getName().startsWith(name) ? pool.getUsage().getUsed() : 0;
            }
        }
        return bytes;
    }

    /** By how much each is more than before; what is less counts as nothing. */
    Footprint growthSince(Footprint before) {
        return new Footprint(Math.max(0, heapBytes - before.heapBytes), Math.max(0, classes - before.classes),
                Math.max(0, metaspaceBytes - before.metaspaceBytes), Math.max(0, codeBytes - before.codeBytes));
    }

    /** This and so many of the other. */
    Footprint and(int times, Footprint other) {
        return new Footprint(heapBytes + times * other.heapBytes, classes + times * other.classes,
                metaspaceBytes + times * other.metaspaceBytes, codeBytes + times * other.codeBytes);
    }

    boolean isWithin(Footprint slack) {
        return heapBytes <= slack.heapBytes && classes <= slack.classes && metaspaceBytes <= slack.metaspaceBytes
                && codeBytes <= slack.codeBytes;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "heap %,d KiB, %,d classes, metaspace %,d KiB, code %,d KiB", heapBytes >> 10,
                classes, metaspaceBytes >> 10, codeBytes >> 10);
    }
}
