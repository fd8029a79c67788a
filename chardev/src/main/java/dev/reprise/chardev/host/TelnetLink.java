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
        while (true) {
            Connection peer = sockets.next();
            Connection speaking = speaking(peer);
            if (speaking != null || peer == null || !mayReturn()) {
                return speaking;
            }
        }
    }

    @Override
    public Connection poll() throws IOException {
        return speaking(sockets.poll());
    }

    /** Null also for a peer that has gone before it could be spoken to: it counts as one that did not come. */
    private static Connection speaking(Connection peer) throws IOException {
        if (peer == null) {
            return null;
        }
        try {
            return new TelnetConnection(peer);
        } catch (IOException gone) {
            peer.close();
            return null;
        }
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
