package dev.reprise.cpu.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the operands of an instruction stand in its word: a line of the table's {@code [formats]}.
 * It reads them ({@link #pack}) and writes them ({@link #insert}), so that decoder and encoder cannot disagree.
 */
public final class OperandFormat {
    /** Set in a register field's code when it is 3 bits wide and names x8 to x15. */
    private static final int NARROW = 0x20;
    /** Set in a register field's code when it is not in the word but always the same register. */
    private static final int FIXED = 0x40;
    private static final int ABSENT = FIXED;

    private final String name;
    private int rd = ABSENT;
    private int rs1 = ABSENT;
    private int rs2 = ABSENT;
    private int rs3 = ABSENT;
    private int rm = -1;
    private int order = -1;
    private boolean immediateSigned;
    private int immediateBits;
    private int[] segmentWidth = {};
    private int[] segmentTo = {};
    private int[] segmentFrom = {};
    private int operandMask;

    private OperandFormat(String name) {
        this.name = name;
    }

    static OperandFormat parse(String name, String fields) {
        OperandFormat format = new OperandFormat(name);
        for (String field : fields.isBlank() ? new String[0] : fields.trim().split(" +")) {
            int equals = field.indexOf('=');
            String value = field.substring(equals + 1);
            switch (field.substring(0, equals)) {
                case "rd" -> format.rd = format.register(value);
                case "rs1" -> format.rs1 = format.register(value);
                case "rs2" -> format.rs2 = format.register(value);
                case "rs3" -> format.rs3 = format.register(value);
                case "rm" -> {
                    format.rm = Integer.parseInt(value);
                    format.operandMask |= 7 << format.rm;
                }
                case "order" -> {
                    format.order = Integer.parseInt(value);
                    format.operandMask |= 3 << format.order;
                }
                case "imm" -> format.immediate(value);
                default -> throw new IllegalStateException("format " + name + ": unknown field " + field);
            }
        }
        return format;
    }

    private int register(String value) {
        if (value.startsWith("#")) {
            return FIXED | Integer.parseInt(value.substring(1));
        }
        boolean narrow = value.endsWith("'");
        int position = Integer.parseInt(narrow ? value.substring(0, value.length() - 1) : value);
        operandMask |= (narrow ? 7 : 31) << position;
        return narrow ? NARROW | position : position;
    }

    private void immediate(String value) {
        if (value.startsWith("#")) {
            return;
        }
        immediateSigned = value.charAt(0) == 's';
        List<int[]> segments = new ArrayList<>();
        for (String segment : value.substring(2, value.length() - 1).split(",")) {
            String[] parts = segment.split("[:@]");
            int high = Integer.parseInt(parts[0]);
            int low = Integer.parseInt(parts[1]);
            int from = Integer.parseInt(parts[2]);
            int width = high - low + 1;
            segments.add(new int[] {width, low, from});
            immediateBits = Math.max(immediateBits, high + 1);
            operandMask |= ones(width) << from;
        }
        segmentWidth = segments.stream().mapToInt(s -> s[0]).toArray();
        segmentTo = segments.stream().mapToInt(s -> s[1]).toArray();
        segmentFrom = segments.stream().mapToInt(s -> s[2]).toArray();
    }

    private static int ones(int width) {
        return width == 32 ? -1 : (1 << width) - 1;
    }

    private static int register(int code, int word) {
        if ((code & FIXED) != 0) {
            return code & 31;
        }
        return (code & NARROW) != 0 ? 8 + (word >>> (code & 31) & 7) : word >>> code & 31;
    }

    /** The packed form of a word whose operation is {@code op}; see {@link Decoder} for its layout. */
    long pack(int op, int word) {
        int mode = rm < 0 ? 0 : word >>> rm & 7;
        int low = op | register(rd, word) << 9 | register(rs1, word) << 14 | register(rs2, word) << 19
                | register(rs3, word) << 24 | mode << 29;
        return (long) immediate(word) << 32 | low & 0xffff_ffffL;
    }

    int immediate(int word) {
        int value = 0;
        for (int i = 0; i < segmentWidth.length; i++) {
            value |= (word >>> segmentFrom[i] & ones(segmentWidth[i])) << segmentTo[i];
        }
        int unused = 32 - immediateBits;
        return immediateSigned ? value << unused >> unused : value;
    }

    /**
     * Puts operands into a word; operands that the format lacks are ignored.
     *
     * @throws IllegalArgumentException when an operand cannot be expressed
     */
    int insert(int match, int rd, int rs1, int rs2, int rs3, int rm, int imm) {
        int word = match | registerBits(this.rd, rd) | registerBits(this.rs1, rs1) | registerBits(this.rs2, rs2)
                | registerBits(this.rs3, rs3);
        if (this.rm >= 0) {
            if ((rm & ~7) != 0) {
                throw new IllegalArgumentException("rounding mode out of range: rm=" + rm);
            }
            word |= rm << this.rm;
        }
        int immediateWord = 0;
        for (int i = 0; i < segmentWidth.length; i++) {
            immediateWord |= (imm >>> segmentTo[i] & ones(segmentWidth[i])) << segmentFrom[i];
        }
        if (segmentWidth.length > 0 && immediate(immediateWord) != imm) {
            throw new IllegalArgumentException("immediate not expressible in format " + name + ": imm=" + imm);
        }
        return word | immediateWord;
    }

    private int registerBits(int code, int number) {
        if ((code & FIXED) != 0) {
            return 0;
        }
        boolean narrow = (code & NARROW) != 0;
        if (narrow ? number < 8 || number > 15 : (number & ~31) != 0) {
            throw new IllegalArgumentException("register not expressible in format " + name + ": x" + number);
        }
        return narrow ? number - 8 << (code & 31) : number << code;
    }

    /** The name in the table, such as {@code R} or {@code CIW}. */
    public String name() {
        return name;
    }

    /** Whether the word names a rounding mode. */
    public boolean hasRoundingMode() {
        return rm >= 0;
    }

    /** The lowest bit of the rounding mode, or -1. */
    public int roundingModeBit() {
        return rm;
    }

    /** The lowest of the two bits rl and aq, or -1. */
    public int orderBit() {
        return order;
    }

    /** The bits of the word that hold operands (the others are fixed by the encoding, or ignored). */
    public int operandMask() {
        return operandMask;
    }
}
