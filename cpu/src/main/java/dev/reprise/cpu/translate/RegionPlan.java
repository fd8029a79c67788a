package dev.reprise.cpu.translate;

/**
 * What is to be translated: a copy, so that the translator's thread sees nothing of the guest's.
 *
 * @param page the number of the memory page
 * @param code its 4,096 bytes as they were
 * @param starts byte offsets in the page where control comes in, the hottest first
 * @param tier which of the JVM's compilers the region is meant for
 */
public record RegionPlan(int page, byte[] code, int[] starts, Tier tier) {

    /** How much compilation a region deserves; told to the JVM by the name of its class. */
    public enum Tier {
        /** Met often enough to be translated. */
        WARM,
        /** Much of the run is spent there. */
        HOT
    }
}
