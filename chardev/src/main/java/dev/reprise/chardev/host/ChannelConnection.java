package dev.reprise.chardev.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A peer at the other end of a socket, TCP or local. The channel does not block, and each of the two threads waits at a
 * selector of its own: on JDK 17 a stream of a blocking channel lets a read that waits hold up a write.
 */
final class ChannelConnection implements Connection {

    private static final int BUFFER_BYTES = 1 << 14;
    private static final long WAIT_MS = 50;
    private static final long FAREWELL_NS = 200_000_000;

    private final SocketChannel channel;
    private final Selector readable = Selector.open();
    private final Selector writable = Selector.open();
    private final Input input = new Input();
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(BUFFER_BYTES);

    ChannelConnection(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public int write(byte[] bytes, int offset, int length) throws IOException {
        int count = offer(bytes, offset, length);
        if (count > 0) {
            return count;
        }
        try {
            writable.select(WAIT_MS);
            writable.selectedKeys().clear();
        } catch (ClosedSelectorException closedHere) {
            throw new ClosedChannelException();
        }
        return offer(bytes, offset, length);
    }

    @Override
    public int offer(byte[] bytes, int offset, int length) throws IOException {
        synchronized (outgoing) {
            outgoing.clear();
            outgoing.put(bytes, offset, Math.min(length, outgoing.capacity())).flip();
            return channel.write(outgoing);
        }
    }

    @Override
    public void end() throws IOException {
        channel.shutdownOutput();
    }

    /**
     * Ends both sides. What the peer sends until it has seen the end is read and dropped for a moment: a socket that is
     * closed with unread input resets the connection, and the peer may lose what it had not read yet.
     */
    @Override
    public void close() throws IOException {
        try (channel; readable; writable) {
            if (channel.isConnected()) {
                channel.shutdownOutput();
                ByteBuffer dropped = ByteBuffer.allocate(BUFFER_BYTES);
                long until = System.nanoTime() + FAREWELL_NS;
                try (Selector farewell = Selector.open()) {
                    channel.register(farewell, SelectionKey.OP_READ);
                    while (channel.read(dropped.clear()) >= 0 && System.nanoTime() < until) {
                        farewell.select(WAIT_MS);
                        farewell.selectedKeys().clear();
                    }
                }
            }
        } catch (ClosedChannelException twice) {
            // Closed already, or the peer has gone first.
        }
    }

    private final class Input extends InputStream {

        private final ByteBuffer incoming = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
        private boolean ended;

        @Override
        public int available() throws IOException {
            if (!incoming.hasRemaining() && !ended) {
                fill();
            }
            return incoming.remaining();
        }

        private void fill() throws IOException {
            incoming.clear();
            int count = -1;
            try {
                count = channel.read(incoming);
            } finally {
                incoming.flip();
            }
            ended = count < 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                while (available() == 0 && !ended) {
                    readable.select(WAIT_MS);
                    readable.selectedKeys().clear();
                }
            } catch (ClosedSelectorException closedHere) {
                return -1;
            }
            if (!incoming.hasRemaining()) {
                return -1;
            }
            int count = Math.min(length, incoming.remaining());
            incoming.get(into, offset, count);
            return count;
        }
    }
}
