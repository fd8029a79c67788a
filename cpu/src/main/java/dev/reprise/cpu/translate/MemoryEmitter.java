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

    /** @param stop where to go when a call has completed its step */
    MemoryEmitter(Frame frame, IntegerEmitter integers, Label stop) {
        this.frame = frame;
        this.integers = integers;
        this.stop = stop;
        code = frame.code;
    }

    private static int size(int op) {
        return switch (op) {
            case Op.LD, Op.SD, Op.FLD, Op.FSD -> 8;
            case Op.LW, Op.LWU, Op.SW, Op.FLW, Op.FSW -> 4;
            case Op.LH, Op.LHU, Op.SH -> 2;
            default -> 1;
        };
    }

    /** Pops the tag and page arrays' entry for the address in VA: goes to {@code miss}, or leaves the page and the index of the word. */
    private void look(long word, int tags, int pages, Label miss) {
        int op = Predecoded.op(word);
        integers.addImmediate(Predecoded.rs1(word), Predecoded.imm(word));
        code.lstore(Frame.VA);
        if (isRaw()) {
            // No check of the index: it is masked. The frame has seen to it that there is an array.
            code.invokestatic(RawWords.UNSAFE, "getUnsafe", RawWords.GET_UNSAFE).aload(tags);
            code.lload(Frame.VA).loadConstant(9).lushr().loadConstant(8L * DataTlb.INDEX_MASK).land()
                    .loadConstant(RawWords.BASE_BYTES).ladd();
            getRaw("getLong", ConstantDescs.CD_long);
        } else {
            code.aload(tags);
            index();
            code.laload();
        }
        code.lload(Frame.VA).loadConstant(PAGE_TAG | size(op) - 1).land().lcmp().ifne(miss);
        if (isRaw()) {
            // The length is asked for so that the JVM knows that there is an array.
            code.invokestatic(RawWords.UNSAFE, "getUnsafe", RawWords.GET_UNSAFE);
            code.aload(pages);
            index();
            code.aaload().dup().arraylength().pop();
            code.lload(Frame.VA).loadConstant(PhysicalBus.PAGE_BYTES - 1L).land().loadConstant(RawWords.BASE_BYTES).ladd();
        } else {
            code.aload(pages);
            index();
            code.aaload();
            code.lload(Frame.VA).l2i().iconst_3().iushr().loadConstant(Page.WORDS - 1).iand();
        }
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
    void load(long word, int packed) {
        int op = Predecoded.op(word);
        int rd = Predecoded.rd(word);
        Label miss = code.newLabel();
        Label done = code.newLabel();
        look(word, Frame.READ_TAG, Frame.READ_PAGE, miss);
        if (isRaw()) {
            loadRaw(op);
        } else {
            loadFromWord(op);
        }
        boolean toF = Predecoded.writesF(op);
        pop(toF, rd);
        code.labelBinding(done);
        frame.later(() -> {
            code.labelBinding(miss).aload(Frame.CTX).lload(Frame.VA);
            if (toF) {
                frame.pushF(rd);
            } else {
                frame.pushX(rd == Predecoded.SINK ? 0 : rd);
            }
            code.iload(Frame.LEFT).loadConstant(packed).invokevirtual(Frame.CONTEXT, "load", LOAD);
            pop(toF, rd);
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
    void store(long word, int packed) {
        int op = Predecoded.op(word);
        int rs2 = Predecoded.rs2(word);
        Label miss = code.newLabel();
        Label done = code.newLabel();
        look(word, Frame.WRITE_TAG, Frame.WRITE_PAGE, miss);
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
        frame.later(() -> {
            code.labelBinding(miss).aload(Frame.CTX).lload(Frame.VA);
            push(fromF, rs2);
            code.iload(Frame.LEFT).loadConstant(packed).invokevirtual(Frame.CONTEXT, "store", STORE);
            goOnUnlessStopped(done);
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
