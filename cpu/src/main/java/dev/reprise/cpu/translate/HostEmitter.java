package dev.reprise.cpu.translate;

import static dev.reprise.cpu.translate.HostRegisters.operand;
import static dev.reprise.cpu.translate.X64.RAX;
import static dev.reprise.cpu.translate.X64.RBP;
import static dev.reprise.cpu.translate.X64.RCX;
import static dev.reprise.cpu.translate.X64.RDX;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import dev.reprise.cpu.mmu.DataTlb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Makes the machine code of a warm region, each guest instruction by itself. What {@link RegionEmitter} says of blocks, budgets
 * and loop heads holds here too; every block is an entry. Where control leaves the region it goes on in the next one, by a way of its own
 * ({@link HostWays}) or by code that finds it ({@link HostCode}), with all that is known in the same places. An instruction that it has no code for, or an access that misses
 * the TLB, returns to the host with the instruction's number in EAX: the host executes it and goes on at {@link Emitted#resume}.
 * What is left of the steps is then what it was before the basic block.
 */
final class HostEmitter {
    private static final int NONE = -1;
    private static final int IN_PAGE = PhysicalBus.PAGE_BYTES - 1;

    /**
     * What is made of a region.
     *
     * @param code can be anywhere
     * @param entries where it begins, by block
     * @param resume where it goes on behind an instruction that the host has executed, by instruction; -1 for what is never left to it
     * @param ways where its ways to other regions begin ({@link HostWays})
     * @param sites behind each number of an instruction that is left to the host, four bytes, of which the upper 21 bits are free
     */
    record Emitted(byte[] code, int[] entries, int[] resume, int[] ways, List<Integer> sites) {
    }

    private final RegionShape shape;
    private final X64Floats out = new X64Floats();
    private final HostIntegers integers;
    private final HostFloats floats;
    private final AccessGroups groups;
    private final HostWays ways;
    /** Where blocks begin, and which jumps lead to those that are not there yet. */
    private final int[] starts;
    private final List<int[]> forward = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    /** By offset: the jumps that leave for it, those that leave because there are too few steps for what is there, and the way. */
    private final TreeMap<Integer, List<Integer>> exits = new TreeMap<>();
    private final TreeMap<Integer, List<Integer>> unready = new TreeMap<>();
    private final TreeMap<Integer, Integer> left = new TreeMap<>();
    /** By instruction: where the code goes on behind it, if the host has executed it. */
    private final int[] resume;
    /** Behind each number of an instruction. */
    private final List<Integer> sites = new ArrayList<>();
    /** The group whose lowest byte RDX points to, or null. */
    private AccessGroups.Group known;
    /** MXCSR is set for the guest. */
    private boolean floatIsSet;

    private HostEmitter(RegionShape shape, HostFeatures features) {
        this.shape = shape;
        integers = new HostIntegers(out, features);
        floats = new HostFloats(out, features);
        groups = new AccessGroups(shape);
        ways = new HostWays(out);
        starts = new int[shape.blocks];
        resume = new int[shape.count];
        Arrays.fill(starts, NONE);
        Arrays.fill(resume, NONE);
    }

    /**
     * @param shape at least one instruction, not hot
     * @param features what the processor has
     */
    static Emitted emit(RegionShape shape, HostFeatures features) {
        return new HostEmitter(shape, features).build();
    }

    private Emitted build() {
        for (int block = 0; block < shape.blocks; block++) {
            emitBlock(block);
        }
        for (int i = 0; i < later.size(); i++) {
            later.get(i).run();
        }
        for (int[] jump : forward) {
            out.bindTo(jump[0], starts[jump[1]]);
        }
        exits.forEach((offset, jumps) -> {
            int way = left.getOrDefault(offset, out.position());
            jumps.forEach(jump -> out.bindTo(jump, way));
            if (way == out.position()) {
                ways.leave(offset);
            }
        });
        unready.forEach((offset, jumps) -> {
            jumps.forEach(out::bind);
            goToOffset(offset);
        });
        return new Emitted(out.toBytes(), starts, resume, ways.starts(), sites);
    }

    private void emitBlock(int block) {
        starts[block] = out.position();
        known = null;
        floatIsSet = false;
        int first = shape.first[block];
        int last = shape.last(block);
        if (shape.isLoopHead[block]) {
            requireBudget(block);
        }
        for (int i = first; i < last; i++) {
            emitInstruction(block, i);
        }
        int op = Predecoded.op(shape.word[last]);
        int steps = last - first + 1;
        int next = shape.offset[last] + shape.length[last];
        if (Predecoded.isBranch(op)) {
            count(steps);
            jumpIf(compare(shape.word[last], op), shape.taken(block), Predecoded.imm(shape.word[last]));
            goTo(block, shape.following(block), next);
        } else if (op == Op.JAL) {
            count(steps);
            link(last);
            note(last);
            goTo(block, shape.taken(block), Predecoded.imm(shape.word[last]));
        } else if (op == Op.JALR) {
            count(steps);
            out.op64(X64.MOV, RAX, operand(Predecoded.rs1(shape.word[last])));
            if (Predecoded.imm(shape.word[last]) != 0) {
                out.immediate(true, X64.ADD_I, RAX, Predecoded.imm(shape.word[last]));
            }
            out.immediate(true, X64.AND_I, RAX, -2);
            if (Predecoded.rd(shape.word[last]) != Predecoded.SINK) {
                out.op64(X64.MOV, RDX, RAX);
                link(last);
                note(last);
                out.op64(X64.MOV, RAX, RDX);
            }
            if (HostWays.comesBack(shape.word[last])) {
                ways.comeBack();
            } else {
                out.jumpTo(operand(HostRegisters.GO_TO_ADDRESS));
            }
        } else {
            emitInstruction(block, last);
            count(steps);
            goTo(block, shape.following(block), next);
        }
    }

    private void requireBudget(int block) {
        out.immediate(false, X64.CMP_I, RBP, shape.budget[block]);
        unready.computeIfAbsent(shape.offset[shape.first[block]], o -> new ArrayList<>()).add(out.jumpIf(X64.LESS));
    }

    /** Notes a call if what is behind it is in the region; its link has just been made. */
    private void note(int i) {
        int next = shape.offset[i] + shape.length[i];
        int block = shape.blockAtOffset(next);
        if (block == RegionShape.NONE || !HostWays.notes(shape.word[i])) {
            return;
        }
        int link = operand(Predecoded.rd(shape.word[i]));
        int place = ways.call(X64.isMemory(link) ? RAX : link, next);
        later.add(() -> {
            if (shape.isLoopHead[block]) {
                out.bindTo(place, starts[block]);
            } else {
                out.bind(place);
                requireBudget(block);
                out.bindTo(out.jump(), starts[block]);
            }
        });
    }

    private void count(int steps) {
        if (steps > 0) {
            out.immediate(false, X64.SUB_I, RBP, steps);
        }
    }

    /** Compares for a branch; the condition on which it is taken. */
    private int compare(long word, int op) {
        int a = operand(Predecoded.rs1(word));
        int b = operand(Predecoded.rs2(word));
        if (Predecoded.rs2(word) == 0 && !X64.isMemory(a)) {
            out.test64(a);
        } else if (Predecoded.rs2(word) == 0) {
            out.immediate(true, X64.CMP_I, a, 0);
        } else {
            integers.compare(a, b);
        }
        return switch (op) {
            case Op.BEQ -> X64.EQUAL;
            case Op.BNE -> X64.NOT_EQUAL;
            case Op.BLT -> X64.LESS;
            case Op.BGE -> X64.NOT_LESS;
            case Op.BLTU -> X64.BELOW;
            default -> X64.NOT_BELOW;
        };
    }

    private void jumpIf(int condition, int block, int offset) {
        if (block == RegionShape.NONE) {
            exitIf(condition, offset);
        } else {
            leadTo(out.jumpIf(condition), block);
        }
    }

    private void leadTo(int jump, int block) {
        if (starts[block] == NONE) {
            forward.add(new int[] {jump, block});
        } else {
            out.bindTo(jump, starts[block]);
        }
    }

    private void exitIf(int condition, int offset) {
        exits.computeIfAbsent(offset, o -> new ArrayList<>()).add(out.jumpIf(condition));
    }

    /** Goes on at a block, or leaves for its offset if there is none. */
    private void goTo(int from, int block, int offset) {
        if (block == RegionShape.NONE) {
            leave(offset);
        } else if (block != from + 1) {
            leadTo(out.jump(), block);
        }
    }

    private void leave(int offset) {
        Integer way = left.get(offset);
        if (way == null) {
            left.put(offset, out.position());
            ways.leave(offset);
        } else {
            out.bindTo(out.jump(), way);
        }
    }

    /** Goes on in whatever region is at an offset from the start of the page, by the table of entries. */
    private void goToOffset(int offset) {
        out.set32(RAX, offset);
        out.jumpTo(operand(HostRegisters.GO_TO_OFFSET));
    }

    private void leaveFor(int i) {
        out.set32(RAX, i);
        sites.add(out.position());
        out.ret();
    }

    private void link(int i) {
        int rd = Predecoded.rd(shape.word[i]);
        if (rd != Predecoded.SINK) {
            integers.addToBase(rd, shape.offset[i] + shape.length[i]);
        }
    }

    private void emitInstruction(int block, int i) {
        long word = shape.word[i];
        int op = Predecoded.op(word);
        boolean isAccess = MemoryEmitter.isLoad(op) || MemoryEmitter.isStore(op);
        boolean isFloat = op >= Op.FLD;
        if (isAccess) {
            requireFloat(isFloat, block, i);
            emitAccess(block, i, op);
        } else if (HostIntegers.isAtomic(op)) {
            emitAtomic(i, op);
        } else if (isFloat && floats.has(word)) {
            requireFloat(true, block, i);
            List<Integer> toHost = new ArrayList<>();
            floats.emit(word, toHost);
            leaveFor(i, toHost);
            resume[i] = out.position();
            // Left to the host it has changed RDX.
            known = toHost.isEmpty() ? known : null;
        } else if (isFloat || RegionEmitter.isExecuted(op) || !integers.has(op)) {
            leaveFor(i);
            resume[i] = out.position();
            known = null;
            floatIsSet = false;
        } else if (op != Op.FENCE && Predecoded.rd(word) != Predecoded.SINK && integers.emit(word)) {
            known = null;
        }
    }

    /** Leaves for the host by jumps made before. */
    private void leaveFor(int i, List<Integer> jumps) {
        if (!jumps.isEmpty()) {
            later.add(() -> {
                jumps.forEach(out::bind);
                leaveFor(i);
            });
        }
    }

    /** Sees to it that MXCSR is the guest's, or leaves before an instruction, for the interpreter. */
    private void requireFloat(boolean isFloat, int block, int i) {
        if (!isFloat || floatIsSet) {
            return;
        }
        floatIsSet = true;
        out.immediate(false, X64.CMP_I, operand(HostRegisters.FLOAT_STATE), HostRegisters.SET);
        int notYet = out.jumpIf(X64.NOT_EQUAL);
        int here = out.position();
        later.add(() -> {
            out.bind(notYet);
            out.immediate(false, X64.CMP_I, operand(HostRegisters.FLOAT_STATE), HostRegisters.FORBIDDEN);
            int allowed = out.jumpIf(X64.NOT_EQUAL);
            count(i - shape.first[block]);
            out.set32(RAX, shape.offset[i]);
            out.jumpTo(operand(HostRegisters.INTERPRET_AT));
            out.bind(allowed);
            out.mxcsr(X64.LDMXCSR, operand(HostRegisters.MXCSR));
            out.set64(operand(HostRegisters.FLOAT_STATE), HostRegisters.SET);
            out.bindTo(out.jump(), here);
        });
    }

    private void emitAccess(int block, int i, int op) {
        long word = shape.word[i];
        int size = MemoryEmitter.size(op);
        AccessGroups.Group group = groups.of(i);
        boolean store = MemoryEmitter.isStore(op);
        int distance = 0;
        int from = RAX;
        if (group == null) {
            List<Integer> misses = look(Predecoded.rs1(word), Predecoded.imm(word), size, size, store);
            known = null;
            leaveFor(i, misses);
        } else {
            if (known != group) {
                lookForGroup(group, i);
            }
            distance = Predecoded.imm(word) - group.lowest;
            from = RDX;
        }
        if (op >= Op.FLD) {
            floats.access(op, store ? Predecoded.rs2(word) : Predecoded.rd(word), from, distance);
        } else if (store) {
            store(Predecoded.rs2(word), size, from, distance);
        } else {
            load(op, Predecoded.rd(word), from, distance);
        }
        if (group == null) {
            resume[i] = out.position();
        } else if (resume[i] != NONE) {
            // Where the group is has to be found again.
            int here = out.position();
            later.add(() -> {
                resume[i] = out.position();
                List<Integer> misses = look(group.base, group.lowest, group.width, group.span(), group.stores);
                out.op64(X64.MOV, RDX, RAX);
                out.bindTo(out.jump(), here);
                misses.forEach(out::bind);
                count(i - shape.first[block] + 1);
                goToOffset(shape.offset[i] + shape.length[i]);
            });
        }
    }

    /** A read-modify-write. There is one hart, so nobody sees the memory in between. */
    private void emitAtomic(int i, int op) {
        long word = shape.word[i];
        int size = op <= Op.AMOMAXU_W ? 4 : 8;
        List<Integer> misses = look(Predecoded.rs1(word), 0, size, size, true);
        out.load(true, size == 4 ? X64.MOVSXD : X64.MOV, RCX, RAX, 0);
        integers.modify(op, Predecoded.rs2(word));
        out.store(size, RDX, RAX, 0);
        if (Predecoded.rd(word) != Predecoded.SINK) {
            out.store64(operand(Predecoded.rd(word)), RCX);
        }
        leaveFor(i, misses);
        resume[i] = out.position();
        known = null;
    }

    private void lookForGroup(AccessGroups.Group group, int i) {
        List<Integer> misses = look(group.base, group.lowest, group.width, group.span(), group.stores);
        out.op64(X64.MOV, RDX, RAX);
        known = group;
        leaveFor(i, misses);
        // Marked; where it is comes later.
        resume[i] = 0;
    }

    /**
     * Puts the host's address of {@code span} bytes, which begin at a distance from a register, into RAX; the jumps that are taken
     * if they are not on one page that is in the TLB, or not aligned.
     */
    private List<Integer> look(int base, int distance, int width, int span, boolean store) {
        List<Integer> misses = new ArrayList<>();
        integers.sum(RAX, base, distance);
        out.op32(X64.MOV, RCX, RAX);
        out.shift(false, X64.SHR, RCX, DataTlb.ENTRY_SHIFT);
        out.op32(X64.AND, RCX, operand(HostRegisters.MASK));
        out.op64(X64.ADD, RCX, operand(store ? HostRegisters.WRITES : HostRegisters.READS));
        out.op64(X64.MOV, RDX, RAX);
        out.immediate(true, X64.AND_I, RDX, (int) DataTlb.PAGE_MASK | width - 1);
        out.load(true, X64.CMP, RDX, RCX, 0);
        misses.add(out.jumpIf(X64.NOT_EQUAL));
        if (span > width) {
            out.op32(X64.MOV, RDX, RAX);
            out.immediate(false, X64.AND_I, RDX, IN_PAGE);
            out.immediate(false, X64.CMP_I, RDX, PhysicalBus.PAGE_BYTES - span);
            misses.add(out.jumpIf(X64.ABOVE));
        }
        out.load(true, X64.ADD, RAX, RCX, DataTlb.ADDEND);
        return misses;
    }

    private void load(int op, int rd, int from, int distance) {
        if (rd == Predecoded.SINK) {
            return;
        }
        int to = operand(rd);
        int register = X64.isMemory(to) ? RAX : to;
        switch (op) {
            case Op.LD -> out.load(true, X64.MOV, register, from, distance);
            case Op.LW -> out.load(true, X64.MOVSXD, register, from, distance);
            case Op.LWU -> out.load(false, X64.MOV, register, from, distance);
            case Op.LH -> out.load(true, X64.MOVSX16, register, from, distance);
            case Op.LHU -> out.load(false, X64.MOVZX16, register, from, distance);
            case Op.LB -> out.load(true, X64.MOVSX8, register, from, distance);
            default -> out.load(false, X64.MOVZX8, register, from, distance);
        }
        if (register == RAX) {
            out.store64(to, RAX);
        }
    }

    private void store(int rs2, int size, int to, int distance) {
        int value = operand(rs2);
        if (X64.isMemory(value)) {
            out.op64(X64.MOV, RCX, value);
            value = RCX;
        }
        out.store(size, value, to, distance);
    }
}
