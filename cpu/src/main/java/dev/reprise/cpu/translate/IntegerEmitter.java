package dev.reprise.cpu.translate;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Bytecode for integer computation: I, M, Zba, Zbb, Zbs. What they mean is in {@code IntegerUnit}. */
final class IntegerEmitter {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc UNIT = ClassDesc.of("dev.reprise.cpu.isa.IntegerUnit");
    private static final MethodTypeDesc LONG_LONG_TO_LONG =
            MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_long);
    private static final MethodTypeDesc COMPUTE = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_int,
            ConstantDescs.CD_long, ConstantDescs.CD_long);
    static final MethodTypeDesc COMPARE =
            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long, ConstantDescs.CD_long);
    private static final long LOW_WORD = 0xffff_ffffL;

    private final Frame frame;
    private final CodeBuilder code;

    IntegerEmitter(Frame frame) {
        this.frame = frame;
        code = frame.code;
    }

    /** Emits an operation from ADDI to SRAW or from MUL to BSETI. */
    void emit(long word) {
        int op = Predecoded.op(word);
        int rd = Predecoded.rd(word);
        if (rd == Predecoded.SINK) {
            return;
        }
        if (op <= Op.AUIPC) {
            immediate(op, Predecoded.rs1(word), Predecoded.imm(word));
        } else if (op <= Op.SRAW) {
            register(op, Predecoded.rs1(word), Predecoded.rs2(word));
        } else {
            extension(op, word);
        }
        frame.popX(rd);
    }

    private void immediate(int op, int rs1, int imm) {
        switch (op) {
            case Op.LUI -> code.loadConstant((long) imm);
            case Op.AUIPC -> code.lload(Frame.BASE).loadConstant((long) imm).ladd();
            case Op.ADDI -> addImmediate(rs1, imm);
            case Op.ADDIW -> {
                pushInt(rs1);
                if (imm != 0) {
                    code.loadConstant(imm).iadd();
                }
                code.i2l();
            }
            case Op.SLLI -> shift(rs1, imm).lshl();
            case Op.SRLI -> shift(rs1, imm).lushr();
            case Op.SRAI -> shift(rs1, imm).lshr();
            case Op.ANDI -> withImmediate(rs1, imm).land();
            case Op.ORI -> withImmediate(rs1, imm).lor();
            case Op.XORI -> withImmediate(rs1, imm).lxor();
            case Op.SLTI -> {
                withImmediate(rs1, imm).lcmp();
                oneIfNegative();
            }
            case Op.SLTIU -> {
                if (imm == 1) {
                    frame.pushX(rs1);
                    code.lconst_0().lcmp();
                    oneIfZero();
                } else {
                    withImmediate(rs1, imm);
                    compareUnsigned();
                    oneIfNegative();
                }
            }
            case Op.SLLIW -> {
                pushInt(rs1);
                code.loadConstant(imm).ishl().i2l();
            }
            case Op.SRLIW -> {
                pushInt(rs1);
                code.loadConstant(imm).iushr().i2l();
            }
            case Op.SRAIW -> {
                pushInt(rs1);
                code.loadConstant(imm).ishr().i2l();
            }
            default -> throw new IllegalArgumentException("not an operation with an immediate: " + Op.name(op));
        }
    }

    private void register(int op, int rs1, int rs2) {
        switch (op) {
            case Op.ADD -> pushBoth(rs1, rs2).ladd();
            case Op.SUB -> pushBoth(rs1, rs2).lsub();
            case Op.AND -> pushBoth(rs1, rs2).land();
            case Op.OR -> pushBoth(rs1, rs2).lor();
            case Op.XOR -> pushBoth(rs1, rs2).lxor();
            case Op.SLL -> pushBoth(rs1, rs2).l2i().lshl();
            case Op.SRL -> pushBoth(rs1, rs2).l2i().lushr();
            case Op.SRA -> pushBoth(rs1, rs2).l2i().lshr();
            case Op.ADDW -> pushInts(rs1, rs2).iadd().i2l();
            case Op.SUBW -> pushInts(rs1, rs2).isub().i2l();
            case Op.SLLW -> pushInts(rs1, rs2).ishl().i2l();
            case Op.SRLW -> pushInts(rs1, rs2).iushr().i2l();
            case Op.SRAW -> pushInts(rs1, rs2).ishr().i2l();
            case Op.SLT -> {
                pushBoth(rs1, rs2).lcmp();
                oneIfNegative();
            }
            case Op.SLTU -> {
                if (rs1 == 0) {
                    frame.pushX(rs2);
                    code.lconst_0().lcmp();
                    oneIfNotZero();
                } else {
                    pushBoth(rs1, rs2);
                    compareUnsigned();
                    oneIfNegative();
                }
            }
            default -> throw new IllegalArgumentException("not an operation of two registers: " + Op.name(op));
        }
    }

    private void extension(int op, long word) {
        int rs1 = Predecoded.rs1(word);
        int rs2 = Predecoded.rs2(word);
        switch (op) {
            case Op.MUL -> pushBoth(rs1, rs2).lmul();
            case Op.MULW -> pushInts(rs1, rs2).imul().i2l();
            case Op.MULH -> pushBoth(rs1, rs2).invokestatic(MATH, "multiplyHigh", LONG_LONG_TO_LONG);
            case Op.MULHU -> pushBoth(rs1, rs2).invokestatic(MATH, "unsignedMultiplyHigh", LONG_LONG_TO_LONG);
            case Op.SH1ADD, Op.SH2ADD, Op.SH3ADD -> {
                frame.pushX(rs1);
                code.loadConstant(op - Op.SH1ADD + 1).lshl();
                frame.pushX(rs2);
                code.ladd();
            }
            case Op.ADD_UW, Op.SH1ADD_UW, Op.SH2ADD_UW, Op.SH3ADD_UW -> {
                frame.pushX(rs1);
                code.loadConstant(LOW_WORD).land();
                if (op != Op.ADD_UW) {
                    code.loadConstant(op - Op.SH1ADD_UW + 1).lshl();
                }
                frame.pushX(rs2);
                code.ladd();
            }
            case Op.ANDN -> pushBoth(rs1, rs2).loadConstant(-1L).lxor().land();
            case Op.ORN -> pushBoth(rs1, rs2).loadConstant(-1L).lxor().lor();
            case Op.MAX -> pushBoth(rs1, rs2).invokestatic(MATH, "max", LONG_LONG_TO_LONG);
            case Op.MIN -> pushBoth(rs1, rs2).invokestatic(MATH, "min", LONG_LONG_TO_LONG);
            case Op.ZEXT_H -> {
                frame.pushX(rs1);
                code.loadConstant(0xffffL).land();
            }
            default -> {
                code.loadConstant(op);
                frame.pushX(rs1);
                // A format has rs2 or an immediate; the other field is 0.
                int imm = Predecoded.imm(word);
                if (imm != 0) {
                    code.loadConstant((long) imm);
                } else {
                    frame.pushX(rs2);
                }
                code.invokestatic(UNIT, "compute", COMPUTE);
            }
        }
    }

    /** Pushes x[rs1] + imm. */
    void addImmediate(int rs1, int imm) {
        if (rs1 == 0) {
            code.loadConstant((long) imm);
            return;
        }
        frame.pushX(rs1);
        if (imm != 0) {
            code.loadConstant((long) imm).ladd();
        }
    }

    private void pushInt(int r) {
        frame.pushX(r);
        code.l2i();
    }

    private CodeBuilder pushInts(int rs1, int rs2) {
        pushInt(rs1);
        pushInt(rs2);
        return code;
    }

    CodeBuilder pushBoth(int rs1, int rs2) {
        frame.pushX(rs1);
        frame.pushX(rs2);
        return code;
    }

    private CodeBuilder shift(int rs1, int amount) {
        frame.pushX(rs1);
        return code.loadConstant(amount);
    }

    private CodeBuilder withImmediate(int rs1, int imm) {
        frame.pushX(rs1);
        return code.loadConstant((long) imm);
    }

    /** Replaces two longs by an int that is negative if the first is less, unsigned. */
    void compareUnsigned() {
        code.invokestatic(ConstantDescs.CD_Long, "compareUnsigned", COMPARE);
    }

    private void oneIfNegative() {
        Label yes = code.newLabel();
        code.iflt(yes);
        zeroOrOne(yes);
    }

    private void oneIfZero() {
        Label yes = code.newLabel();
        code.ifeq(yes);
        zeroOrOne(yes);
    }

    private void oneIfNotZero() {
        Label yes = code.newLabel();
        code.ifne(yes);
        zeroOrOne(yes);
    }

    private void zeroOrOne(Label yes) {
        Label done = code.newLabel();
        code.lconst_0().goto_(done).labelBinding(yes).lconst_1().labelBinding(done);
    }
}
