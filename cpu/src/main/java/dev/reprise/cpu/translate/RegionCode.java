package dev.reprise.cpu.translate;

/**
 * A translated region, ready to be installed.
 *
 * @param plan what was asked for
 * @param region the code; null if there was nothing that could be translated
 * @param entries byte offsets in the page, by entry number
 * @param budgets steps that must be left to enter, by entry number
 * @param covered a bit for each halfword of the page that the region was made from
 * @param usesFloat whether FS must be dirty and frm valid to enter
 * @param instructions guest instructions in it
 * @param bytecodes bytes of bytecode of its method
 */
public record RegionCode(RegionPlan plan, Region region, int[] entries, int[] budgets, long[] covered, boolean usesFloat,
        int instructions, int bytecodes) {

    static final int COVERED_WORDS = 32;
    private static final byte[] NO_BYTES = {};

    static RegionCode nothing(RegionPlan plan) {
        return new RegionCode(plan, null, new int[0], new int[0], new long[COVERED_WORDS], false, 0, 0);
    }

    /** The same without the copy of the page, which is of no use once the region is installed. */
    public RegionCode withoutCopy() {
        return new RegionCode(new RegionPlan(plan.page(), NO_BYTES, plan.starts(), plan.landings(), plan.tier()), region, entries, budgets,
                covered, usesFloat, instructions, bytecodes);
    }

    /** Whether the region was made from any of these bytes of its page. */
    public boolean covers(int offset, int length) {
        int last = offset + length - 1 >> 1;
        for (int halfword = offset >> 1; halfword <= last; halfword++) {
            if ((covered[halfword >> 6] & 1L << halfword) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a page still holds the code that the region was made from. */
    public boolean isMadeFrom(byte[] now) {
        byte[] then = plan.code();
        for (int word = 0; word < COVERED_WORDS; word++) {
            for (long rest = covered[word]; rest != 0; rest &= rest - 1) {
                int at = (word << 6 | Long.numberOfTrailingZeros(rest)) << 1;
                if (then[at] != now[at] || then[at + 1] != now[at + 1]) {
                    return false;
                }
            }
        }
        return true;
    }
}
