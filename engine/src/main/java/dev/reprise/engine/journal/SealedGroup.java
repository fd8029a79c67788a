package dev.reprise.engine.journal;

import java.nio.ByteBuffer;

/**
 * A group between sealing and writing: where its bytes are, and what is true once they are written. Reused; it belongs to
 * one thread at a time.
 */
final class SealedGroup {

    private byte[] wrapped;
    private ByteBuffer buffer;
    private byte[] packed;

    long offset;
    int bytes;
    int events;
    long lastPosition;
    long lastSequence;

    /** The group's bytes, from its header on. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** The group stands in {@code bytes[start..start+length)}; an array that was given before costs no allocation. */
    void set(byte[] array, int start, int length) {
        if (wrapped != array) {
            wrapped = array;
            buffer = ByteBuffer.wrap(array);
        }
        buffer.clear().position(start).limit(start + length);
        bytes = length;
    }

    /** Room for a compressed group; this group's own. */
    byte[] packed() {
        if (packed == null) {
            packed = new byte[GroupDescriptor.HEADER_BYTES + GroupDescriptor.MAX_STORED_BYTES];
        }
        return packed;
    }
}
