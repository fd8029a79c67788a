package dev.reprise.chardev.host;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Sockets, TCP or local. A client has one peer, which is there before the run begins; a server has one after the other,
 * and the next waits in the listening queue. A server listens where it was told and nowhere else: without a host name that
 * is the loopback interface.
 */
final class SocketLink implements HostLink {

    /** Who waits for a turn: with less room a crowd would keep others out for the seconds of a repeated connect. */
    private static final int BACKLOG = 64;
    private static final long WAIT_MS = 50;
    /** stat(2): bits of a file's mode that are its type, and that of a socket. */
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET_TYPE = 0140000;

    private final String name;
    private final ServerSocketChannel server;
    /** The file of a server's local socket, or null. */
    private final Path created;
    private final Object createdKey;
    private final String announcement;
    private SocketChannel client;
    private volatile boolean closed;

    private SocketLink(String name, ServerSocketChannel server, Path created, SocketChannel client, String announcement) {
        this.name = name;
        this.server = server;
        this.created = created;
        createdKey = created == null ? null : keyOf(created);
        this.client = client;
        this.announcement = announcement;
    }

    /** @param argument HOST:PORT; an IPv6 address stands in brackets; an empty host is the loopback interface */
    static SocketLink tcp(String name, String argument, boolean server) throws IOException {
        int colon = argument.lastIndexOf(':');
        String host = argument.substring(0, colon);
        int port = Integer.parseInt(argument.substring(colon + 1));
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        InetAddress address;
        try {
            address = host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new IOException("no such host: " + host, unknown);
        }
        SocketAddress at = new InetSocketAddress(address, port);
        try {
            if (!server) {
                return new SocketLink(name, null, null, connect(SocketChannel.open(), at), null);
            }
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            bind(listener, at);
            InetSocketAddress bound = (InetSocketAddress) listener.getLocalAddress();
            return new SocketLink(name, listener, null, null,
                    name + " listens at " + bound.getAddress().getHostAddress() + " port " + bound.getPort());
        } catch (IOException refused) {
            throw new IOException(name + ":" + argument + ": " + refused.getMessage(), refused);
        }
    }

    /**
     * A server makes the socket's file and removes it at the end. What is there already is refused, but for the socket that a
     * server has left which was killed: nobody listens there any more.
     */
    static SocketLink unix(String argument, boolean server) throws IOException {
        Path path = Path.of(argument);
        try {
            SocketAddress at = UnixDomainSocketAddress.of(path);
            if (!server) {
                return new SocketLink("unix", null, null, connect(SocketChannel.open(StandardProtocolFamily.UNIX), at), null);
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                removeIfAbandoned(path, at);
            }
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            bind(listener, at);
            return new SocketLink("unix", listener, path, null, "unix listens at " + path);
        } catch (IOException | IllegalArgumentException refused) {
            throw new IOException("unix:" + argument + ": " + refused.getMessage(), refused);
        }
    }

    private static void removeIfAbandoned(Path path, SocketAddress at) throws IOException {
        Object key = keyOf(path);
        if (!isSocket(path)) {
            throw new IOException("there is a file of that name already");
        }
        try {
            connect(SocketChannel.open(StandardProtocolFamily.UNIX), at).close();
        } catch (ConnectException nobody) {
            // Unless somebody has made it anew since.
            if (key != null && key.equals(keyOf(path))) {
                Files.deleteIfExists(path);
                return;
            }
        }
        throw new IOException("somebody listens there already");
    }

    /** Of a pipe, too, a connect says that nobody is there. */
    private static boolean isSocket(Path path) throws IOException {
        try {
            return ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE) == SOCKET_TYPE;
        } catch (UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** What the file system knows a file by, or null: a name may be given to another file. */
    private static Object keyOf(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    private static SocketChannel connect(SocketChannel channel, SocketAddress to) throws IOException {
        try {
            channel.connect(to);
            return channel;
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    private static void bind(ServerSocketChannel listener, SocketAddress at) throws IOException {
        try {
            listener.bind(at, BACKLOG);
            listener.configureBlocking(false);
        } catch (IOException | RuntimeException refused) {
            listener.close();
            throw refused;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String announcement() {
        return announcement;
    }

    @Override
    public boolean mayReturn() {
        return server != null && !closed;
    }

    @Override
    public Connection next() throws IOException {
        if (server == null) {
            return poll();
        }
        try (Selector coming = Selector.open()) {
            server.register(coming, SelectionKey.OP_ACCEPT);
            Connection peer = poll();
            while (peer == null && !closed) {
                // Wakes at the latest then, because closing the channel does not wake a selector.
                coming.select(WAIT_MS);
                coming.selectedKeys().clear();
                peer = poll();
            }
            return peer;
        } catch (ClosedChannelException ended) {
            return null;
        }
    }

    @Override
    public Connection poll() throws IOException {
        SocketChannel peer;
        if (server != null) {
            try {
                peer = server.accept();
            } catch (ClosedChannelException ended) {
                return null;
            }
        } else {
            peer = client;
            client = null;
        }
        if (peer == null) {
            return null;
        }
        try {
            if (peer.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
                peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            return new ChannelConnection(peer);
        } catch (IOException gone) {
            peer.close();
            throw gone;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        if (server != null) {
            server.close();
        }
        if (client != null) {
            client.close();
        }
        if (createdKey != null && createdKey.equals(keyOf(created))) {
            Files.deleteIfExists(created);
        }
    }
}
