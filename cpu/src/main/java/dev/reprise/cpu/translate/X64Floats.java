package dev.reprise.cpu.translate;

/** Writes the instructions of SSE, SSE2 and FMA3 (same source, volume 2) as well. XMM registers have numbers 0 to 7. */
final class X64Floats extends X64 {
    static final int AND_FLOATS = 0x0f54;
    static final int OR_FLOATS = 0x0f56;

    /** An SSE instruction, of scalars by its prefix: an XMM register, 0 to 7, and memory at a distance from a register, 0 to 7. */
    void sse(int prefix, int opcode, int xmm, int base, int distance) {
        put8(prefix);
        opcode(0x0f00 | opcode);
        address(xmm, base, distance);
    }

    /** The same of two registers, of which one may be a general one of 64 bits, both 0 to 7. */
    void sse64(int prefix, int opcode, int register, int operand) {
        put8(prefix);
        form(true, 0x0f00 | opcode, register, operand, false);
    }

    /** The same with a general one of 32 bits. */
    void sse32(int prefix, int opcode, int register, int operand) {
        put8(prefix);
        form(false, 0x0f00 | opcode, register, operand, false);
    }

    /** UCOMISD or UCOMISS, or COMISD or COMISS, which take a quiet NaN for an invalid operand too. */
    void compareFloats(boolean single, boolean signals, int first, int second) {
        if (!single) {
            put8(0x66);
        }
        form(false, signals ? 0x0f2f : 0x0f2e, first, second, false);
    }

    /** ANDPS or ORPS of two XMM registers. */
    void bitsOfFloats(int opcode, int first, int second) {
        form(false, opcode, first, second, false);
    }

    /** A scalar VFMADD231 or one of its kin: XMM0 becomes XMM1 times memory, plus XMM0. */
    void fused(boolean isDouble, int opcode, int base, int distance) {
        put8(0xc4);
        put8(0xe2);
        put8(isDouble ? 0xf1 : 0x71);
        put8(opcode);
        address(0, base, distance);
    }
}
