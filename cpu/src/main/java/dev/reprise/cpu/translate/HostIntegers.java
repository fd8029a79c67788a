package dev.reprise.cpu.translate;

import static dev.reprise.cpu.translate.HostRegisters.operand;
import static dev.reprise.cpu.translate.X64.RAX;
import static dev.reprise.cpu.translate.X64.RCX;
import static dev.reprise.cpu.translate.X64.RDX;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;

/** Machine code for the integer operations; what they are is said in {@code IntegerUnit} and the interpreter. */
final class HostIntegers {
    private final X64 out;
    private final HostFeatures features;

    HostIntegers(X64 out, HostFeatures features) {
        this.out = out;
        this.features = features;
    }

    /** Whether an operation has machine code on this processor. */
    boolean has(int op) {
        return features.popcnt() || op != Op.CPOP && op != Op.CPOPW;
    }

    /** Whether an operation reads memory, computes, and writes it. */
    static boolean isAtomic(int op) {
        return op >= Op.AMOSWAP_W && op <= Op.AMOMAXU_W || op >= Op.AMOSWAP_D && op <= Op.AMOMAXU_D;
    }

    /** RDX becomes what such an operation writes, by what was read, which is in RCX, and a guest's register. */
    void modify(int op, int guest) {
        boolean isWord = op <= Op.AMOMAXU_W;
        out.op64(isWord ? X64.MOVSXD : X64.MOV, RDX, operand(guest));
        switch (isWord ? op - Op.AMOSWAP_W + Op.AMOSWAP_D : op) {
            case Op.AMOSWAP_D -> {
            }
            case Op.AMOADD_D -> out.op64(X64.ADD, RDX, RCX);
            case Op.AMOXOR_D -> out.op64(X64.XOR, RDX, RCX);
            case Op.AMOAND_D -> out.op64(X64.AND, RDX, RCX);
            case Op.AMOOR_D -> out.op64(X64.OR, RDX, RCX);
            case Op.AMOMIN_D -> keepIf(X64.LESS);
            case Op.AMOMAX_D -> keepIf(X64.GREATER);
            case Op.AMOMINU_D -> keepIf(X64.BELOW);
            default -> keepIf(X64.ABOVE);
        }
    }

    private void keepIf(int condition) {
        out.op64(X64.CMP, RCX, RDX);
        out.op64(X64.CMOV | condition, RDX, RCX);
    }

    /**
     * A computation, with a destination other than x0.
     *
     * @return whether RDX has changed
     */
    boolean emit(long word) {
        int op = Predecoded.op(word);
        int rd = Predecoded.rd(word);
        int a = operand(Predecoded.rs1(word));
        int b = operand(Predecoded.rs2(word));
        int imm = Predecoded.imm(word);
        if (op == Op.LUI) {
            out.set64(operand(rd), imm);
        } else if (op == Op.AUIPC) {
            addToBase(rd, imm);
        } else if (op <= Op.SRAIW) {
            withImmediate(op, rd, Predecoded.rs1(word), a, imm);
        } else if (op <= Op.SRAW) {
            ofTwo(op, rd, a, b);
        } else if (op <= Op.REMUW) {
            return multiplyOrDivide(op, rd, a, b);
        } else if (op <= Op.SLLI_UW) {
            address(op, rd, a, b, imm);
        } else {
            logic(op, rd, a, b, imm);
        }
        return false;
    }

    /** A register becomes the sum of a guest's register and a constant. */
    void sum(int register, int guest, int distance) {
        int from = operand(guest);
        if (X64.isMemory(from)) {
            out.op64(X64.MOV, register, from);
            if (distance != 0) {
                out.immediate(true, X64.ADD_I, register, distance);
            }
        } else if (distance == 0) {
            out.op64(X64.MOV, register, from);
        } else {
            out.lea(true, register, from, distance);
        }
    }

    /** A guest's register becomes an address at a distance from the region's base. */
    void addToBase(int rd, int distance) {
        int to = operand(rd);
        int register = X64.isMemory(to) ? RAX : to;
        out.op64(X64.MOV, register, operand(HostRegisters.BASE));
        out.immediate(true, X64.ADD_I, register, distance);
        set(rd, register);
    }

    /** {@code cmp a, b}, of which one may be memory, or both. */
    void compare(int a, int b) {
        if (!X64.isMemory(a)) {
            out.op64(X64.CMP, a, b);
        } else if (!X64.isMemory(b)) {
            out.compareWith(a, b);
        } else {
            out.op64(X64.MOV, RAX, a);
            out.op64(X64.CMP, RAX, b);
        }
    }

    /** The register to compute a guest's register in. */
    private static int target(int rd) {
        return X64.isMemory(operand(rd)) ? RAX : operand(rd);
    }

    /** A guest's register becomes what was computed. */
    private void set(int rd, int register) {
        if (operand(rd) != register) {
            if (X64.isMemory(operand(rd))) {
                out.store64(operand(rd), register);
            } else {
                out.op64(X64.MOV, operand(rd), register);
            }
        }
    }

    /** A guest's register becomes the sign-extended lower half of RAX. */
    private void setWord(int rd) {
        int register = target(rd);
        out.op64(X64.MOVSXD, register, RAX);
        set(rd, register);
    }

    private void move(int register, int from) {
        if (register != from) {
            out.op64(X64.MOV, register, from);
        }
    }

    private void withImmediate(int op, int rd, int rs1, int a, int imm) {
        int to = operand(rd);
        int register = target(rd);
        switch (op) {
            case Op.ADDI -> {
                if (rs1 == 0) {
                    out.set64(to, imm);
                } else if (to == a && imm != 0) {
                    out.immediate(true, X64.ADD_I, to, imm);
                } else if (to != a) {
                    sum(register, rs1, imm);
                    set(rd, register);
                }
            }
            case Op.ADDIW -> {
                if (imm == 0) {
                    out.op64(X64.MOVSXD, register, a);
                    set(rd, register);
                } else {
                    out.op32(X64.MOV, RAX, a);
                    out.immediate(false, X64.ADD_I, RAX, imm);
                    setWord(rd);
                }
            }
            case Op.ANDI -> immediate(X64.AND_I, rd, a, imm);
            case Op.ORI -> immediate(X64.OR_I, rd, a, imm);
            case Op.XORI -> immediate(X64.XOR_I, rd, a, imm);
            case Op.SLTI, Op.SLTIU -> {
                out.immediate(true, X64.CMP_I, a, imm);
                out.setEax(op == Op.SLTI ? X64.LESS : X64.BELOW);
                set(rd, RAX);
            }
            case Op.SLLI -> shift(X64.SHL, rd, a, imm);
            case Op.SRLI -> shift(X64.SHR, rd, a, imm);
            case Op.SRAI -> shift(X64.SAR, rd, a, imm);
            default -> {
                out.op32(X64.MOV, RAX, a);
                out.shift(false, op == Op.SLLIW ? X64.SHL : op == Op.SRLIW ? X64.SHR : X64.SAR, RAX, imm);
                setWord(rd);
            }
        }
    }

    private void immediate(int number, int rd, int a, int imm) {
        if (operand(rd) == a) {
            out.immediate(true, number, a, imm);
        } else {
            int register = target(rd);
            move(register, a);
            out.immediate(true, number, register, imm);
            set(rd, register);
        }
    }

    private void shift(int number, int rd, int a, int by) {
        if (operand(rd) == a) {
            out.shift(true, number, a, by);
        } else {
            int register = target(rd);
            move(register, a);
            out.shift(true, number, register, by);
            set(rd, register);
        }
    }

    private void ofTwo(int op, int rd, int a, int b) {
        switch (op) {
            case Op.ADD -> combine(X64.ADD, true, rd, a, b);
            case Op.SUB -> combine(X64.SUB, false, rd, a, b);
            case Op.AND -> combine(X64.AND, true, rd, a, b);
            case Op.OR -> combine(X64.OR, true, rd, a, b);
            case Op.XOR -> combine(X64.XOR, true, rd, a, b);
            case Op.ADDW -> combineWords(X64.ADD, rd, a, b);
            case Op.SUBW -> combineWords(X64.SUB, rd, a, b);
            case Op.SLT, Op.SLTU -> {
                compare(a, b);
                out.setEax(op == Op.SLT ? X64.LESS : X64.BELOW);
                set(rd, RAX);
            }
            case Op.SLL -> shiftBy(X64.SHL, rd, a, b);
            case Op.SRL -> shiftBy(X64.SHR, rd, a, b);
            case Op.SRA -> shiftBy(X64.SAR, rd, a, b);
            default -> shiftWordBy(op == Op.SLLW ? X64.SHL : op == Op.SRLW ? X64.SHR : X64.SAR, rd, a, b);
        }
    }

    private void combine(int opcode, boolean commutes, int rd, int a, int b) {
        int to = operand(rd);
        int register = target(rd);
        if (to == b && to != a && register != RAX) {
            if (commutes) {
                out.op64(opcode, register, a);
                return;
            }
            register = RAX;
        }
        move(register, a);
        out.op64(opcode, register, b);
        set(rd, register);
    }

    private void combineWords(int opcode, int rd, int a, int b) {
        out.op32(X64.MOV, RAX, a);
        out.op32(opcode, RAX, b);
        setWord(rd);
    }

    private void shiftBy(int number, int rd, int a, int b) {
        out.op32(X64.MOV, RCX, b);
        int register = operand(rd) == b ? RAX : target(rd);
        move(register, a);
        out.shiftByCl(true, number, register);
        set(rd, register);
    }

    private void shiftWordBy(int number, int rd, int a, int b) {
        out.op32(X64.MOV, RCX, b);
        out.op32(X64.MOV, RAX, a);
        out.shiftByCl(false, number, RAX);
        setWord(rd);
    }

    private boolean multiplyOrDivide(int op, int rd, int a, int b) {
        switch (op) {
            case Op.MUL -> combine(X64.IMUL, true, rd, a, b);
            case Op.MULW -> combineWords(X64.IMUL, rd, a, b);
            case Op.MULH, Op.MULHU, Op.MULHSU -> {
                out.op64(X64.MOV, RAX, a);
                out.unary(true, op == Op.MULH ? X64.IMUL_WIDE : X64.MUL, b);
                if (op == Op.MULHSU) {
                    // A negative one was taken for itself plus 2^64.
                    out.op64(X64.MOV, RAX, a);
                    out.shift(true, X64.SAR, RAX, 63);
                    out.op64(X64.AND, RAX, b);
                    out.op64(X64.SUB, RDX, RAX);
                }
                set(rd, RDX);
                return true;
            }
            case Op.DIV, Op.DIVU, Op.DIVW, Op.DIVUW -> {
                divide(op >= Op.MULW, op == Op.DIV || op == Op.DIVW, a, b);
                finish(op >= Op.MULW, rd);
                return true;
            }
            default -> {
                remainder(op >= Op.MULW, op == Op.REM || op == Op.REMW, a, b);
                out.op64(X64.MOV, RAX, RDX);
                finish(op >= Op.MULW, rd);
                return true;
            }
        }
        return false;
    }

    private void finish(boolean isWord, int rd) {
        if (isWord) {
            setWord(rd);
        } else {
            set(rd, RAX);
        }
    }

    private void op(boolean isWord, int opcode, int register, int operand) {
        if (isWord) {
            out.op32(opcode, register, operand);
        } else {
            out.op64(opcode, register, operand);
        }
    }

    private void testDivisor(boolean isWord) {
        if (isWord) {
            out.test32(RCX);
        } else {
            out.test64(RCX);
        }
    }

    /** The quotient is in RAX; -1 of a division by 0. By -1 it is the negative, which the host would trap of the smallest. */
    private void divide(boolean isWord, boolean signed, int a, int b) {
        op(isWord, X64.MOV, RCX, b);
        out.set64(RAX, -1);
        testDivisor(isWord);
        int byZero = out.shortJumpIf(X64.EQUAL);
        op(isWord, X64.MOV, RAX, a);
        if (signed) {
            out.immediate(!isWord, X64.CMP_I, RCX, -1);
            int byMinusOne = out.shortJumpIf(X64.EQUAL);
            out.extendIntoRdx(!isWord);
            out.unary(!isWord, X64.IDIV, RCX);
            int done = out.shortJump();
            out.bindShort(byMinusOne);
            out.unary(!isWord, X64.NEG, RAX);
            out.bindShort(done);
        } else {
            out.set64(RDX, 0);
            out.unary(!isWord, X64.DIV, RCX);
        }
        out.bindShort(byZero);
    }

    /** The remainder is in RDX; what was divided itself of a division by 0, and 0 of one by -1. */
    private void remainder(boolean isWord, boolean signed, int a, int b) {
        op(isWord, X64.MOV, RCX, b);
        op(isWord, X64.MOV, RAX, a);
        out.op64(X64.MOV, RDX, RAX);
        testDivisor(isWord);
        int byZero = out.shortJumpIf(X64.EQUAL);
        if (signed) {
            out.set64(RDX, 0);
            out.immediate(!isWord, X64.CMP_I, RCX, -1);
            int byMinusOne = out.shortJumpIf(X64.EQUAL);
            out.extendIntoRdx(!isWord);
            out.unary(!isWord, X64.IDIV, RCX);
            out.bindShort(byMinusOne);
        } else {
            out.set64(RDX, 0);
            out.unary(!isWord, X64.DIV, RCX);
        }
        out.bindShort(byZero);
    }

    private void address(int op, int rd, int a, int b, int imm) {
        boolean ofWord = op == Op.ADD_UW || op >= Op.SH1ADD_UW;
        op(ofWord, X64.MOV, RAX, a);
        int by = op == Op.SLLI_UW ? imm : op == Op.ADD_UW ? 0 : op >= Op.SH1ADD_UW ? op - Op.SH1ADD_UW + 1 : op - Op.SH1ADD + 1;
        if (by != 0) {
            out.shift(true, X64.SHL, RAX, by);
        }
        if (op != Op.SLLI_UW) {
            out.op64(X64.ADD, RAX, b);
        }
        set(rd, RAX);
    }

    private void logic(int op, int rd, int a, int b, int imm) {
        switch (op) {
            case Op.ANDN, Op.ORN -> {
                out.op64(X64.MOV, RAX, b);
                out.unary(true, X64.NOT, RAX);
                out.op64(op == Op.ANDN ? X64.AND : X64.OR, RAX, a);
            }
            case Op.XNOR -> {
                out.op64(X64.MOV, RAX, a);
                out.op64(X64.XOR, RAX, b);
                out.unary(true, X64.NOT, RAX);
            }
            case Op.MAX -> choose(X64.LESS, a, b);
            case Op.MAXU -> choose(X64.BELOW, a, b);
            case Op.MIN -> choose(X64.GREATER, a, b);
            case Op.MINU -> choose(X64.ABOVE, a, b);
            case Op.ROL, Op.ROR, Op.ROLW, Op.RORW -> {
                boolean isWord = op >= Op.ROLW;
                out.op32(X64.MOV, RCX, b);
                op(isWord, X64.MOV, RAX, a);
                out.shiftByCl(!isWord, op == Op.ROL || op == Op.ROLW ? X64.ROL : X64.ROR, RAX);
                finish(isWord, rd);
                return;
            }
            case Op.RORI, Op.RORIW -> {
                boolean isWord = op == Op.RORIW;
                op(isWord, X64.MOV, RAX, a);
                out.shift(!isWord, X64.ROR, RAX, imm);
                finish(isWord, rd);
                return;
            }
            case Op.CTZ, Op.CTZW -> trailingZeros(op == Op.CTZW, a);
            case Op.CLZ, Op.CLZW -> leadingZeros(op == Op.CLZW, a);
            case Op.CPOP, Op.CPOPW -> out.countBits(op == Op.CPOP, RAX, a);
            case Op.ORC_B -> orCombineBytes(a);
            case Op.SEXT_B -> out.extend8(X64.MOVSX8, RAX, a);
            case Op.SEXT_H -> out.op64(X64.MOVSX16, RAX, a);
            case Op.ZEXT_H -> out.op64(X64.MOVZX16, RAX, a);
            case Op.REV8 -> {
                out.op64(X64.MOV, RAX, a);
                out.swapBytes(RAX);
            }
            default -> singleBit(op, a, b, imm);
        }
        set(rd, RAX);
    }

    /** RAX becomes a, or b on a condition that is of a compared with b. */
    private void choose(int condition, int a, int b) {
        out.op64(X64.MOV, RAX, a);
        out.op64(X64.CMP, RAX, b);
        out.op64(X64.CMOV | condition, RAX, b);
    }

    /** BSF leaves its destination as it is if there is no bit. */
    private void trailingZeros(boolean isWord, int a) {
        op(isWord, X64.MOV, RCX, a);
        out.set64(RAX, isWord ? Integer.SIZE : Long.SIZE);
        op(isWord, X64.BSF, RCX, RCX);
        op(isWord, X64.CMOV | X64.NOT_EQUAL, RAX, RCX);
    }

    /** From the number of the highest bit, or of one that gives all bits if there is none. */
    private void leadingZeros(boolean isWord, int a) {
        int bits = isWord ? Integer.SIZE : Long.SIZE;
        op(isWord, X64.MOV, RCX, a);
        out.set64(RAX, 2 * bits - 1);
        op(isWord, X64.BSR, RCX, RCX);
        op(isWord, X64.CMOV | X64.NOT_EQUAL, RAX, RCX);
        out.immediate(false, X64.XOR_I, RAX, bits - 1);
    }

    /** As {@code IntegerUnit} does it: the bytes that are not 0 get their lowest bit set, then all eight. */
    private void orCombineBytes(int a) {
        out.setWide(RCX, 0x7f7f_7f7f_7f7f_7f7fL);
        out.op64(X64.MOV, RAX, a);
        out.op64(X64.AND, RAX, RCX);
        out.op64(X64.ADD, RAX, RCX);
        out.op64(X64.OR, RAX, a);
        out.shift(true, X64.SHR, RAX, 7);
        out.setWide(RCX, 0x0101_0101_0101_0101L);
        out.op64(X64.AND, RAX, RCX);
        out.op64(X64.MOV, RCX, RAX);
        out.shift(true, X64.SHL, RAX, Byte.SIZE);
        out.op64(X64.SUB, RAX, RCX);
    }

    private void singleBit(int op, int a, int b, int imm) {
        out.op64(X64.MOV, RAX, a);
        if (op < Op.BCLRI) {
            out.op64(X64.MOV, RCX, b);
        }
        switch (op) {
            case Op.BCLR -> out.op64(X64.BTR, RCX, RAX);
            case Op.BINV -> out.op64(X64.BTC, RCX, RAX);
            case Op.BSET -> out.op64(X64.BTS, RCX, RAX);
            case Op.BCLRI -> out.bit(X64.BTR_I, RAX, imm);
            case Op.BINVI -> out.bit(X64.BTC_I, RAX, imm);
            case Op.BSETI -> out.bit(X64.BTS_I, RAX, imm);
            default -> {
                if (op == Op.BEXT) {
                    out.shiftByCl(true, X64.SHR, RAX);
                } else {
                    out.shift(true, X64.SHR, RAX, imm);
                }
                out.immediate(false, X64.AND_I, RAX, 1);
            }
        }
    }
}
