package dev.reprise.cpu.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The table of encodings, read once from {@code rv64gc.encodings} beside this class. The format of the file is
 * described at its head.
 */
public final class EncodingTable {
    private static final String RESOURCE = "rv64gc.encodings";
    private static final EncodingTable TABLE = new EncodingTable();

    private final TreeMap<String, OperandFormat> formats = new TreeMap<>();
    private final TreeMap<String, Encoding> byMnemonic = new TreeMap<>();
    private final List<Encoding> instructions = new ArrayList<>();
    private final List<Encoding> compressed = new ArrayList<>();
    private final TreeMap<Integer, String> csrNames = new TreeMap<>();

    private EncodingTable() {
        try (InputStream in = EncodingTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: " + RESOURCE);
            }
            String section = "";
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("[")) {
                    section = line;
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    parse(section, line.split(" *\\| *", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    private void parse(String section, String[] columns) {
        switch (section) {
            case "[formats]" -> formats.put(columns[0], OperandFormat.parse(columns[0], columns[1]));
            case "[instructions]" -> add(instructions, new Encoding(columns[0], columns[1], columns[2],
                    format(columns[3]), columns[4], columns[5].trim(), instructions.size() + 1, new String[0]));
            case "[compressed]" -> {
                Encoding target = byMnemonic.get(columns[5]);
                String[] conditions = columns[6].equals("-") ? new String[0] : columns[6].trim().split(" ");
                add(compressed, new Encoding(columns[0], columns[1], columns[2], format(columns[3]), columns[4],
                        target.kind(), target.op(), conditions));
            }
            case "[csrs]" -> parseCsr(columns[0], columns[1]);
            default -> throw new IllegalStateException("line outside a section: " + String.join("|", columns));
        }
    }

    private void parseCsr(String numbers, String name) {
        String[] range = numbers.split("-");
        int first = Integer.decode(range[0]);
        if (range.length == 1) {
            csrNames.put(first, name);
            return;
        }
        int digits = name.length();
        while (Character.isDigit(name.charAt(digits - 1))) {
            digits--;
        }
        int firstSuffix = Integer.parseInt(name.substring(digits));
        for (int number = first; number <= Integer.decode(range[1]); number++) {
            csrNames.put(number, name.substring(0, digits) + (firstSuffix + number - first));
        }
    }

    private OperandFormat format(String name) {
        OperandFormat format = formats.get(name);
        if (format == null) {
            throw new IllegalStateException("unknown format: " + name);
        }
        return format;
    }

    private void add(List<Encoding> list, Encoding encoding) {
        if (byMnemonic.put(encoding.mnemonic(), encoding) != null) {
            throw new IllegalStateException("mnemonic stands twice: " + encoding.mnemonic());
        }
        list.add(encoding);
    }

    /** The instructions of 32 bits, in the order of their numbers: entry i has number i + 1. */
    public static List<Encoding> instructions() {
        return java.util.Collections.unmodifiableList(TABLE.instructions);
    }

    /** The instructions of 16 bits, in the order of the table. */
    public static List<Encoding> compressed() {
        return java.util.Collections.unmodifiableList(TABLE.compressed);
    }

    /** The encoding of a word (of its low half when that is compressed), or null when it is illegal. */
    public static Encoding find(int word) {
        boolean wide = (word & 3) == 3;
        int bits = wide ? word : word & 0xffff;
        for (Encoding encoding : wide ? TABLE.instructions : TABLE.compressed) {
            if (encoding.matches(bits)) {
                return encoding;
            }
        }
        return null;
    }

    /** The name of a CSR, or null when the table has none. */
    public static String csrName(int number) {
        return TABLE.csrNames.get(number);
    }
}
