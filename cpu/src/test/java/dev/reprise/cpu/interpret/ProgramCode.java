package dev.reprise.cpu.interpret;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Memory that is being filled with instructions, with labels; offsets count from the start of RAM. */
final class ProgramCode {
    private static final int BRANCH_REACH = 4094;

    private final ByteBuffer image;
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Runnable> fixes = new ArrayList<>();
    private int at;

    ProgramCode(int bytes) {
        image = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int at() {
        return at;
    }

    ProgramCode goTo(int offset) {
        at = offset;
        return this;
    }

    ProgramCode label(String name) {
        if (labels.put(name, at) != null) {
            throw new IllegalStateException("twice: " + name);
        }
        return this;
    }

    int offsetOf(String name) {
        return labels.get(name);
    }

    ProgramCode word(int word) {
        image.putInt(at, word);
        at += 4;
        return this;
    }

    ProgramCode half(int halfword) {
        image.putShort(at, (short) halfword);
        at += 2;
        return this;
    }

    ProgramCode put(int offset, long doubleword) {
        image.putLong(offset, doubleword);
        return this;
    }

    ProgramCode r(int op, int rd, int rs1, int rs2) {
        return word(Encoder.encode(op, rd, rs1, rs2, 0, 0, 0));
    }

    ProgramCode i(int op, int rd, int rs1, int imm) {
        return word(Encoder.encode(op, rd, rs1, 0, 0, 0, imm));
    }

    ProgramCode s(int op, int base, int rs2, int imm) {
        return word(Encoder.encode(op, 0, base, rs2, 0, 0, imm));
    }

    ProgramCode op(int op) {
        return i(op, 0, 0, 0);
    }

    ProgramCode csrr(int rd, int csr) {
        return i(Op.CSRRS, rd, 0, csr);
    }

    ProgramCode csrw(int csr, int rs1) {
        return i(Op.CSRRW, 0, rs1, csr);
    }

    /** Any constant. */
    ProgramCode li(int rd, long value) {
        int low = (int) (value << 52 >> 52);
        if (value == low) {
            return i(Op.ADDI, rd, 0, low);
        }
        if (value == (int) value) {
            return i(Op.LUI, rd, 0, (int) value - low).i(Op.ADDIW, rd, rd, low);
        }
        return li(rd, value - low >> 12).i(Op.SLLI, rd, rd, 12).i(Op.ADDI, rd, rd, low);
    }

    /** Relative to the pc, so that it is right at every virtual address. */
    ProgramCode la(int rd, String label) {
        int from = at;
        fixes.add(() -> {
            int distance = labels.get(label) - from;
            int low = distance << 20 >> 20;
            image.putInt(from, Encoder.encode(Op.AUIPC, rd, 0, 0, 0, 0, distance - low));
            image.putInt(from + 4, Encoder.encode(Op.ADDI, rd, rd, 0, 0, 0, low));
        });
        at += 8;
        return this;
    }

    /** What is too far away is left out: the branch then skips one instruction. */
    ProgramCode branch(int op, int rs1, int rs2, String label) {
        int from = at;
        fixes.add(() -> {
            int distance = labels.get(label) - from;
            boolean reached = Math.abs(distance) < BRANCH_REACH;
            image.putInt(from, Encoder.encode(op, 0, rs1, rs2, 0, 0, reached ? distance : 8));
        });
        at += 4;
        return this;
    }

    ProgramCode jump(int rd, String label) {
        int from = at;
        fixes.add(() -> image.putInt(from, Encoder.encode(Op.JAL, rd, 0, 0, 0, 0, labels.get(label) - from)));
        at += 4;
        return this;
    }

    byte[] finish() {
        fixes.forEach(Runnable::run);
        return image.array();
    }
}
