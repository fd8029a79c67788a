package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the interpreter's loop needs of all blocks, in one array, one block behind the other in the order in which they
 * were made. That is the order in which they were first executed: a program that is larger than the host's caches finds what
 * comes next on the same or the following cache line. As objects, a head, an array of words and one of hints each, blocks
 * lay where the garbage collector had put them.
 *
 * <p>A block begins with a head of {@link #HEAD} bytes, and is known by where that is in the array, in bytes:
 *
 * <pre>
 *    0              where it was last found: the loop's pc; with the generation, what makes it valid for a hint
 *    8              generation, or {@link #DROPPED}
 *   16  31 .. 26    number of instructions, 1 to {@link #MAX_LENGTH}, less one
 *       25 .. 19    number of their halfwords, less one
 *       18 ..  0    number of the block
 *   20              the block that followed, unless a branch was taken; in units of 8 bytes
 *   24              patience: falls each time the interpreter comes here from another block
 *   28              its instructions, as in {@link PackedCode}, counted from the start of the block
 * </pre>
 *
 * <p>What followed is a hint: whoever uses it compares pc and generation first; 0 is a head that is never valid. A place that
 * becomes free is used again for blocks of the same size alone, so an old hint always leads to a head.
 */
final class BlockStore {
    /** Most instructions of a block: each has a bit in {@link Block#longOnes}. */
    static final int MAX_LENGTH = 64;
    /** A generation that no fetch context ever has. */
    static final long DROPPED = -1;
    /** In place of where a branch that was taken has its hint: control went on behind the block, or where its jump leads. */
    static final int ONWARD = -1;

    static final int GENERATION = 8;
    static final int SHAPE = 16;
    static final int NEXT = 20;
    static final int PATIENCE = 24;
    static final int HEAD = 28;
    /** How far the number of instructions, and that of halfwords, are shifted in the shape. */
    static final int LENGTH_SHIFT = 26;
    static final int HALFWORDS_SHIFT = 19;
    static final int MOST_HALFWORDS = 128;
    /** Hints count in so many bytes. */
    static final int HINT_SHIFT = 3;

    /**
     * Behind the head that is never valid: what the loop works with beside the block. Of the run, the fetch context's generation, the
     * addresses of the TLB's tables for loads and for stores, and the mask of their entries; the steps that are left from the block's
     * start; and, where it has stopped, the block, the place in it and the next pc.
     */
    static final int RUN_GENERATION = HEAD + 4;
    static final int RUN_READS = RUN_GENERATION + 8;
    static final int RUN_WRITES = RUN_GENERATION + 16;
    static final int RUN_MASK = RUN_GENERATION + 24;
    static final int RUN_LEFT = RUN_GENERATION + 32;
    static final int RUN_BLOCK = RUN_GENERATION + 40;
    static final int RUN_PLACE = RUN_GENERATION + 48;
    static final int RUN_PC = RUN_GENERATION + 56;
    private static final int RUN_END = RUN_GENERATION + 64;

    private static final int NUMBER = (1 << HALFWORDS_SHIFT) - 1;
    private static final int FIRST_BYTES = 1 << 18;
    private static final int MOST_BYTES = 32 << 20;
    private static final int MAX_SIZE = size(MAX_LENGTH * PackedCode.MOST_UNITS + 1);

    static {
        if (MAX_LENGTH > 1 << Integer.SIZE - LENGTH_SHIFT || 2 * MAX_LENGTH > MOST_HALFWORDS
                || MOST_HALFWORDS > 1 << LENGTH_SHIFT - HALFWORDS_SHIFT || MOST_BYTES >> HINT_SHIFT > PackedCode.TAKEN
                || MAX_LENGTH >= 1 << Integer.SIZE - PackedCode.COUNT_SHIFT) {
            throw new ExceptionInInitializerError("a block's fields are too small for it");
        }
    }

    /** Changes when a place becomes free or holds something else: what was known of blocks by their place is then void. */
    int epoch;
    /** Maybe another one after a block was added. */
    long[] memory = new long[FIRST_BYTES / 8];
    private int used;
    /** By number. */
    private Block[] owners = new Block[64];
    private int numbers;
    /** By size in words: the first place that is free, or 0; it holds the next one. */
    private final int[] free = new int[MAX_SIZE / 8 + 1];
    /** Where the start of a block is, if there are not enough steps left for all of it. */
    private int cut;
    private final int[] units = new int[MAX_SIZE / PackedCode.UNIT_BYTES];
    private int unitCount;
    private final long[] one = new long[1];

    BlockStore() {
        clear();
    }

    /** Whether there may be no room for another block. */
    boolean isFull() {
        return used + MAX_SIZE > MOST_BYTES || numbers > NUMBER;
    }

    /** Forgets every block. */
    void clear() {
        Arrays.fill(owners, null);
        Arrays.fill(free, 0);
        used = 0;
        int nobody = take(RUN_END);
        MEMORY.putLong(memory, nobody + GENERATION, DROPPED);
        cut = take(MAX_SIZE);
        // Number 0 is nobody's.
        numbers = 1;
        epoch++;
    }

    private int take(int bytes) {
        if (used + bytes > 8 * memory.length) {
            memory = Arrays.copyOf(memory, 2 * memory.length);
        }
        int place = used;
        used += bytes;
        return place;
    }

    /**
     * Takes in a block's words, at no place of the guest's yet.
     *
     * @param decoded at least {@code length} words
     */
    void add(Block block, long[] decoded, int length, long longOnes) {
        pack(decoded, length);
        int size = size(unitCount);
        int place = free[size / 8];
        if (place == 0) {
            place = take(size);
            block.number = newNumber();
        } else {
            free[size / 8] = (int) MEMORY.getLong(memory, place);
            block.number = MEMORY.getInt(memory, place + SHAPE) & NUMBER;
        }
        owners[block.number] = block;
        block.at = place;
        block.size = size;
        put(block, decoded, length, longOnes);
    }

    /** Puts an instruction in the place of that of a block of one, which was made from a word of the largest size. */
    void replaceOne(Block block, long word, long longOnes) {
        one[0] = word;
        pack(one, 1);
        put(block, one, 1, longOnes);
        epoch++;
    }

    private void pack(long[] decoded, int length) {
        int count = 0;
        int last = 0;
        for (int i = 0; i < length; i++) {
            last = count;
            count += PackedCode.pack(decoded[i], i, units, count);
        }
        if (!PackedCode.isJump(units[last])) {
            units[count++] = PackedCode.END;
        }
        unitCount = count;
    }

    /** Puts what was packed into a block's place. */
    private void put(Block block, long[] decoded, int length, long longOnes) {
        block.length = length;
        block.longOnes = longOnes;
        block.lastWord = decoded[length - 1];
        MEMORY.putLong(memory, block.at + GENERATION, DROPPED);
        MEMORY.putInt(memory, block.at + SHAPE, shape(length, bytes(block), block.number));
        MEMORY.putInt(memory, block.at + NEXT, 0);
        for (int i = 0; i < unitCount; i++) {
            MEMORY.putInt(memory, block.at + HEAD + PackedCode.UNIT_BYTES * i, units[i]);
        }
    }

    private static int shape(int length, int bytes, int number) {
        return length - 1 << LENGTH_SHIFT | bytes / 2 - 1 << HALFWORDS_SHIFT | number;
    }

    private static int size(int units) {
        return HEAD + PackedCode.UNIT_BYTES * units + 7 & -8;
    }

    private int newNumber() {
        if (numbers == owners.length) {
            owners = Arrays.copyOf(owners, 2 * numbers);
        }
        return numbers++;
    }

    /**
     * The start of a block as one of its own, which no hint leads to; until this is called again.
     *
     * @param length 1 to one less than the block has
     */
    int cut(int block, int length) {
        Block owner = owner(block);
        MEMORY.putLong(memory, cut, MEMORY.getLong(memory, block));
        MEMORY.putInt(memory, cut + SHAPE, shape(length, offsetBehind(owner, length - 1), owner.number));
        MEMORY.putInt(memory, cut + NEXT, 0);
        int from = block + HEAD;
        int to = cut + HEAD;
        for (int i = 0; i < length; i++) {
            int first = MEMORY.getInt(memory, from);
            for (int unit = 0; unit < PackedCode.units(first); unit++) {
                int value = MEMORY.getInt(memory, from);
                boolean isHint = unit == 1 && PackedCode.isBranch(first);
                MEMORY.putInt(memory, to, isHint ? value & ~PackedCode.TAKEN : value);
                from += PackedCode.UNIT_BYTES;
                to += PackedCode.UNIT_BYTES;
            }
        }
        MEMORY.putInt(memory, to, PackedCode.END);
        return cut;
    }

    /**
     * Gives a block's place back. Nobody goes on within it: whatever removes a block raises the MMU's attention, so that the
     * interpreter leaves before it looks at the block, or for its owner, again.
     */
    void remove(Block block) {
        MEMORY.putLong(memory, block.at + GENERATION, DROPPED);
        MEMORY.putLong(memory, block.at, free[block.size / 8]);
        free[block.size / 8] = block.at;
        owners[block.number] = null;
        epoch++;
    }

    /** Notes where a block is in the guest's address space, so that hints that lead to it are good. */
    void place(Block block) {
        MEMORY.putLong(memory, block.at, block.pc);
        MEMORY.putLong(memory, block.at + GENERATION, block.generation);
    }

    void setPatience(Block block, int patience) {
        MEMORY.putInt(memory, block.at + PATIENCE, patience);
    }

    /** Takes patience; whether there was that much. */
    boolean visit(int block, int taken) {
        int patience = MEMORY.getInt(memory, block + PATIENCE) - taken;
        MEMORY.putInt(memory, block + PATIENCE, patience);
        return patience >= 0;
    }

    /** Notes what followed a branch that was taken, by where its hint is; or {@link #ONWARD}. */
    void follow(int block, int taken, Block following) {
        int hint = following.at >> HINT_SHIFT;
        if (taken == ONWARD) {
            MEMORY.putInt(memory, block + NEXT, hint);
            following.isLanding |= Predecoded.isIndirectJump(owner(block).lastWord);
        } else {
            MEMORY.putInt(memory, taken, MEMORY.getInt(memory, taken) & ~PackedCode.TAKEN | hint);
        }
    }

    /** How many instructions there are at a place. */
    int length(int block) {
        return (MEMORY.getInt(memory, block + SHAPE) >>> LENGTH_SHIFT) + 1;
    }

    /** How many instructions of a block begin between two places in it. */
    int count(long from, long place) {
        int count = 0;
        for (long at = from; at < place; at += PackedCode.UNIT_BYTES * PackedCode.units(MEMORY.getInt(memory, at))) {
            count++;
        }
        return count;
    }

    /** The block that is at a place, whole or cut; null if it is none any more. */
    Block owner(int block) {
        return owners[MEMORY.getInt(memory, block + SHAPE) & NUMBER];
    }

    /** How many bytes a block's instructions are. */
    static int bytes(Block block) {
        return offsetBehind(block, block.length - 1);
    }

    /** From the start of a block to the end of an instruction, bytes. */
    static int offsetBehind(Block block, int instruction) {
        return 2 * (instruction + 1 + Long.bitCount(block.longOnes & -1L >>> 63 - instruction));
    }

    /** From the start of a block to an instruction, bytes. */
    static int offsetOf(Block block, int instruction) {
        return offsetBehind(block, instruction) - 2 - 2 * (int) (block.longOnes >>> instruction & 1);
    }

    /** The blocks that were last seen to follow the branches of a block that were taken. */
    List<Block> taken(Block block) {
        List<Block> found = new ArrayList<>();
        int at = block.at + HEAD;
        for (int i = 0; i < block.length; i++) {
            int unit = MEMORY.getInt(memory, at);
            if (PackedCode.isBranch(unit)) {
                int hint = MEMORY.getInt(memory, at + PackedCode.UNIT_BYTES) & PackedCode.TAKEN;
                Block next = owner(hint << HINT_SHIFT);
                // The place may be another block's by now.
                if (next != null && next.pc == block.pc + PackedCode.immediate(unit)) {
                    found.add(next);
                }
            }
            at += PackedCode.UNIT_BYTES * PackedCode.units(unit);
        }
        return found;
    }

    /** The block that was last seen to follow otherwise, or null; behind an indirect jump it may be any other one. */
    Block onward(Block block) {
        Block next = owner(MEMORY.getInt(memory, block.at + NEXT) << HINT_SHIFT);
        int op = Predecoded.op(block.lastWord);
        long expected = block.pc + (op == Op.JAL ? Predecoded.imm(block.lastWord) : bytes(block));
        return next != null && (op == Op.JALR || next.pc == expected) ? next : null;
    }
}
