package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.decode.CompressedDecoder;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Predecoded;

/** Decodes the bytes of a page into the words of a {@link Block}. */
final class BlockDecoder {
    private final long[] decoded = new long[BlockStore.MAX_LENGTH];
    private int count;
    private int bytes;
    private long longOnes;

    /**
     * Decodes from {@code start} to the end of the block or of the page; an instruction across the page's end is left
     * out.
     *
     * @return the number of instructions, 0 if the first one lies across the page's end
     */
    int decode(long page, int start, int maxLength) {
        begin();
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
        begin();
        add(Decoder.decode(word), 4);
    }

    private void begin() {
        count = 0;
        bytes = 0;
        longOnes = 0;
    }

    /** Adds an instruction; true if none may follow it. */
    private boolean add(long packed, int length) {
        decoded[count] = Predecoded.word(packed, bytes);
        longOnes |= length == 4 ? 1L << count : 0;
        count++;
        bytes += length;
        return Predecoded.ends(Decoder.op(packed));
    }

    /** Puts the one instruction into a block made for one, in place of what it held. */
    void copyOne(BlockStore store, Block into) {
        store.replaceOne(into, decoded[0], longOnes);
    }

    Block toBlock(BlockStore store, int page, int startInPage, int secondPage) {
        Block block = new Block(page, startInPage, secondPage);
        store.add(block, decoded, count, longOnes);
        return block;
    }
}
