package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the interpreter's loop needs of all blocks, in {@link HostMemory}, one block behind the other in the order in which they
 * were made. That is the order in which they were first executed: a program that is larger than the host's caches finds what
 * comes next on the same or the following cache line. As objects, a head, an array of words and one of hints each, blocks
 * lay where the garbage collector had put them.
 *
 * <p>A block begins with a head of {@link #HEAD} bytes, and is known by its address:
 *
 * <pre>
 *    0              where it was last found; with the generation, what makes it valid
 *    8              generation, or {@link #DROPPED}
 *   16              a bit for each instruction of four bytes; the others have two
 *   24              a bit for each conditional branch
 *   32  63 .. 32    patience: falls each time the interpreter comes here from another block
 *       31 .. 24    number of instructions, 1 to {@link #MAX_LENGTH}
 *       23 ..  0    number of the block
 *   40              the block that followed, unless a branch was taken
 *   48              its instructions, as in {@link Predecoded}, counted from the start of the block, and {@link #END}
 *   behind          for each conditional branch the block that followed when it was taken
 * </pre>
 *
 * <p>What followed is a hint: whoever uses it compares pc and generation first; {@link #nobody} is none. A place that becomes
 * free is used again for blocks of the same size alone, so an old hint always leads to a head.
 */
final class BlockStore {
    /** Most instructions of a block: each has a bit in a word. */
    static final int MAX_LENGTH = 64;
    /** A generation that no fetch context ever has. */
    static final long DROPPED = -1;
    /** In place of the number of a branch that was taken: control went on behind the block, or where its jump leads. */
    static final int ONWARD = -1;
    /** The operation behind the last instruction. */
    static final int END = 255;

    static final int GENERATION = 8;
    static final int SHAPE = 32;
    static final int NEXT = 40;
    static final int HEAD = 48;
    /** One unit of patience. */
    static final long ONE_VISIT = 1L << 32;
    private static final int LONG_ONES = 16;
    private static final int BRANCHES = 24;
    private static final int LENGTH_SHIFT = 24;
    private static final int NUMBER = (1 << LENGTH_SHIFT) - 1;

    private static final int MAX_BYTES = 32 << 20;
    private static final int PIECE_BYTES = Math.min(1 << 18, MEMORY.maxPieceBytes());
    private static final int MAX_SIZE = HEAD + 8 * (2 * MAX_LENGTH + 1);

    static {
        if (Op.COUNT > END) {
            throw new ExceptionInInitializerError("the operation behind a block is one of a guest's: count=" + Op.COUNT);
        }
    }

    /** Changes when a place becomes free, or all do: what was known of blocks by their address is then void. */
    int epoch;
    /** A head that is never valid. */
    private long nobody;
    private final List<HostMemory.Piece> pieces = new ArrayList<>();
    /** How many of the pieces are in use, and what is free of the last of those. */
    private int used;
    private long at;
    private long end;
    /** By number. */
    private Block[] owners = new Block[64];
    private int numbers;
    /** By size in words: the first place that is free, or 0; it holds the next one. */
    private final long[] free = new long[MAX_SIZE / 8 + 1];
    /** Where the start of a block is, if there are not enough steps left for all of it. */
    private long cut;

    BlockStore() {
        clear();
    }

    /** Whether there may be no room for another block. */
    boolean isFull() {
        return used * PIECE_BYTES >= MAX_BYTES && at + MAX_SIZE > end || numbers > NUMBER;
    }

    /** Forgets every block. */
    void clear() {
        Arrays.fill(owners, null);
        Arrays.fill(free, 0);
        used = 0;
        at = 0;
        end = 0;
        nobody = take(HEAD);
        MEMORY.putLong(nobody + GENERATION, DROPPED);
        MEMORY.putLong(nobody + SHAPE, 0);
        cut = take(MAX_SIZE);
        // Number 0 is nobody's.
        numbers = 1;
        epoch++;
    }

    private long take(int bytes) {
        if (at + bytes > end) {
            if (used == pieces.size()) {
                pieces.add(MEMORY.allocate(PIECE_BYTES));
            }
            at = pieces.get(used++).address();
            end = at + PIECE_BYTES;
        }
        long place = at;
        at += bytes;
        return place;
    }

    /**
     * Takes in a block's words, at no place of the guest's yet.
     *
     * @param decoded at least {@code length} words
     */
    void add(Block block, long[] decoded, int length, long longOnes) {
        long branches = 0;
        for (int i = 0; i < length; i++) {
            branches |= Predecoded.isBranch(Predecoded.op(decoded[i])) ? 1L << i : 0;
        }
        int size = size(length, branches);
        long place = free[size / 8];
        int number;
        if (place == 0) {
            place = take(size);
            number = newNumber();
        } else {
            free[size / 8] = MEMORY.getLong(place);
            number = number(place);
        }
        owners[number] = block;
        block.at = place;
        block.length = length;
        MEMORY.putLong(place + GENERATION, DROPPED);
        MEMORY.putLong(place + LONG_ONES, longOnes);
        MEMORY.putLong(place + BRANCHES, branches);
        MEMORY.putLong(place + SHAPE, length << LENGTH_SHIFT | number);
        for (int i = 0; i < length; i++) {
            MEMORY.putLong(place + HEAD + 8 * i, decoded[i]);
        }
        endAt(place, length, branches);
    }

    /** Puts an instruction in the place of another one, in a block of one that was made with a branch: there is room for a hint. */
    void replaceOne(Block block, long word, long longOnes) {
        long branches = Predecoded.isBranch(Predecoded.op(word)) ? 1 : 0;
        MEMORY.putLong(block.at + LONG_ONES, longOnes);
        MEMORY.putLong(block.at + BRANCHES, branches);
        MEMORY.putLong(block.at + HEAD, word);
        endAt(block.at, 1, branches);
    }

    /**
     * The start of a block as one of its own; until this is called again, and no hint leads to it.
     *
     * @param length 1 to one less than the block has
     */
    long cut(long block, int length) {
        long kept = (1L << length) - 1;
        long branches = MEMORY.getLong(block + BRANCHES) & kept;
        MEMORY.putLong(cut + LONG_ONES, MEMORY.getLong(block + LONG_ONES) & kept);
        MEMORY.putLong(cut + BRANCHES, branches);
        MEMORY.putLong(cut + SHAPE, length << LENGTH_SHIFT);
        for (int i = 0; i < length; i++) {
            MEMORY.putLong(cut + HEAD + 8 * i, MEMORY.getLong(block + HEAD + 8 * i));
        }
        endAt(cut, length, branches);
        return cut;
    }

    /** What is behind the instructions, and that nothing followed yet. */
    private void endAt(long place, int length, long branches) {
        MEMORY.putLong(place + NEXT, nobody);
        MEMORY.putLong(place + HEAD + 8 * length, END);
        for (int i = 1; i <= Long.bitCount(branches); i++) {
            MEMORY.putLong(place + HEAD + 8 * (length + i), nobody);
        }
    }

    private static int size(int length, long branches) {
        return HEAD + 8 * (length + 1 + Long.bitCount(branches));
    }

    private int newNumber() {
        if (numbers == owners.length) {
            owners = Arrays.copyOf(owners, 2 * numbers);
        }
        return numbers++;
    }

    /** Gives a block's place back. */
    void remove(Block block) {
        long place = block.at;
        int size = size(block.length, MEMORY.getLong(place + BRANCHES));
        MEMORY.putLong(place + GENERATION, DROPPED);
        MEMORY.putLong(place, free[size / 8]);
        free[size / 8] = place;
        owners[number(place)] = null;
        epoch++;
    }

    /** Says where a block is in the guest's address space, so that hints that lead to it are good. */
    static void place(Block block, long pc, long generation) {
        MEMORY.putLong(block.at, pc);
        MEMORY.putLong(block.at + GENERATION, generation);
    }

    static void setPatience(Block block, int patience) {
        MEMORY.putLong(block.at + SHAPE, MEMORY.getLong(block.at + SHAPE) & ONE_VISIT - 1 | (long) patience << 32);
    }

    /** Takes one unit of patience; whether there was one. */
    static boolean visit(long block) {
        long shape = MEMORY.getLong(block + SHAPE) - ONE_VISIT;
        MEMORY.putLong(block + SHAPE, shape);
        return shape >= 0;
    }

    /** Notes what followed a branch that was taken, or {@link #ONWARD}. */
    static void follow(long block, int taken, Block following) {
        if (taken == ONWARD) {
            MEMORY.putLong(block + NEXT, following.at);
            following.isLanding |= Predecoded.isIndirectJump(MEMORY.getLong(block + HEAD + 8 * (length(block) - 1)));
        } else {
            MEMORY.putLong(hint(block, taken), following.at);
        }
    }

    /** Where the hint of a branch is. */
    static long hint(long block, int branch) {
        return block + HEAD + 8 * (length(block) + 1
                + Long.bitCount(MEMORY.getLong(block + BRANCHES) & (1L << branch) - 1));
    }

    /** How many instructions there are at an address. */
    static int length(long block) {
        return (int) MEMORY.getLong(block + SHAPE) >>> LENGTH_SHIFT;
    }

    private static int number(long block) {
        return (int) MEMORY.getLong(block + SHAPE) & NUMBER;
    }

    static long word(Block block, int instruction) {
        return MEMORY.getLong(block.at + HEAD + 8 * instruction);
    }

    /** The last instruction, which alone may be a jump. */
    static long lastWord(Block block) {
        return word(block, block.length - 1);
    }

    /** How many bytes a block's instructions are. */
    static int bytes(Block block) {
        return offsetBehind(block.at, block.length - 1);
    }

    /** From the start of a block to the end of an instruction, bytes. */
    static int offsetBehind(long block, int instruction) {
        return 2 * (instruction + 1 + Long.bitCount(MEMORY.getLong(block + LONG_ONES) & -1L >>> 63 - instruction));
    }

    /** From the start of a block to an instruction, bytes. */
    static int offsetOf(long block, int instruction) {
        return offsetBehind(block, instruction) - 2 - 2 * (int) (MEMORY.getLong(block + LONG_ONES) >>> instruction & 1);
    }

    /** The block that was last seen to follow a branch that was taken, or null. */
    Block taken(Block block, int branch) {
        Block next = owner(MEMORY.getLong(hint(block.at, branch)));
        // The place may be another block's by now.
        return next != null && next.pc == block.pc + Predecoded.imm(word(block, branch)) ? next : null;
    }

    /** The block that was last seen to follow otherwise, or null; behind an indirect jump it may be any other one. */
    Block onward(Block block) {
        Block next = owner(MEMORY.getLong(block.at + NEXT));
        long last = lastWord(block);
        int op = Predecoded.op(last);
        long expected = block.pc + (op == Op.JAL ? Predecoded.imm(last) : bytes(block));
        return next != null && (op == Op.JALR || next.pc == expected) ? next : null;
    }

    private Block owner(long block) {
        return owners[number(block)];
    }
}
