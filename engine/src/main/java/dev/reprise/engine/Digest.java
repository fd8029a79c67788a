package dev.reprise.engine;

import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 over the canonical bytes of a state. */
public final class Digest {

    public static final int BYTES = 32;

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param bytes at least {@code offset + 32} */
    public static Digest of(byte[] bytes, int offset) {
        return new Digest(Arrays.copyOfRange(bytes, offset, offset + BYTES));
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Whether the 32 bytes from {@code offset} on are this digest. */
    public boolean matches(byte[] other, int offset) {
        return Arrays.equals(bytes, 0, BYTES, other, offset, offset + BYTES);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Digest d && Arrays.equals(bytes, d.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return toHex();
    }
}
