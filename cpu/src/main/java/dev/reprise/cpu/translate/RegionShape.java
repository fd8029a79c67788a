package dev.reprise.cpu.translate;

import dev.reprise.cpu.decode.CompressedDecoder;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.Arrays;

/**
 * The instructions of a region, its basic blocks and their budgets. Instructions and blocks are numbered by rising offset.
 * Offsets and words count from the start of the (first) page.
 *
 * <p>In a hot region an indirect jump may come to any landing, and a call comes back behind itself. A <i>loop head</i> is a
 * block that a block at the same or a higher offset leads to, or an indirect jump, or that a call comes back to; the budget is
 * compared there, and when the region is entered. Every cycle has one, so what lies between two comparisons is a graph without
 * cycles; a block's <i>budget</i> is the longest way through it from there on.
 */
final class RegionShape {
    static final int NONE = -1;

    final int count;
    final int[] offset;
    final int[] length;
    final long[] word;
    /** First instruction of each block, and last the number of instructions. */
    final int[] first;
    final int blocks;
    final boolean[] isEntry;
    final boolean[] isLoopHead;
    final int[] budget;
    /** Whether an indirect jump may come to the block. */
    final boolean[] isLanding;
    /** Blocks with an indirect jump, if there is somewhere to land; else 0. */
    final int jumpsInside;
    /** Made for the JVM's best compiler, with one entry. */
    final boolean isHot;
    private final int bytes;
    private final int[] instructionAt;
    private final int[] blockAt;

    /**
     * @param plan what does not fit of it is left out
     * @param maxInstructions most instructions
     * @param others null, or where other regions of the page are entered, a bit for each halfword: then what branches and
     *     jumps lead to in the page, and what lies behind calls, is taken in as well, seen or not, up to there
     */
    RegionShape(RegionPlan plan, int maxInstructions, long[] others) {
        byte[] code = plan.code();
        int[] starts = plan.starts();
        isHot = plan.tier() == RegionPlan.Tier.HOT;
        bytes = code.length;
        instructionAt = new int[bytes / 2];
        blockAt = new int[bytes / 2];
        long[] words = new long[bytes / 2];
        int[] lengths = new int[bytes / 2];
        int total = 0;
        for (int start : starts) {
            total += decode(code, start, words, lengths, maxInstructions - total, others);
        }
        if (others != null) {
            total = decodeOnward(code, words, lengths, total, maxInstructions, others);
        }
        count = total;
        offset = new int[total];
        length = new int[total];
        word = new long[total];
        Arrays.fill(instructionAt, NONE);
        int at = 0;
        for (int half = 0; half < lengths.length; half++) {
            if (lengths[half] != 0) {
                offset[at] = 2 * half;
                length[at] = lengths[half];
                word[at] = words[half];
                instructionAt[half] = at++;
            }
        }
        boolean[] leads = new boolean[total];
        boolean[] enters = new boolean[total];
        for (int start : starts) {
            int instruction = instructionAt[start >> 1];
            if (instruction != NONE) {
                leads[instruction] = true;
                enters[instruction] = !isHot || start == starts[0];
            }
        }
        for (int i = 0; i < total; i++) {
            markLeaders(i, leads);
        }
        int found = 0;
        int leader = 0;
        for (int i = 0; i < total; i++) {
            // Within a block an instruction's number must fit into what names it.
            leads[i] |= i - leader > RegionContext.MAX_INDEX;
            leader = leads[i] ? i : leader;
            found += leads[i] ? 1 : 0;
        }
        blocks = found;
        first = new int[found + 1];
        isEntry = new boolean[found];
        isLoopHead = new boolean[found];
        budget = new int[found];
        Arrays.fill(blockAt, NONE);
        int block = 0;
        for (int i = 0; i < total; i++) {
            if (leads[i]) {
                first[block] = i;
                isEntry[block] = enters[i];
                blockAt[offset[i] >> 1] = block++;
            }
        }
        first[found] = total;
        isLanding = new boolean[found];
        boolean lands = false;
        for (int landing : plan.landings()) {
            if (blockAt[landing >> 1] != NONE) {
                isLanding[blockAt[landing >> 1]] = true;
                lands = true;
            }
        }
        int jumps = 0;
        for (int i = 0; i < total && lands && isHot; i++) {
            jumps += Predecoded.isIndirectJump(word[i]) ? 1 : 0;
        }
        jumpsInside = jumps;
        findLoopHeads();
        computeBudgets();
    }

    /** Decodes a straight run up to something decoded before, what another region has, or what a region leaves to the interpreter. */
    private static int decode(byte[] code, int start, long[] words, int[] lengths, int most, long[] others) {
        int at = start;
        int decoded = 0;
        while (decoded < most && at + 2 <= code.length && lengths[at >> 1] == 0 && (at == start || !isAmong(others, at))) {
            int halfword = code[at] & 0xff | (code[at + 1] & 0xff) << 8;
            int length = Decoder.lengthOf(halfword);
            if (at + length > code.length) {
                break;
            }
            long packed = length == 2 ? CompressedDecoder.decode(halfword)
                    : Decoder.decode(halfword | (code[at + 2] & 0xff) << 16 | code[at + 3] << 24);
            int op = Decoder.op(packed);
            boolean ends = Predecoded.ends(op);
            if (ends && op != Op.JAL && op != Op.JALR || !isInReach(packed, at)) {
                break;
            }
            words[at >> 1] = Predecoded.word(packed, at);
            lengths[at >> 1] = length;
            decoded++;
            at += length;
            if (ends) {
                break;
            }
        }
        return decoded;
    }

    /** Decodes what the instructions decoded so far lead to, until there is nothing new or the most; how many there are then. */
    private static int decodeOnward(byte[] code, long[] words, int[] lengths, int before, int most, long[] others) {
        int total = before;
        int last;
        do {
            last = total;
            for (int half = 0; half < lengths.length; half++) {
                if (lengths[half] == 0) {
                    continue;
                }
                long word = words[half];
                int op = Predecoded.op(word);
                if (Predecoded.isCall(word)) {
                    total += decodeAt(code, 2 * half + lengths[half], words, lengths, most - total, others);
                } else if (Predecoded.isBranch(op) || op == Op.JAL) {
                    total += decodeAt(code, Predecoded.imm(word), words, lengths, most - total, others);
                }
            }
        } while (total > last);
        return total;
    }

    private static int decodeAt(byte[] code, int start, long[] words, int[] lengths, int most, long[] others) {
        return start < 0 || start >= code.length || isAmong(others, start) ? 0 : decode(code, start, words, lengths, most, others);
    }

    private static boolean isAmong(long[] halfwords, int at) {
        return halfwords != null && (halfwords[at >> 7] & 1L << (at >> 1)) != 0;
    }

    /** Whether what auipc adds still fits in its word when it counts from the first page. */
    private static boolean isInReach(long packed, int at) {
        return Decoder.op(packed) != Op.AUIPC || (long) Predecoded.imm(packed) + at <= Integer.MAX_VALUE;
    }

    private void markLeaders(int i, boolean[] leads) {
        int op = Predecoded.op(word[i]);
        if (Predecoded.isBranch(op) || op == Op.JAL) {
            int target = instructionAtOffset(Predecoded.imm(word[i]));
            if (target != NONE) {
                leads[target] = true;
            }
        }
        // Whatever does not continue the instruction before it begins a block.
        boolean continued = i > 0 && offset[i - 1] + length[i - 1] == offset[i]
                && !Predecoded.isBranch(Predecoded.op(word[i - 1])) && !Predecoded.ends(Predecoded.op(word[i - 1]));
        if (!continued) {
            leads[i] = true;
        }
        // One instruction inside another: control runs on behind it at a place that is not its neighbour.
        int next = offset[i] + length[i];
        if (i + 1 < count && offset[i + 1] != next && instructionAtOffset(next) != NONE) {
            leads[instructionAtOffset(next)] = true;
        }
    }

    private int instructionAtOffset(int at) {
        return at < 0 || at >= bytes ? NONE : instructionAt[at >> 1];
    }

    /** The block that begins at an offset, or {@link #NONE}; any offset may be asked for. */
    int blockAtOffset(int at) {
        return at < 0 || at >= bytes ? NONE : blockAt[at >> 1];
    }

    /** Whether there is an entry: a hot region may have lost its only one. */
    boolean canBeEntered() {
        for (boolean enters : isEntry) {
            if (enters) {
                return true;
            }
        }
        return false;
    }

    /** How many bits an offset has. */
    int addressBits() {
        return Integer.numberOfTrailingZeros(bytes);
    }

    /** The last instruction of a block. */
    int last(int block) {
        return first[block + 1] - 1;
    }

    /** The block that control runs on to without a jump, or {@link #NONE}. */
    int following(int block) {
        int last = last(block);
        return Predecoded.ends(Predecoded.op(word[last])) ? NONE : blockAtOffset(offset[last] + length[last]);
    }

    /** The block that the last instruction of a block branches or jumps to, or {@link #NONE}. */
    int taken(int block) {
        int last = last(block);
        int op = Predecoded.op(word[last]);
        return Predecoded.isBranch(op) || op == Op.JAL && !calls(block)
                ? blockAtOffset(Predecoded.imm(word[last])) : NONE;
    }

    /** Whether a block ends with a call that comes back. */
    boolean calls(int block) {
        return isHot && Predecoded.isCall(word[last(block)]);
    }

    /** Whether there is such a block. */
    boolean hasCalls() {
        for (int block = 0; block < blocks; block++) {
            if (calls(block)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether it is all integer computation, memory and branches: that the JVM's best compiler does better than our own machine code,
     * and the rest worse.
     */
    boolean isPlain() {
        for (long instruction : word) {
            int op = Predecoded.op(instruction);
            boolean computesFloat = op >= Op.FLD && !MemoryEmitter.isLoad(op) && !MemoryEmitter.isStore(op);
            if (computesFloat || RegionEmitter.isExecuted(op) || Predecoded.isCall(instruction)
                    || Predecoded.isIndirectJump(instruction)) {
                return false;
            }
        }
        return true;
    }

    /** The block that a call at the end of a block comes back to, or {@link #NONE}. */
    int returning(int block) {
        return blockAtOffset(offset[last(block)] + length[last(block)]);
    }

    /** Whether a block ends with an indirect jump that may come to a landing. */
    boolean jumpsInside(int block) {
        return jumpsInside > 0 && Predecoded.isIndirectJump(word[last(block)]);
    }

    /** For each halfword which landing is there, from 1 on in the order of blocks, or 0; null if nothing jumps to one. */
    byte[] landings() {
        if (jumpsInside == 0) {
            return null;
        }
        byte[] landings = new byte[bytes / 2];
        byte number = 0;
        for (int block = 0; block < blocks; block++) {
            if (isLanding[block]) {
                landings[offset[first[block]] >> 1] = ++number;
            }
        }
        return landings;
    }

    private void findLoopHeads() {
        for (int block = 0; block < blocks; block++) {
            if (jumpsInside > 0 && isLanding[block]) {
                isLoopHead[block] = true;
            }
            if (calls(block) && returning(block) != NONE) {
                isLoopHead[returning(block)] = true;
            }
            int taken = taken(block);
            if (taken != NONE && taken <= block) {
                isLoopHead[taken] = true;
            }
            int following = following(block);
            if (following != NONE && following <= block) {
                isLoopHead[following] = true;
            }
        }
    }

    private void computeBudgets() {
        for (int block = blocks - 1; block >= 0; block--) {
            budget[block] = first[block + 1] - first[block] + Math.max(onward(taken(block)), onward(following(block)));
        }
    }

    private int onward(int block) {
        return block == NONE || isLoopHead[block] ? 0 : budget[block];
    }
}
