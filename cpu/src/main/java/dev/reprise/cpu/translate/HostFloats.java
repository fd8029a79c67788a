package dev.reprise.cpu.translate;

import static dev.reprise.cpu.translate.HostRegisters.operand;
import static dev.reprise.cpu.translate.X64.RAX;
import static dev.reprise.cpu.translate.X64.RCX;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.List;

/**
 * Machine code for floating point, by SSE2 and FMA3, which are IEEE 754 as RISC-V's F and D are: the same results and flags, tininess
 * after rounding (Intel SDM volume 1, section 4.9.1.5), but for what a NaN looks like. Flags accrue in MXCSR. Whatever computes a NaN, or
 * chooses between one and a number, or takes a single that is not boxed, or does not fit an integer, is left to the host, as are roundings other than the one in frm; a
 * flag that the processor has raised by then is one that RISC-V raises too.
 */
final class HostFloats {
    private static final int DOUBLE = 0xf2;
    private static final int SINGLE = 0xf3;
    private static final int MOVE = 0x10;
    private static final int MOVE_BACK = 0x11;
    private static final int SQRT = 0x51;
    private static final int MIN = 0x5d;
    private static final int MAX = 0x5f;
    private static final int FROM_INTEGER = 0x2a;
    private static final int TRUNCATE = 0x2c;
    private static final int ROUND = 0x2d;
    private static final int CONVERT = 0x5a;
    private static final int[] ARITHMETIC = {0x58, 0x5c, 0x59, 0x5e};
    /** In the order in which RISC-V has them: the product plus the third, less it, and the negatives. */
    private static final int[] FUSED = {0xb9, 0xbb, 0xbd, 0xbf};
    private static final int DYNAMIC = 7;
    private static final int TO_ZERO = 1;
    private static final int SIGN = 63;

    private final X64Floats out;
    private final HostFeatures features;
    /** The jumps to be taken where an instruction is left to the host. */
    private List<Integer> misses;

    HostFloats(X64Floats out, HostFeatures features) {
        this.out = out;
        this.features = features;
    }

    /** Whether an operation that is no load or store has machine code. */
    boolean has(long word) {
        int op = Predecoded.op(word);
        int like = like(op);
        boolean dynamic = Predecoded.rm(word) == DYNAMIC;
        if (like >= Op.FMADD_D && like <= Op.FNMADD_D) {
            return dynamic && features.fma();
        }
        if (like >= Op.FADD_D && like <= Op.FSQRT_D) {
            return dynamic;
        }
        if (op >= Op.FCVT_W_D && op <= Op.FMV_D_X) {
            return switch (op) {
                case Op.FCVT_W_D, Op.FCVT_L_D -> dynamic || Predecoded.rm(word) == TO_ZERO;
                case Op.FCVT_D_L -> dynamic;
                case Op.FCVT_D_W, Op.FCVT_D_WU, Op.FMV_X_D, Op.FMV_D_X -> true;
                default -> false;
            };
        }
        return switch (op) {
            case Op.FCVT_W_S, Op.FCVT_L_S -> dynamic || Predecoded.rm(word) == TO_ZERO;
            case Op.FCVT_S_W, Op.FCVT_S_WU, Op.FCVT_S_L, Op.FCVT_S_D -> dynamic;
            case Op.FCVT_D_S, Op.FMV_X_W, Op.FMV_W_X -> true;
            default -> like >= Op.FSGNJ_D && like <= Op.FLE_D;
        };
    }

    /** The number of the same operation on doubles, for those that both have in the same order. */
    private static int like(int op) {
        return op >= Op.FMADD_S && op <= Op.FCLASS_S ? op - Op.FMADD_S + Op.FMADD_D : op;
    }

    /**
     * An operation that {@link #has} is true of.
     *
     * @param toHost gets the jumps to where it is left to the host, with nothing done
     */
    void emit(long word, List<Integer> toHost) {
        misses = toHost;
        int op = Predecoded.op(word);
        boolean single = op >= Op.FLW;
        int like = like(op);
        int rd = Predecoded.rd(word);
        int a = Predecoded.rs1(word);
        int b = Predecoded.rs2(word);
        out.op64(X64.MOV, RCX, operand(HostRegisters.FLOATS));
        if (like >= Op.FMADD_D && like <= Op.FNMADD_D) {
            int c = Predecoded.rs3(word);
            requireBoxed(single, a, b, c);
            fetch(single, 0, c);
            fetch(single, 1, a);
            out.fused(!single, FUSED[like - Op.FMADD_D], RCX, HostRegisters.inFloats(b));
            putUnlessNan(single, rd);
        } else if (like >= Op.FADD_D && like <= Op.FSQRT_D) {
            int other = like == Op.FSQRT_D ? a : b;
            requireBoxed(single, a, other);
            fetch(single, 0, a);
            out.sse(prefix(single), like == Op.FSQRT_D ? SQRT : ARITHMETIC[like - Op.FADD_D], 0, RCX, HostRegisters.inFloats(other));
            putUnlessNan(single, rd);
        } else if (like >= Op.FSGNJ_D && like <= Op.FSGNJX_D) {
            sign(single, like, rd, a, b);
        } else if (like == Op.FMIN_D || like == Op.FMAX_D) {
            requireBoxed(single, a, b);
            choose(single, like == Op.FMIN_D, rd, a, b);
        } else if (like >= Op.FEQ_D && like <= Op.FLE_D) {
            requireBoxed(single, a, b);
            compare(single, like, rd, a, b);
        } else {
            convert(word, op, rd, a);
        }
    }

    /** Loads into an f register, or stores one, at a distance from an address in a register other than RCX; RAX is used. */
    void access(int op, int register, int from, int distance) {
        out.op64(X64.MOV, RCX, operand(HostRegisters.FLOATS));
        int place = HostRegisters.inFloats(register);
        switch (op) {
            case Op.FLD -> {
                out.load(true, X64.MOV, RAX, from, distance);
                out.store(8, RAX, RCX, place);
            }
            case Op.FLW -> {
                out.load(false, X64.MOV, RAX, from, distance);
                putBoxed(register);
            }
            default -> {
                boolean isDouble = op == Op.FSD;
                // The value takes RCX, since the address may be in RAX.
                out.load(isDouble, X64.MOV, RCX, RCX, place);
                out.store(isDouble ? 8 : 4, RCX, from, distance);
            }
        }
    }

    private static int prefix(boolean single) {
        return single ? SINGLE : DOUBLE;
    }

    private void fetch(boolean single, int xmm, int register) {
        out.sse(prefix(single), MOVE, xmm, RCX, HostRegisters.inFloats(register));
    }

    private void requireBoxed(boolean single, int... registers) {
        for (int i = 0; single && i < registers.length; i++) {
            if (i > 0 && registers[i] == registers[0]) {
                continue;
            }
            out.compareMinusOne(RCX, HostRegisters.inFloats(registers[i]) + Integer.BYTES);
            misses.add(out.jumpIf(X64.NOT_EQUAL));
        }
    }

    /** What is in XMM0 becomes an f register, unless it is a NaN. */
    private void putUnlessNan(boolean single, int rd) {
        out.compareFloats(single, false, 0, 0);
        misses.add(out.jumpIf(X64.PARITY));
        out.sse(prefix(single), MOVE_BACK, 0, RCX, HostRegisters.inFloats(rd));
        if (single) {
            out.storeMinusOne(RCX, HostRegisters.inFloats(rd) + Integer.BYTES);
        }
    }

    /** The lower half of RAX becomes a boxed single. */
    private void putBoxed(int register) {
        out.store(4, RAX, RCX, HostRegisters.inFloats(register));
        out.storeMinusOne(RCX, HostRegisters.inFloats(register) + Integer.BYTES);
    }

    private void setX(int rd) {
        if (rd == Predecoded.SINK) {
            return;
        }
        if (X64.isMemory(operand(rd))) {
            out.store64(operand(rd), RAX);
        } else {
            out.op64(X64.MOV, operand(rd), RAX);
        }
    }

    private void sign(boolean single, int like, int rd, int a, int b) {
        requireBoxed(single, a, b);
        int bit = single ? 31 : SIGN;
        out.load(true, X64.MOV, RAX, RCX, HostRegisters.inFloats(a));
        if (a == b && like == Op.FSGNJN_D) {
            out.bit(X64.BTC_I, RAX, bit);
        } else if (a == b && like == Op.FSGNJX_D) {
            out.bit(X64.BTR_I, RAX, bit);
        } else if (a != b) {
            // The sign of b, or of both, moved into the lowest bit and from there into a.
            out.load(true, X64.MOV, RCX, RCX, HostRegisters.inFloats(b));
            if (like == Op.FSGNJX_D) {
                out.op64(X64.XOR, RCX, RAX);
            } else if (like == Op.FSGNJN_D) {
                out.unary(true, X64.NOT, RCX);
            }
            if (single) {
                out.op32(X64.MOV, RCX, RCX);
            }
            out.shift(true, X64.SHR, RCX, bit);
            out.shift(!single, X64.SHL, RAX, 1);
            out.op64(X64.OR, RAX, RCX);
            out.shift(!single, X64.ROR, RAX, 1);
            out.op64(X64.MOV, RCX, operand(HostRegisters.FLOATS));
            if (single) {
                putBoxed(rd);
                return;
            }
        }
        out.store(8, RAX, RCX, HostRegisters.inFloats(rd));
    }

    /**
     * The processor's own choice is its second operand if both are zeros. So both ways are taken: they differ in nothing but the sign of
     * zeros, which of a minimum is set if one of them is, and of a maximum if both are.
     */
    private void choose(boolean single, boolean minimum, int rd, int a, int b) {
        fetch(single, 0, a);
        fetch(single, 1, b);
        out.compareFloats(single, false, 0, 1);
        misses.add(out.jumpIf(X64.PARITY));
        out.sse(prefix(single), minimum ? MIN : MAX, 0, RCX, HostRegisters.inFloats(b));
        out.sse(prefix(single), minimum ? MIN : MAX, 1, RCX, HostRegisters.inFloats(a));
        out.bitsOfFloats(minimum ? X64Floats.OR_FLOATS : X64Floats.AND_FLOATS, 0, 1);
        out.sse(prefix(single), MOVE_BACK, 0, RCX, HostRegisters.inFloats(rd));
        if (single) {
            out.storeMinusOne(RCX, HostRegisters.inFloats(rd) + Integer.BYTES);
        }
    }

    private void compare(boolean single, int like, int rd, int a, int b) {
        fetch(single, 0, a);
        fetch(single, 1, b);
        if (like == Op.FEQ_D) {
            out.compareFloats(single, false, 0, 1);
            // Equal, and not unordered.
            out.set8(X64.EQUAL, RAX);
            out.set8(X64.NOT_PARITY, RCX);
            out.op32(X64.AND, RAX, RCX);
            out.op32(X64.MOVZX8, RAX, RAX);
        } else {
            out.compareFloats(single, true, 1, 0);
            out.setEax(like == Op.FLT_D ? X64.ABOVE : X64.NOT_BELOW);
        }
        setX(rd);
    }

    private void convert(long word, int op, int rd, int a) {
        switch (op) {
            case Op.FCVT_W_D, Op.FCVT_W_S, Op.FCVT_L_D, Op.FCVT_L_S -> toInteger(word, op, rd, a);
            case Op.FCVT_D_W, Op.FCVT_S_W -> {
                out.op64(X64.MOVSXD, RAX, operand(a));
                fromInteger(op, rd);
            }
            case Op.FCVT_D_WU, Op.FCVT_S_WU -> {
                out.op32(X64.MOV, RAX, operand(a));
                fromInteger(op, rd);
            }
            case Op.FCVT_D_L, Op.FCVT_S_L -> {
                out.op64(X64.MOV, RAX, operand(a));
                fromInteger(op, rd);
            }
            case Op.FCVT_D_S -> {
                requireBoxed(true, a);
                out.sse(SINGLE, CONVERT, 0, RCX, HostRegisters.inFloats(a));
                putUnlessNan(false, rd);
            }
            case Op.FCVT_S_D -> {
                out.sse(DOUBLE, CONVERT, 0, RCX, HostRegisters.inFloats(a));
                putUnlessNan(true, rd);
            }
            case Op.FMV_X_D -> {
                out.load(true, X64.MOV, RAX, RCX, HostRegisters.inFloats(a));
                setX(rd);
            }
            case Op.FMV_X_W -> {
                out.load(true, X64.MOVSXD, RAX, RCX, HostRegisters.inFloats(a));
                setX(rd);
            }
            case Op.FMV_D_X -> {
                out.op64(X64.MOV, RAX, operand(a));
                out.store(8, RAX, RCX, HostRegisters.inFloats(rd));
            }
            default -> {
                out.op64(X64.MOV, RAX, operand(a));
                putBoxed(rd);
            }
        }
    }

    /** An integer in RAX, sign-extended, becomes an f register. */
    private void fromInteger(int op, int rd) {
        boolean single = op >= Op.FLW;
        out.sse64(prefix(single), FROM_INTEGER, 0, RAX);
        out.sse(prefix(single), MOVE_BACK, 0, RCX, HostRegisters.inFloats(rd));
        if (single) {
            out.storeMinusOne(RCX, HostRegisters.inFloats(rd) + Integer.BYTES);
        }
    }

    /** What does not fit gives the processor's smallest integer, which is then looked at by the host. */
    private void toInteger(long word, int op, int rd, int a) {
        boolean single = op >= Op.FLW;
        boolean isLong = op == Op.FCVT_L_D || op == Op.FCVT_L_S;
        requireBoxed(single, a);
        fetch(single, 0, a);
        int opcode = Predecoded.rm(word) == TO_ZERO ? TRUNCATE : ROUND;
        if (isLong) {
            out.sse64(prefix(single), opcode, RAX, 0);
        } else {
            out.sse32(prefix(single), opcode, RAX, 0);
        }
        // The smallest less one overflows.
        out.immediate(isLong, X64.CMP_I, RAX, 1);
        misses.add(out.jumpIf(X64.OVERFLOW));
        if (!isLong) {
            out.op64(X64.MOVSXD, RAX, RAX);
        }
        setX(rd);
    }
}
