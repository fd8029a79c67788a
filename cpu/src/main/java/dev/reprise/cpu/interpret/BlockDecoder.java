package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.decode.CompressedDecoder;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Predecoded;
import java.util.Arrays;

/** Decodes the bytes of a page into the words of a {@link Block}. */
final class BlockDecoder {
    private final long[] decoded = new long[Block.MAX_LENGTH];
    private final short[] offsets = new short[Block.MAX_LENGTH + 1];
    private int count;

    /**
     * Decodes from {@code start} to the end of the block or of the page; an instruction across the page's end is left
     * out.
     *
     * @return the number of instructions, 0 if the first one lies across the page's end
     */
    int decode(long page, int start, int maxLength) {
        count = 0;
        int at = start;
        while (count < maxLength && at + 2 <= Page.BYTES) {
            int halfword = (int) Page.get(page, at, 2);
            int length = Decoder.lengthOf(halfword);
            if (at + length > Page.BYTES) {
                break;
            }
            long packed = length == 2 ? CompressedDecoder.decode(halfword)
                    : Decoder.decode((int) Page.get(page, at, 4));
            at += length;
            if (add(packed, length)) {
                break;
            }
        }
        return count;
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
        decoded[count] = Predecoded.word(packed, from);
        offsets[++count] = (short) (from + length);
        return Predecoded.ends(Decoder.op(packed));
    }

    /** Puts the one instruction into a block made for one, in place of what it held. */
    void copyOne(Block into) {
        into.code[0] = decoded[0];
        into.offset[1] = offsets[1];
        Arrays.fill(into.next, null);
    }

    Block toBlock(int page, int startInPage, int secondPage) {
        return new Block(page, startInPage, secondPage, Arrays.copyOf(decoded, count),
                Arrays.copyOf(offsets, count + 1));
    }
}
