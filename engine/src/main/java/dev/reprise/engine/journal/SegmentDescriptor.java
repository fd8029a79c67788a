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
 * Link 0 is the hash of the manifest, so a segment of another recording, or a changed manifest, is seen at once. The
 * header is on the disk before a group is written behind it, and the segment before is whole by then: so <em>first
 * group</em> also says how many groups are durable. A segment's groups have its version.
 */
final class SegmentDescriptor {

    static final int BYTES = 48;
    static final int VERSION = 2;
    static final int OLDEST_VERSION = 1;
    static final long MAGIC = 0x4745534952504552L; // "REPRISEG"
    /** A segment is closed once it holds this much. */
    static final long TARGET_BYTES = 64L << 20;
    /** No segment is longer; what is behind that in a file is not looked at, however long the file says it is. */
    static final long MAX_BYTES = 1L << 30;
    static final int LINK0_BYTES = 16;

    private SegmentDescriptor() {}

    static void write(ByteBuffer into, int segment, long firstGroup, byte[] link0, int epoch) {
        int start = into.position();
        into.order(ByteOrder.LITTLE_ENDIAN);
        into.putLong(MAGIC).putShort((short) VERSION).putShort((short) BYTES).putInt(segment).putLong(firstGroup);
        into.put(link0, 0, LINK0_BYTES).putInt(epoch);
        into.putInt(crc(into.array(), start));
    }

    /** Whether these bytes are a whole header, of whatever recording and place. */
    static boolean isWhole(byte[] header, int length) {
        return length >= BYTES && wrap(header).getLong(0) == MAGIC && wrap(header).getInt(44) == crc(header, 0);
    }

    static int version(byte[] header) {
        return wrap(header).getShort(8);
    }

    static boolean isReadable(byte[] header) {
        return version(header) >= OLDEST_VERSION && version(header) <= VERSION && wrap(header).getShort(10) == BYTES;
    }

    static boolean isOf(byte[] header, byte[] link0) {
        return Arrays.equals(header, 24, 24 + LINK0_BYTES, link0, 0, LINK0_BYTES);
    }

    static int segment(byte[] header) {
        return wrap(header).getInt(12);
    }

    static long firstGroup(byte[] header) {
        return wrap(header).getLong(16);
    }

    static long epoch(byte[] header) {
        return Integer.toUnsignedLong(wrap(header).getInt(40));
    }

    private static ByteBuffer wrap(byte[] header) {
        return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(byte[] header, int start) {
        CRC32C crc = new CRC32C();
        crc.update(header, start, 44);
        return (int) crc.getValue();
    }
}
