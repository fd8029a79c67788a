package dev.reprise.machine.board;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a hart runs first: code that jumps to the first program with a0 = hart id, a1 = address of the device tree and
 * a2 = address of the structure through which OpenSBI learns of the next program.
 *
 * <pre>
 *   0x1000  auipc t0, 0        t0 = 0x1000
 *   0x1004  addi  a2, t0, 0x28
 *   0x1008  csrr  a0, mhartid
 *   0x100c  ld    a1, 0x20(t0)
 *   0x1010  ld    t0, 0x18(t0)
 *   0x1014  jr    t0
 *   0x1018  entry of the first program, 8 bytes
 *   0x1020  address of the device tree, 8 bytes
 *   0x1028  fw_dynamic_info: magic, version, next address, next mode, options, boot hart; 8 bytes each
 * </pre>
 *
 * <p>The structure is {@code struct fw_dynamic_info} of OpenSBI (docs/firmware/fw_dynamic.md), version 2.
 */
public final class ResetRom {

    private static final int[] CODE = {0x0000_0297, 0x0282_8613, 0xf140_2573, 0x0202_b583, 0x0182_b283, 0x0002_8067};
    private static final int BYTES = 0x28 + 6 * Long.BYTES;
    private static final long FW_DYNAMIC_MAGIC = 0x4942_534f;
    private static final long FW_DYNAMIC_VERSION = 2;
    private static final long SUPERVISOR_MODE = 1;

    private ResetRom() {}

    /** @param nextAddress the program that a firmware starts in supervisor mode, or 0 */
    public static byte[] build(long entry, long deviceTree, long nextAddress) {
        ByteBuffer rom = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : CODE) {
            rom.putInt(word);
        }
        rom.putLong(entry).putLong(deviceTree);
        rom.putLong(FW_DYNAMIC_MAGIC).putLong(FW_DYNAMIC_VERSION).putLong(nextAddress).putLong(SUPERVISOR_MODE);
        rom.putLong(0).putLong(0);
        return rom.array();
    }
}
