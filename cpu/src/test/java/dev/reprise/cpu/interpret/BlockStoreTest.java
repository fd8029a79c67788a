package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.HashMap;
import java.util.List;
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
            words[i] = i < length - branches ? Op.ADDI : Op.BNE | Predecoded.SINK << 8 | 64L << 32;
        }
        Block block = new Block(0, 0, -1);
        store.add(block, words, length, longOnes);
        block.pc = pc;
        block.generation = GENERATION;
        store.place(block);
        return block;
    }

    private int unit(int block, int number) {
        return HostMemory.MEMORY.getInt(store.memory, block + BlockStore.HEAD + 4L * number);
    }

    @Test
    void shouldTellWhereInstructionsOfTwoSizesBegin() {
        Block block = add(64, 0, 0b101 | 1L << 63, 0x1000);
        assertEquals(0, BlockStore.offsetOf(block, 0));
        assertEquals(4, BlockStore.offsetOf(block, 1));
        assertEquals(6, BlockStore.offsetOf(block, 2));
        assertEquals(10, BlockStore.offsetBehind(block, 2));
        assertEquals(2 * 63 + 4, BlockStore.offsetOf(block, 63));
        assertEquals(2 * 64 + 6, BlockStore.bytes(block));
    }

    @Test
    void shouldCountInstructionsOfSeveralUnits() {
        Block block = add(4, 2, 0, 0x1000);
        int first = block.at + BlockStore.HEAD;
        assertEquals(0, store.count(first, first));
        assertEquals(2, store.count(first, first + 8));
        // The third instruction is a branch, and has two units.
        assertEquals(3, store.count(first, first + 16));
        assertEquals(4, store.count(first, first + 24));
    }

    @Test
    void shouldFollowHintsUntilAnotherBlockHasThePlace() {
        Block from = add(3, 2, 0, 0x1000);
        Block to = add(5, 0, 0, 0x1040);
        assertEquals(List.of(), store.taken(from));
        assertNull(store.onward(from));
        int hintOfTheLast = from.at + BlockStore.HEAD + 4 * 4;
        store.follow(from.at, hintOfTheLast, to);
        assertEquals(List.of(to), store.taken(from));
        assertEquals(3, unit(from.at, 4) >>> PackedCode.COUNT_SHIFT);
        Block behind = add(1, 0, 0, 0x1006);
        store.follow(from.at, BlockStore.ONWARD, behind);
        assertSame(behind, store.onward(from));
        int epoch = store.epoch;
        store.remove(to);
        assertNotEquals(epoch, store.epoch);
        assertEquals(List.of(), store.taken(from));
        Block other = add(5, 0, 0, 0x2000);
        assertEquals(to.at, other.at);
        assertEquals(List.of(), store.taken(from));
    }

    @Test
    void shouldUseAFreePlaceForBlocksOfItsSizeAlone() {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<Integer, Integer> sizes = new HashMap<>();
        Block[] blocks = new Block[200];
        boolean wasUsedAgain = false;
        for (int i = 0; i < 20_000; i++) {
            int slot = random.nextInt(blocks.length);
            if (blocks[slot] != null) {
                store.remove(blocks[slot]);
                assertEquals(BlockStore.DROPPED, HostMemory.MEMORY.getLong(store.memory, blocks[slot].at + BlockStore.GENERATION));
            }
            int length = 1 + random.nextInt(12);
            int branches = random.nextInt(length + 1);
            blocks[slot] = add(length, branches, 0, 0x1000);
            Integer before = sizes.put(blocks[slot].at, blocks[slot].size);
            assertTrue(before == null || before == blocks[slot].size, "seed " + SEED + ", turn " + i);
            wasUsedAgain |= before != null;
        }
        assertTrue(wasUsedAgain);
        for (Block block : blocks) {
            assertEquals(0x1000, HostMemory.MEMORY.getLong(store.memory, block.at));
            assertEquals(block.length, store.length(block.at));
            assertSame(block, store.owner(block.at));
        }
    }

    @Test
    void shouldKeepEveryBlockWhileItsMemoryGrows() {
        SplittableRandom random = new SplittableRandom(SEED);
        int before = store.memory.length;
        Block[] blocks = new Block[20_000];
        for (int i = 0; i < blocks.length; i++) {
            int length = 1 + random.nextInt(BlockStore.MAX_LENGTH);
            blocks[i] = add(length, random.nextInt(length), random.nextLong(), i);
            store.setPatience(blocks[i], i);
        }
        assertTrue(store.memory.length >= 8 * before, "words " + store.memory.length);
        for (int i = 0; i < blocks.length; i++) {
            assertEquals(i, HostMemory.MEMORY.getLong(store.memory, blocks[i].at));
            assertSame(blocks[i], store.owner(blocks[i].at));
            assertEquals(blocks[i].length, store.length(blocks[i].at));
            assertEquals(i, HostMemory.MEMORY.getInt(store.memory, blocks[i].at + BlockStore.PATIENCE));
        }
    }

    @Test
    void shouldCutABlockBehindAnInstruction() {
        Block block = add(6, 2, 0b11, 0x1000);
        Block to = add(1, 0, 0, 0x1040);
        store.follow(block.at, block.at + BlockStore.HEAD + 4 * 5, to);
        int cut = store.cut(block.at, 5);
        assertEquals(5, store.length(cut));
        assertSame(block, store.owner(cut));
        assertEquals(0x1000, HostMemory.MEMORY.getLong(store.memory, cut));
        for (int i = 0; i < 5; i++) {
            assertEquals(unit(block.at, i), unit(cut, i));
        }
        // What it leads to is looked for again; how many instructions there are up to it stays.
        assertEquals(5 << PackedCode.COUNT_SHIFT, unit(cut, 5));
        assertNotEquals(unit(block.at, 5), unit(cut, 5));
        assertEquals(PackedCode.END, unit(cut, 6));
        int shape = HostMemory.MEMORY.getInt(store.memory, cut + BlockStore.SHAPE);
        assertEquals(BlockStore.offsetBehind(block, 4) / 2 - 1,
                shape >>> BlockStore.HALFWORDS_SHIFT & BlockStore.MOST_HALFWORDS - 1);
    }

    @Test
    void shouldLosePatienceAfterAsManyVisitsAndOneMore() {
        Block block = add(2, 1, 0, 0x1000);
        store.setPatience(block, 2);
        assertTrue(store.visit(block.at, 1));
        assertTrue(store.visit(block.at, 1));
        assertFalse(store.visit(block.at, 1));
        assertEquals(2, store.length(block.at));
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
