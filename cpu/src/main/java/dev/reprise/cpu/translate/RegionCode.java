package dev.reprise.cpu.translate;

/**
 * A translated region, ready to be installed.
 *
 * @param plan what was asked for
 * @param region the code; null if there was nothing that could be translated
 * @param entries byte offsets from the start of the (first) page, by entry number
 * @param budgets steps that must be left to enter, by entry number
 * @param covered a bit for each halfword of the page or pages that the region was made from
 * @param usesFloat whether FS must be dirty and frm valid to enter
 * @param instructions guest instructions in it
 * @param bytecodes bytes of bytecode of its method, or of machine code
 */
public record RegionCode(RegionPlan plan, Region region, int[] entries, int[] budgets, long[] covered, boolean usesFloat,
        int instructions, int bytecodes) {

    private static final int PAGE_BYTES = 4096;
    private static final byte[] NO_BYTES = {};

    /** Length of {@link #covered}. */
    static int coveredWords(RegionPlan plan) {
        return plan.code().length / 128;
    }

    static RegionCode nothing(RegionPlan plan) {
        return new RegionCode(plan, null, new int[0], new int[0], new long[coveredWords(plan)], false, 0, 0);
    }

    /** The same without the copy of the page, and without what its other regions have, which are of no use once it is installed. */
    public RegionCode withoutCopy() {
        RegionPlan kept = new RegionPlan(plan.page(), plan.secondPage(), NO_BYTES, plan.starts(), plan.landings(), plan.tier(), null);
        return new RegionCode(kept, region, entries, budgets, covered, usesFloat, instructions, bytecodes);
    }

    /** The offset in the region of a place in one of its pages. */
    public int offset(int page, int inPage) {
        return page == plan.page() ? inPage : PAGE_BYTES + inPage;
    }

    /** Which of its pages an offset is in. */
    public int pageAt(int offset) {
        return offset < PAGE_BYTES ? plan.page() : plan.secondPage();
    }

    /** Whether the region was made from any of these bytes of one of its pages. */
    public boolean covers(int page, int inPage, int length) {
        int offset = offset(page, inPage);
        int last = offset + length - 1 >> 1;
        for (int halfword = offset >> 1; halfword <= last; halfword++) {
            if ((covered[halfword >> 6] & 1L << halfword) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether the page, or the two behind each other, still holds the code that the region was made from. */
    public boolean isMadeFrom(byte[] now) {
        byte[] then = plan.code();
        for (int word = 0; word < covered.length; word++) {
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
