package dev.reprise.cpu.translate;

import dev.reprise.cpu.bus.Page;
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
 * Bytecode for loads and stores: the look into the data TLB's fast arrays inline, what misses them at the end of the
 * method.
 */
final class MemoryEmitter {
    private static final MethodTypeDesc LOAD = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final MethodTypeDesc STORE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final long PAGE_TAG = ~0xfffL;

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
     * @param leaveMissed where to go, in a warm region, with the offset of an access that misses in INDEX
     */
    MemoryEmitter(Frame frame, RegionShape shape, IntegerEmitter integers, Label stop, Label leaveMissed) {
        this.frame = frame;
        this.shape = shape;
        groups = isRaw() ? new AccessGroups(shape) : null;
        cursors = isRaw() && shape.isHot ? new Cursors(shape) : null;
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

    /** Looks for the page of one access: goes to {@code miss}, or leaves the page and the index of the word. */
    private void look(long word, boolean store, Label miss) {
        pushPage(Predecoded.rs1(word), Predecoded.imm(word), size(Predecoded.op(word)), store, miss);
        if (isRaw()) {
            // The length is asked for so that the JVM knows that there is an array.
            code.dup().arraylength().pop().astore(Frame.PAGE);
            frame.pushUnsafe().aload(Frame.PAGE);
            pushOffset();
        } else {
            code.lload(Frame.VA).l2i().iconst_3().iushr().loadConstant(Page.WORDS - 1).iand();
        }
    }

    /**
     * Puts an address into VA and pushes its page, by the base's cursor if it has one; goes to {@code miss} if the page is
     * not in the TLB or the address is not aligned.
     */
    private void pushPage(int base, int offset, int width, boolean store, Label miss) {
        int tags = store ? Frame.WRITE_TAG : Frame.READ_TAG;
        int pages = store ? Frame.WRITE_PAGE : Frame.READ_PAGE;
        integers.addImmediate(base, offset);
        code.lstore(Frame.VA);
        int slot = cursors == null ? -1 : cursors.slot(store, base);
        if (slot < 0) {
            compareTag(width, tags, miss);
            pushFound(pages);
            return;
        }
        Label elsewhere = code.newLabel();
        Label there = code.newLabel();
        int page = Frame.CURSOR_PAGE + slot;
        int va = Frame.CURSOR_VA + 2 * slot;
        code.aload(page).ifnull(elsewhere);
        code.lload(Frame.VA).lload(va).lxor().loadConstant(PAGE_TAG | width - 1).land().lconst_0().lcmp().ifne(elsewhere);
        code.labelBinding(there).aload(page);
        frame.later(() -> {
            code.labelBinding(elsewhere);
            compareTag(width, tags, miss);
            pushFound(pages);
            code.astore(page).lload(Frame.VA).loadConstant(PAGE_TAG).land().lstore(va).goto_(there);
        });
    }

    /** Forgets where every cursor is. */
    void forgetCursors() {
        for (int slot = 0; cursors != null && slot < cursors.count(); slot++) {
            code.aconst_null().astore(Frame.CURSOR_PAGE + slot);
        }
    }

    /** Where the region is entered: no cursor is anywhere. */
    void enter() {
        forgetCursors();
        for (int slot = 0; cursors != null && slot < cursors.count(); slot++) {
            code.lconst_0().lstore(Frame.CURSOR_VA + 2 * slot);
        }
    }

    /** Goes to {@code miss} if the page of VA is not there or VA is not aligned. */
    private void compareTag(int width, int tags, Label miss) {
        if (isRaw()) {
            // No check of the index: it is masked. The frame has seen to it that there is an array.
            frame.pushUnsafe().aload(tags);
            code.lload(Frame.VA).loadConstant(9).lushr().loadConstant(8L * DataTlb.INDEX_MASK).land()
                    .loadConstant(RawWords.BASE_BYTES).ladd();
            getRaw("getLong", ConstantDescs.CD_long);
        } else {
            code.aload(tags);
            index();
            code.laload();
        }
        code.lload(Frame.VA).loadConstant(PAGE_TAG | width - 1).land().lcmp().ifne(miss);
    }

    /** Pushes the page that VA was found in. */
    private void pushFound(int pages) {
        code.aload(pages);
        index();
        code.aaload();
    }

    /** Pushes where in the array of its page VA is, for Unsafe. */
    private void pushOffset() {
        code.lload(Frame.VA).loadConstant(PhysicalBus.PAGE_BYTES - 1L).land().loadConstant(RawWords.BASE_BYTES).ladd();
    }

    /**
     * For a member of a group: looks the group up if it is its first, then goes to {@code miss} if the group has no page,
     * or leaves Unsafe, the page and the offset in it.
     */
    private void lookInGroup(AccessGroups.Group group, int i, Label miss) {
        int page = Frame.GROUP_PAGE + group.slot;
        int offset = Frame.GROUP_OFFSET + 2 * group.slot;
        if (group.firstMember() == i) {
            Label none = code.newLabel();
            Label known = code.newLabel();
            pushPage(group.base, group.lowest, group.width, group.stores, none);
            code.astore(page);
            code.lload(Frame.VA).l2i().loadConstant(PhysicalBus.PAGE_BYTES - 1).iand()
                    .loadConstant(PhysicalBus.PAGE_BYTES - group.span()).if_icmpgt(none);
            pushOffset();
            code.lstore(offset).labelBinding(known);
            frame.later(() -> code.labelBinding(none).aconst_null().astore(page).lconst_0().lstore(offset).goto_(known));
        }
        code.aload(page).ifnull(miss);
        frame.pushUnsafe().aload(page).lload(offset);
        int further = Predecoded.imm(shape.word[i]) - group.lowest;
        if (further != 0) {
            code.loadConstant((long) further).ladd();
        }
    }

    private AccessGroups.Group group(int i) {
        return groups == null ? null : groups.of(i);
    }

    /** What the context was asked for may have changed what the TLB leads to: groups in use are asked for one by one. */
    private void forgetGroups(int i) {
        for (int slot = 0; groups != null && slot < AccessGroups.MAX_ACTIVE; slot++) {
            if ((groups.busyAt(i) & 1 << slot) != 0) {
                code.aconst_null().astore(Frame.GROUP_PAGE + slot);
            }
        }
        forgetCursors();
    }

    private void pushAddress(long word) {
        integers.addImmediate(Predecoded.rs1(word), Predecoded.imm(word));
    }

    private void index() {
        code.lload(Frame.VA).loadConstant(12).lushr().l2i().loadConstant(DataTlb.INDEX_MASK).iand();
    }

    private static boolean isRaw() {
        return RawWords.IS_OPEN;
    }

    private void getRaw(String name, ClassDesc type) {
        code.invokevirtual(RawWords.UNSAFE, name, RawWords.getter(type));
    }

    private void putRaw(String name, ClassDesc type) {
        code.invokevirtual(RawWords.UNSAFE, name, RawWords.setter(type));
    }

    private void loadRaw(int op) {
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

    private void loadFromWord(int op) {
        code.laload();
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

    private void storeRaw(int op) {
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

    /** Pushes by how much the addressed bytes are shifted in their word; the JVM takes the low six bits. */
    private CodeBuilder shift() {
        return code.lload(Frame.VA).l2i().iconst_3().ishl();
    }

    /** A load into an x or f register. */
    void load(int i, int packed) {
        long word = shape.word[i];
        AccessGroups.Group group = group(i);
        int op = Predecoded.op(word);
        int rd = Predecoded.rd(word);
        Label miss = code.newLabel();
        Label done = code.newLabel();
        if (group != null) {
            lookInGroup(group, i, miss);
        } else {
            look(word, false, miss);
        }
        if (isRaw()) {
            loadRaw(op);
        } else {
            loadFromWord(op);
        }
        boolean toF = Predecoded.writesF(op);
        pop(toF, rd);
        code.labelBinding(done);
        if (!shape.isHot) {
            leaveBy(miss, packed);
            return;
        }
        frame.later(() -> {
            code.labelBinding(miss).aload(Frame.CTX);
            pushAddress(word);
            if (toF) {
                frame.pushF(rd);
            } else {
                frame.pushX(rd == Predecoded.SINK ? 0 : rd);
            }
            code.iload(Frame.LEFT).loadConstant(packed).invokevirtual(Frame.CONTEXT, "load", LOAD);
            pop(toF, rd);
            forgetGroups(i);
            goOnUnlessStopped(done);
        });
    }

    private void pop(boolean toF, int rd) {
        if (toF) {
            frame.popF(rd);
        } else {
            frame.popX(rd);
        }
    }

    /** A store from an x or f register. */
    void store(int i, int packed) {
        long word = shape.word[i];
        AccessGroups.Group group = group(i);
        int op = Predecoded.op(word);
        int rs2 = Predecoded.rs2(word);
        Label miss = code.newLabel();
        Label done = code.newLabel();
        if (group != null) {
            lookInGroup(group, i, miss);
        } else {
            look(word, true, miss);
        }
        boolean fromF = op >= Op.FLD;
        if (isRaw()) {
            push(fromF, rs2);
            storeRaw(op);
        } else if (size(op) == 8) {
            push(fromF, rs2);
            code.lastore();
        } else {
            // word ^= (word >>> shift ^ value & mask) << shift
            code.dup2().laload().dup2();
            shift().dup().istore(Frame.SHIFT).lushr();
            push(fromF, rs2);
            code.lxor().loadConstant(-1L >>> 64 - 8 * size(op)).land().iload(Frame.SHIFT).lshl().lxor().lastore();
        }
        code.labelBinding(done);
        if (!shape.isHot) {
            leaveBy(miss, packed);
            return;
        }
        frame.later(() -> {
            code.labelBinding(miss).aload(Frame.CTX);
            pushAddress(word);
            push(fromF, rs2);
            code.iload(Frame.LEFT).loadConstant(packed).invokevirtual(Frame.CONTEXT, "store", STORE);
            forgetGroups(i);
            goOnUnlessStopped(done);
        });
    }

    /** Leaves before an access that misses, for the interpreter to do it: a call here would be most of the region's code. */
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
