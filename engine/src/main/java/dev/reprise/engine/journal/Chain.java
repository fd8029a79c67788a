package dev.reprise.engine.journal;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hash chain over a log. Link 0 is SHA-256 of the manifest's bytes; link(n + 1), the one of group n, is SHA-256 of
 * (n as 8 bytes LE, link(n), SHA-256 of the group's header up to the link and its stored bytes). The manifest names
 * the recording, so links of two recordings never agree.
 *
 * <p>There is no key: the chain shows damage; an edit with everything recomputed shows only to someone who has the
 * head hash from elsewhere. Not thread-safe.
 */
public final class Chain {

    public static final int LINK_BYTES = 32;

    private final MessageDigest sha = sha256();
    private final byte[] link = new byte[LINK_BYTES];
    private final byte[] inner = new byte[Long.BYTES + 2 * LINK_BYTES];
    private final byte[] link0;

    public Chain(byte[] manifest) {
        link0 = sha.digest(manifest);
        System.arraycopy(link0, 0, link, 0, LINK_BYTES);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    byte[] link0() {
        return link0;
    }

    /** SHA-256 of a group's header up to the link and of its stored bytes: what can be computed apart from the others. */
    static void inner(MessageDigest sha, byte[] bytes, int offset, int stored, byte[] into, int at) {
        sha.update(bytes, offset, GroupDescriptor.LINK_OFFSET);
        sha.update(bytes, offset + GroupDescriptor.HEADER_BYTES, stored);
        try {
            sha.digest(into, at, LINK_BYTES);
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Puts the group's link in place of the last; the group begins at {@code offset} and holds {@code stored} bytes. */
    void append(long number, byte[] bytes, int offset, int stored) {
        inner(sha, bytes, offset, stored, inner, Long.BYTES + LINK_BYTES);
        link(number);
    }

    /** As {@link #append(long, byte[], int, int)}, from the group's own hash. */
    void append(long number, byte[] groupHash) {
        System.arraycopy(groupHash, 0, inner, Long.BYTES + LINK_BYTES, LINK_BYTES);
        link(number);
    }

    private void link(long number) {
        for (int i = 0; i < Long.BYTES; i++) {
            inner[i] = (byte) (number >>> (8 * i));
        }
        System.arraycopy(link, 0, inner, Long.BYTES, LINK_BYTES);
        sha.update(inner);
        try {
            sha.digest(link, 0, LINK_BYTES);
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What a group's header holds of its link. */
    long check() {
        return GroupDescriptor.int64(link, 0);
    }

    byte[] head() {
        return link.clone();
    }

    void copyTo(byte[] into) {
        System.arraycopy(link, 0, into, 0, LINK_BYTES);
    }

    public String headHex() {
        return HexFormat.of().formatHex(link);
    }

    void restore(byte[] head) {
        System.arraycopy(head, 0, link, 0, LINK_BYTES);
    }
}
