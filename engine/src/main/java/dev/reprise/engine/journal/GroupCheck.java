package dev.reprise.engine.journal;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import java.io.Closeable;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * All checks of a group that need no other group: checksum, version, decoded length, each record's form, the order of
 * its records. What needs the others is {@link LogOrder}'s. One thread; several of these work side by side.
 */
final class GroupCheck implements Closeable {

    private static final int H = GroupDescriptor.HEADER_BYTES;

    private final byte[] link0;
    private final CRC32C crc = new CRC32C();
    private final MessageDigest sha = Chain.sha256();
    private final EventCodec codec = new EventCodec();
    private final Event record = Event.slot();
    private final byte[] noRoom = new byte[1];
    private Inflater inflater;

    /** The decoded bytes of the last group that was checked. */
    final byte[] decoded = new byte[GroupDescriptor.MAX_DECODED_BYTES];
    int decodedBytes;

    GroupCheck(byte[] link0) {
        this.link0 = link0;
    }

    /**
     * Looks at a group whose lengths are within bounds and whose bytes are all there.
     *
     * @param segmentVersion of the segment's header; a segment's groups have its version
     * @param records whether to look at the records too
     */
    void check(byte[] bytes, int offset, int segmentVersion, boolean records, GroupResult into) {
        int stored = GroupDescriptor.int32(bytes, offset + GroupDescriptor.STORED_OFFSET);
        into.bytes = H + stored;
        into.fault = null;
        into.reason = null;
        into.contentReason = null;
        into.records.clear();
        if (!isWhole(bytes, offset, stored)) {
            into.fault = Fault.CHECKSUM;
            into.reason = "checksum";
            return;
        }
        int version = GroupDescriptor.version(bytes, offset);
        if (version < GroupDescriptor.UNSEEDED_VERSION || version > GroupDescriptor.VERSION) {
            into.fault = Fault.NEWER;
            into.reason = "group version " + version + "; this release reads up to " + GroupDescriptor.VERSION;
            return;
        }
        if (version != segmentVersion) {
            into.fault = Fault.OUT_OF_PLACE;
            into.reason = "a group of version " + version + " in a segment of version " + segmentVersion;
            return;
        }
        into.number = GroupDescriptor.uint32(bytes, offset + GroupDescriptor.NUMBER_OFFSET);
        into.epoch = GroupDescriptor.uint32(bytes, offset + GroupDescriptor.EPOCH_OFFSET);
        into.durable = GroupDescriptor.uint32(bytes, offset + GroupDescriptor.DURABLE_OFFSET);
        into.linkCheck = GroupDescriptor.int64(bytes, offset + GroupDescriptor.LINK_OFFSET);
        Chain.inner(sha, bytes, offset, stored, into.hash, 0);
        into.contentReason = decode(bytes, offset, stored);
        if (records && into.contentReason == null) {
            into.contentReason = walk(into.records);
        }
    }

    /** Whether the group has the checksum of a group of this recording. */
    boolean isWhole(byte[] bytes, int offset, int stored) {
        return GroupDescriptor.int32(bytes, offset + GroupDescriptor.CRC_OFFSET)
                == GroupDescriptor.checksum(bytes, offset, stored, crc, link0);
    }

    private String walk(RecordOrder order) {
        codec.reset();
        for (int at = 0; at < decodedBytes; ) {
            int after = codec.decode(decoded, at, decodedBytes, record);
            String wrong = after < 0 ? "malformed record at decoded byte " + at : order.accept(record);
            if (wrong != null) {
                return wrong;
            }
            at = after;
        }
        return null;
    }

    private String decode(byte[] bytes, int offset, int stored) {
        decodedBytes = 0;
        int length = GroupDescriptor.int32(bytes, offset + GroupDescriptor.DECODED_OFFSET);
        int from = offset + H;
        switch (GroupDescriptor.codec(bytes, offset)) {
            case GroupDescriptor.CODEC_NONE -> {
                if (stored != length) {
                    return "stored and decoded length differ without compression";
                }
                System.arraycopy(bytes, from, decoded, 0, length);
            }
            case GroupDescriptor.CODEC_DEFLATE -> {
                String wrong = inflate(bytes, from, stored, length);
                if (wrong != null) {
                    return wrong;
                }
            }
            default -> {
                return "codec " + GroupDescriptor.codec(bytes, offset) + " is unknown to this release";
            }
        }
        decodedBytes = length;
        return null;
    }

    private String inflate(byte[] bytes, int from, int stored, int length) {
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        inflater.reset();
        inflater.setInput(bytes, from, stored);
        try {
            int got = inflater.inflate(decoded, 0, length);
            // A whole stream may need one more call, with room for a byte that must not come, to see its end.
            if (got != length || (!inflater.finished() && inflater.inflate(noRoom) != 0)
                    || !inflater.finished() || inflater.getRemaining() != 0) {
                return "decoded length is not " + length;
            }
        } catch (DataFormatException malformed) {
            return "compressed bytes are malformed";
        }
        return null;
    }

    /**
     * Decodes as many records as can be had of a group that is cut or bad: only to say what was lost.
     *
     * @return how many
     */
    long salvage(byte[] bytes, int offset, int available, RecordOrder into) {
        if (available <= H || GroupDescriptor.checkBounds(bytes, offset) != null) {
            return 0;
        }
        int length = GroupDescriptor.int32(bytes, offset + GroupDescriptor.DECODED_OFFSET);
        int stored = Math.min(available - H, GroupDescriptor.int32(bytes, offset + GroupDescriptor.STORED_OFFSET));
        int got = 0;
        if (GroupDescriptor.codec(bytes, offset) == GroupDescriptor.CODEC_NONE) {
            got = Math.min(stored, length);
            System.arraycopy(bytes, offset + H, decoded, 0, got);
        } else if (GroupDescriptor.codec(bytes, offset) == GroupDescriptor.CODEC_DEFLATE) {
            if (inflater == null) {
                inflater = new Inflater(true);
            }
            inflater.reset();
            inflater.setInput(bytes, offset + H, stored);
            try {
                got = inflater.inflate(decoded, 0, length);
            } catch (DataFormatException cut) {
                got = 0;
            }
        }
        decodedBytes = got;
        long before = into.events();
        walk(into);
        return into.events() - before;
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
    }
}
