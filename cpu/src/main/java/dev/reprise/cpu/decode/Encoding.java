package dev.reprise.cpu.decode;

/** One line of the table: an instruction of 32 bits, or a compressed one of 16 bits and what it expands to. */
public final class Encoding {
    private final String mnemonic;
    private final String extension;
    private final int lengthBytes;
    private final int mask;
    private final int match;
    private final OperandFormat format;
    private final String syntax;
    private final String kind;
    private final int op;
    private final String[] conditions;

    Encoding(String mnemonic, String extension, String pattern, OperandFormat format, String syntax, String kind,
            int op, String[] conditions) {
        String bits = pattern.replace(" ", "");
        if (bits.length() != 32 && bits.length() != 16) {
            throw new IllegalStateException(mnemonic + ": pattern of " + bits.length() + " bits");
        }
        this.mnemonic = mnemonic;
        this.extension = extension;
        this.lengthBytes = bits.length() / 8;
        this.mask = Integer.parseUnsignedInt(bits.replace('0', '1').replace('.', '0'), 2);
        this.match = Integer.parseUnsignedInt(bits.replace('.', '0'), 2);
        this.format = format;
        this.syntax = syntax;
        this.kind = kind;
        this.op = op;
        this.conditions = conditions;
        if ((mask & format.operandMask()) != 0 && lengthBytes == 4) {
            throw new IllegalStateException(mnemonic + ": pattern and format " + format.name() + " overlap");
        }
    }

    /** Whether the word (or halfword, zero-extended) is of this instruction. */
    public boolean matches(int word) {
        return (word & mask) == match && (conditions.length == 0 || meetsConditions(word));
    }

    private boolean meetsConditions(int word) {
        long packed = format.pack(op, word);
        for (String condition : conditions) {
            boolean met = switch (condition) {
                case "rd" -> Decoder.rd(packed) != 0;
                case "rd:2" -> Decoder.rd(packed) != 2;
                case "rs1" -> Decoder.rs1(packed) != 0;
                case "rs2" -> Decoder.rs2(packed) != 0;
                case "imm" -> Decoder.imm(packed) != 0;
                default -> throw new IllegalStateException(mnemonic + ": unknown condition " + condition);
            };
            if (!met) {
                return false;
            }
        }
        return true;
    }

    /** The packed form of a word that {@link #matches}. */
    long pack(int word) {
        return format.pack(op, word);
    }

    /** The mnemonic, in lower case, with dots. */
    public String mnemonic() {
        return mnemonic;
    }

    /** The extension that brings the instruction, such as {@code M} or {@code Zba}. */
    public String extension() {
        return extension;
    }

    /** 2 or 4. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** The bits that the encoding fixes. */
    public int mask() {
        return mask;
    }

    /** The values of those bits; 0 elsewhere. */
    public int match() {
        return match;
    }

    /** Where the operands are. */
    public OperandFormat format() {
        return format;
    }

    /** The operands in the order of assembly text. */
    public String syntax() {
        return syntax;
    }

    /** {@code branch}, {@code load}, {@code store}, {@code amo}, {@code end} or {@code -}. */
    public String kind() {
        return kind;
    }

    /** The number in {@link Op} of this instruction, or of the one that it expands to. */
    public int op() {
        return op;
    }

    @Override
    public String toString() {
        return mnemonic;
    }
}
