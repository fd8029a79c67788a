package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.decode.CompressedDecoder;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Op;
import java.util.Arrays;

/** Decodes the bytes of a page into the words of a {@link Block}. */
final class BlockDecoder {
    private static final boolean[] WRITES_X = new boolean[256];
    private static final boolean[] ENDS = new boolean[256];

    static {
        if (Op.COUNT > 256) {
            throw new ExceptionInInitializerError("operations must fit 8 bits: count=" + Op.COUNT);
        }
        for (int op = 0; op < Op.COUNT; op++) {
            WRITES_X[op] = !writesF(op);
            // These are no jumps: what they change makes the executor look around by itself.
            boolean harmless = op >= Op.CSRRW && op <= Op.CSRRCI || op == Op.FENCE_I || op == Op.SFENCE_VMA;
            ENDS[op] = op == Op.ILLEGAL || Op.endsBlock(op) && !harmless;
        }
    }

    private final long[] words = new long[Block.MAX_LENGTH];
    private final short[] offsets = new short[Block.MAX_LENGTH + 1];
    private int count;

    /**
     * Decodes from {@code start} to the end of the block or of the page; an instruction across the page's end is left
     * out.
     *
     * @return the number of instructions, 0 if the first one lies across the page's end
     */
    int decode(byte[] bytes, int start, int maxLength) {
        count = 0;
        int at = start;
        while (count < maxLength && at + 2 <= PhysicalBus.PAGE_BYTES) {
            int halfword = (int) PhysicalBus.get(bytes, at, 2);
            int length = Decoder.lengthOf(halfword);
            if (at + length > PhysicalBus.PAGE_BYTES) {
                break;
            }
            long packed = length == 2 ? CompressedDecoder.decode(halfword)
                    : Decoder.decode((int) PhysicalBus.get(bytes, at, 4));
            at += length;
            if (add(packed, length)) {
                break;
            }
        }
        return count;
    }

    /** Whether the destination is an f register. */
    static boolean writesF(int op) {
        return op >= Op.FLD && op != Op.FSD && op != Op.FSW && !(op >= Op.FEQ_D && op <= Op.FCVT_LU_D
                || op == Op.FMV_X_D || op >= Op.FEQ_S && op <= Op.FCVT_LU_S || op == Op.FMV_X_W);
    }

    /** Makes the block of one instruction given as its word. */
    void decodeOne(int word) {
        count = 0;
        add(Decoder.decode(word), 4);
    }

    /** Adds an instruction; true if none may follow it. */
    private boolean add(long packed, int length) {
        int from = count == 0 ? 0 : offsets[count];
        offsets[0] = 0;
        words[count] = adapt(packed, from);
        offsets[++count] = (short) (from + length);
        return ENDS[Decoder.op(packed)];
    }

    private static long adapt(long packed, int from) {
        int op = Decoder.op(packed);
        int rd = Decoder.rd(packed);
        if (rd == 0 && WRITES_X[op]) {
            rd = CpuState.SINK;
        }
        long word = packed & ~0x3fffL | rd << 8 | op;
        boolean relative = op == Op.JAL || op == Op.AUIPC || op >= Op.BEQ && op <= Op.BGEU;
        return relative ? word + ((long) from << 32) : word;
    }

    /** Puts the one instruction into a block made for one, in place of what it held. */
    void copyOne(Block into) {
        into.code[0] = words[0];
        into.offset[1] = offsets[1];
        Arrays.fill(into.next, null);
    }

    Block toBlock(int page, int startInPage, int secondPage) {
        return new Block(page, startInPage, secondPage, Arrays.copyOf(words, count),
                Arrays.copyOf(offsets, count + 1));
    }
}
