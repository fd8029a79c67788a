package dev.reprise.cpu.isa;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.fpu.F32;
import dev.reprise.cpu.fpu.F64;
import dev.reprise.cpu.fpu.FpFlags;

/** The computations of the D extension (unprivileged specification, chapter D). */
public final class DoubleUnit {
    private static final long SIGN = Long.MIN_VALUE;

    private DoubleUnit() {
    }

    /**
     * Executes an operation from {@link Op#FMADD_D} to {@link Op#FCVT_S_D}.
     *
     * @param rm rounding mode, resolved
     */
    public static void execute(CpuState s, int op, int rd, int rs1, int rs2, int rs3, int rm) {
        long[] f = s.f;
        FpFlags flags = s.flags;
        long a = f[rs1];
        long b = f[rs2];
        switch (op) {
            case Op.FMADD_D -> f[rd] = F64.fma(a, b, f[rs3], rm, flags);
            case Op.FMSUB_D -> f[rd] = F64.fma(a, b, f[rs3] ^ SIGN, rm, flags);
            case Op.FNMSUB_D -> f[rd] = F64.fma(a ^ SIGN, b, f[rs3], rm, flags);
            case Op.FNMADD_D -> f[rd] = F64.fma(a ^ SIGN, b, f[rs3] ^ SIGN, rm, flags);
            case Op.FADD_D -> f[rd] = F64.add(a, b, rm, flags);
            case Op.FSUB_D -> f[rd] = F64.sub(a, b, rm, flags);
            case Op.FMUL_D -> f[rd] = F64.mul(a, b, rm, flags);
            case Op.FDIV_D -> f[rd] = F64.div(a, b, rm, flags);
            case Op.FSQRT_D -> f[rd] = F64.sqrt(a, rm, flags);
            case Op.FSGNJ_D -> f[rd] = a & ~SIGN | b & SIGN;
            case Op.FSGNJN_D -> f[rd] = a & ~SIGN | ~b & SIGN;
            case Op.FSGNJX_D -> f[rd] = a ^ b & SIGN;
            case Op.FMIN_D -> f[rd] = F64.min(a, b, flags);
            case Op.FMAX_D -> f[rd] = F64.max(a, b, flags);
            default -> convert(s, op, rd, rs1, a, b, rm);
        }
    }

    private static void convert(CpuState s, int op, int rd, int rs1, long a, long b, int rm) {
        long[] x = s.x;
        long[] f = s.f;
        FpFlags flags = s.flags;
        switch (op) {
            case Op.FEQ_D -> x[rd] = F64.eq(a, b, flags) ? 1 : 0;
            case Op.FLT_D -> x[rd] = F64.lt(a, b, flags) ? 1 : 0;
            case Op.FLE_D -> x[rd] = F64.le(a, b, flags) ? 1 : 0;
            case Op.FCLASS_D -> x[rd] = F64.classify(a);
            case Op.FCVT_W_D -> x[rd] = F64.toInt32(a, rm, flags);
            case Op.FCVT_WU_D -> x[rd] = F64.toUint32(a, rm, flags);
            case Op.FCVT_L_D -> x[rd] = F64.toInt64(a, rm, flags);
            case Op.FCVT_LU_D -> x[rd] = F64.toUint64(a, rm, flags);
            case Op.FCVT_D_W -> f[rd] = F64.fromInt32(x[rs1], rm, flags);
            case Op.FCVT_D_WU -> f[rd] = F64.fromUint32(x[rs1], rm, flags);
            case Op.FCVT_D_L -> f[rd] = F64.fromInt64(x[rs1], rm, flags);
            case Op.FCVT_D_LU -> f[rd] = F64.fromUint64(x[rs1], rm, flags);
            case Op.FMV_X_D -> x[rd] = a;
            case Op.FMV_D_X -> f[rd] = x[rs1];
            case Op.FCVT_D_S -> f[rd] = F32.toF64(F32.unbox(a), flags);
            default -> f[rd] = F32.box(F64.toF32(a, rm, flags));
        }
    }
}
