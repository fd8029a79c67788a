package dev.reprise.cpu.interpret;

import dev.reprise.cpu.translate.HostCode;

/**
 * How a hart executes. No guest can tell.
 *
 * @param translated whether hot code is translated; otherwise it is all interpreted and the rest has no meaning
 * @param patience how often a block is interpreted before it is looked at, 0 to 2^20; 0: everything is translated at
 *     first sight
 * @param share a block is translated by the JVM if it takes more than one in so many of all steps, at least 1; a hot
 *     region wants twice as much, beside {@code hotSteps}
 * @param hotSteps how many steps are executed in translated code that is entered at one block before a hot region is made
 *     for that block, at least 1; ten times as many beside machine code
 * @param maxInstructions most guest instructions of a warm region, 1 to 2,048, which is a page full; a hot one has up to twice
 *     as many, and what the JVM compiles at most 255
 * @param maxRegions most regions that are kept; beyond it all are dropped
 * @param callsInVain how often a new region is called, to no effect, so that the JVM compiles it before a guest has to
 *     wait for it
 * @param machineCode whether warm regions are machine code of our own, where there is such a thing; otherwise the JVM compiles them
 * @param inBackground whether a thread of its own translates; otherwise the guest's waits for it, which tests want
 */
public record Execution(boolean translated, int patience, int share, long hotSteps, int maxInstructions, int maxRegions,
        int callsInVain, boolean machineCode, boolean inBackground) {
    private static final int MAX_PATIENCE = 1 << 20;
    private static final int MAX_INSTRUCTIONS = 2_048;
    private static final int MAX_INSTRUCTIONS_OF_JVM = 128;
    /** The interpreter alone. */
    public static final Execution INTERPRETED = new Execution(false, 0, 1, 1, 1, 1, 0, false, false);
    /**
     * Hot code translated in the background. 300 calls are more than the JVM's first compiler waits for, and less than
     * its second.
     */
    public static final Execution TRANSLATED = new Execution(true, 150, 300, 5_000_000, MAX_INSTRUCTIONS, 1 << 14, 300, true, true);
    /** Translated at once and on the guest thread, so that a test knows what runs when. */
    public static final Execution EAGER = new Execution(true, 1, Integer.MAX_VALUE, 200, 128, 1 << 10, 0, true, false);
    /** As {@link #EAGER}, but with everything translated before it is first executed. */
    public static final Execution AT_FIRST_SIGHT =
            new Execution(true, 0, Integer.MAX_VALUE, Long.MAX_VALUE, 128, 1 << 10, 0, true, false);

    public Execution {
        if (patience < 0 || patience > MAX_PATIENCE || share < 1 || hotSteps < 1 || maxInstructions < 1
                || maxInstructions > MAX_INSTRUCTIONS || maxRegions < 1 || callsInVain < 0) {
            throw new IllegalArgumentException("out of range: patience=" + patience + " share=" + share + " hotSteps="
                    + hotSteps + " maxInstructions=" + maxInstructions + " maxRegions=" + maxRegions + " callsInVain="
                    + callsInVain);
        }
    }

    /** The same with other bounds, for tests. */
    public Execution withBounds(int newMaxInstructions, int newMaxRegions) {
        return new Execution(translated, patience, share, hotSteps, newMaxInstructions, newMaxRegions, callsInVain,
                machineCode, inBackground);
    }

    /** The same with everything left to the JVM's compilers, which take longer for it: more patience and smaller regions. */
    public Execution withoutMachineCode() {
        if (!machineCode) {
            return this;
        }
        return new Execution(translated, Math.min(patience * 5 / 3, MAX_PATIENCE), share, hotSteps,
                Math.min(maxInstructions, MAX_INSTRUCTIONS_OF_JVM), maxRegions, callsInVain, false, inBackground);
    }

    /** The same, or without machine code where there can be none. */
    Execution possible() {
        return translated && machineCode && !HostCode.isOpen() ? withoutMachineCode() : this;
    }
}
