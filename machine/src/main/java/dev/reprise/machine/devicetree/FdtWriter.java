package dev.reprise.machine.devicetree;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a flattened device tree, version 17 (Devicetree Specification 0.4, chapter 5): header, an empty memory
 * reservation block, the structure block, the strings block. Everything is big-endian.
 *
 * <p>Calls nest: {@code begin("").property(..).begin("cpus")...end().end()}, then {@link #toBytes}. Properties of a
 * node stand before its children.
 */
public final class FdtWriter {

    private static final int MAGIC = 0xd00d_feed;
    private static final int VERSION = 17;
    private static final int LAST_COMPATIBLE_VERSION = 16;
    private static final int HEADER_BYTES = 40;
    private static final int RESERVATION_BYTES = 16;

    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int END = 9;

    private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Integer> stringOffsets = new LinkedHashMap<>();
    private int depth;

    /** @param name with its unit address; empty for the root */
    public FdtWriter begin(String name) {
        word(BEGIN_NODE);
        structure.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        structure.write(0);
        pad();
        depth++;
        return this;
    }

    public FdtWriter end() {
        if (depth == 0) {
            throw new IllegalStateException("no node is open");
        }
        word(END_NODE);
        depth--;
        return this;
    }

    /** A property without a value. */
    public FdtWriter flag(String name) {
        return bytes(name, new byte[0]);
    }

    /** 32-bit cells. */
    public FdtWriter cells(String name, int... cells) {
        ByteBuffer value = ByteBuffer.allocate(cells.length * Integer.BYTES);
        for (int cell : cells) {
            value.putInt(cell);
        }
        return bytes(name, value.array());
    }

    /** Address and length pairs of two cells each. */
    public FdtWriter reg(long... values) {
        ByteBuffer value = ByteBuffer.allocate(values.length * Long.BYTES);
        for (long v : values) {
            value.putLong(v);
        }
        return bytes("reg", value.array());
    }

    /** A list of strings, each with its terminating zero. */
    public FdtWriter strings(String name, String... values) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        for (String s : values) {
            value.writeBytes(s.getBytes(StandardCharsets.UTF_8));
            value.write(0);
        }
        return bytes(name, value.toByteArray());
    }

    public FdtWriter bytes(String name, byte[] value) {
        word(PROPERTY);
        word(value.length);
        word(stringOffset(name));
        structure.writeBytes(value);
        pad();
        return this;
    }

    public byte[] toBytes() {
        if (depth != 0) {
            throw new IllegalStateException("nodes are still open: depth=" + depth);
        }
        int structureBytes = structure.size() + Integer.BYTES;
        int structureOffset = HEADER_BYTES + RESERVATION_BYTES;
        int stringsOffset = structureOffset + structureBytes;
        int total = stringsOffset + strings.size();
        ByteBuffer blob = ByteBuffer.allocate(total);
        blob.putInt(MAGIC).putInt(total).putInt(structureOffset).putInt(stringsOffset).putInt(HEADER_BYTES);
        blob.putInt(VERSION).putInt(LAST_COMPATIBLE_VERSION).putInt(0).putInt(strings.size()).putInt(structureBytes);
        blob.putLong(0).putLong(0);
        blob.put(structure.toByteArray()).putInt(END).put(strings.toByteArray());
        return blob.array();
    }

    private int stringOffset(String name) {
        Integer known = stringOffsets.get(name);
        if (known != null) {
            return known;
        }
        int offset = strings.size();
        stringOffsets.put(name, offset);
        strings.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        strings.write(0);
        return offset;
    }

    private void word(int value) {
        structure.write(value >>> 24);
        structure.write(value >>> 16);
        structure.write(value >>> 8);
        structure.write(value);
    }

    private void pad() {
        while (structure.size() % Integer.BYTES != 0) {
            structure.write(0);
        }
    }
}
