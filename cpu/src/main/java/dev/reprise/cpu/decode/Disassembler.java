package dev.reprise.cpu.decode;

/** Instruction words as text, in the notation of GNU objdump without aliases. For people; not on any hot path. */
public final class Disassembler {
    private static final String[] X = {"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2",
        "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5",
        "t6"};
    private static final String[] F = {"ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0",
        "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9",
        "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};
    private static final String[] ROUNDING = {"rne", "rtz", "rdn", "rup", "rmm", "", "", "dyn"};
    private static final int DYNAMIC = 7;
    private static final String[] ORDER = {"", ".rl", ".aq", ".aqrl"};

    private Disassembler() {
    }

    /** The ABI name of an integer register, 0 to 31. */
    public static String xName(int register) {
        return X[register];
    }

    /** The ABI name of a floating-point register, 0 to 31. */
    public static String fName(int register) {
        return F[register];
    }

    /**
     * The text of one instruction.
     *
     * @param pc its address, for the targets of jumps and branches
     * @param word the instruction; of a compressed one the higher half is ignored
     */
    public static String disassemble(long pc, int word) {
        boolean wide = (word & 3) == 3;
        long packed = wide ? Decoder.decode(word) : CompressedDecoder.decode(word);
        Encoding encoding = EncodingTable.find(word);
        if (!wide && (word & 0xffff) == 0) {
            return "c.unimp";
        }
        if (encoding == null || Decoder.op(packed) == Op.ILLEGAL) {
            return wide ? ".4byte 0x" + Integer.toHexString(word) : ".2byte 0x" + Integer.toHexString(word & 0xffff);
        }
        StringBuilder text = new StringBuilder(encoding.mnemonic());
        int order = encoding.format().orderBit();
        if (order >= 0) {
            text.append(ORDER[word >>> order & 3]);
        }
        if (!encoding.syntax().equals("-")) {
            text.append(' ');
            appendOperands(text, encoding.syntax(), pc, packed);
        }
        return text.toString();
    }

    private static void appendOperands(StringBuilder text, String syntax, long pc, long packed) {
        for (int start = 0; start < syntax.length();) {
            int end = start;
            while (end < syntax.length() && Character.isLetterOrDigit(syntax.charAt(end))) {
                end++;
            }
            if (end == start) {
                text.append(syntax.charAt(start));
                start++;
            } else {
                String operand = operand(syntax.substring(start, end), pc, packed);
                if (operand.isEmpty()) {
                    text.setLength(text.length() - 1);
                }
                text.append(operand);
                start = end;
            }
        }
    }

    /** An operand's text; empty when the notation leaves it out, with the comma before it. */
    private static String operand(String name, long pc, long packed) {
        int imm = Decoder.imm(packed);
        return switch (name) {
            case "rd" -> X[Decoder.rd(packed)];
            case "rs1" -> X[Decoder.rs1(packed)];
            case "rs2" -> X[Decoder.rs2(packed)];
            case "frd" -> F[Decoder.rd(packed)];
            case "frs1" -> F[Decoder.rs1(packed)];
            case "frs2" -> F[Decoder.rs2(packed)];
            case "frs3" -> F[Decoder.rs3(packed)];
            case "imm" -> Integer.toString(imm);
            case "shamt" -> "0x" + Integer.toHexString(imm);
            case "hi20" -> "0x" + Integer.toHexString(imm >>> 12);
            case "target" -> "0x" + Long.toHexString(pc + imm);
            case "csr" -> csr(imm);
            case "zimm" -> Integer.toString(Decoder.rs1(packed));
            case "rm" -> Decoder.rm(packed) == DYNAMIC ? "" : ROUNDING[Decoder.rm(packed)];
            case "exactrm" -> Decoder.rm(packed) == 0 ? "" : ROUNDING[Decoder.rm(packed)];
            case "pred" -> fenceSet(imm >>> 4 & 15);
            case "succ" -> fenceSet(imm & 15);
            default -> throw new IllegalStateException("unknown operand in the table: " + name);
        };
    }

    private static String csr(int number) {
        String name = EncodingTable.csrName(number);
        return name != null ? name : "0x" + Integer.toHexString(number);
    }

    private static String fenceSet(int bits) {
        if (bits == 0) {
            return "unknown";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            if ((bits & 8 >> i) != 0) {
                text.append("iorw".charAt(i));
            }
        }
        return text.toString();
    }
}
