package dev.reprise.chardev.host;

import java.io.IOException;

/** Sockets whose peers speak telnet. */
record TelnetLink(SocketLink sockets) implements HostLink {

    @Override
    public String name() {
        return sockets.name();
    }

    @Override
    public Connection next() throws IOException {
        return speaking(sockets.next());
    }

    @Override
    public Connection poll() throws IOException {
        return speaking(sockets.poll());
    }

    private static Connection speaking(Connection peer) throws IOException {
        return peer == null ? null : new TelnetConnection(peer);
    }

    @Override
    public boolean mayReturn() {
        return sockets.mayReturn();
    }

    @Override
    public String announcement() {
        return sockets.announcement();
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
