package dev.reprise.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The mark file {@code synced}: how far the log is known to be on the disk. Two slots, each in a sector of its own and
 * written in turn, so that a torn write of one leaves the other; the rest of the sectors is zeros; little-endian.
 *
 * <pre>
 *   0          8           16          20        24           32           40        44        48
 *   +----------+-----------+-----------+---------+------------+------------+---------+---------+---
 *   | "RPMARK2"| link 0,   | sequence  | epoch   | durable    | durable    | segment | ended   |
 *   |          | 8 bytes   | u32       | u32     | groups u64 | bytes u64  | u32     | u32 0,1 |
 *   +----------+-----------+-----------+---------+------------+------------+---------+---------+---
 *   48           56           64              72        104      124      128          512
 *   +------------+------------+---------------+---------+--------+--------+------------+
 *   | offset in  | durable    | position of   | link,   | zeros  | CRC32C | zeros      |  and the second slot
 *   | it u64     | events u64 | the last u64  | 32 bytes|        |        |            |
 *   +------------+------------+---------------+---------+--------+--------+------------+
 * </pre>
 *
 * Segment, offset and link say where the durable part ends, so that an opening after a crash reads only what lies
 * behind. Version 1 ("RPMARK1", two slots of 64 bytes side by side) had neither; it is still read.
 */
final class MarkDescriptor {

    static final int SLOT_BYTES = 128;
    static final int STRIDE_BYTES = 512;
    static final int BYTES = 2 * STRIDE_BYTES;
    static final int V1_SLOT_BYTES = 64;
    static final int V1_BYTES = 2 * V1_SLOT_BYTES;

    private static final long MAGIC = 0x00324b52414d5052L; // "RPMARK2"
    private static final long V1_MAGIC = 0x00314b52414d5052L; // "RPMARK1"
    private static final int CRC_OFFSET = SLOT_BYTES - Integer.BYTES;
    private static final int V1_CRC_OFFSET = V1_SLOT_BYTES - Integer.BYTES;

    static {
        if (104 > CRC_OFFSET || SLOT_BYTES > STRIDE_BYTES) {
            throw new AssertionError("a mark does not fit its slot");
        }
    }

    /**
     * What a slot says.
     *
     * @param sequence rises by one with each mark
     * @param durableBytes of all segments
     * @param segment in which the durable part ends, {@code offset} bytes from its start
     * @param events in the durable part, the last of them at {@code position}
     * @param link of the last durable group; null in a mark of version 1
     * @param ended the log was closed with an end event that is durable
     */
    record Mark(int sequence, long epoch, long durableGroups, long durableBytes, int segment, long offset, long events,
            long position, byte[] link, boolean ended) {}

    /** What the file says: its best mark and the state of its slots. */
    record File(Mark best, int whole, boolean foreign, boolean bestEnded) {}

    private MarkDescriptor() {}

    static ByteBuffer encode(Mark mark, byte[] link0) {
        ByteBuffer b = ByteBuffer.allocate(STRIDE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(MAGIC).put(link0, 0, 8).putInt(mark.sequence).putInt((int) mark.epoch).putLong(mark.durableGroups);
        b.putLong(mark.durableBytes).putInt(mark.segment).putInt(mark.ended ? 1 : 0).putLong(mark.offset);
        b.putLong(mark.events).putLong(mark.position).put(mark.link);
        b.putInt(CRC_OFFSET, crc(b.array(), 0, CRC_OFFSET));
        return b.position(0);
    }

    /** Where the slot of a sequence number stands. */
    static long slotOffset(int sequence) {
        return (long) (sequence & 1) * STRIDE_BYTES;
    }

    /** Reads both slots; of two whole ones that of the higher epoch counts, then that of the higher sequence. */
    static File read(byte[] bytes, int length, byte[] link0) {
        boolean v1 = length == V1_BYTES;
        int stride = v1 ? V1_SLOT_BYTES : STRIDE_BYTES;
        Mark best = null;
        int whole = 0;
        boolean foreign = false;
        for (int slot = 0; slot < 2 && length >= (slot + 1) * stride; slot++) {
            int at = slot * stride;
            if (!(v1 ? isWholeV1(bytes, at) : isWhole(bytes, at))) {
                continue;
            }
            ByteBuffer b = ByteBuffer.wrap(bytes, at, stride).slice().order(ByteOrder.LITTLE_ENDIAN);
            if (b.getLong(8) != GroupDescriptor.int64(link0, 0)) {
                foreign = true;
                continue;
            }
            Mark mark = v1 ? decodeV1(b) : decode(b);
            whole++;
            if (best == null || mark.epoch > best.epoch
                    || (mark.epoch == best.epoch && mark.sequence - best.sequence > 0)) {
                best = mark;
            }
        }
        if (length != (v1 ? V1_BYTES : BYTES)) {
            // Bytes too many or too few: not as it was written.
            whole = Math.min(whole, 1);
        }
        return new File(best, whole, foreign, best != null && best.ended);
    }

    private static boolean isWhole(byte[] bytes, int at) {
        ByteBuffer b = ByteBuffer.wrap(bytes, at, STRIDE_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        if (b.getLong(0) != MAGIC || b.getInt(CRC_OFFSET) != crc(bytes, at, CRC_OFFSET)) {
            return false;
        }
        for (int i = SLOT_BYTES; i < STRIDE_BYTES; i++) {
            if (b.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Mark decode(ByteBuffer b) {
        byte[] link = new byte[Chain.LINK_BYTES];
        b.get(72, link);
        return new Mark(b.getInt(16), Integer.toUnsignedLong(b.getInt(20)), b.getLong(24), b.getLong(32), b.getInt(40),
                b.getLong(48), b.getLong(56), b.getLong(64), link, b.getInt(44) == 1);
    }

    private static boolean isWholeV1(byte[] bytes, int at) {
        ByteBuffer b = ByteBuffer.wrap(bytes, at, V1_SLOT_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        return b.getLong(0) == V1_MAGIC && b.getInt(V1_CRC_OFFSET) == crc(bytes, at, V1_CRC_OFFSET);
    }

    private static Mark decodeV1(ByteBuffer b) {
        return new Mark(b.getInt(16), Integer.toUnsignedLong(b.getInt(20)), b.getLong(24), b.getLong(32), 0, 0, 0, 0,
                null, b.get(40) == 1);
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
