package dev.reprise.bench.cpu;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Builds a program from operations of the decoder's table. Labels may be used before they are placed. */
public final class Assembler {

    /** A place in the program. */
    public static final class Label {
        private int at = -1;
    }

    private record Reference(int at, Label label, int op, int rd, int rs1, int rs2) {}

    private static final int WORD = 4;
    private static final int ROUND_DYNAMIC = 7;
    private static final int LOW_BITS = 12;

    private final List<Integer> words = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();

    /** An operation with registers only; floating-point operations round as {@code frm} says. */
    public Assembler op(int op, int rd, int rs1, int rs2) {
        return op(op, rd, rs1, rs2, 0, 0);
    }

    /** An operation with an immediate: a load's offset, an addend, a shift's amount, a CSR's number. */
    public Assembler immediate(int op, int rd, int rs1, int value) {
        return op(op, rd, rs1, 0, 0, value);
    }

    public Assembler store(int op, int value, int base, int offset) {
        return op(op, 0, base, value, 0, offset);
    }

    public Assembler op(int op, int rd, int rs1, int rs2, int rs3, int immediate) {
        words.add(Encoder.encode(op, rd, rs1, rs2, rs3, ROUND_DYNAMIC, immediate));
        return this;
    }

    public Assembler csrWrite(int csr, int rs1) {
        return immediate(Op.CSRRW, 0, rs1, csr);
    }

    /** A conditional branch. */
    public Assembler branch(int op, int rs1, int rs2, Label to) {
        references.add(new Reference(words.size(), to, op, 0, rs1, rs2));
        words.add(0);
        return this;
    }

    /** A jump; {@code rd} takes the address after it, 0 for none. */
    public Assembler jump(int rd, Label to) {
        references.add(new Reference(words.size(), to, Op.JAL, rd, 0, 0));
        words.add(0);
        return this;
    }

    /** {@code rd = address of the label}, which is at most 2 KiB away. */
    public Assembler address(int rd, Label of) {
        references.add(new Reference(words.size(), of, Op.AUIPC, rd, 0, 0));
        words.add(0);
        words.add(0);
        return this;
    }

    /** {@code rd = value}, any 64 bits. */
    public Assembler load(int rd, long value) {
        long low = value << Long.SIZE - LOW_BITS >> Long.SIZE - LOW_BITS;
        if (value == low) {
            return immediate(Op.ADDI, rd, 0, (int) low);
        }
        if (value == (int) value) {
            immediate(Op.LUI, rd, 0, (int) (value - low));
            return low == 0 ? this : immediate(Op.ADDIW, rd, rd, (int) low);
        }
        load(rd, value - low >> LOW_BITS);
        immediate(Op.SLLI, rd, rd, LOW_BITS);
        return low == 0 ? this : immediate(Op.ADDI, rd, rd, (int) low);
    }

    /** Puts the label here. */
    public Assembler place(Label label) {
        if (label.at >= 0) {
            throw new IllegalStateException("placed twice: at word " + label.at + " and " + words.size());
        }
        label.at = words.size();
        return this;
    }

    public Assembler repeat(int times, Runnable body) {
        for (int i = 0; i < times; i++) {
            body.run();
        }
        return this;
    }

    /** The program's bytes; it runs at any address. */
    public byte[] bytes() {
        for (Reference r : references) {
            if (r.label.at < 0) {
                throw new IllegalStateException("a label is used at word " + r.at + " and never placed");
            }
            int distance = (r.label.at - r.at) * WORD;
            if (r.op == Op.AUIPC) {
                words.set(r.at, Encoder.encode(Op.AUIPC, r.rd, 0, 0, 0, 0, 0));
                words.set(r.at + 1, Encoder.encode(Op.ADDI, r.rd, r.rd, 0, 0, 0, distance));
            } else {
                words.set(r.at, Encoder.encode(r.op, r.rd, r.rs1, r.rs2, 0, 0, distance));
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(words.size() * WORD).order(ByteOrder.LITTLE_ENDIAN);
        words.forEach(bytes::putInt);
        return bytes.array();
    }
}
