package dev.reprise.cpu.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * Decodes instructions of 32 bits. Total: every word gives an operation of {@link Op} or {@link Op#ILLEGAL}.
 *
 * <pre>
 *   63                    32 31 29 28 24 23 19 18 14 13  9 8     0
 *  +------------------------+-----+-----+-----+-----+-----+-------+
 *  | immediate              | rm  | rs3 | rs2 | rs1 | rd  |  op   |
 *  +------------------------+-----+-----+-----+-----+-----+-------+
 * </pre>
 *
 * The immediate is ready for use: sign-extended where the format says so, a branch's or jump's distance in bytes,
 * a shift's amount, a CSR's number (the five-bit operand of csr*i stands in rs1), a fence's sets. Fields that the
 * format lacks are 0. An illegal word has op 0 and the word itself as immediate. Nothing is allocated.
 */
public final class Decoder {
    private static final int BUCKETS = 256;
    private static final int FUNCT3 = 7 << 12;
    private static final int[] MASK = new int[Op.COUNT];
    private static final int[] MATCH = new int[Op.COUNT];
    private static final OperandFormat[] FORMAT = new OperandFormat[Op.COUNT];
    /** The candidates for each major opcode (bits 6 to 2) and funct3. */
    private static final int[][] CANDIDATES = new int[BUCKETS][];

    static {
        for (Encoding encoding : EncodingTable.instructions()) {
            MASK[encoding.op()] = encoding.mask();
            MATCH[encoding.op()] = encoding.match();
            FORMAT[encoding.op()] = encoding.format();
        }
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            int fixed = bucket >>> 3 << 2 | 3 | (bucket & 7) << 12;
            List<Integer> ops = new ArrayList<>();
            for (int op = 1; op < Op.COUNT; op++) {
                if ((fixed & MASK[op] & (FUNCT3 | 0x7f)) == (MATCH[op] & (FUNCT3 | 0x7f))) {
                    ops.add(op);
                }
            }
            CANDIDATES[bucket] = ops.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    private Decoder() {
    }

    /** The packed form of a word. A word whose two low bits are not 11 is illegal here. */
    public static long decode(int word) {
        if ((word & 3) == 3) {
            for (int op : CANDIDATES[word << 1 & 0xf8 | word >>> 12 & 7]) {
                if ((word & MASK[op]) == MATCH[op]) {
                    OperandFormat format = FORMAT[op];
                    return format.hasRoundingMode() && isReservedMode(word) ? illegal(word) : format.pack(op, word);
                }
            }
        }
        return illegal(word);
    }

    /** Rounding modes 5 and 6 are reserved (unprivileged specification, chapter F, 8.2); 7 means frm. */
    private static boolean isReservedMode(int word) {
        int mode = word >>> 12 & 7;
        return mode == 5 || mode == 6;
    }

    static long illegal(int word) {
        return (long) word << 32 | Op.ILLEGAL;
    }

    /**
     * The length in bytes of the instruction that begins with this halfword: 2 or 4. Encodings of 48 bits and more
     * are illegal instructions of 4 bytes.
     */
    public static int lengthOf(int firstHalfword) {
        return (firstHalfword & 3) == 3 ? 4 : 2;
    }

    /** The operation, a constant of {@link Op}. */
    public static int op(long packed) {
        return (int) packed & 0x1ff;
    }

    /** The destination register, 0 to 31. */
    public static int rd(long packed) {
        return (int) packed >>> 9 & 31;
    }

    /** The first source register, 0 to 31, or the five-bit operand of csr*i. */
    public static int rs1(long packed) {
        return (int) packed >>> 14 & 31;
    }

    /** The second source register, 0 to 31. */
    public static int rs2(long packed) {
        return (int) packed >>> 19 & 31;
    }

    /** The third source register of a fused multiply-add, 0 to 31. */
    public static int rs3(long packed) {
        return (int) packed >>> 24 & 31;
    }

    /** The rounding mode: 0 to 4, or 7 for the one in frm. */
    public static int rm(long packed) {
        return (int) packed >>> 29;
    }

    /** The immediate. */
    public static int imm(long packed) {
        return (int) (packed >> 32);
    }
}
