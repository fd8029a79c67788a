package dev.reprise.cpu.translate;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import dev.reprise.cpu.mmu.DataTlb;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Bytecode for loads and stores: the look into the data TLB's fast tables, and the way out of the region for what misses
 * them.
 */
final class MemoryEmitter {
    private static final ClassDesc MEMORY = ClassDesc.of(HostMemory.class.getName());
    private static final MethodTypeDesc GET_LONG = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long);
    private static final MethodTypeDesc PUT_LONG =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long, ConstantDescs.CD_long);

    private final Frame frame;
    private final CodeBuilder code;
    private final IntegerEmitter integers;
    private final Label stop;
    private final Label leaveMissed;
    private final RegionShape shape;
    /** Null if each access is looked up by itself. */
    private final AccessGroups groups;
    /** Null as well then, and in warm regions, which are too short for it. */
    private final Cursors cursors;

    /**
     * @param stop where to go when a call has completed its step
     * @param leaveMissed where to go with the offset of an access that misses in INDEX
     */
    MemoryEmitter(Frame frame, RegionShape shape, IntegerEmitter integers, Label stop, Label leaveMissed) {
        this.frame = frame;
        this.shape = shape;
        groups = HostMemory.IS_RAW ? new AccessGroups(shape) : null;
        cursors = HostMemory.IS_RAW && shape.isHot ? new Cursors(shape) : null;
        this.integers = integers;
        this.stop = stop;
        this.leaveMissed = leaveMissed;
        code = frame.code;
    }

    static boolean isLoad(int op) {
        return op >= Op.LD && op <= Op.LH || op == Op.FLD || op == Op.FLW;
    }

    static boolean isStore(int op) {
        return op >= Op.SD && op <= Op.SH || op == Op.FSD || op == Op.FSW;
    }

    /** Whether there are loads or stores, so that something can miss. */
    boolean hasAccesses() {
        for (int i = 0; i < shape.count; i++) {
            if (isLoad(Predecoded.op(shape.word[i])) || isStore(Predecoded.op(shape.word[i]))) {
                return true;
            }
        }
        return false;
    }

    /** How many bytes a load or store is wide. */
    static int size(int op) {
        return switch (op) {
            case Op.LD, Op.SD, Op.FLD, Op.FSD -> 8;
            case Op.LW, Op.LWU, Op.SW, Op.FLW, Op.FSW -> 4;
            case Op.LH, Op.LHU, Op.SH -> 2;
            default -> 1;
        };
    }

    /** Puts the host's address of one access into ADDRESS; goes to {@code miss} if it is not known. */
    private void look(long word, boolean store, Label miss) {
        pushAddend(Predecoded.rs1(word), Predecoded.imm(word), size(Predecoded.op(word)), store, miss);
        code.lload(Frame.VA).ladd().lstore(Frame.ADDRESS);
    }

    /**
     * Puts a virtual address into VA and pushes what has to be added to it, by the base's cursor if it has one; goes to
     * {@code miss} if the page is not in the TLB or the address is not aligned.
     */
    private void pushAddend(int base, int offset, int width, boolean store, Label miss) {
        int table = store ? Frame.WRITES : Frame.READS;
        integers.addImmediate(base, offset);
        code.lstore(Frame.VA);
        int slot = cursors == null ? -1 : cursors.slot(store, base);
        if (slot < 0) {
            compareTag(width, table, miss);
            pushFound();
            return;
        }
        Label elsewhere = code.newLabel();
        Label there = code.newLabel();
        int tag = Frame.CURSOR_TAG + 2 * slot;
        int addend = Frame.CURSOR_ADDEND + 2 * slot;
        pushTagOf(width);
        code.lload(tag).lcmp().ifne(elsewhere);
        code.labelBinding(there).lload(addend);
        frame.later(() -> {
            code.labelBinding(elsewhere);
            compareTag(width, table, miss);
            pushFound();
            code.lstore(addend).lload(Frame.VA).loadConstant(DataTlb.PAGE_MASK).land().lstore(tag).goto_(there);
        });
    }

    /** Forgets where every cursor is: a tag of -1 never hits. */
    void forgetCursors() {
        for (int slot = 0; cursors != null && slot < cursors.count(); slot++) {
            code.loadConstant(-1L).lstore(Frame.CURSOR_TAG + 2 * slot);
        }
    }

    /** Where the region is entered: no cursor is anywhere. */
    void enter() {
        forgetCursors();
        for (int slot = 0; cursors != null && slot < cursors.count(); slot++) {
            code.lconst_0().lstore(Frame.CURSOR_ADDEND + 2 * slot);
        }
    }

    /** Goes to {@code miss} if the page of VA is not there or VA is not aligned. */
    private void compareTag(int width, int table, Label miss) {
        code.lload(table).lload(Frame.VA).loadConstant(DataTlb.ENTRY_SHIFT).lushr().lload(Frame.TLB_MASK).land()
                .ladd().lstore(Frame.ENTRY_OF_TLB);
        getLong(() -> code.lload(Frame.ENTRY_OF_TLB));
        pushTagOf(width);
        code.lcmp().ifne(miss);
    }

    private void pushTagOf(int width) {
        code.lload(Frame.VA).loadConstant(DataTlb.PAGE_MASK | width - 1).land();
    }

    /** Pushes the addend of the entry that VA was found in. */
    private void pushFound() {
        getLong(() -> code.lload(Frame.ENTRY_OF_TLB).loadConstant((long) DataTlb.ADDEND).ladd());
    }

    /** Pushes the word at an address. */
    private void getLong(Runnable pushAddress) {
        if (HostMemory.IS_RAW) {
            frame.pushUnsafe().aconst_null();
            pushAddress.run();
            getRaw("getLong", ConstantDescs.CD_long);
        } else {
            code.getstatic(MEMORY, "MEMORY", MEMORY);
            pushAddress.run();
            code.invokevirtual(MEMORY, "getLong", GET_LONG);
        }
    }

    /**
     * For a member of a group: looks the group up if it is its first, then goes to {@code miss} if it is not known where the
     * group is, or puts the member's address into ADDRESS.
     */
    private void lookInGroup(AccessGroups.Group group, int i, Label miss) {
        int address = Frame.GROUP + 2 * group.slot;
        if (group.firstMember() == i) {
            Label none = code.newLabel();
            Label known = code.newLabel();
            pushAddend(group.base, group.lowest, group.width, group.stores, none);
            code.lload(Frame.VA).ladd().lstore(address);
            code.lload(Frame.VA).l2i().loadConstant(PhysicalBus.PAGE_BYTES - 1).iand()
                    .loadConstant(PhysicalBus.PAGE_BYTES - group.span()).if_icmpgt(none);
            code.labelBinding(known);
            frame.later(() -> code.labelBinding(none).lconst_0().lstore(address).goto_(known));
        }
        code.lload(address).lconst_0().lcmp().ifeq(miss);
        code.lload(address);
        int further = Predecoded.imm(shape.word[i]) - group.lowest;
        if (further != 0) {
            code.loadConstant((long) further).ladd();
        }
        code.lstore(Frame.ADDRESS);
    }

    private void getRaw(String name, ClassDesc type) {
        code.invokevirtual(HostMemory.UNSAFE, name, HostMemory.getter(type));
    }

    private void putRaw(String name, ClassDesc type) {
        code.invokevirtual(HostMemory.UNSAFE, name, HostMemory.setter(type));
    }

    private void loadRaw(int op) {
        frame.pushUnsafe().aconst_null().lload(Frame.ADDRESS);
        switch (op) {
            case Op.LB, Op.LBU -> getRaw("getByte", ConstantDescs.CD_byte);
            case Op.LH -> getRaw("getShort", ConstantDescs.CD_short);
            case Op.LHU -> getRaw("getChar", ConstantDescs.CD_char);
            case Op.LD, Op.FLD -> getRaw("getLong", ConstantDescs.CD_long);
            default -> getRaw("getInt", ConstantDescs.CD_int);
        }
        if (size(op) < 8) {
            code.i2l();
        }
        extend(op);
    }

    private void extend(int op) {
        switch (op) {
            case Op.LBU -> code.loadConstant(0xffL).land();
            case Op.LWU -> code.loadConstant(0xffff_ffffL).land();
            case Op.FLW -> code.loadConstant(-1L << 32).lor();
            default -> {
            }
        }
    }

    private void pushAddressOfWord() {
        code.lload(Frame.ADDRESS).loadConstant(-8L).land();
    }

    private void loadFromWord(int op) {
        getLong(this::pushAddressOfWord);
        if (size(op) < 8) {
            shift().lushr();
        }
        switch (op) {
            case Op.LB -> code.l2i().i2b().i2l();
            case Op.LH -> code.l2i().i2s().i2l();
            case Op.LHU -> code.loadConstant(0xffffL).land();
            case Op.LW -> code.l2i().i2l();
            default -> extend(op);
        }
    }

    private void storeRaw(int op, Runnable pushValue) {
        frame.pushUnsafe().aconst_null().lload(Frame.ADDRESS);
        pushValue.run();
        if (size(op) < 8) {
            code.l2i();
        }
        switch (size(op)) {
            case 1 -> putRaw("putByte", ConstantDescs.CD_byte);
            case 2 -> putRaw("putShort", ConstantDescs.CD_short);
            case 4 -> putRaw("putInt", ConstantDescs.CD_int);
            default -> putRaw("putLong", ConstantDescs.CD_long);
        }
    }

    private void storeToWord(int op, Runnable pushValue) {
        code.getstatic(MEMORY, "MEMORY", MEMORY);
        pushAddressOfWord();
        if (size(op) == 8) {
            pushValue.run();
        } else {
            // word ^ (word >>> shift ^ value & mask) << shift
            getLong(this::pushAddressOfWord);
            code.dup2();
            shift().dup().istore(Frame.SHIFT).lushr();
            pushValue.run();
            code.lxor().loadConstant(-1L >>> 64 - 8 * size(op)).land().iload(Frame.SHIFT).lshl().lxor();
        }
        code.invokevirtual(MEMORY, "putLong", PUT_LONG);
    }

    /** Pushes by how much the addressed bytes are shifted in their word; the JVM takes the low six bits. */
    private CodeBuilder shift() {
        return code.lload(Frame.ADDRESS).l2i().iconst_3().ishl();
    }

    /** A load into an x or f register. */
    void load(int i, int packed) {
        long word = shape.word[i];
        int op = Predecoded.op(word);
        int rd = Predecoded.rd(word);
        find(i, packed, false);
        if (HostMemory.IS_RAW) {
            loadRaw(op);
        } else {
            loadFromWord(op);
        }
        if (Predecoded.writesF(op)) {
            frame.popF(rd);
        } else {
            frame.popX(rd);
        }
    }

    /** A store from an x or f register. */
    void store(int i, int packed) {
        long word = shape.word[i];
        int op = Predecoded.op(word);
        int rs2 = Predecoded.rs2(word);
        boolean fromF = op >= Op.FLD;
        find(i, packed, true);
        if (HostMemory.IS_RAW) {
            storeRaw(op, () -> push(fromF, rs2));
        } else {
            storeToWord(op, () -> push(fromF, rs2));
        }
    }

    /** Puts the host's address of what an access is to into ADDRESS, or leaves before it. */
    private void find(int i, int packed, boolean store) {
        AccessGroups.Group group = groups == null ? null : groups.of(i);
        Label miss = code.newLabel();
        if (group == null) {
            look(shape.word[i], store, miss);
            leaveBy(miss, packed);
            return;
        }
        lookInGroup(group, i, miss);
        if (!shape.isHot) {
            leaveBy(miss, packed);
            return;
        }
        // A group may lie across the end of a page, as a function's frame does at some depth of the stack.
        Label found = code.newLabel();
        code.labelBinding(found);
        frame.later(() -> {
            Label missAlone = code.newLabel();
            code.labelBinding(miss);
            look(shape.word[i], store, missAlone);
            code.goto_(found);
            leaveBy(missAlone, packed);
        });
    }

    /**
     * Leaves before an access that misses, for the interpreter to do it. A call that came back would be most of a region's code,
     * and what it wants to be in memory the JVM's compilers would keep there.
     */
    private void leaveBy(Label miss, int packed) {
        frame.later(() -> {
            code.labelBinding(miss);
            if (RegionContext.index(packed) != 0) {
                code.iinc(Frame.LEFT, -RegionContext.index(packed));
            }
            code.loadConstant(RegionContext.offset(packed)).istore(Frame.INDEX).goto_(leaveMissed);
        });
    }

    private void push(boolean fromF, int r) {
        if (fromF) {
            frame.pushF(r);
        } else {
            frame.pushX(r);
        }
    }

    void goOnUnlessStopped(Label done) {
        code.aload(Frame.CTX).getfield(Frame.CONTEXT, "stopped", ConstantDescs.CD_boolean).ifeq(done).goto_(stop);
    }
}
