package dev.reprise.cpu.fpu;

import java.util.ArrayList;
import java.util.List;

/**
 * One operation three ways: as an executor calls it, by the integer path alone, and by the oracle. Bits travel in
 * longs; those of single precision in the low half.
 */
record Operation(String name, Format format, Kind kind, Call fast, Call exact, Answer oracle) {
    /** What the operands are. */
    enum Kind {
        UNARY, BINARY, TERNARY, FROM_INTEGER
    }

    interface Call {
        long apply(long a, long b, long c, int rm, FpFlags f);
    }

    interface Answer {
        Oracle.Result apply(long a, long b, long c, int rm);
    }

    @Override
    public String toString() {
        return format + "." + name;
    }

    /**
     * Compares one way with another result, with the flags that stood before. Throws what a test reports.
     *
     * @param preset flags already raised, which must stay
     */
    static void check(String what, Call call, Oracle.Result expected, Format result, long a, long b, long c, int rm,
            int preset) {
        FpFlags f = new FpFlags();
        f.bits = preset;
        long bits = call.apply(a, b, c, rm, f);
        long mask = result == null ? -1 : result.mask();
        if ((bits & mask) != expected.bits() || f.bits != (expected.flags() | preset)) {
            throw new AssertionError(String.format(
                    "%s a=%016x b=%016x c=%016x rm=%d preset=%02x: expected %016x flags %02x, was %016x flags %02x",
                    what, a, b, c, rm, preset, expected.bits(), expected.flags() | preset, bits & mask, f.bits));
        }
    }

    /** Both ways against the oracle, the fast one also with NX raised before. Returns the flags that were due. */
    int checkAll(long a, long b, long c, int rm) {
        Oracle.Result expected = oracle.apply(a, b, c, rm);
        Format result = resultFormat();
        for (int preset : new int[] {0, FpFlags.NX}) {
            check(this + " fast", fast, expected, result, a, b, c, rm, preset);
        }
        check(this + " exact", exact, expected, result, a, b, c, rm, 0);
        return expected.flags();
    }

    /** The flags that the operation can raise at all. */
    int possibleFlags() {
        return switch (name) {
            case "add", "sub" -> FpFlags.NV | FpFlags.OF | FpFlags.NX;
            case "mul", "fma", "toF32" -> FpFlags.NV | FpFlags.OF | FpFlags.UF | FpFlags.NX;
            case "div" -> FpFlags.NV | FpFlags.DZ | FpFlags.OF | FpFlags.UF | FpFlags.NX;
            case "sqrt", "toInt32", "toUint32", "toInt64", "toUint64" -> FpFlags.NV | FpFlags.NX;
            case "fromInt32", "fromUint32" -> format == Format.F32 ? FpFlags.NX : 0;
            case "fromInt64", "fromUint64" -> FpFlags.NX;
            case "classify" -> 0;
            default -> FpFlags.NV;
        };
    }

    /** The format of the result, or null when it is an integer register. */
    private Format resultFormat() {
        return switch (name) {
            case "toF64" -> Format.F64;
            case "toF32" -> Format.F32;
            default -> name.startsWith("to") ? null : format;
        };
    }

    static List<Operation> all() {
        List<Operation> all = new ArrayList<>(doubles());
        all.addAll(singles());
        return all;
    }

    private static long bit(boolean b) {
        return b ? 1 : 0;
    }

    private static List<Operation> doubles() {
        Oracle o = new Oracle(Format.F64);
        return List.of(
                new Operation("add", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> F64.add(a, b, rm, f),
                        (a, b, c, rm, f) -> F64.addExactly(a, b, rm, f),
                        (a, b, c, rm) -> o.add(a, b, rm)),
                new Operation("sub", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> F64.sub(a, b, rm, f),
                        (a, b, c, rm, f) -> F64.subExactly(a, b, rm, f),
                        (a, b, c, rm) -> o.sub(a, b, rm)),
                new Operation("mul", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> F64.mul(a, b, rm, f),
                        (a, b, c, rm, f) -> F64.mulExactly(a, b, rm, f),
                        (a, b, c, rm) -> o.mul(a, b, rm)),
                new Operation("div", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> F64.div(a, b, rm, f),
                        (a, b, c, rm, f) -> F64.divExactly(a, b, rm, f),
                        (a, b, c, rm) -> o.div(a, b, rm)),
                new Operation("sqrt", Format.F64, Kind.UNARY,
                        (a, b, c, rm, f) -> F64.sqrt(a, rm, f),
                        (a, b, c, rm, f) -> F64.sqrtExactly(a, rm, f),
                        (a, b, c, rm) -> o.sqrt(a, rm)),
                new Operation("fma", Format.F64, Kind.TERNARY,
                        (a, b, c, rm, f) -> F64.fma(a, b, c, rm, f),
                        (a, b, c, rm, f) -> F64.fmaExactly(a, b, c, rm, f),
                        (a, b, c, rm) -> o.fma(a, b, c, rm)),
                new Operation("min", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> F64.min(a, b, f),
                        (a, b, c, rm, f) -> F64.min(a, b, f),
                        (a, b, c, rm) -> o.min(a, b)),
                new Operation("max", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> F64.max(a, b, f),
                        (a, b, c, rm, f) -> F64.max(a, b, f),
                        (a, b, c, rm) -> o.max(a, b)),
                new Operation("eq", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> bit(F64.eq(a, b, f)),
                        (a, b, c, rm, f) -> bit(F64.eq(a, b, f)),
                        (a, b, c, rm) -> o.eq(a, b)),
                new Operation("lt", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> bit(F64.lt(a, b, f)),
                        (a, b, c, rm, f) -> bit(F64.lt(a, b, f)),
                        (a, b, c, rm) -> o.lt(a, b)),
                new Operation("le", Format.F64, Kind.BINARY,
                        (a, b, c, rm, f) -> bit(F64.le(a, b, f)),
                        (a, b, c, rm, f) -> bit(F64.le(a, b, f)),
                        (a, b, c, rm) -> o.le(a, b)),
                new Operation("classify", Format.F64, Kind.UNARY,
                        (a, b, c, rm, f) -> F64.classify(a),
                        (a, b, c, rm, f) -> F64.classify(a),
                        (a, b, c, rm) -> o.classify(a)),
                new Operation("toInt32", Format.F64, Kind.UNARY,
                        (a, b, c, rm, f) -> F64.toInt32(a, rm, f),
                        (a, b, c, rm, f) -> F64.toInt32Exactly(a, rm, f),
                        (a, b, c, rm) -> o.toInteger(a, 32, true, rm)),
                new Operation("fromInt32", Format.F64, Kind.FROM_INTEGER,
                        (a, b, c, rm, f) -> F64.fromInt32(a, rm, f),
                        (a, b, c, rm, f) -> F64.fromInt32Exactly(a, rm, f),
                        (a, b, c, rm) -> o.fromInteger(a, 32, true, rm)),
                new Operation("toUint32", Format.F64, Kind.UNARY,
                        (a, b, c, rm, f) -> F64.toUint32(a, rm, f),
                        (a, b, c, rm, f) -> F64.toUint32Exactly(a, rm, f),
                        (a, b, c, rm) -> o.toInteger(a, 32, false, rm)),
                new Operation("fromUint32", Format.F64, Kind.FROM_INTEGER,
                        (a, b, c, rm, f) -> F64.fromUint32(a, rm, f),
                        (a, b, c, rm, f) -> F64.fromUint32Exactly(a, rm, f),
                        (a, b, c, rm) -> o.fromInteger(a, 32, false, rm)),
                new Operation("toInt64", Format.F64, Kind.UNARY,
                        (a, b, c, rm, f) -> F64.toInt64(a, rm, f),
                        (a, b, c, rm, f) -> F64.toInt64Exactly(a, rm, f),
                        (a, b, c, rm) -> o.toInteger(a, 64, true, rm)),
                new Operation("fromInt64", Format.F64, Kind.FROM_INTEGER,
                        (a, b, c, rm, f) -> F64.fromInt64(a, rm, f),
                        (a, b, c, rm, f) -> F64.fromInt64Exactly(a, rm, f),
                        (a, b, c, rm) -> o.fromInteger(a, 64, true, rm)),
                new Operation("toUint64", Format.F64, Kind.UNARY,
                        (a, b, c, rm, f) -> F64.toUint64(a, rm, f),
                        (a, b, c, rm, f) -> F64.toUint64Exactly(a, rm, f),
                        (a, b, c, rm) -> o.toInteger(a, 64, false, rm)),
                new Operation("fromUint64", Format.F64, Kind.FROM_INTEGER,
                        (a, b, c, rm, f) -> F64.fromUint64(a, rm, f),
                        (a, b, c, rm, f) -> F64.fromUint64Exactly(a, rm, f),
                        (a, b, c, rm) -> o.fromInteger(a, 64, false, rm)),
                new Operation("toF32", Format.F64, Kind.UNARY,
                        (a, b, c, rm, f) -> F64.toF32(a, rm, f),
                        (a, b, c, rm, f) -> Conversions.narrow(a, rm, f),
                        (a, b, c, rm) -> new Oracle(Format.F32).convert(a, Format.F64, rm)));
    }

    private static List<Operation> singles() {
        Oracle o = new Oracle(Format.F32);
        return List.of(
                new Operation("add", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> F32.add((int) a, (int) b, rm, f),
                        (a, b, c, rm, f) -> F32.addExactly((int) a, (int) b, rm, f),
                        (a, b, c, rm) -> o.add(a, b, rm)),
                new Operation("sub", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> F32.sub((int) a, (int) b, rm, f),
                        (a, b, c, rm, f) -> F32.subExactly((int) a, (int) b, rm, f),
                        (a, b, c, rm) -> o.sub(a, b, rm)),
                new Operation("mul", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> F32.mul((int) a, (int) b, rm, f),
                        (a, b, c, rm, f) -> F32.mulExactly((int) a, (int) b, rm, f),
                        (a, b, c, rm) -> o.mul(a, b, rm)),
                new Operation("div", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> F32.div((int) a, (int) b, rm, f),
                        (a, b, c, rm, f) -> F32.divExactly((int) a, (int) b, rm, f),
                        (a, b, c, rm) -> o.div(a, b, rm)),
                new Operation("sqrt", Format.F32, Kind.UNARY,
                        (a, b, c, rm, f) -> F32.sqrt((int) a, rm, f),
                        (a, b, c, rm, f) -> F32.sqrtExactly((int) a, rm, f),
                        (a, b, c, rm) -> o.sqrt(a, rm)),
                new Operation("fma", Format.F32, Kind.TERNARY,
                        (a, b, c, rm, f) -> F32.fma((int) a, (int) b, (int) c, rm, f),
                        (a, b, c, rm, f) -> F32.fmaExactly((int) a, (int) b, (int) c, rm, f),
                        (a, b, c, rm) -> o.fma(a, b, c, rm)),
                new Operation("min", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> F32.min((int) a, (int) b, f),
                        (a, b, c, rm, f) -> F32.min((int) a, (int) b, f),
                        (a, b, c, rm) -> o.min(a, b)),
                new Operation("max", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> F32.max((int) a, (int) b, f),
                        (a, b, c, rm, f) -> F32.max((int) a, (int) b, f),
                        (a, b, c, rm) -> o.max(a, b)),
                new Operation("eq", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> bit(F32.eq((int) a, (int) b, f)),
                        (a, b, c, rm, f) -> bit(F32.eq((int) a, (int) b, f)),
                        (a, b, c, rm) -> o.eq(a, b)),
                new Operation("lt", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> bit(F32.lt((int) a, (int) b, f)),
                        (a, b, c, rm, f) -> bit(F32.lt((int) a, (int) b, f)),
                        (a, b, c, rm) -> o.lt(a, b)),
                new Operation("le", Format.F32, Kind.BINARY,
                        (a, b, c, rm, f) -> bit(F32.le((int) a, (int) b, f)),
                        (a, b, c, rm, f) -> bit(F32.le((int) a, (int) b, f)),
                        (a, b, c, rm) -> o.le(a, b)),
                new Operation("classify", Format.F32, Kind.UNARY,
                        (a, b, c, rm, f) -> F32.classify((int) a),
                        (a, b, c, rm, f) -> F32.classify((int) a),
                        (a, b, c, rm) -> o.classify(a)),
                new Operation("toInt32", Format.F32, Kind.UNARY,
                        (a, b, c, rm, f) -> F32.toInt32((int) a, rm, f),
                        (a, b, c, rm, f) -> F32.toInt32Exactly((int) a, rm, f),
                        (a, b, c, rm) -> o.toInteger(a, 32, true, rm)),
                new Operation("fromInt32", Format.F32, Kind.FROM_INTEGER,
                        (a, b, c, rm, f) -> F32.fromInt32(a, rm, f),
                        (a, b, c, rm, f) -> F32.fromInt32Exactly(a, rm, f),
                        (a, b, c, rm) -> o.fromInteger(a, 32, true, rm)),
                new Operation("toUint32", Format.F32, Kind.UNARY,
                        (a, b, c, rm, f) -> F32.toUint32((int) a, rm, f),
                        (a, b, c, rm, f) -> F32.toUint32Exactly((int) a, rm, f),
                        (a, b, c, rm) -> o.toInteger(a, 32, false, rm)),
                new Operation("fromUint32", Format.F32, Kind.FROM_INTEGER,
                        (a, b, c, rm, f) -> F32.fromUint32(a, rm, f),
                        (a, b, c, rm, f) -> F32.fromUint32Exactly(a, rm, f),
                        (a, b, c, rm) -> o.fromInteger(a, 32, false, rm)),
                new Operation("toInt64", Format.F32, Kind.UNARY,
                        (a, b, c, rm, f) -> F32.toInt64((int) a, rm, f),
                        (a, b, c, rm, f) -> F32.toInt64Exactly((int) a, rm, f),
                        (a, b, c, rm) -> o.toInteger(a, 64, true, rm)),
                new Operation("fromInt64", Format.F32, Kind.FROM_INTEGER,
                        (a, b, c, rm, f) -> F32.fromInt64(a, rm, f),
                        (a, b, c, rm, f) -> F32.fromInt64Exactly(a, rm, f),
                        (a, b, c, rm) -> o.fromInteger(a, 64, true, rm)),
                new Operation("toUint64", Format.F32, Kind.UNARY,
                        (a, b, c, rm, f) -> F32.toUint64((int) a, rm, f),
                        (a, b, c, rm, f) -> F32.toUint64Exactly((int) a, rm, f),
                        (a, b, c, rm) -> o.toInteger(a, 64, false, rm)),
                new Operation("fromUint64", Format.F32, Kind.FROM_INTEGER,
                        (a, b, c, rm, f) -> F32.fromUint64(a, rm, f),
                        (a, b, c, rm, f) -> F32.fromUint64Exactly(a, rm, f),
                        (a, b, c, rm) -> o.fromInteger(a, 64, false, rm)),
                new Operation("toF64", Format.F32, Kind.UNARY,
                        (a, b, c, rm, f) -> F32.toF64((int) a, f),
                        (a, b, c, rm, f) -> Conversions.widenAsResult((int) a, f),
                        (a, b, c, rm) -> new Oracle(Format.F64).convert(a, Format.F32, rm)));
    }
}
