package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.decode.Op;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlockStoreTest {
    private static final long SEED = 20261130;
    private static final long GENERATION = 7;

    private final BlockStore store = new BlockStore();

    /** A block of additions that ends with so many branches, of which the last leads 64 bytes on from the start of the block. */
    private Block add(int length, int branches, long longOnes, long pc) {
        long[] words = new long[BlockStore.MAX_LENGTH];
        for (int i = 0; i < length; i++) {
            words[i] = i < length - branches ? Op.ADDI : Op.BNE | 64L << 32;
        }
        Block block = new Block(0, 0, -1);
        store.add(block, words, length, longOnes);
        block.pc = pc;
        block.generation = GENERATION;
        BlockStore.place(block, pc, GENERATION);
        return block;
    }

    @Test
    void shouldTellWhereInstructionsOfTwoSizesBegin() {
        Block block = add(64, 0, 0b101 | 1L << 63, 0x1000);
        assertEquals(0, BlockStore.offsetOf(block.at, 0));
        assertEquals(4, BlockStore.offsetOf(block.at, 1));
        assertEquals(6, BlockStore.offsetOf(block.at, 2));
        assertEquals(10, BlockStore.offsetBehind(block.at, 2));
        assertEquals(2 * 63 + 4, BlockStore.offsetOf(block.at, 63));
        assertEquals(2 * 64 + 6, BlockStore.bytes(block));
    }

    @Test
    void shouldFollowHintsUntilAnotherBlockHasThePlace() {
        Block from = add(3, 2, 0, 0x1000);
        Block to = add(5, 0, 0, 0x1040);
        assertNull(store.taken(from, 2));
        assertNull(store.onward(from));
        BlockStore.follow(from.at, 2, to);
        assertSame(to, store.taken(from, 2));
        assertNull(store.taken(from, 1));
        int epoch = store.epoch;
        store.remove(to);
        assertNotEquals(epoch, store.epoch);
        assertNull(store.taken(from, 2));
        Block other = add(5, 0, 0, 0x2000);
        assertEquals(to.at, other.at);
        assertNull(store.taken(from, 2));
    }

    @Test
    void shouldUseAFreePlaceForBlocksOfItsSizeAlone() {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<Long, Integer> sizes = new HashMap<>();
        Block[] blocks = new Block[200];
        boolean wasUsedAgain = false;
        for (int i = 0; i < 20_000; i++) {
            int slot = random.nextInt(blocks.length);
            if (blocks[slot] != null) {
                store.remove(blocks[slot]);
                assertEquals(BlockStore.DROPPED, HostMemory.MEMORY.getLong(blocks[slot].at + BlockStore.GENERATION));
            }
            int length = 1 + random.nextInt(12);
            int branches = random.nextInt(length + 1);
            blocks[slot] = add(length, branches, 0, 0x1000);
            Integer before = sizes.put(blocks[slot].at, length + branches);
            assertTrue(before == null || before == length + branches, "seed " + SEED + ", turn " + i);
            wasUsedAgain |= before != null;
        }
        assertTrue(wasUsedAgain);
        for (Block block : blocks) {
            assertEquals(0x1000, HostMemory.MEMORY.getLong(block.at));
            assertEquals(block.length, BlockStore.length(block.at));
            assertEquals(BlockStore.END, HostMemory.MEMORY.getLong(block.at + BlockStore.HEAD + 8L * block.length));
        }
    }

    @Test
    void shouldCutABlockBehindAnInstruction() {
        Block block = add(6, 2, 0b11, 0x1000);
        Block to = add(1, 0, 0, 0x1040);
        BlockStore.follow(block.at, 4, to);
        long cut = store.cut(block.at, 5);
        assertEquals(5, BlockStore.length(cut));
        assertEquals(BlockStore.word(block, 4), HostMemory.MEMORY.getLong(cut + BlockStore.HEAD + 32));
        assertEquals(BlockStore.END, HostMemory.MEMORY.getLong(cut + BlockStore.HEAD + 40));
        assertEquals(BlockStore.offsetBehind(block.at, 4), BlockStore.offsetBehind(cut, 4));
        // What it leads to is looked for again.
        assertNotEquals(to.at, HostMemory.MEMORY.getLong(BlockStore.hint(cut, 4)));
    }

    @Test
    void shouldLosePatienceAfterAsManyVisitsAndOneMore() {
        Block block = add(2, 1, 0, 0x1000);
        BlockStore.setPatience(block, 2);
        assertTrue(BlockStore.visit(block.at));
        assertTrue(BlockStore.visit(block.at));
        assertFalse(BlockStore.visit(block.at));
        assertEquals(2, BlockStore.length(block.at));
    }

    @Test
    void shouldBeFullInTheEndAndEmptyAfterThat() {
        int added = 0;
        while (!store.isFull()) {
            add(64, 64, 0, 0x1000);
            added++;
        }
        assertTrue(added > 10_000, "blocks " + added);
        store.clear();
        assertFalse(store.isFull());
        add(64, 64, 0, 0x1000);
    }
}
