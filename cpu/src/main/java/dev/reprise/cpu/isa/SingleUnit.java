package dev.reprise.cpu.isa;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.fpu.F32;
import dev.reprise.cpu.fpu.FpFlags;

/** The computations of the F extension; values are NaN-boxed in 64-bit registers (chapters F and D). */
public final class SingleUnit {
    private static final int SIGN = Integer.MIN_VALUE;

    private SingleUnit() {
    }

    /**
     * Executes an operation from {@link Op#FMADD_S} to {@link Op#FMV_W_X}.
     *
     * @param rm rounding mode, resolved
     */
    public static void execute(CpuState s, int op, int rd, int rs1, int rs2, int rs3, int rm) {
        if (op >= Op.FEQ_S) {
            convert(s, op, rd, rs1, rs2, rm);
            return;
        }
        FpFlags flags = s.flags;
        int a = F32.unbox(s.f[rs1]);
        int b = F32.unbox(s.f[rs2]);
        int result = switch (op) {
            case Op.FMADD_S -> F32.fma(a, b, F32.unbox(s.f[rs3]), rm, flags);
            case Op.FMSUB_S -> F32.fma(a, b, F32.unbox(s.f[rs3]) ^ SIGN, rm, flags);
            case Op.FNMSUB_S -> F32.fma(a ^ SIGN, b, F32.unbox(s.f[rs3]), rm, flags);
            case Op.FNMADD_S -> F32.fma(a ^ SIGN, b, F32.unbox(s.f[rs3]) ^ SIGN, rm, flags);
            case Op.FADD_S -> F32.add(a, b, rm, flags);
            case Op.FSUB_S -> F32.sub(a, b, rm, flags);
            case Op.FMUL_S -> F32.mul(a, b, rm, flags);
            case Op.FDIV_S -> F32.div(a, b, rm, flags);
            case Op.FSQRT_S -> F32.sqrt(a, rm, flags);
            case Op.FSGNJ_S -> a & ~SIGN | b & SIGN;
            case Op.FSGNJN_S -> a & ~SIGN | ~b & SIGN;
            case Op.FSGNJX_S -> a ^ b & SIGN;
            case Op.FMIN_S -> F32.min(a, b, flags);
            default -> F32.max(a, b, flags);
        };
        s.f[rd] = F32.box(result);
    }

    private static void convert(CpuState s, int op, int rd, int rs1, int rs2, int rm) {
        long[] x = s.x;
        long[] f = s.f;
        FpFlags flags = s.flags;
        int a = F32.unbox(f[rs1]);
        switch (op) {
            case Op.FEQ_S -> x[rd] = F32.eq(a, F32.unbox(f[rs2]), flags) ? 1 : 0;
            case Op.FLT_S -> x[rd] = F32.lt(a, F32.unbox(f[rs2]), flags) ? 1 : 0;
            case Op.FLE_S -> x[rd] = F32.le(a, F32.unbox(f[rs2]), flags) ? 1 : 0;
            case Op.FCLASS_S -> x[rd] = F32.classify(a);
            case Op.FCVT_W_S -> x[rd] = F32.toInt32(a, rm, flags);
            case Op.FCVT_WU_S -> x[rd] = F32.toUint32(a, rm, flags);
            case Op.FCVT_L_S -> x[rd] = F32.toInt64(a, rm, flags);
            case Op.FCVT_LU_S -> x[rd] = F32.toUint64(a, rm, flags);
            case Op.FCVT_S_W -> f[rd] = F32.box(F32.fromInt32(x[rs1], rm, flags));
            case Op.FCVT_S_WU -> f[rd] = F32.box(F32.fromUint32(x[rs1], rm, flags));
            case Op.FCVT_S_L -> f[rd] = F32.box(F32.fromInt64(x[rs1], rm, flags));
            case Op.FCVT_S_LU -> f[rd] = F32.box(F32.fromUint64(x[rs1], rm, flags));
            case Op.FMV_X_W -> x[rd] = (int) f[rs1];
            default -> f[rd] = F32.box((int) x[rs1]);
        }
    }
}
