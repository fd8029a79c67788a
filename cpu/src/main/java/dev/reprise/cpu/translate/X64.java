package dev.reprise.cpu.translate;

import java.util.Arrays;

/**
 * Writes instructions of x86-64 (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2), those that
 * {@link HostEmitter} uses. An operand is a register, 0 to 15 as the architecture numbers them, or memory at a distance from
 * {@link #RBX}, which is {@link #memory}.
 */
class X64 {
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RBX = 3;
    static final int RBP = 5;
    static final int RSI = 6;
    static final int RDI = 7;
    static final int R8 = 8;
    static final int R9 = 9;
    static final int R10 = 10;
    static final int R11 = 11;
    static final int R12 = 12;
    static final int R13 = 13;
    static final int R14 = 14;
    static final int R15 = 15;

    /** Opcodes of the form that has a register as its destination and anything as its source. */
    static final int ADD = 0x03;
    static final int OR = 0x0b;
    static final int AND = 0x23;
    static final int SUB = 0x2b;
    static final int XOR = 0x33;
    static final int CMP = 0x3b;
    static final int MOV = 0x8b;
    static final int MOVSXD = 0x63;
    static final int LEA = 0x8d;
    static final int IMUL = 0x0faf;
    static final int MOVZX8 = 0x0fb6;
    static final int MOVZX16 = 0x0fb7;
    static final int MOVSX8 = 0x0fbe;
    static final int MOVSX16 = 0x0fbf;
    static final int BTS = 0x0fab;
    static final int BTR = 0x0fb3;
    static final int BTC = 0x0fbb;
    static final int BSF = 0x0fbc;
    static final int BSR = 0x0fbd;
    static final int CMOV = 0x0f40;

    /** Numbers of operations with an immediate (opcodes 81 and 83), of shifts (C1 and D3) and of F7. */
    static final int ADD_I = 0;
    static final int OR_I = 1;
    static final int AND_I = 4;
    static final int SUB_I = 5;
    static final int XOR_I = 6;
    static final int CMP_I = 7;
    static final int ROL = 0;
    static final int ROR = 1;
    static final int SHL = 4;
    static final int SHR = 5;
    static final int SAR = 7;
    static final int NOT = 2;
    static final int NEG = 3;
    static final int MUL = 4;
    static final int IMUL_WIDE = 5;
    static final int DIV = 6;
    static final int IDIV = 7;

    /** Numbers of BTS, BTR and BTC with an immediate. */
    static final int BTS_I = 5;
    static final int BTR_I = 6;
    static final int BTC_I = 7;

    static final int LDMXCSR = 2;
    static final int STMXCSR = 3;

    /** Conditions. */
    static final int OVERFLOW = 0;
    static final int BELOW = 2;
    static final int NOT_BELOW = 3;
    static final int EQUAL = 4;
    static final int NOT_EQUAL = 5;
    static final int ABOVE = 7;
    static final int PARITY = 10;
    static final int NOT_PARITY = 11;
    static final int LESS = 12;
    static final int NOT_LESS = 13;
    static final int GREATER = 15;

    private static final int MEMORY_BIT = 1 << 30;
    private static final int DISTANCE_BIAS = 1 << 20;

    private byte[] bytes = new byte[1 << 12];
    private int at;

    /** The operand at a distance from RBX, in bytes, less than 2^20 both ways. */
    static int memory(int distance) {
        return MEMORY_BIT | distance + DISTANCE_BIAS;
    }

    static boolean isMemory(int operand) {
        return (operand & MEMORY_BIT) != 0;
    }

    private static int distance(int operand) {
        return (operand & ~MEMORY_BIT) - DISTANCE_BIAS;
    }

    int position() {
        return at;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, at);
    }

    void put8(int value) {
        if (at == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * at);
        }
        bytes[at++] = (byte) value;
    }

    void put32(int value) {
        put8(value);
        put8(value >> 8);
        put8(value >> 16);
        put8(value >> 24);
    }

    final void opcode(int opcode) {
        if (opcode > 0xff) {
            put8(opcode >> 8);
        }
        put8(opcode);
    }

    /** An opcode with a register (or a number in its place) and an operand. */
    final void form(boolean wide, int opcode, int register, int operand, boolean isByte) {
        boolean memory = isMemory(operand);
        int rex = (wide ? 8 : 0) | register >> 3 << 2 | (memory ? 0 : operand >> 3);
        // Without a prefix the byte registers 4 to 7 are other ones.
        if (rex != 0 || isByte && (register > RBX || !memory && operand > RBX)) {
            put8(0x40 | rex);
        }
        opcode(opcode);
        if (memory) {
            address(register, RBX, distance(operand));
        } else {
            put8(0xc0 | (register & 7) << 3 | operand & 7);
        }
    }

    /** ModRM and what follows it for a register and memory at a distance from a base register. */
    final void address(int register, int base, int distance) {
        boolean near = distance == (byte) distance;
        boolean none = distance == 0 && (base & 7) != RBP;
        put8((none ? 0 : near ? 0x40 : 0x80) | (register & 7) << 3 | base & 7);
        if ((base & 7) == 4) {
            put8(0x24);
        }
        if (near && !none) {
            put8(distance);
        } else if (!near) {
            put32(distance);
        }
    }

    /** 64 bits: {@code register op= operand}, for the opcodes above. */
    void op64(int opcode, int register, int operand) {
        form(true, opcode, register, operand, false);
    }

    /** 32 bits; the upper half of the register becomes 0. */
    void op32(int opcode, int register, int operand) {
        form(false, opcode, register, operand, false);
    }

    /** Extends a byte of an operand: {@link #MOVZX8} or {@link #MOVSX8} to 64 bits. */
    void extend8(int opcode, int register, int operand) {
        form(true, opcode, register, operand, true);
    }

    /** A register or memory becomes a register's 64 bits. */
    void store64(int operand, int register) {
        form(true, 0x89, register, operand, false);
    }

    /** {@code cmp operand, register}. */
    void compareWith(int operand, int register) {
        form(true, 0x39, register, operand, false);
    }

    void test64(int register) {
        form(true, 0x85, register, register, false);
    }

    void test32(int register) {
        form(false, 0x85, register, register, false);
    }

    /** An operation with a number and a sign-extended immediate. */
    void immediate(boolean wide, int number, int operand, int value) {
        boolean near = value == (byte) value;
        form(wide, near ? 0x83 : 0x81, number, operand, false);
        if (near) {
            put8(value);
        } else {
            put32(value);
        }
    }

    /** Compares 32 bits with an immediate, always in its long form: it may be written to later, its last four bytes. */
    void immediate32(int operand, int value) {
        form(false, 0x81, CMP_I, operand, false);
        put32(value);
    }

    /** Adds an immediate to RAX, in the long form. */
    void addToRax(int value) {
        put8(0x48);
        put8(0x05);
        put32(value);
    }

    /** Compares a register, 0 to 7, with 64 bits at a position of the code. */
    void compareAt(int register, int position) {
        put8(0x48);
        put8(CMP);
        put8(register << 3 | 5);
        put32(position - at - Integer.BYTES);
    }

    /** A register, 0 to 7, becomes the address of a place in the code that is not known yet; see {@link #bind}. */
    int leaAt(int register) {
        put8(0x48);
        put8(LEA);
        put8(register << 3 | 5);
        put32(0);
        return at;
    }

    /** 64 bits of a register or memory become a sign-extended immediate. */
    void set64(int operand, int value) {
        if (!isMemory(operand) && value == 0) {
            form(false, 0x33, operand, operand, false);
        } else if (!isMemory(operand) && value > 0) {
            if (operand > 7) {
                put8(0x41);
            }
            put8(0xb8 | operand & 7);
            put32(value);
        } else {
            form(true, 0xc7, 0, operand, false);
            put32(value);
        }
    }

    /** A register becomes an immediate of 64 bits. */
    void setWide(int register, long value) {
        put8(0x48 | register >> 3);
        put8(0xb8 | register & 7);
        put32((int) value);
        put32((int) (value >> Integer.SIZE));
    }

    /** A register becomes an immediate of 32 bits, which are the last four bytes of the instruction. */
    void set32(int register, int value) {
        if (register > 7) {
            put8(0x41);
        }
        put8(0xb8 | register & 7);
        put32(value);
    }

    void shift(boolean wide, int number, int operand, int by) {
        form(wide, 0xc1, number, operand, false);
        put8(by);
    }

    /** By what is in CL. */
    void shiftByCl(boolean wide, int number, int operand) {
        form(wide, 0xd3, number, operand, false);
    }

    /** NOT, NEG, MUL, DIV and their like. */
    void unary(boolean wide, int number, int operand) {
        form(wide, 0xf7, number, operand, false);
    }

    /** BTS, BTR or BTC with an immediate. */
    void bit(int number, int operand, int which) {
        form(true, 0x0fba, number, operand, false);
        put8(which);
    }

    void swapBytes(int register) {
        put8(0x48 | register >> 3);
        put8(0x0f);
        put8(0xc8 | register & 7);
    }

    /** RAX, or EAX, is extended into RDX, or EDX. */
    void extendIntoRdx(boolean wide) {
        if (wide) {
            put8(0x48);
        }
        put8(0x99);
    }

    /** EAX becomes 1 if a condition holds, otherwise 0. */
    void setEax(int condition) {
        set8(condition, RAX);
        op32(MOVZX8, RAX, RAX);
    }

    /** {@code register = base + distance}, 64 or 32 bits. */
    void lea(boolean wide, int register, int base, int distance) {
        int rex = (wide ? 8 : 0) | register >> 3 << 2 | base >> 3;
        if (rex != 0) {
            put8(0x40 | rex);
        }
        put8(LEA);
        address(register, base, distance);
    }

    /** Loads from memory at a distance from any register, for the opcodes above. */
    void load(boolean wide, int opcode, int register, int base, int distance) {
        int rex = (wide ? 8 : 0) | register >> 3 << 2 | base >> 3;
        if (rex != 0) {
            put8(0x40 | rex);
        }
        opcode(opcode);
        address(register, base, distance);
    }

    /** Stores 1, 2, 4 or 8 bytes of a register at a distance from another one. */
    void store(int size, int register, int base, int distance) {
        if (size == 2) {
            put8(0x66);
        }
        int rex = (size == 8 ? 8 : 0) | register >> 3 << 2 | base >> 3;
        if (rex != 0 || size == 1 && register > RBX) {
            put8(0x40 | rex);
        }
        put8(size == 1 ? 0x88 : 0x89);
        address(register, base, distance);
    }

    /** POPCNT. */
    void countBits(boolean isLong, int register, int operand) {
        put8(0xf3);
        form(isLong, 0x0fb8, register, operand, false);
    }

    /** Compares 32 bits in memory with -1. */
    void compareMinusOne(int base, int distance) {
        put8(0x83);
        address(CMP_I, base, distance);
        put8(-1);
    }

    /** Sets 32 bits in memory to -1. */
    void storeMinusOne(int base, int distance) {
        put8(0xc7);
        address(0, base, distance);
        put32(-1);
    }

    /** A byte register, 0 to 3, becomes 1 if a condition holds, otherwise 0. */
    void set8(int condition, int register) {
        opcode(0x0f90 | condition);
        put8(0xc0 | register);
    }

    /** LDMXCSR or STMXCSR. */
    void mxcsr(int number, int operand) {
        form(false, 0x0fae, number, operand, false);
    }

    void push(int register) {
        if (register > 7) {
            put8(0x41);
        }
        put8(0x50 | register & 7);
    }

    void pop(int register) {
        if (register > 7) {
            put8(0x41);
        }
        put8(0x58 | register & 7);
    }

    /** Calls the address in a register or memory. */
    void call(int operand) {
        form(false, 0xff, 2, operand, false);
    }

    /** Jumps to the address in a register or memory. */
    void jumpTo(int operand) {
        form(false, 0xff, 4, operand, false);
    }

    /** Jumps to the address in memory at a distance from any register. */
    void jumpTo(int base, int distance) {
        put8(0xff);
        address(4, base, distance);
    }

    /** CPUID. */
    void identify() {
        put8(0x0f);
        put8(0xa2);
    }

    /** XGETBV. */
    void getExtendedControl() {
        put8(0x0f);
        put8(0x01);
        put8(0xd0);
    }

    void ret() {
        put8(0xc3);
    }

    /** A jump on a condition to a place not known yet; {@link #bind} or {@link #bindTo} says where, by what this returns. */
    int jumpIf(int condition) {
        opcode(0x0f80 | condition);
        put32(0);
        return at;
    }

    /** A jump to a place not known yet. */
    int jump() {
        put8(0xe9);
        put32(0);
        return at;
    }

    /** The same over less than 128 bytes; {@link #bindShort} says where. */
    int shortJumpIf(int condition) {
        put8(0x70 | condition);
        put8(0);
        return at;
    }

    int shortJump() {
        put8(0xeb);
        put8(0);
        return at;
    }

    void bindShort(int jump) {
        if (at - jump > Byte.MAX_VALUE) {
            throw new IllegalStateException("too far for a short jump: bytes=" + (at - jump));
        }
        bytes[jump - 1] = (byte) (at - jump);
    }

    /** A jump made before leads here. */
    void bind(int jump) {
        bindTo(jump, at);
    }

    /** A jump made before leads to a position. */
    void bindTo(int jump, int position) {
        int distance = position - jump;
        bytes[jump - 4] = (byte) distance;
        bytes[jump - 3] = (byte) (distance >> 8);
        bytes[jump - 2] = (byte) (distance >> 16);
        bytes[jump - 1] = (byte) (distance >> 24);
    }
}
