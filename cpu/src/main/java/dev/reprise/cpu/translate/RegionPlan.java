package dev.reprise.cpu.translate;

/**
 * What is to be translated: a copy, so that the translator's thread sees nothing of the guest's.
 *
 * @param page the number of the memory page
 * @param code its 4,096 bytes as they were
 * @param starts byte offsets in the page where control comes in, the hottest first
 * @param landings those of the starts that an indirect jump within the region may come to
 * @param tier which of the JVM's compilers the region is meant for
 */
public record RegionPlan(int page, byte[] code, int[] starts, int[] landings, Tier tier) {

    /** A plan without landings. */
    public RegionPlan(int page, byte[] code, int[] starts, Tier tier) {
        this(page, code, starts, new int[0], tier);
    }

    /** How much compilation a region deserves; told to the JVM by the name of its class. */
    public enum Tier {
        /** Met often enough to be translated. */
        WARM,
        /** Much of the run is spent there. */
        HOT
    }
}
