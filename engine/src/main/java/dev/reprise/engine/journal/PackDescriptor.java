package dev.reprise.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A recording in one file; little-endian. The files' bytes are those of the recording's directory, groups as stored.
 *
 * <pre>
 *   header    0            8          10        12           16       20
 *             +------------+----------+---------+------------+--------+
 *             | "RPPACK1"  | version  | zeros   | entries    | CRC32C |
 *             |            | u16      | u16     | u32        |        |
 *             +------------+----------+---------+------------+--------+
 *   entry     0            2          10            10 + n   14 + n            14 + n + size
 *             +------------+----------+-------------+--------+------------------+
 *             | length n of| size of  | name, ASCII | CRC32C | content          |
 *             | the name   | content  |             |        |                  |
 *             | u16        | u64      |             |        |                  |
 *             +------------+----------+-------------+--------+------------------+
 *   trailer   0            8                              40
 *             +------------+------------------------------+
 *             | "RPPEND1"  | SHA-256 of all bytes before  |
 *             +------------+------------------------------+
 * </pre>
 *
 * Names ascend, so none comes twice, and are of a recording: no other is taken, above all none with a path of its own.
 */
final class PackDescriptor {

    static final int VERSION = 1;
    static final int HEADER_BYTES = 20;
    static final int ENTRY_BYTES = 10;
    static final int TRAILER_BYTES = 40;
    static final int MAX_NAME_BYTES = 80;
    static final int MAX_ENTRIES = 1 << 24;

    private static final long MAGIC = 0x00314b4341505052L; // "RPPACK1"
    private static final long END_MAGIC = 0x0031444e45505052L; // "RPPEND1"
    private static final Pattern NAME =
            Pattern.compile("manifest\\.json|synced|segments/[0-9]{8}\\.seg|images/[0-9a-f]{64}");

    private PackDescriptor() {}

    static ByteBuffer header(int entries) {
        ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(MAGIC).putShort((short) VERSION).putShort((short) 0).putInt(entries);
        return b.putInt(crc(b.array(), HEADER_BYTES - Integer.BYTES)).flip();
    }

    /** The number of entries. */
    static int entries(byte[] header) {
        ByteBuffer b = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        if (b.getLong(0) != MAGIC) {
            throw new BadRecordingException("not a packed recording");
        }
        if (b.getInt(16) != crc(header, 16)) {
            throw new DamagedLogException("the pack's header has a bad checksum");
        }
        if (b.getShort(8) != VERSION) {
            throw new BadRecordingException("the pack has version " + b.getShort(8) + "; this release reads version "
                    + VERSION);
        }
        int entries = b.getInt(12);
        if (entries < 1 || entries > MAX_ENTRIES || b.getShort(10) != 0) {
            throw new DamagedLogException("the pack's header is malformed: entries=" + entries);
        }
        return entries;
    }

    static ByteBuffer entry(String name, long size) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer b = ByteBuffer.allocate(ENTRY_BYTES + ascii.length + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putShort((short) ascii.length).putLong(size).put(ascii);
        return b.putInt(crc(b.array(), ENTRY_BYTES + ascii.length)).flip();
    }

    static int nameLength(byte[] entry) {
        int length = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).getShort(0) & 0xffff;
        if (length < 1 || length > MAX_NAME_BYTES) {
            throw new DamagedLogException("an entry's name is out of 1.." + MAX_NAME_BYTES + " bytes: " + length);
        }
        return length;
    }

    static long size(byte[] entry) {
        return ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    }

    /** Bytes that a recording's file of that name has at most: what is longer is holes, or no such file. */
    static long maxSize(String name) {
        return switch (name) {
            case Layout.MANIFEST, Layout.MANIFEST_PART -> ManifestJson.MAX_BYTES;
            case Layout.MARK -> MarkDescriptor.BYTES;
            default -> name.startsWith(Layout.SEGMENTS) ? SegmentDescriptor.MAX_BYTES : Long.MAX_VALUE;
        };
    }

    /** The entry's name, which is one of a recording. */
    static String name(byte[] entry, int length) {
        if (ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).getInt(ENTRY_BYTES + length)
                != crc(entry, ENTRY_BYTES + length)) {
            throw new DamagedLogException("an entry's header has a bad checksum");
        }
        String name = new String(entry, ENTRY_BYTES, length, StandardCharsets.ISO_8859_1);
        if (!NAME.matcher(name).matches()) {
            throw new DamagedLogException("an entry's name is none of a recording: "
                    + name.replaceAll("[^ -~]", "?"));
        }
        return name;
    }

    static ByteBuffer trailer(byte[] sha256) {
        return ByteBuffer.allocate(TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(END_MAGIC).put(sha256).flip();
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
