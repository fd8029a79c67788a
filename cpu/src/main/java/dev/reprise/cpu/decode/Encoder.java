package dev.reprise.cpu.decode;

import java.util.List;

/** Builds instruction words from the table: the other direction of {@link Decoder}. */
public final class Encoder {
    private static final List<Encoding> INSTRUCTIONS = EncodingTable.instructions();

    private Encoder() {
    }

    /**
     * The word of an operation. Operands that its format lacks are ignored; ignored bits, aq and rl are 0.
     *
     * @param op a constant of {@link Op}, not {@link Op#ILLEGAL}
     * @param imm as {@link Decoder} gives it
     * @throws IllegalArgumentException when an operand is out of range or the immediate cannot be expressed
     */
    public static int encode(int op, int rd, int rs1, int rs2, int rs3, int rm, int imm) {
        if (op <= Op.ILLEGAL || op >= Op.COUNT) {
            throw new IllegalArgumentException("no such operation: op=" + op);
        }
        Encoding encoding = INSTRUCTIONS.get(op - 1);
        return encoding.format().insert(encoding.match(), rd, rs1, rs2, rs3, rm, imm);
    }

    /**
     * The halfword of a compressed instruction.
     *
     * @throws IllegalArgumentException as for {@link #encode}, and when the operands make another instruction
     */
    public static int encodeCompressed(Encoding encoding, int rd, int rs1, int rs2, int imm) {
        int word = encoding.format().insert(encoding.match(), rd, rs1, rs2, 0, 0, imm);
        if (!encoding.matches(word)) {
            throw new IllegalArgumentException(encoding + " cannot have rd=" + rd + " rs1=" + rs1 + " rs2=" + rs2
                    + " imm=" + imm);
        }
        return word;
    }
}
