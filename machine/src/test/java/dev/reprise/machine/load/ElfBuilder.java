package dev.reprise.machine.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes small ELF files, well-formed until a test pokes into them. */
final class ElfBuilder {

    static final int PROGRAM_HEADERS = 64;
    static final int CODE = 0x1000;

    private ElfBuilder() {}

    /** One segment per address, each with the bytes of {@code code}; entry at the first. */
    static byte[] elf(byte[] code, long... addresses) {
        ByteBuffer out = ByteBuffer.allocate(CODE + code.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        out.putShort(16, (short) 2).putShort(18, (short) 243).putInt(20, 1);
        out.putLong(24, addresses[0]).putLong(32, PROGRAM_HEADERS);
        out.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            int at = PROGRAM_HEADERS + i * 56;
            out.putInt(at, 1).putInt(at + 4, 5).putLong(at + 8, CODE);
            out.putLong(at + 16, addresses[i]).putLong(at + 24, addresses[i]);
            out.putLong(at + 32, code.length).putLong(at + 40, code.length);
        }
        System.arraycopy(code, 0, out.array(), CODE, code.length);
        return out.array();
    }

    /** Adds a symbol table with these names, all at {@code value}. */
    static byte[] withSymbols(byte[] elf, long value, String... names) {
        StringBuilder strings = new StringBuilder("\0");
        int symbols = elf.length + 7 & ~7;
        int symbolBytes = 24 * names.length;
        int stringStart = symbols + symbolBytes;
        ByteBuffer out = ByteBuffer.wrap(Arrays.copyOf(elf, stringStart + 1024 + 3 * 64)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < names.length; i++) {
            int at = symbols + i * 24;
            out.putInt(at, strings.length()).putShort(at + 6, (short) 1).putLong(at + 8, value);
            strings.append(names[i]).append('\0');
        }
        byte[] bytes = strings.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, out.array(), stringStart, bytes.length);
        int table = stringStart + 1024;
        section(out, table + 64, 2, symbols, symbolBytes, 2);
        section(out, table + 128, 3, stringStart, bytes.length, 0);
        out.putLong(40, table).putShort(58, (short) 64).putShort(60, (short) 3);
        return out.array();
    }

    private static void section(ByteBuffer out, int at, int type, long offset, long bytes, int link) {
        out.putInt(at + 4, type).putLong(at + 24, offset).putLong(at + 32, bytes).putInt(at + 40, link);
    }

    static byte[] poke(byte[] file, int offset, long value, int size) {
        byte[] copy = file.clone();
        for (int i = 0; i < size; i++) {
            copy[offset + i] = (byte) (value >>> (8 * i));
        }
        return copy;
    }
}
