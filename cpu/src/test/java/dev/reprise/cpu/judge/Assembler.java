package dev.reprise.cpu.judge;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import java.util.TreeMap;

/** Writes instructions into an image. Labels work by running the same code twice: sizes never depend on them. */
final class Assembler {
    private final byte[] image;
    private final TreeMap<String, Long> labels = new TreeMap<>();
    private long pc;

    Assembler(byte[] image) {
        this.image = image;
    }

    Assembler at(long address) {
        pc = address;
        return this;
    }

    long pc() {
        return pc;
    }

    void bytes(int bits, int length) {
        for (int i = 0; i < length; i++) {
            image[(int) (pc - Slot.RAM) + i] = (byte) (bits >>> 8 * i);
        }
        pc += length;
    }

    static void poke(byte[] image, long address, long value) {
        for (int i = 0; i < 8; i++) {
            image[(int) (address - Slot.RAM) + i] = (byte) (value >>> 8 * i);
        }
    }

    static long peek(byte[] image, long address) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | image[(int) (address - Slot.RAM) + i] & 0xff;
        }
        return value;
    }

    void op(int op, int rd, int rs1, int rs2, int imm) {
        bytes(Encoder.encode(op, rd, rs1, rs2, 0, 0, imm), 4);
    }

    void load(int op, int rd, int base, int offset) {
        op(op, rd, base, 0, offset);
    }

    void store(int op, int source, int base, int offset) {
        op(op, 0, base, source, offset);
    }

    void csrw(int csr, int rs1) {
        op(Op.CSRRW, 0, rs1, 0, csr);
    }

    void csrr(int rd, int csr) {
        op(Op.CSRRS, rd, 0, 0, csr);
    }

    void la(int rd, long address) {
        long distance = address - pc;
        int low = (int) (distance << 52 >> 52);
        op(Op.AUIPC, rd, 0, 0, (int) (distance - low));
        op(Op.ADDI, rd, rd, 0, low);
    }

    void label(String name) {
        labels.put(name, pc);
    }

    long address(String label) {
        return labels.getOrDefault(label, pc);
    }

    void branch(int op, int rs1, int rs2, String label) {
        op(op, 0, rs1, rs2, (int) (address(label) - pc));
    }

    void jump(String label) {
        op(Op.JAL, 0, 0, 0, (int) (address(label) - pc));
    }

    void li(int rd, long value) {
        for (int word : constant(rd, value)) {
            bytes(word, 4);
        }
    }

    /** The shortest usual sequence of lui, addi(w) and slli for a constant. */
    static int[] constant(int rd, long value) {
        if (value == (int) value) {
            int low = (int) value << 20 >> 20;
            int high = (int) value - low;
            if (high == 0) {
                return new int[] {Encoder.encode(Op.ADDI, rd, 0, 0, 0, 0, low)};
            }
            int lui = Encoder.encode(Op.LUI, rd, 0, 0, 0, 0, high);
            return low == 0 ? new int[] {lui} : new int[] {lui, Encoder.encode(Op.ADDIW, rd, rd, 0, 0, 0, low)};
        }
        int low = (int) (value << 52 >> 52);
        long rest = value - low;
        int shift = Long.numberOfTrailingZeros(rest);
        int[] head = constant(rd, rest >> shift);
        int[] words = java.util.Arrays.copyOf(head, head.length + (low == 0 ? 1 : 2));
        words[head.length] = Encoder.encode(Op.SLLI, rd, rd, 0, 0, 0, shift);
        if (low != 0) {
            words[head.length + 1] = Encoder.encode(Op.ADDI, rd, rd, 0, 0, 0, low);
        }
        return words;
    }
}
