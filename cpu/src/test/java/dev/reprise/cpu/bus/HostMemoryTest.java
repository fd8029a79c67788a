package dev.reprise.cpu.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostMemoryTest {
    private static final long SEED = 11;

    @Test
    void shouldKeepEachWordOfEachPieceOnTheHeap() {
        keepsEachWordOfEachPiece(new HeapMemory());
    }

    @Test
    void shouldKeepEachWordOfEachPieceInTheMemoryThatIsUsed() {
        keepsEachWordOfEachPiece(HostMemory.MEMORY);
    }

    private static void keepsEachWordOfEachPiece(HostMemory memory) {
        int[] sizes = {8, Page.BYTES, 3 * Page.BYTES, memory.maxPieceBytes(), memory.maxPieceBytes()};
        List<HostMemory.Piece> pieces = new ArrayList<>();
        for (int size : sizes) {
            HostMemory.Piece piece = memory.allocate(size);
            pieces.add(piece);
            assertNotEquals(0, piece.address());
            assertEquals(0, piece.address() % Page.BYTES);
            for (int at = 0; at < size; at += 8) {
                assertEquals(0, memory.getLong(piece.address() + at));
            }
        }
        Random random = new Random(SEED);
        for (int i = 0; i < sizes.length; i++) {
            for (int at = 0; at < sizes[i]; at += 8) {
                memory.putLong(pieces.get(i).address() + at, random.nextLong());
            }
        }
        random.setSeed(SEED);
        for (int i = 0; i < sizes.length; i++) {
            for (int at = 0; at < sizes[i]; at += 8) {
                assertEquals(random.nextLong(), memory.getLong(pieces.get(i).address() + at));
            }
        }
    }

    @Test
    void shouldReadAndWriteHalvesOfAnArraysWords() {
        for (HostMemory memory : List.of(new HeapMemory(), HostMemory.MEMORY)) {
            long[] array = {1, -1, 0x0123_4567_89ab_cdefL};
            assertEquals(0x89ab_cdef, memory.getInt(array, 16));
            assertEquals(0x0123_4567, memory.getInt(array, 20));
            memory.putInt(array, 8, 0x8000_0000);
            memory.putInt(array, 4, -2);
            assertEquals(-1L << 33 | 1, memory.getLong(array, 0));
            assertEquals(-1L << 31, memory.getLong(array, 8));
            memory.putLong(array, 16, 7);
            assertEquals(7, array[2]);
        }
    }

    @Test
    void shouldLetGoOfMachinesThatNobodyHoldsBeforeTheHeapIsFull() {
        HeapMemory memory = new HeapMemory(16 << 20);
        long all = 128L << 20;
        long most = 0;
        for (long bytes = 0; bytes < all; bytes += memory.maxPieceBytes()) {
            most = Math.max(most, memory.allocate(memory.maxPieceBytes()).address());
        }
        assertTrue(most <= 2L * 16 << 20, "addresses up to " + most);
    }

    @Test
    @Timeout(300)
    void shouldGiveNumbersAgainThatNobodyHolds() {
        HeapMemory memory = new HeapMemory();
        HostMemory.Piece held = memory.allocate(8);
        long dropped = memory.allocate(8).address();
        memory.putLong(dropped, 1);
        HostMemory.Piece again = memory.allocate(8);
        while (again.address() != dropped) {
            System.gc();
            again = memory.allocate(8);
        }
        assertEquals(0, memory.getLong(again.address()));
        assertNotEquals(held.address(), again.address());
    }
}
