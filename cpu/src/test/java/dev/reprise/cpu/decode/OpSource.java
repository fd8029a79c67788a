package dev.reprise.cpu.decode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Generates the source of {@link Op} from the table; run it from the module's folder after editing the table. */
final class OpSource {
    static final Path FILE = Path.of("src/main/java/dev/reprise/cpu/decode/Op.java");

    private OpSource() {
    }

    public static void main(String[] args) throws IOException {
        Files.writeString(FILE, generate(), StandardCharsets.UTF_8);
    }

    static String generate() {
        StringBuilder out = new StringBuilder("""
                package dev.reprise.cpu.decode;

                import java.util.List;

                /**
                 * The operations: one number per instruction of 32 bits, dense from 0; a compressed instruction has the number
                 * of the one that it expands to. Generated from {@code rv64gc.encodings} by {@code OpSource} in the tests,
                 * checked in so that switches have constants; a test fails when it is stale.
                 */
                public final class Op {
                    /** Not an instruction. */
                    public static final int ILLEGAL = 0;
                """);
        String extension = "";
        for (Encoding encoding : EncodingTable.instructions()) {
            if (!extension.equals(encoding.extension())) {
                extension = encoding.extension();
                out.append("\n    // ").append(extension).append('\n');
            }
            String operands = encoding.syntax().equals("-") ? "" : " " + encoding.syntax();
            out.append("    /** {@code ").append(encoding.mnemonic()).append(operands).append("}. */\n");
            out.append("    public static final int ").append(constant(encoding)).append(" = ").append(encoding.op())
                    .append(";\n");
        }
        out.append("\n    /** The number of operations, with ILLEGAL. */\n    public static final int COUNT = ")
                .append(EncodingTable.instructions().size() + 1).append(";\n");
        out.append("""

                    private static final List<Encoding> ENCODINGS = EncodingTable.instructions();

                    private Op() {
                    }

                    private static String kind(int op) {
                        return op == ILLEGAL ? "end" : ENCODINGS.get(op - 1).kind();
                    }

                    /** The mnemonic, such as {@code add.uw}; {@code illegal} for 0. */
                    public static String name(int op) {
                        return op == ILLEGAL ? "illegal" : ENCODINGS.get(op - 1).mnemonic();
                    }

                    /** The extension that brings the operation, such as {@code Zba}; empty for ILLEGAL. */
                    public static String extension(int op) {
                        return op == ILLEGAL ? "" : ENCODINGS.get(op - 1).extension();
                    }

                    /** The name of the operand format, such as {@code R}; {@code NONE} for ILLEGAL. */
                    public static String format(int op) {
                        return op == ILLEGAL ? "NONE" : ENCODINGS.get(op - 1).format().name();
                    }

                    /** Whether it is a conditional branch. */
                    public static boolean isBranch(int op) {
                        return kind(op).equals("branch");
                    }

                    /** Whether it reads memory as data; an AMO does both. */
                    public static boolean isLoad(int op) {
                        return kind(op).equals("load") || kind(op).equals("amo");
                    }

                    /** Whether it writes memory. */
                    public static boolean isStore(int op) {
                        return kind(op).equals("store") || kind(op).equals("amo");
                    }

                    /** Whether no instruction may follow it in a predecoded block (conditional branches do not say so). */
                    public static boolean endsBlock(int op) {
                        return kind(op).equals("end");
                    }

                    /** Whether its word names a rounding mode. */
                    public static boolean usesRm(int op) {
                        return op != ILLEGAL && ENCODINGS.get(op - 1).format().hasRoundingMode();
                    }
                }
                """);
        return out.toString();
    }

    private static String constant(Encoding encoding) {
        return encoding.mnemonic().replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
