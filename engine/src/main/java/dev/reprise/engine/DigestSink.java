package dev.reprise.engine;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes the canonical bytes of a state. Reused; single-threaded. */
public final class DigestSink implements StateSink {

    private final MessageDigest sha;
    private final byte[] buffer = new byte[1 << 14];
    private int used;

    public DigestSink() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public void putLong(long value) {
        room(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            buffer[used++] = (byte) (value >>> (8 * i));
        }
    }

    @Override
    public void putInt(int value) {
        room(Integer.BYTES);
        for (int i = 0; i < Integer.BYTES; i++) {
            buffer[used++] = (byte) (value >>> (8 * i));
        }
    }

    @Override
    public void putByte(int value) {
        room(1);
        buffer[used++] = (byte) value;
    }

    @Override
    public void putBytes(byte[] bytes, int offset, int length) {
        flush();
        sha.update(bytes, offset, length);
    }

    private void room(int count) {
        if (buffer.length - used < count) {
            flush();
        }
    }

    private void flush() {
        sha.update(buffer, 0, used);
        used = 0;
    }

    /** Writes the 32 bytes and starts anew. */
    public void finish(byte[] into, int offset) {
        flush();
        try {
            sha.digest(into, offset, Digest.BYTES);
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
