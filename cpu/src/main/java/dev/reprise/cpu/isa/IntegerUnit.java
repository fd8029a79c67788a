package dev.reprise.cpu.isa;

import dev.reprise.cpu.decode.Op;

/** Integer operations of M, Zba, Zbb and Zbs, and what an AMO stores; each is a function of its operands alone. */
public final class IntegerUnit {
    private IntegerUnit() {
    }

    /**
     * The result of an operation from {@link Op#MUL} to {@link Op#BSETI}.
     *
     * @param b rs2, or the immediate where the format has one
     */
    public static long compute(int op, long a, long b) {
        return op <= Op.REMUW ? multiplyDivide(op, a, b) : op <= Op.SLLI_UW ? address(op, a, b)
                : op <= Op.RORIW ? logic(op, a, b) : op <= Op.ORC_B ? count(op, a) : singleBit(op, a, b);
    }

    private static long multiplyDivide(int op, long a, long b) {
        return switch (op) {
            case Op.MUL -> a * b;
            case Op.MULH -> Math.multiplyHigh(a, b);
            case Op.MULHSU -> Math.multiplyHigh(a, b) + (b >> 63 & a);
            case Op.MULHU -> Math.unsignedMultiplyHigh(a, b);
            case Op.DIV -> b == 0 ? -1 : a / b;
            case Op.DIVU -> b == 0 ? -1 : Long.divideUnsigned(a, b);
            case Op.REM -> b == 0 ? a : b == -1 ? 0 : a % b;
            case Op.REMU -> b == 0 ? a : Long.remainderUnsigned(a, b);
            case Op.MULW -> (int) a * (int) b;
            case Op.DIVW -> (int) b == 0 ? -1 : (int) a / (int) b;
            case Op.DIVUW -> (int) b == 0 ? -1 : Integer.divideUnsigned((int) a, (int) b);
            case Op.REMW -> (int) b == 0 ? (int) a : (int) b == -1 ? 0 : (int) a % (int) b;
            default -> (int) b == 0 ? (int) a : Integer.remainderUnsigned((int) a, (int) b);
        };
    }

    private static long address(int op, long a, long b) {
        long low = a & 0xffff_ffffL;
        return switch (op) {
            case Op.ADD_UW -> low + b;
            case Op.SH1ADD -> (a << 1) + b;
            case Op.SH2ADD -> (a << 2) + b;
            case Op.SH3ADD -> (a << 3) + b;
            case Op.SH1ADD_UW -> (low << 1) + b;
            case Op.SH2ADD_UW -> (low << 2) + b;
            case Op.SH3ADD_UW -> (low << 3) + b;
            default -> low << b;
        };
    }

    private static long logic(int op, long a, long b) {
        return switch (op) {
            case Op.ANDN -> a & ~b;
            case Op.ORN -> a | ~b;
            case Op.XNOR -> ~(a ^ b);
            case Op.MAX -> Math.max(a, b);
            case Op.MAXU -> Long.compareUnsigned(a, b) > 0 ? a : b;
            case Op.MIN -> Math.min(a, b);
            case Op.MINU -> Long.compareUnsigned(a, b) < 0 ? a : b;
            case Op.ROL -> Long.rotateLeft(a, (int) b);
            case Op.ROR, Op.RORI -> Long.rotateRight(a, (int) b);
            case Op.ROLW -> Integer.rotateLeft((int) a, (int) b);
            default -> Integer.rotateRight((int) a, (int) b);
        };
    }

    private static long count(int op, long a) {
        return switch (op) {
            case Op.CLZ -> Long.numberOfLeadingZeros(a);
            case Op.CTZ -> Long.numberOfTrailingZeros(a);
            case Op.CPOP -> Long.bitCount(a);
            case Op.CLZW -> Integer.numberOfLeadingZeros((int) a);
            case Op.CTZW -> Integer.numberOfTrailingZeros((int) a);
            case Op.CPOPW -> Integer.bitCount((int) a);
            case Op.SEXT_B -> (byte) a;
            case Op.SEXT_H -> (short) a;
            case Op.ZEXT_H -> a & 0xffff;
            case Op.REV8 -> Long.reverseBytes(a);
            default -> orCombineBytes(a);
        };
    }

    /** Each byte becomes 0xff if it has a bit set, without a carry between bytes. */
    private static long orCombineBytes(long a) {
        long low = 0x7f7f_7f7f_7f7f_7f7fL;
        long ones = ((a & low) + low | a) >>> 7 & 0x0101_0101_0101_0101L;
        return (ones << 8) - ones;
    }

    private static long singleBit(int op, long a, long b) {
        long bit = 1L << b;
        return switch (op) {
            case Op.BCLR, Op.BCLRI -> a & ~bit;
            case Op.BEXT, Op.BEXTI -> a >>> b & 1;
            case Op.BINV, Op.BINVI -> a ^ bit;
            default -> a | bit;
        };
    }

    /**
     * What an AMO stores.
     *
     * @param old the value in memory, of a word sign-extended
     * @param b rs2
     */
    public static long atomic(int op, long old, long b) {
        long word = (int) b;
        return switch (op) {
            case Op.AMOSWAP_W, Op.AMOSWAP_D -> b;
            case Op.AMOADD_W, Op.AMOADD_D -> old + b;
            case Op.AMOXOR_W, Op.AMOXOR_D -> old ^ b;
            case Op.AMOAND_W, Op.AMOAND_D -> old & b;
            case Op.AMOOR_W, Op.AMOOR_D -> old | b;
            case Op.AMOMIN_W -> Math.min(old, word);
            case Op.AMOMAX_W -> Math.max(old, word);
            // Sign extension keeps the unsigned order of words.
            case Op.AMOMINU_W -> Long.compareUnsigned(old, word) < 0 ? old : word;
            case Op.AMOMAXU_W -> Long.compareUnsigned(old, word) > 0 ? old : word;
            case Op.AMOMIN_D -> Math.min(old, b);
            case Op.AMOMAX_D -> Math.max(old, b);
            case Op.AMOMINU_D -> Long.compareUnsigned(old, b) < 0 ? old : b;
            default -> Long.compareUnsigned(old, b) > 0 ? old : b;
        };
    }
}
