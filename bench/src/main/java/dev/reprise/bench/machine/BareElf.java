package dev.reprise.bench.machine;

import dev.reprise.machine.board.MemoryMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The least ELF file that holds a program for the bare machine: one segment, at the beginning of RAM, entered there. */
final class BareElf {

    private static final int HEADER_BYTES = 64;
    private static final int CODE = 0x1000;

    private BareElf() {}

    static byte[] of(byte[] code) {
        ByteBuffer elf = ByteBuffer.allocate(CODE + code.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        elf.putShort(16, (short) 2).putShort(18, (short) 243).putInt(20, 1);
        elf.putLong(24, MemoryMap.RAM_BASE).putLong(32, HEADER_BYTES);
        elf.putShort(52, (short) HEADER_BYTES).putShort(54, (short) 56).putShort(56, (short) 1);
        elf.putInt(HEADER_BYTES, 1).putInt(HEADER_BYTES + 4, 5).putLong(HEADER_BYTES + 8, CODE);
        elf.putLong(HEADER_BYTES + 16, MemoryMap.RAM_BASE).putLong(HEADER_BYTES + 24, MemoryMap.RAM_BASE);
        elf.putLong(HEADER_BYTES + 32, code.length).putLong(HEADER_BYTES + 40, code.length);
        System.arraycopy(code, 0, elf.array(), CODE, code.length);
        return elf.array();
    }
}
