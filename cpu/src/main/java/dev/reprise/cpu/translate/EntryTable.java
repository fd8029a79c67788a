package dev.reprise.cpu.translate;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;
import static dev.reprise.cpu.translate.HostRegisters.operand;
import static dev.reprise.cpu.translate.X64.RAX;
import static dev.reprise.cpu.translate.X64.RBP;
import static dev.reprise.cpu.translate.X64.RCX;
import static dev.reprise.cpu.translate.X64.RDX;

import dev.reprise.cpu.bus.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Where machine code begins, by guest address, in sets of two, a set in a line of the processor's cache: the address, the
 * generation of the fetch context, where the code is, 64 bits each, the steps that it wants, and the epoch, 32 bits each. An
 * entry is good for one generation and epoch.
 */
final class EntryTable {
    static final int CODE = 16;
    static final int BUDGET = 24;
    private static final int SETS = 1 << 15;
    private static final int ENTRY_BITS = 5;
    private static final int SET_BITS = ENTRY_BITS + 1;
    private static final int TABLE_BYTES = SETS << SET_BITS;
    private static final int OTHER_ENTRY = 1 << ENTRY_BITS;
    private static final int GENERATION = 8;
    private static final int EPOCH = 28;

    private final HostMemory.Piece memory = MEMORY.allocate(TABLE_BYTES);

    long address() {
        return memory.address();
    }

    /** How many entries have been made since it was empty, and are still there. */
    int count() {
        int count = 0;
        for (long at = 0; at < TABLE_BYTES; at += OTHER_ENTRY) {
            count += MEMORY.getLong(memory.address() + at + CODE) != 0 ? 1 : 0;
        }
        return count;
    }

    /** Forgets everything. */
    void clear() {
        for (long at = 0; at < TABLE_BYTES; at += Long.BYTES) {
            MEMORY.putLong(memory.address() + at, 0);
        }
    }

    /**
     * Looks for the address in RAX; behind it is what happens if there is no good entry for it, or there are too few steps for it.
     *
     * @param found what happens otherwise: given an entry's distance from RCX, it emits code that does not come back
     */
    static void emitFind(X64 out, IntConsumer found) {
        out.op32(X64.MOV, RCX, RAX);
        out.shift(false, X64.SHL, RCX, SET_BITS - 1);
        out.immediate(false, X64.AND_I, RCX, SETS - 1 << SET_BITS);
        out.op64(X64.ADD, RCX, operand(HostRegisters.ENTRIES));
        emitLook(out, 0, found);
        emitLook(out, OTHER_ENTRY, found);
    }

    private static void emitLook(X64 out, int entry, IntConsumer found) {
        List<Integer> misses = new ArrayList<>();
        out.load(true, X64.CMP, RAX, RCX, entry);
        misses.add(out.jumpIf(X64.NOT_EQUAL));
        out.op64(X64.MOV, RDX, operand(HostRegisters.GENERATION));
        out.load(true, X64.CMP, RDX, RCX, entry + GENERATION);
        misses.add(out.jumpIf(X64.NOT_EQUAL));
        out.op32(X64.MOV, RDX, operand(HostRegisters.EPOCH));
        out.load(false, X64.CMP, RDX, RCX, entry + EPOCH);
        misses.add(out.jumpIf(X64.NOT_EQUAL));
        out.load(false, X64.CMP, RBP, RCX, entry + BUDGET);
        misses.add(out.jumpIf(X64.LESS));
        found.accept(entry);
        misses.forEach(out::bind);
    }

    /** Lets code that goes to an address go on at some code. */
    void lead(long pc, long generation, long code, int budget, int epoch) {
        long set = memory.address() + ((pc >>> 1 & SETS - 1) << SET_BITS);
        long at = set;
        if (!isFor(set, pc, generation)) {
            if (isFor(set + OTHER_ENTRY, pc, generation)) {
                at = set + OTHER_ENTRY;
            } else if (MEMORY.getLong(set + BUDGET) >> Integer.SIZE == epoch) {
                // The newer one comes first.
                for (int i = 0; i < OTHER_ENTRY; i += Long.BYTES) {
                    MEMORY.putLong(set + OTHER_ENTRY + i, MEMORY.getLong(set + i));
                }
            }
        }
        MEMORY.putLong(at, pc);
        MEMORY.putLong(at + GENERATION, generation);
        MEMORY.putLong(at + CODE, code);
        MEMORY.putLong(at + BUDGET, budget | (long) epoch << Integer.SIZE);
    }

    private static boolean isFor(long entry, long pc, long generation) {
        return MEMORY.getLong(entry) == pc && MEMORY.getLong(entry + GENERATION) == generation;
    }
}
