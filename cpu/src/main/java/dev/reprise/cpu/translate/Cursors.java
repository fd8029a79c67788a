package dev.reprise.cpu.translate;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.Arrays;

/**
 * Registers that go through memory in small steps in a small loop: each remembers the page that it was last seen in, one for
 * loads and one for stores, so that most accesses need not look into the data TLB. Forgotten with every call out of the region:
 * then a cursor has no page, whatever its address says, because there is no address that a guest cannot ask for.
 */
final class Cursors {
    /** Of loads and stores together. Each has two locals. */
    static final int MAX = 4;
    private static final int MAX_STEP = 64;
    /** Instructions of a loop; what is remembered in a longer one takes registers from the rest of it. */
    private static final int MAX_LOOP = 32;
    private static final int NONE = -1;

    /** Slots by kind and register, or -1. */
    private final int[][] slots = new int[2][32];
    private int count;

    Cursors(RegionShape shape) {
        for (int[] ofKind : slots) {
            Arrays.fill(ofKind, NONE);
        }
        for (int block = 0; block < shape.blocks && shape.jumpsInside == 0; block++) {
            int head = shape.taken(block);
            if (head != RegionShape.NONE && head <= block) {
                inLoop(shape, head, block);
            }
        }
    }

    /** Blocks that follow each other, from where the last of them leads back to; if they are one small loop. */
    private void inLoop(RegionShape shape, int head, int end) {
        int first = shape.first[head];
        int last = shape.last(end);
        for (int block = head; block <= end; block++) {
            if (last - first >= MAX_LOOP || shape.calls(block)) {
                return;
            }
        }
        int stepped = 0;
        for (int i = first; i <= last; i++) {
            long word = shape.word[i];
            int rd = Predecoded.rd(word);
            boolean steps = Predecoded.op(word) == Op.ADDI && rd == Predecoded.rs1(word)
                    && Math.abs(Predecoded.imm(word)) <= MAX_STEP;
            stepped |= steps && rd < 32 ? 1 << rd : 0;
        }
        for (int i = first; i <= last; i++) {
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
