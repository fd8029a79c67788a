package dev.reprise.cpu.translate;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Bytecode for F and D: calls of the same functions that the interpreter's units call, on locals. The region is entered
 * only with FS dirty and a valid frm.
 */
final class FloatEmitter {
    private static final ClassDesc F64 = ClassDesc.of("dev.reprise.cpu.fpu.F64");
    private static final ClassDesc F32 = ClassDesc.of("dev.reprise.cpu.fpu.F32");
    private static final String[] ARITHMETIC = {"add", "sub", "mul", "div"};
    private static final String[] MIN_MAX = {"min", "max"};
    private static final String[] COMPARISON = {"eq", "lt", "le"};
    private static final String[] TO_INTEGER = {"toInt32", "toUint32", "toInt64", "toUint64"};
    private static final String[] FROM_INTEGER = {"fromInt32", "fromUint32", "fromInt64", "fromUint64"};

    private final Frame frame;
    private final CodeBuilder code;
    /** Of the instruction that is being emitted. */
    private boolean isDouble;
    private ClassDesc unit;
    private ClassDesc value;
    private int rm;

    FloatEmitter(Frame frame) {
        this.frame = frame;
        code = frame.code;
    }

    /** Emits any operation of F or D but a load or store. */
    void emit(long word) {
        int op = Predecoded.op(word);
        isDouble = op < Op.FLW;
        unit = isDouble ? F64 : F32;
        value = isDouble ? CD_long : CD_int;
        rm = Predecoded.rm(word);
        // The two extensions name their common operations in the same order.
        int like = isDouble ? op : op - Op.FMADD_S + Op.FMADD_D;
        if (like >= Op.FMADD_D && like <= Op.FNMADD_D) {
            fused(word, like);
        } else if (like >= Op.FADD_D && like <= Op.FDIV_D) {
            pushValue(Predecoded.rs1(word));
            pushValue(Predecoded.rs2(word));
            pushMode();
            call(ARITHMETIC[like - Op.FADD_D], MethodTypeDesc.of(value, value, value, CD_int, Frame.FLAGS));
            popValue(word);
        } else if (like == Op.FSQRT_D) {
            pushValue(Predecoded.rs1(word));
            pushMode();
            call("sqrt", MethodTypeDesc.of(value, value, CD_int, Frame.FLAGS));
            popValue(word);
        } else if (like <= Op.FSGNJX_D) {
            injectSign(word, like);
        } else if (like <= Op.FMAX_D) {
            pushValue(Predecoded.rs1(word));
            pushValue(Predecoded.rs2(word));
            call(MIN_MAX[like - Op.FMIN_D], MethodTypeDesc.of(value, value, value, Frame.FLAGS));
            popValue(word);
        } else if (like <= Op.FLE_D) {
            pushValue(Predecoded.rs1(word));
            pushValue(Predecoded.rs2(word));
            call(COMPARISON[like - Op.FEQ_D], MethodTypeDesc.of(CD_boolean, value, value, Frame.FLAGS));
            code.i2l();
            frame.popX(Predecoded.rd(word));
        } else {
            convert(word, op, like);
        }
    }

    private void convert(long word, int op, int like) {
        int rs1 = Predecoded.rs1(word);
        int rd = Predecoded.rd(word);
        if (like == Op.FCLASS_D) {
            pushValue(rs1);
            code.invokestatic(unit, "classify", MethodTypeDesc.of(CD_int, value)).i2l();
            frame.popX(rd);
        } else if (like <= Op.FCVT_LU_D) {
            pushValue(rs1);
            pushMode();
            call(TO_INTEGER[like - Op.FCVT_W_D], MethodTypeDesc.of(CD_long, value, CD_int, Frame.FLAGS));
            frame.popX(rd);
        } else if (like <= Op.FCVT_D_LU) {
            frame.pushX(rs1);
            pushMode();
            call(FROM_INTEGER[like - Op.FCVT_D_W], MethodTypeDesc.of(value, CD_long, CD_int, Frame.FLAGS));
            popValue(word);
        } else if (op == Op.FMV_X_D) {
            frame.pushF(rs1);
            frame.popX(rd);
        } else if (op == Op.FMV_X_W) {
            frame.pushF(rs1);
            code.l2i().i2l();
            frame.popX(rd);
        } else if (op == Op.FMV_D_X) {
            frame.pushX(rs1);
            frame.popF(rd);
        } else if (op == Op.FMV_W_X) {
            frame.pushX(rs1);
            code.l2i();
            box();
            frame.popF(rd);
        } else if (op == Op.FCVT_D_S) {
            unbox(rs1);
            code.aload(Frame.FP_FLAGS).invokestatic(F32, "toF64", MethodTypeDesc.of(CD_long, CD_int, Frame.FLAGS));
            frame.popF(rd);
        } else {
            frame.pushF(rs1);
            pushMode();
            code.aload(Frame.FP_FLAGS)
                    .invokestatic(F64, "toF32", MethodTypeDesc.of(CD_int, CD_long, CD_int, Frame.FLAGS));
            box();
            frame.popF(rd);
        }
    }

    private void fused(long word, int like) {
        boolean negateProduct = like == Op.FNMSUB_D || like == Op.FNMADD_D;
        boolean negateAddend = like == Op.FMSUB_D || like == Op.FNMADD_D;
        pushValue(Predecoded.rs1(word));
        if (negateProduct) {
            negate();
        }
        pushValue(Predecoded.rs2(word));
        pushValue(Predecoded.rs3(word));
        if (negateAddend) {
            negate();
        }
        pushMode();
        call("fma", MethodTypeDesc.of(value, value, value, value, CD_int, Frame.FLAGS));
        popValue(word);
    }

    private void negate() {
        if (isDouble) {
            code.loadConstant(Long.MIN_VALUE).lxor();
        } else {
            code.loadConstant(Integer.MIN_VALUE).ixor();
        }
    }

    private void injectSign(long word, int like) {
        int rs1 = Predecoded.rs1(word);
        int rs2 = Predecoded.rs2(word);
        if (isDouble) {
            if (like == Op.FSGNJX_D) {
                frame.pushF(rs1);
            } else {
                frame.pushF(rs1);
                code.loadConstant(Long.MAX_VALUE).land();
            }
            frame.pushF(rs2);
            if (like == Op.FSGNJN_D) {
                code.loadConstant(-1L).lxor();
            }
            code.loadConstant(Long.MIN_VALUE).land();
            if (like == Op.FSGNJX_D) {
                code.lxor();
            } else {
                code.lor();
            }
            frame.popF(Predecoded.rd(word));
            return;
        }
        unbox(rs1);
        if (like != Op.FSGNJX_D) {
            code.loadConstant(Integer.MAX_VALUE).iand();
        }
        unbox(rs2);
        if (like == Op.FSGNJN_D) {
            code.loadConstant(-1).ixor();
        }
        code.loadConstant(Integer.MIN_VALUE).iand();
        if (like == Op.FSGNJX_D) {
            code.ixor();
        } else {
            code.ior();
        }
        box();
        frame.popF(Predecoded.rd(word));
    }

    private void pushMode() {
        if (rm == 7) {
            code.iload(Frame.FRM);
        } else {
            code.loadConstant(rm);
        }
    }

    /** Calls a function of the unit whose last parameter is the flags. */
    private void call(String name, MethodTypeDesc type) {
        code.aload(Frame.FP_FLAGS).invokestatic(unit, name, type);
    }

    private void pushValue(int r) {
        if (isDouble) {
            frame.pushF(r);
        } else {
            unbox(r);
        }
    }

    private void popValue(long word) {
        if (!isDouble) {
            box();
        }
        frame.popF(Predecoded.rd(word));
    }

    private void unbox(int r) {
        frame.pushF(r);
        code.invokestatic(F32, "unbox", MethodTypeDesc.of(CD_int, CD_long));
    }

    private void box() {
        code.invokestatic(F32, "box", MethodTypeDesc.of(CD_long, CD_int));
    }
}
