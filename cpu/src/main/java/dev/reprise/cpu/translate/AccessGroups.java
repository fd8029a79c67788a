package dev.reprise.cpu.translate;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Loads, and stores, of a basic block that use the same value of the same register as their base: mostly a function's
 * saved registers, or the fields of one structure. The data TLB is looked into once for such a group, before its first
 * access, for all the bytes between its lowest and its highest; if that is not one page, or not there, a hot region looks each
 * up by itself, and a warm one leaves at the first.
 */
final class AccessGroups {
    /** Where accesses lie further apart than this they are more likely to be on two pages. */
    static final int MAX_SPAN = 512;
    /** Groups that may be in use at one place: each has two locals. */
    static final int MAX_ACTIVE = 4;

    /** Accesses of one kind from one base. Offsets are those of the instructions. */
    static final class Group {
        final boolean stores;
        final int base;
        final List<Integer> members = new ArrayList<>();
        /** From the base to the first byte of the group, which is aligned to the widest access if all are aligned. */
        int lowest;
        int end;
        /** The widest access, bytes. */
        int width;
        /** Which locals are its own, 0 to {@link #MAX_ACTIVE} - 1. */
        int slot;

        private Group(boolean stores, int base, int instruction, int from, int size) {
            this.stores = stores;
            this.base = base;
            members.add(instruction);
            lowest = from;
            end = from + size;
            width = size;
        }

        int firstMember() {
            return members.getFirst();
        }

        int lastMember() {
            return members.getLast();
        }

        int span() {
            return end - lowest;
        }

        /** Takes one more in, unless it is too far away or cannot be aligned when the others are. */
        private boolean takes(int instruction, int from, int size) {
            if ((from - lowest) % Math.min(width, size) != 0) {
                return false;
            }
            int newWidth = Math.max(width, size);
            int aligned = size > width ? from : lowest;
            int newLowest = Math.min(lowest, from);
            newLowest -= Math.floorMod(newLowest - aligned, newWidth);
            int newEnd = Math.max(end, from + size);
            if (newEnd - newLowest > MAX_SPAN) {
                return false;
            }
            members.add(instruction);
            lowest = newLowest;
            end = newEnd;
            width = newWidth;
            return true;
        }
    }

    private final Group[] of;

    AccessGroups(RegionShape shape) {
        of = new Group[shape.count];
        for (int block = 0; block < shape.blocks; block++) {
            inBlock(shape, shape.first[block], shape.last(block));
        }
    }

    /** The group that an instruction belongs to, or null. */
    Group of(int instruction) {
        return of[instruction];
    }

    private void inBlock(RegionShape shape, int first, int last) {
        Group[][] open = new Group[2][32];
        List<Group> found = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            long word = shape.word[i];
            int op = Predecoded.op(word);
            boolean store = MemoryEmitter.isStore(op);
            if (store || MemoryEmitter.isLoad(op)) {
                int base = Predecoded.rs1(word);
                int from = Predecoded.imm(word);
                int size = MemoryEmitter.size(op);
                Group group = open[store ? 1 : 0][base];
                if (base != 0 && (group == null || !group.takes(i, from, size))) {
                    group = new Group(store, base, i, from, size);
                    open[store ? 1 : 0][base] = group;
                    found.add(group);
                }
            } else if (RegionEmitter.isExecuted(op)) {
                // It may change what the TLB leads to.
                open = new Group[2][32];
            }
            int rd = Predecoded.rd(word);
            if (!Predecoded.writesF(op) && Operands.writesX(op) && rd < 32) {
                open[0][rd] = null;
                open[1][rd] = null;
            }
        }
        keep(found);
    }

    /** Gives locals to the groups of more than one access, as long as there are any. */
    private void keep(List<Group> found) {
        int[] busyUntil = new int[MAX_ACTIVE];
        Arrays.fill(busyUntil, -1);
        for (Group group : found) {
            if (group.members.size() < 2) {
                continue;
            }
            for (int slot = 0; slot < MAX_ACTIVE; slot++) {
                if (busyUntil[slot] < group.firstMember()) {
                    busyUntil[slot] = group.lastMember();
                    group.slot = slot;
                    for (int member : group.members) {
                        of[member] = group;
                    }
                    break;
                }
            }
        }
    }
}
