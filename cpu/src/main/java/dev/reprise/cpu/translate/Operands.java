package dev.reprise.cpu.translate;

import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;

/** Which registers an instruction reads and writes. */
final class Operands {
    private static final int NONE = -1;

    private Operands() {
    }

    /** The first x register that it reads, or -1. */
    static int x1(long word) {
        int op = Predecoded.op(word);
        boolean none = op == Op.LUI || op == Op.AUIPC || op == Op.JAL || op == Op.FENCE || op == Op.FENCE_I
                || op >= Op.CSRRWI && op <= Op.CSRRCI || op == Op.SFENCE_VMA;
        if (none) {
            return NONE;
        }
        boolean memory = op == Op.FLD || op == Op.FSD || op == Op.FLW || op == Op.FSW;
        return op < Op.FLD || memory || isFromX(op) ? Predecoded.rs1(word) : NONE;
    }

    /** The second x register that it reads, or -1. */
    static int x2(long word) {
        int op = Predecoded.op(word);
        boolean reads = op >= Op.ADD && op <= Op.SRAW || op >= Op.SD && op <= Op.BGEU || op >= Op.MUL && op <= Op.AMOMAXU_D;
        return reads ? Predecoded.rs2(word) : NONE;
    }

    /** The first f register that it reads, or -1. */
    static int f1(long word) {
        int op = Predecoded.op(word);
        boolean arithmetic = op >= Op.FMADD_D && op <= Op.FCVT_S_D || op >= Op.FMADD_S && op <= Op.FMV_W_X;
        return arithmetic && !isFromX(op) ? Predecoded.rs1(word) : NONE;
    }

    /** The second f register that it reads, or -1. */
    static int f2(long word) {
        int op = Predecoded.op(word);
        boolean two = op >= Op.FMADD_D && op <= Op.FDIV_D || op >= Op.FSGNJ_D && op <= Op.FLE_D
                || op >= Op.FMADD_S && op <= Op.FDIV_S || op >= Op.FSGNJ_S && op <= Op.FLE_S;
        return two || op == Op.FSD || op == Op.FSW ? Predecoded.rs2(word) : NONE;
    }

    /** The third f register that it reads, or -1. */
    static int f3(long word) {
        int op = Predecoded.op(word);
        return op >= Op.FMADD_D && op <= Op.FNMADD_D || op >= Op.FMADD_S && op <= Op.FNMADD_S
                ? Predecoded.rs3(word) : NONE;
    }

    /** Whether the destination field names an x register that is written. */
    static boolean writesX(int op) {
        boolean none = op >= Op.SD && op <= Op.BGEU || op == Op.FENCE || op == Op.FENCE_I || op == Op.SFENCE_VMA
                || op == Op.FSD || op == Op.FSW;
        return !none && !Predecoded.writesF(op);
    }

    /** Whether it brings an x register into an f register. */
    static boolean isFromX(int op) {
        return op >= Op.FCVT_D_W && op <= Op.FCVT_D_LU || op == Op.FMV_D_X || op >= Op.FCVT_S_W && op <= Op.FCVT_S_LU
                || op == Op.FMV_W_X;
    }
}
