package dev.reprise.bench.cpu;

import dev.reprise.bench.cpu.Programs.Program;
import dev.reprise.cpu.decode.Op;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Floating point, rounding to nearest with the inexact flag set, as in a program that has run for a while. Each result
 * goes into the next operation, and the values stay near 1.
 */
final class FloatPrograms {

    private static final int MSTATUS_FS_DIRTY = 0x6000;

    private static final String CHAIN = "each operation waits for the one before, 3 to 4 cycles, and its operands and result"
            + " are looked at: is it a normal number? the interpreter leaves its loop for each";
    private static final String DIVISION = "the processor divides in 13 cycles and takes a root in 20, and each waits for the"
            + " one before; the interpreter leaves its loop for each";

    private FloatPrograms() {}

    static void addTo(Map<String, Program> all) {
        for (boolean doubles : new boolean[] {false, true}) {
            String name = doubles ? "double" : "single";
            put(all, name + "Add", CHAIN, () -> chain(doubles, doubles ? Op.FADD_D : Op.FADD_S,
                    doubles ? Op.FSUB_D : Op.FSUB_S));
            put(all, name + "Multiply", CHAIN, () -> chain(doubles, doubles ? Op.FMUL_D : Op.FMUL_S,
                    doubles ? Op.FMUL_D : Op.FMUL_S));
            put(all, name + "Fused", CHAIN, () -> fused(doubles));
            put(all, name + "Divide", DIVISION, () -> chain(doubles, doubles ? Op.FDIV_D : Op.FDIV_S,
                    doubles ? Op.FDIV_D : Op.FDIV_S));
            put(all, name + "Root", DIVISION, () -> roots(doubles));
            put(all, name + "Convert", "two conversions wait for each other, 6 to 8 cycles each, and both look for what does not"
                    + " fit", () -> conversions(doubles));
            put(all, name + "Compare", CHAIN, () -> comparisons(doubles));
            put(all, name + "Memory", MemoryPrograms.LOOKS, () -> memory(doubles));
        }
        put(all, "widthConvert", CHAIN, FloatPrograms::widths);
    }

    private static void put(Map<String, Program> all, String name, String slow, Supplier<byte[]> code) {
        all.put(name, new Program(name, slow, code));
    }

    /** f1 = 1.0625 and a little, f2 = its reciprocal, f3 = the value that is worked on. */
    private static Assembler begin(boolean doubles) {
        Assembler a = new Assembler().load(5, MSTATUS_FS_DIRTY).csrWrite(Programs.MSTATUS, 5);
        constant(a, doubles, 1, 1.0625001);
        constant(a, doubles, 2, 1 / 1.0625001);
        constant(a, doubles, 3, 1.3);
        return a;
    }

    private static void constant(Assembler a, boolean doubles, int register, double value) {
        a.load(5, doubles ? Double.doubleToRawLongBits(value) : Float.floatToRawIntBits((float) value));
        a.op(doubles ? Op.FMV_D_X : Op.FMV_W_X, register, 5, 0);
    }

    /** There and back again: the second operation undoes the first, but for the rounding. */
    private static byte[] chain(boolean doubles, int op, int back) {
        Assembler a = begin(doubles);
        int other = op == back ? 2 : 1;
        return Programs.loop(a, () -> a.op(op, 3, 3, 1).op(back, 3, 3, other));
    }

    private static byte[] fused(boolean doubles) {
        Assembler a = begin(doubles);
        return Programs.loop(a, () -> a.op(doubles ? Op.FMADD_D : Op.FMADD_S, 3, 3, 2, 1, 0)
                .op(doubles ? Op.FNMSUB_D : Op.FNMSUB_S, 3, 3, 2, 1, 0));
    }

    private static byte[] roots(boolean doubles) {
        Assembler a = begin(doubles);
        return Programs.loop(a, () -> a.op(doubles ? Op.FSQRT_D : Op.FSQRT_S, 3, 3, 0)
                .op(doubles ? Op.FADD_D : Op.FADD_S, 3, 3, 1));
    }

    private static byte[] conversions(boolean doubles) {
        Assembler a = begin(doubles);
        a.load(6, 1_000_003);
        return Programs.loop(a, () -> a.op(doubles ? Op.FCVT_D_L : Op.FCVT_S_L, 3, 6, 0)
                .op(doubles ? Op.FCVT_L_D : Op.FCVT_L_S, 6, 3, 0).immediate(Op.XORI, 6, 6, 5));
    }

    private static byte[] comparisons(boolean doubles) {
        Assembler a = begin(doubles);
        return Programs.loop(a, () -> a.op(doubles ? Op.FLT_D : Op.FLT_S, 6, 3, 1)
                .op(doubles ? Op.FMAX_D : Op.FMAX_S, 4, 3, 2).op(doubles ? Op.FSGNJN_D : Op.FSGNJN_S, 3, 4, 3)
                .op(Op.ADD, 7, 7, 6));
    }

    private static byte[] memory(boolean doubles) {
        Assembler a = begin(doubles).load(5, MemoryPrograms.DATA).load(10, 2048);
        int[] offset = {0};
        return Programs.loop(a, () -> {
            offset[0] += 24;
            a.immediate(doubles ? Op.FLD : Op.FLW, 4, 5, offset[0])
                    .store(doubles ? Op.FSD : Op.FSW, 4, 5, offset[0] + 8);
        }, () -> a.op(Op.XOR, 5, 5, 10));
    }

    private static byte[] widths() {
        Assembler a = begin(true);
        return Programs.loop(a, () -> a.op(Op.FCVT_S_D, 4, 3, 0).op(Op.FCVT_D_S, 3, 4, 0));
    }
}
