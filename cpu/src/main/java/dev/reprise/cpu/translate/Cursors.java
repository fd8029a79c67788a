package dev.reprise.cpu.translate;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;

/**
 * Registers that go through memory in small steps: each remembers the page that it was last seen in, one for loads and one
 * for stores, so that most accesses need not look into the data TLB. Forgotten with every call out of the region.
 */
final class Cursors {
    /** Of loads and stores together. Each has two locals. */
    static final int MAX = 8;
    /** What no access that hits a TLB has: RAM is below 2^63, and it is no virtual address of Sv39. */
    static final long NOWHERE = Long.MIN_VALUE;
    private static final int MAX_STEP = 64;
    private static final int NONE = -1;

    /** Slots by kind and register, or -1. */
    private final int[][] slots = new int[2][32];
    private int count;

    Cursors(RegionShape shape) {
        int stepped = 0;
        for (int i = 0; i < shape.count; i++) {
            long word = shape.word[i];
            int rd = Predecoded.rd(word);
            int step = Predecoded.imm(word);
            boolean steps = Predecoded.op(word) == Op.ADDI && rd == Predecoded.rs1(word) && Math.abs(step) <= MAX_STEP;
            // The stack pointer moves once in a call, not in a loop.
            if (steps && rd != 2) {
                stepped |= 1 << rd;
            }
        }
        for (int kind = 0; kind < 2; kind++) {
            for (int r = 0; r < 32; r++) {
                slots[kind][r] = NONE;
            }
        }
        for (int i = 0; i < shape.count; i++) {
            int op = Predecoded.op(shape.word[i]);
            int base = Predecoded.rs1(shape.word[i]);
            boolean store = MemoryEmitter.isStore(op);
            int[] ofKind = slots[store ? 1 : 0];
            boolean isAccess = store || MemoryEmitter.isLoad(op);
            if (isAccess && (stepped & 1 << base) != 0 && ofKind[base] == NONE && count < MAX) {
                ofKind[base] = count++;
            }
        }
    }

    int count() {
        return count;
    }

    /** The slot of a base register, or -1 if it is no cursor. */
    int slot(boolean store, int base) {
        return slots[store ? 1 : 0][base];
    }
}
