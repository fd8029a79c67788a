package dev.reprise.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The mark file {@code synced}: how far the log is known to be on the disk. Two slots of 64 bytes, written in turn, so
 * that a torn write of one leaves the other; little-endian.
 *
 * <pre>
 *   0          8           16              20        24                32               40   41        60       64
 *   +----------+-----------+---------------+---------+-----------------+----------------+----+---------+--------+
 *   | "RPMARK1"| link 0,   | sequence of   | epoch   | durable groups  | durable bytes  |end | zeros   | CRC32C |
 *   |          | 8 bytes   | the mark u32  | u32     | u64             | (segments) u64 |u8  |         |        |
 *   +----------+-----------+---------------+---------+-----------------+----------------+----+---------+--------+
 * </pre>
 */
final class MarkDescriptor {

    static final int SLOT_BYTES = 64;
    static final int BYTES = 2 * SLOT_BYTES;
    private static final long MAGIC = 0x00314b52414d5052L; // "RPMARK1"
    private static final int CRC_OFFSET = 60;

    /**
     * What a slot says.
     *
     * @param sequence rises by one with each mark
     * @param ended the log was closed with an end event that is durable
     */
    record Mark(int sequence, int epoch, long durableGroups, long durableBytes, boolean ended) {}

    private MarkDescriptor() {}

    static ByteBuffer encode(Mark mark, byte[] link0) {
        ByteBuffer b = ByteBuffer.allocate(SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(MAGIC).put(link0, 0, 8).putInt(mark.sequence).putInt(mark.epoch).putLong(mark.durableGroups);
        b.putLong(mark.durableBytes).put((byte) (mark.ended ? 1 : 0));
        b.putInt(CRC_OFFSET, crc(b.array(), 0));
        return b.position(0);
    }

    /** The slot's mark, or null if its bytes are no whole mark of this recording. */
    static Mark decode(byte[] bytes, int offset, byte[] link0) {
        ByteBuffer b = ByteBuffer.wrap(bytes, offset, SLOT_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        if (b.getLong(0) != MAGIC || b.getInt(CRC_OFFSET) != crc(bytes, offset)
                || b.getLong(8) != GroupDescriptor.int64(link0, 0)) {
            return null;
        }
        return new Mark(b.getInt(16), b.getInt(20), b.getLong(24), b.getLong(32), b.get(40) == 1);
    }

    /** Whether the slot holds a whole mark, but of another manifest. */
    static boolean isForeign(byte[] bytes, int offset, byte[] link0) {
        ByteBuffer b = ByteBuffer.wrap(bytes, offset, SLOT_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        return b.getLong(0) == MAGIC && b.getInt(CRC_OFFSET) == crc(bytes, offset)
                && b.getLong(8) != GroupDescriptor.int64(link0, 0);
    }

    private static int crc(byte[] bytes, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, CRC_OFFSET);
        return (int) crc.getValue();
    }
}
