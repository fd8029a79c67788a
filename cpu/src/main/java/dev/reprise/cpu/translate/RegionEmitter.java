package dev.reprise.cpu.translate;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Makes the class of a region.
 *
 * <p>Its method loads the guest registers that it uses into locals and jumps to the entry's basic block. A block subtracts
 * its length from the budget, once, before its last instruction; a loop head compares the budget first. Whatever leaves
 * does so through one place that puts back what was written. What the context is asked for never throws.
 *
 * <p>In a hot region a call puts back what was written so far, lets the context run what is called, and takes all registers
 * anew; an indirect jump goes on at the landing whose number the region's table gives.
 */
final class RegionEmitter {
    static final MethodTypeDesc RUN = MethodTypeDesc.of(ConstantDescs.CD_int, Frame.CONTEXT, ConstantDescs.CD_long,
            ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final ClassDesc REGION = ClassDesc.of(Region.class.getName());
    private static final ClassDesc LOADER = ClassDesc.of(RegionLoader.class.getName());
    private static final MethodTypeDesc HAND_OVER = MethodTypeDesc.of(ConstantDescs.CD_void, REGION);
    private static final MethodTypeDesc CALL = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_int);
    private static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
    /** Indirect jumps have a switch each unless that were more than so many cases. */
    private static final int MAX_CASES = 96;
    private static final MethodTypeDesc EXECUTE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long,
            ConstantDescs.CD_int, ConstantDescs.CD_int);

    private final RegionShape shape;
    private final ClassDesc self;
    private CodeBuilder code;
    private Frame frame;
    private IntegerEmitter integers;
    private MemoryEmitter memory;
    private FloatEmitter floats;
    private Label[] bodies;
    private Label leave;
    private Label leaveStopped;
    private Label leaveCall;
    private Label leaveMissed;
    private Label jump;
    private DirtyRegisters dirty;
    private int entries;
    /** By offset in the page, which may be outside of it: where control goes on in another region. */
    private final TreeMap<Integer, Label> exits = new TreeMap<>();
    private boolean usesFloat;

    private RegionEmitter(RegionShape shape, String className) {
        this.shape = shape;
        self = ClassDesc.of(className);
    }

    /** What {@link #emit} makes. */
    record Emitted(byte[] classFile, boolean usesFloat) {
    }

    /**
     * @param shape at least one instruction
     * @param className binary name of the class, in this package
     */
    static Emitted emit(RegionShape shape, String className) {
        RegionEmitter emitter = new RegionEmitter(shape, className);
        return new Emitted(emitter.build(), emitter.usesFloat);
    }

    private byte[] build() {
        return ClassFile.of().build(self, builder -> withUnsafe(builder)
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withSuperclass(REGION)
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0,
                        c -> c.aload(0).invokespecial(REGION, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_())
                .withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC,
                        c -> initUnsafe(c).new_(self).dup().invokespecial(self, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .invokestatic(LOADER, "handOver", HAND_OVER).return_())
                .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::emitRun));
    }

    private static ClassBuilder withUnsafe(ClassBuilder builder) {
        return HostMemory.IS_RAW
                ? builder.withField(Frame.UNSAFE, HostMemory.UNSAFE, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL) : builder;
    }

    private CodeBuilder initUnsafe(CodeBuilder init) {
        return HostMemory.IS_RAW ? init.invokestatic(HostMemory.UNSAFE, "getUnsafe", HostMemory.GET_UNSAFE)
                .putstatic(self, Frame.UNSAFE, HostMemory.UNSAFE) : init;
    }

    private void emitRun(CodeBuilder builder) {
        code = builder;
        exits.clear();
        leave = code.newLabel();
        leaveStopped = code.newLabel();
        leaveCall = code.newLabel();
        leaveMissed = code.newLabel();
        jump = code.newLabel();
        dirty = new DirtyRegisters(shape);
        entries = 0;
        frame = new Frame(code, shape, self);
        usesFloat = frame.usesFloat();
        integers = new IntegerEmitter(frame);
        memory = new MemoryEmitter(frame, shape, integers, leaveStopped, leaveMissed);
        floats = new FloatEmitter(frame);
        bodies = new Label[shape.blocks];
        for (int i = 0; i < shape.blocks; i++) {
            bodies[i] = code.newLabel();
        }
        Label enter = code.newLabel();
        code.iload(Frame.ENTRY).ifge(enter).iload(Frame.LEFT).ireturn().labelBinding(enter);
        frame.enter();
        memory.enter();
        dispatch();
        for (int block = 0; block < shape.blocks; block++) {
            emitBlock(block);
        }
        frame.emitStubs();
        if (sharesJump()) {
            code.labelBinding(jump);
            jumpToLanding();
        }
        emitExits();
        frame.spill();
        code.iload(Frame.LEFT).ireturn();
        if (shape.hasCalls()) {
            code.labelBinding(leaveCall).iload(Frame.LEFT).iconst_m1().ixor().ireturn();
        }
    }

    private void dispatch() {
        int only = 0;
        for (int block = 0; block < shape.blocks; block++) {
            if (shape.isEntry[block]) {
                only = block;
                entries++;
            }
        }
        if (entries == 1) {
            if (only != 0) {
                code.goto_(bodies[only]);
            }
            return;
        }
        List<SwitchCase> cases = new ArrayList<>();
        int number = 0;
        for (int block = 0; block < shape.blocks; block++) {
            if (shape.isEntry[block]) {
                cases.add(SwitchCase.of(number++, bodies[block]));
            }
        }
        SwitchCase last = cases.removeLast();
        code.iload(Frame.ENTRY).tableswitch(last.target(), cases);
    }

    private void emitBlock(int block) {
        code.labelBinding(bodies[block]);
        if (shape.isLoopHead[block]) {
            code.iload(Frame.LEFT).loadConstant(shape.budget[block]).if_icmplt(exitTo(shape.offset[shape.first[block]]));
        }
        int first = shape.first[block];
        int last = shape.last(block);
        for (int i = first; i < last; i++) {
            emitInstruction(i, i - first);
        }
        int op = Predecoded.op(shape.word[last]);
        if (Predecoded.isBranch(op)) {
            count(last - first + 1);
            emitBranch(block, last, op);
        } else if (shape.calls(block)) {
            count(last - first + 1);
            emitCall(block, last, op);
        } else if (op == Op.JAL) {
            count(last - first + 1);
            emitJump(block, last);
        } else if (op == Op.JALR) {
            count(last - first + 1);
            emitIndirectJump(block, last);
        } else {
            emitInstruction(last, last - first);
            count(last - first + 1);
            goTo(block, shape.following(block), shape.offset[last] + shape.length[last]);
        }
    }

    private void count(int steps) {
        code.iinc(Frame.LEFT, -steps);
    }

    private void emitBranch(int block, int i, int op) {
        long word = shape.word[i];
        int rs1 = Predecoded.rs1(word);
        int rs2 = Predecoded.rs2(word);
        int target = Predecoded.imm(word);
        int taken = shape.taken(block);
        Label to = taken == RegionShape.NONE ? exitTo(target) : taken <= block ? backTo(taken) : bodies[taken];
        if (op >= Op.BLTU) {
            integers.pushBoth(rs1, rs2);
            integers.compareUnsigned();
        } else {
            integers.pushBoth(rs1, rs2).lcmp();
        }
        switch (op) {
            case Op.BEQ -> code.ifeq(to);
            case Op.BNE -> code.ifne(to);
            case Op.BLT, Op.BLTU -> code.iflt(to);
            default -> code.ifge(to);
        }
        goTo(block, shape.following(block), shape.offset[i] + shape.length[i]);
    }

    /**
     * A place from where control goes back to a block. Where a branch itself goes back, what it compares stays on the operand
     * stack for the JVM's safepoint there, and so is computed in each turn of a loop, beside the comparison.
     */
    private Label backTo(int block) {
        Label turn = code.newLabel();
        frame.later(() -> code.labelBinding(turn).goto_(bodies[block]));
        return turn;
    }

    /** Goes on at a block, or leaves for its offset if there is none. */
    private void goTo(int from, int block, int offset) {
        if (block == RegionShape.NONE) {
            code.goto_(exitTo(offset));
        } else if (block != from + 1) {
            code.goto_(bodies[block]);
        }
    }

    private void emitJump(int block, int i) {
        link(i);
        goTo(block, shape.taken(block), Predecoded.imm(shape.word[i]));
    }

    private void link(int i) {
        int rd = Predecoded.rd(shape.word[i]);
        if (rd != Predecoded.SINK) {
            code.lload(Frame.BASE).loadConstant((long) shape.offset[i] + shape.length[i]).ladd();
            frame.popX(rd);
        }
    }

    private void emitIndirectJump(int block, int i) {
        target(i);
        link(i);
        if (!shape.jumpsInside(block)) {
            code.goto_(leave);
        } else if (sharesJump()) {
            code.goto_(jump);
        } else {
            jumpToLanding();
        }
    }

    /** Where a JALR goes, into TARGET. */
    private void target(int i) {
        long word = shape.word[i];
        integers.addImmediate(Predecoded.rs1(word), Predecoded.imm(word));
        code.loadConstant(-2L).land().lstore(Frame.TARGET);
    }

    private boolean sharesJump() {
        int landings = 0;
        for (boolean isLanding : shape.isLanding) {
            landings += isLanding ? 1 : 0;
        }
        return shape.jumpsInside > 1 && shape.jumpsInside * landings > MAX_CASES;
    }

    /**
     * Goes on at the landing that TARGET is, or leaves if it is none. The cases have numbers without gaps, so that the JVM
     * makes a table of them; by addresses it would search.
     */
    private void jumpToLanding() {
        List<SwitchCase> cases = new ArrayList<>();
        for (int block = 0; block < shape.blocks; block++) {
            if (shape.isLanding[block]) {
                cases.add(SwitchCase.of(cases.size() + 1, bodies[block]));
            }
        }
        code.lload(Frame.TARGET).lload(Frame.BASE).lsub().dup2().l2i().istore(Frame.INDEX)
                .loadConstant(shape.addressBits()).lushr().lconst_0().lcmp().ifne(leave);
        code.aload(Frame.THIS).getfield(REGION, "landings", BYTES).iload(Frame.INDEX).iconst_1().iushr().baload();
        code.tableswitch(1, cases.size(), leave, cases);
    }

    /** Lets the context run what is called, and goes on behind it if it comes back. */
    private void emitCall(int block, int i, int op) {
        int next = shape.offset[i] + shape.length[i];
        if (op == Op.JALR) {
            target(i);
        }
        link(i);
        frame.spill(dirty.x[block], dirty.f[block]);
        code.aload(Frame.CTX);
        if (op == Op.JALR) {
            code.lload(Frame.TARGET);
        } else {
            code.lload(Frame.BASE).loadConstant((long) Predecoded.imm(shape.word[i])).ladd();
        }
        code.lload(Frame.BASE).loadConstant((long) next).ladd().iload(Frame.LEFT)
                .invokevirtual(Frame.CONTEXT, "call", CALL).istore(Frame.LEFT);
        int returning = shape.returning(block);
        code.iload(Frame.LEFT).iflt(leaveCall);
        if (returning == RegionShape.NONE) {
            code.iload(Frame.LEFT).ireturn();
            return;
        }
        code.aload(Frame.CTX).lload(Frame.BASE).putfield(Frame.CONTEXT, "base", ConstantDescs.CD_long);
        frame.reload();
        memory.forgetCursors();
        goTo(block, returning, next);
    }

    private void emitInstruction(int i, int index) {
        long word = shape.word[i];
        int op = Predecoded.op(word);
        int packed = RegionContext.packed(shape.length[i], index, shape.offset[i]);
        if (MemoryEmitter.isLoad(op)) {
            memory.load(i, packed);
        } else if (MemoryEmitter.isStore(op)) {
            memory.store(i, packed);
        } else if (isExecuted(op)) {
            execute(word, packed);
        } else if (op >= Op.FLD) {
            floats.emit(word);
        } else if (op != Op.FENCE) {
            integers.emit(word);
        }
    }

    /** Whether the interpreter's slow path executes it: it is no computation, no plain load or store, and no jump. */
    static boolean isExecuted(int op) {
        boolean computes = op <= Op.SRAW || op >= Op.MUL && op <= Op.BSETI || op >= Op.FLD || op == Op.FENCE;
        boolean jumps = op == Op.JAL || op == Op.JALR || Predecoded.isBranch(op);
        return !computes && !jumps && !MemoryEmitter.isLoad(op) && !MemoryEmitter.isStore(op);
    }

    /** Everything else: its registers go to the arrays, the interpreter's slow path executes it. */
    private void execute(long word, int packed) {
        int rd = Predecoded.rd(word);
        boolean writes = Operands.writesX(Predecoded.op(word)) && rd != Predecoded.SINK;
        int x1 = Operands.x1(word);
        int x2 = Operands.x2(word);
        if (x1 > 0) {
            frame.spillX(x1);
        }
        if (x2 > 0 && x2 != x1) {
            frame.spillX(x2);
        }
        if (writes && rd != x1 && rd != x2) {
            frame.spillX(rd);
        }
        code.aload(Frame.CTX).loadConstant(word).iload(Frame.LEFT).loadConstant(packed)
                .invokevirtual(Frame.CONTEXT, "execute", EXECUTE);
        if (writes) {
            frame.reloadX(rd);
        }
        memory.forgetCursors();
        Label done = code.newLabel();
        memory.goOnUnlessStopped(done);
        code.labelBinding(done);
    }

    private Label exitTo(int offset) {
        return exits.computeIfAbsent(offset, o -> code.newLabel());
    }

    private void emitExits() {
        if (memory.hasAccesses()) {
            code.labelBinding(leaveMissed).aload(Frame.CTX).iconst_1()
                    .putfield(Frame.CONTEXT, "missed", ConstantDescs.CD_boolean);
            code.lload(Frame.BASE).iload(Frame.INDEX).i2l().ladd().lstore(Frame.TARGET).goto_(leave);
        }
        exits.forEach((offset, label) -> {
            code.labelBinding(label).lload(Frame.BASE);
            if (offset != 0) {
                code.loadConstant((long) offset).ladd();
            }
            code.lstore(Frame.TARGET).goto_(leave);
        });
        code.labelBinding(leave);
        code.aload(Frame.CTX).lload(Frame.TARGET).putfield(Frame.CONTEXT, "pc", ConstantDescs.CD_long);
        code.labelBinding(leaveStopped);
    }
}
