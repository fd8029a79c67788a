package dev.reprise.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The header of a segment file; little-endian.
 *
 * <pre>
 *   0               8        10       12           16            24                    40        44       48
 *   +---------------+--------+--------+------------+-------------+---------------------+---------+--------+
 *   | "REPRISEG"    | version| length | segment u32| first group | link 0, first 16 B  | epoch   | CRC32C |
 *   +---------------+--------+--------+------------+-------------+---------------------+---------+--------+
 * </pre>
 *
 * Link 0 is the hash of the manifest, so a segment of another recording, or a changed manifest, is seen at once.
 */
final class SegmentDescriptor {

    static final int BYTES = 48;
    static final int VERSION = 1;
    static final long MAGIC = 0x4745534952504552L; // "REPRISEG"
    /** A segment is closed once it holds this much. */
    static final long TARGET_BYTES = 64L << 20;
    static final int LINK0_BYTES = 16;

    private SegmentDescriptor() {}

    static void write(ByteBuffer into, int segment, long firstGroup, byte[] link0, int epoch) {
        int start = into.position();
        into.order(ByteOrder.LITTLE_ENDIAN);
        into.putLong(MAGIC).putShort((short) VERSION).putShort((short) BYTES).putInt(segment).putLong(firstGroup);
        into.put(link0, 0, LINK0_BYTES).putInt(epoch);
        into.putInt(crc(into.array(), start));
    }

    /** Null if the header is that of this segment, else what is wrong. */
    static String check(byte[] header, int length, int segment, long firstGroup, byte[] link0) {
        if (length < BYTES) {
            return "segment header is cut at byte " + length;
        }
        ByteBuffer b = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        if (b.getLong(0) != MAGIC) {
            return "not a segment: magic=" + Long.toHexString(b.getLong(0));
        }
        if (b.getInt(44) != crc(header, 0)) {
            return "segment header checksum";
        }
        if (b.getShort(8) != VERSION || b.getShort(10) != BYTES) {
            return "segment version " + b.getShort(8) + " is newer than this release reads (" + VERSION + ")";
        }
        if (b.getInt(12) != segment || b.getLong(16) != firstGroup) {
            return "segment out of place: says segment " + b.getInt(12) + " from group " + b.getLong(16)
                    + ", expected segment " + segment + " from group " + firstGroup;
        }
        if (!Arrays.equals(header, 24, 24 + LINK0_BYTES, link0, 0, LINK0_BYTES)) {
            return "segment belongs to another manifest";
        }
        return null;
    }

    private static int crc(byte[] header, int start) {
        CRC32C crc = new CRC32C();
        crc.update(header, start, 44);
        return (int) crc.getValue();
    }
}
