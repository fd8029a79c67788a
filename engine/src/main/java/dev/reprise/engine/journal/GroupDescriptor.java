package dev.reprise.engine.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The header of a group, the unit of writing, checksumming, compression and durability; little-endian.
 *
 * <pre>
 *   0       2        3        4          8           12        16       20            24              32       36
 *   +-------+--------+--------+----------+-----------+---------+--------+-------------+---------------+--------+----
 *   | "RG"  | version| codec  | stored   | decoded   | number  | epoch  | durable     | link, first   | CRC32C | stored
 *   | u16   | u8     | u8     | length   | length    | u32     | u32    | groups u32  | 8 bytes       |        | bytes
 *   +-------+--------+--------+----------+-----------+---------+--------+-------------+---------------+--------+----
 * </pre>
 *
 * The checksum covers the first 8 bytes of link 0, which are not stored here, the header before it and the stored
 * bytes: so a group of another recording, left on a recycled block of the disk, is no group here, and what it says of a
 * durable position is not believed. (Version 1 had no link 0 in it; it stands in segments of version 1 only.)
 * <em>Durable groups</em> is the count of groups known to be on the disk when this one was sealed: so a valid later
 * group turns an earlier bad one from a torn tail into rot. The link is the chain's ({@link Chain}).
 */
final class GroupDescriptor {

    static final int HEADER_BYTES = 36;
    static final int VERSION = 2;
    static final int UNSEEDED_VERSION = 1;
    static final int MAGIC = 0x4752; // "RG"
    static final int CODEC_NONE = 0;
    static final int CODEC_DEFLATE = 1;
    /** A group is sealed before its decoded bytes pass this; the reader takes no more. */
    static final int MAX_DECODED_BYTES = 1 << 16;
    static final int MAX_STORED_BYTES = MAX_DECODED_BYTES;

    static final int STORED_OFFSET = 4;
    static final int DECODED_OFFSET = 8;
    static final int NUMBER_OFFSET = 12;
    static final int EPOCH_OFFSET = 16;
    static final int DURABLE_OFFSET = 20;
    static final int LINK_OFFSET = 24;
    static final int CRC_OFFSET = 32;

    private static final VarHandle INT_LE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private GroupDescriptor() {}

    /** Writes all but link and checksum, in front of the stored bytes. */
    static void write(byte[] bytes, int offset, int codec, int stored, int decoded, long number, int epoch,
            long durableGroups) {
        bytes[offset] = (byte) MAGIC;
        bytes[offset + 1] = (byte) (MAGIC >>> 8);
        bytes[offset + 2] = VERSION;
        bytes[offset + 3] = (byte) codec;
        INT_LE.set(bytes, offset + STORED_OFFSET, stored);
        INT_LE.set(bytes, offset + DECODED_OFFSET, decoded);
        INT_LE.set(bytes, offset + NUMBER_OFFSET, (int) number);
        INT_LE.set(bytes, offset + EPOCH_OFFSET, epoch);
        INT_LE.set(bytes, offset + DURABLE_OFFSET, (int) durableGroups);
    }

    static void seal(byte[] bytes, int offset, long linkCheck, int stored, CRC32C crc, byte[] link0) {
        LONG_LE.set(bytes, offset + LINK_OFFSET, linkCheck);
        INT_LE.set(bytes, offset + CRC_OFFSET, checksum(bytes, offset, stored, crc, link0));
    }

    static int checksum(byte[] bytes, int offset, int stored, CRC32C crc, byte[] link0) {
        crc.reset();
        if (version(bytes, offset) != UNSEEDED_VERSION) {
            crc.update(link0, 0, Long.BYTES);
        }
        crc.update(bytes, offset, CRC_OFFSET);
        crc.update(bytes, offset + HEADER_BYTES, stored);
        return (int) crc.getValue();
    }

    static boolean hasMagic(byte[] bytes, int offset) {
        return bytes[offset] == (byte) MAGIC && bytes[offset + 1] == (byte) (MAGIC >>> 8);
    }

    static int version(byte[] bytes, int offset) {
        return bytes[offset + 2] & 0xff;
    }

    static int codec(byte[] bytes, int offset) {
        return bytes[offset + 3] & 0xff;
    }

    static int int32(byte[] bytes, int offset) {
        return (int) INT_LE.get(bytes, offset);
    }

    static long uint32(byte[] bytes, int offset) {
        return Integer.toUnsignedLong((int) INT_LE.get(bytes, offset));
    }

    static long int64(byte[] bytes, int offset) {
        return (long) LONG_LE.get(bytes, offset);
    }

    /** Null if the lengths can be those of a group, else what is wrong. Everything is checked before it is used. */
    static String checkBounds(byte[] bytes, int offset) {
        if (!hasMagic(bytes, offset)) {
            return "no group here";
        }
        int stored = int32(bytes, offset + STORED_OFFSET);
        int decoded = int32(bytes, offset + DECODED_OFFSET);
        if (stored < 1 || stored > MAX_STORED_BYTES || decoded < 1 || decoded > MAX_DECODED_BYTES) {
            return "group lengths out of bounds: stored=" + stored + " decoded=" + decoded;
        }
        return null;
    }
}
