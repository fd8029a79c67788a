package dev.reprise.chardev.host;

import java.io.IOException;
import java.io.InputStream;

/** What a peer sends, sent back to it as far as it takes it at once. Reader thread. */
final class Echo extends InputStream {

    private final Connection peer;

    Echo(Connection peer) {
        this.peer = peer;
    }

    @Override
    public int available() throws IOException {
        return peer.input().available();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = peer.input().read(into, offset, length);
        if (count > 0) {
            peer.offer(into, offset, count);
        }
        return count;
    }
}
